"""BR-FREXT-22 to 26, CO-04, 38, 44, 54 and UBL-FREXT-SR-48: what a line that counts must hold.

The sheets give most of them another id in each syntax. In CII they are the rules of the profile
EXTENDED of Factur-X.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import InvoiceLine, ItemAttribute, LineCharge
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import DocumentCharge
from chorus_edi.rules.extended_ctc_fr.cards import SOURCE, cii_only, same_as, ubl_only
from chorus_edi.rules.extended_ctc_fr.kinds import DETAIL, counts, own_references
from chorus_edi.rules.facturx import added_lines
from chorus_edi.rules.facturx.kinds import is_described_detail
from chorus_edi.rules.figures import is_vat, is_written_vat
from chorus_edi.rules.registry import Breach, Breaches, Check, rule, variant
from chorus_edi.rules.text import as_written, every


class _Asked(NamedTuple):
    """What is asked of a line that counts: its term, how it lacks it, and what is said."""

    number: str
    term: str
    lacks: Callable[[InvoiceLine], bool]
    fr: str
    en: str
    conseil: str
    name: str


def _lacks_price(line: InvoiceLine) -> bool:
    return line.price is None or line.price.net is None


_ASKED = (
    _Asked(
        "22",
        "BT-129",
        lambda line: line.quantity is None,
        "La ligne de détail n'a pas de quantité facturée (BT-129).",
        "The detail line has no invoiced quantity (BT-129).",
        "Indiquez en BT-129 la quantité facturée, 1 pour un forfait.",
        "a line that counts has a quantity",
    ),
    _Asked(
        "23",
        "BT-130",
        lambda line: line.unit is None,
        "La quantité facturée de la ligne de détail n'a pas d'unité (BT-130).",
        "The invoiced quantity of the detail line has no unit (BT-130).",
        "Indiquez en BT-130 le code de l'unité, C62 pour une pièce.",
        "the quantity of a line that counts has a unit",
    ),
    _Asked(
        "24",
        "BT-131",
        lambda line: line.net_amount is None,
        "La ligne de détail n'a pas de montant net (BT-131).",
        "The detail line has no net amount (BT-131).",
        "Indiquez en BT-131 le montant de la ligne hors TVA.",
        "a line that counts has a net amount",
    ),
    _Asked(
        "26",
        "BT-146",
        _lacks_price,
        "La ligne de détail n'a pas de prix net (BT-146).",
        "The detail line has no net price (BT-146).",
        "Indiquez en BT-146 le prix unitaire hors TVA, remise déduite.",
        "a line that counts has a net price",
    ),
)


def _check(asked: _Asked, *, cii: bool) -> Check:
    def check(line: InvoiceLine, invoice: Invoice) -> Breach | None:
        if not asked.lacks(line):
            return None
        asks = is_described_detail(line) if cii else counts(line, invoice)
        return Breach(asked.term) if asks else None

    return check


def _register(asked: _Asked, rule_id: str, kind: str, *, cii: bool) -> None:
    rule(
        rule_id, asked.term, kind, each=InvoiceLine, fr=asked.fr, en=asked.en,
        conseil=asked.conseil, source=SOURCE, name=asked.name,
    )(_check(asked, cii=cii))  # fmt: skip
    (cii_only if cii else ubl_only)(rule_id)


for _one in _ASKED:
    _register(_one, f"BR-FREXT-{_one.number}", "EXT-FR-FE-163", cii=False)
    _register(_one, f"BR-FREXT-BR-{_one.number}", "BT-X-8", cii=True)


@rule(
    "BR-FREXT-CO-04",
    "BT-151",
    "EXT-FR-FE-163",
    "BT-X-8",
    each=InvoiceLine,
    fr="La ligne de détail n'a pas de code de catégorie de TVA (BT-151).",
    en="The detail line has no VAT category code (BT-151).",
    conseil="Indiquez en BT-151 la catégorie de TVA de la ligne, S pour un taux normal.",
    source=SOURCE,
)
def a_line_that_counts_has_a_vat_category(line: InvoiceLine, invoice: Invoice) -> Breach | None:
    """Of the value added tax; blank is there."""
    if any(one.category is not None and is_vat(one.tax_scheme) for one in every(line, "vat")):
        return None
    return Breach("BT-151") if counts(line, invoice) else None


@variant(
    "BR-FREXT-CO-04",
    Syntax.CII,
    each=InvoiceLine,
    why="La feuille CII lit le type de taxe tel qu'il est écrit, et ne demande rien d'une ligne "
    "sans AssociatedDocumentLineDocument.",
)
def a_detail_has_a_vat_category(line: InvoiceLine, _: Invoice) -> Breach | None:
    """No matter the case."""
    if any(one.category is not None and is_written_vat(one) for one in every(line, "vat")):
        return None
    return Breach("BT-151") if is_described_detail(line) else None


@rule(
    "UBL-FREXT-SR-48",
    "BT-151",
    "EXT-FR-FE-163",
    each=InvoiceLine,
    fr="La ligne doit avoir une catégorie de TVA (BG-30) et une seule ; un sous-total ou une "
    "information peut n'en avoir aucune.",
    en="The line has one VAT category (BG-30) and one only; a subtotal or an information may have "
    "none.",
    conseil="Gardez une seule catégorie de TVA (BT-151) par ligne.",
    source=SOURCE,
)
def a_line_has_one_vat_category(line: InvoiceLine, invoice: Invoice) -> Breach | None:
    """A line that refers to any earlier invoice is asked no category, unless it is a DETAIL."""
    count = len(every(line, "vat"))
    asked = not any(one.number is not None for one in line.preceding_invoices) or any(
        as_written(one, "kind") == DETAIL for one in own_references(line, invoice)
    )
    if count == 1 or (count == 0 and not asked):
        return None
    return Breach("BT-151", found=str(count), expected="1")


ubl_only("UBL-FREXT-SR-48")


@rule(
    "BR-FREXT-BR-38",
    "BT-104",
    "BT-105",
    each=DocumentCharge,
    fr="Les frais du document (BG-21) n'ont pas de motif : ni texte (BT-104), ni code (BT-105).",
    en="The document level charge (BG-21) has no reason: neither text (BT-104) nor code (BT-105).",
    conseil="Indiquez le motif en toutes lettres en BT-104, ou son code en BT-105.",
    source=SOURCE,
)
def a_document_charge_has_a_reason(charge: DocumentCharge, invoice: Invoice) -> Breaches:
    """Blank is there; what is a charge by a number is not asked."""
    return added_lines.a_document_charge_has_a_reason(charge, invoice)


@rule(
    "BR-FREXT-BR-44",
    "BT-144",
    "BT-145",
    each=LineCharge,
    fr="Les frais de la ligne (BG-28) n'ont pas de motif : ni texte (BT-144), ni code (BT-145).",
    en="The line charge (BG-28) has no reason: neither text (BT-144) nor code (BT-145).",
    conseil="Indiquez le motif en toutes lettres en BT-144, ou son code en BT-145.",
    source=SOURCE,
)
def a_line_charge_has_a_reason(charge: LineCharge, invoice: Invoice) -> Breaches:
    """Blank is there; what is a charge by a number is not asked."""
    return added_lines.a_line_charge_has_a_reason(charge, invoice)


for _id in ("BR-FREXT-BR-38", "BR-FREXT-BR-44"):
    cii_only(_id)

rule(
    "BR-FREXT-54-1",
    "BT-160",
    "BT-X-11",
    each=ItemAttribute,
    fr="Une caractéristique de l'article n'a ni nom (BT-160), ni code (BT-X-11).",
    en="An item attribute has neither a name (BT-160) nor a code (BT-X-11).",
    conseil="Donnez à la caractéristique son nom en BT-160, ou son code en BT-X-11.",
    source=SOURCE,
    name="an item attribute is named",
)(same_as(added_lines.an_item_attribute_is_named))
rule(
    "BR-FREXT-54-2",
    "BT-161",
    "BT-X-12",
    "BT-X-12-0",
    each=ItemAttribute,
    fr="Une caractéristique de l'article doit avoir une valeur (BT-161), ou bien une mesure avec "
    "son unité (BT-X-12).",
    en="An item attribute has either a value (BT-161) or a measure with its unit (BT-X-12).",
    conseil="Gardez la valeur en BT-161, ou la mesure en BT-X-12 avec son unité.",
    source=SOURCE,
    name="an item attribute has a value or a measure",
)(same_as(added_lines.an_item_attribute_has_a_value_or_a_measure))
