"""BR-FXEXT rules on lines, notes, charges and item attributes, which only EXTENDED has.

A line of EXTENDED has a kind (BT-X-8). DETAIL is a line as EN 16931 knows it, and so is one without
a kind; GROUP is a subtotal of the lines below it, which name it as their parent (BT-X-304);
INFORMATION counts for nothing. What EN 16931 asks of every line is here asked of the details.
"""

from __future__ import annotations

from chorus_edi.domain.invoice import Invoice, Note
from chorus_edi.domain.lines import InvoiceLine, ItemAttribute, LineCharge
from chorus_edi.domain.settlement import DocumentCharge
from chorus_edi.rules.facturx.kinds import (
    amountless_below,
    has_kind,
    identifiers_of,
    is_described_detail,
    normalized,
    subtotal_below,
)
from chorus_edi.rules.figures import is_written_vat
from chorus_edi.rules.registry import Breach, rule
from chorus_edi.rules.text import as_written, every, not_empty

_SOURCE = "Factur-X 1.09, profil EXTENDED"


@rule(
    "BR-FXEXT-01",
    "BT-X-5",
    "BT-22",
    "BT-21",
    each=Note,
    given=("BT-21",),
    fr="La note porte un code sujet (BT-21), mais ni texte (BT-22) ni code de note (BT-X-5).",
    en="The note has a subject code (BT-21), but neither a text (BT-22) nor a code (BT-X-5).",
    conseil="Donnez le texte de la note en BT-22, ou retirez son code sujet.",
    source=_SOURCE,
)
def a_note_with_a_subject_says_something(note: Note, _: Invoice) -> Breach | None:
    """Blank is there."""
    said = note.text is not None or note.coded_text is not None
    return None if said else Breach("BT-22")


@rule(
    "BR-FXEXT-06",
    "BT-X-8",
    "BT-X-304",
    each=InvoiceLine,
    given=("BT-X-304",),
    fr="La ligne a une ligne mère (BT-X-304), mais son sous-type (BT-X-8) est absent.",
    en="The line has a parent line (BT-X-304), but its subtype (BT-X-8) is missing.",
    conseil="Indiquez en BT-X-8 le sous-type de la ligne : DETAIL, GROUP ou INFORMATION.",
    source=_SOURCE,
)
def a_line_with_a_parent_has_a_kind(line: InvoiceLine, _: Invoice) -> Breach | None:
    """A blank parent is none."""
    return None if not normalized(line.parent) or not_empty(line, "kind") else Breach("BT-X-8")


@rule(
    "BR-FXEXT-08",
    "BT-131",
    "BT-X-8",
    "BT-X-304",
    each=InvoiceLine,
    given=("BT-X-8", "BT-131"),
    fr="Le sous-total de la ligne (BT-131) n'est pas la somme des lignes qui en dépendent.",
    en="The subtotal of the line (BT-131) is not the sum of the lines below it.",
    conseil="Recalculez BT-131 : la somme des lignes DETAIL et GROUP qui ont celle-ci pour mère.",
    source=_SOURCE,
)
def a_subtotal_is_the_sum_of_the_lines_below_it(
    line: InvoiceLine, invoice: Invoice
) -> Breach | None:
    """A line below it without an amount breaks it; one without a kind does not count."""
    if not has_kind(line, "GROUP"):
        return None
    below = subtotal_below(line, invoice)
    if below.complete and line.net_amount == below.amount:
        return None
    return Breach("BT-131", found=line.net_amount, expected=below.amount)


@rule(
    "BR-FXEXT-11",
    "BT-X-304",
    "BT-126",
    each=InvoiceLine,
    given=("BT-X-304",),
    fr="La ligne mère indiquée (BT-X-304) n'existe pas dans la facture.",
    en="The parent line (BT-X-304) is not in the invoice.",
    conseil="Indiquez en BT-X-304 le numéro (BT-126) d'une ligne de la facture.",
    source=_SOURCE,
)
def the_parent_of_a_line_is_a_line(line: InvoiceLine, invoice: Invoice) -> Breach | None:
    """Runs of white space are one blank; a blank parent is none."""
    parent = normalized(line.parent)
    if not parent or parent in identifiers_of(invoice):
        return None
    return Breach("BT-X-304", found=line.parent)


@rule(
    "BR-FXEXT-12",
    "BT-131",
    "BT-X-8",
    "BT-X-304",
    each=InvoiceLine,
    given=("BT-X-8", "BT-131"),
    fr="La ligne est un sous-total (BT-131), mais un sous-total qui en dépend n'a pas de montant.",
    en="The line is a subtotal (BT-131), but a subtotal below it has no amount.",
    conseil="Indiquez le montant (BT-131) de chaque ligne GROUP qui dépend de celle-ci.",
    source=_SOURCE,
)
def subtotals_below_a_subtotal_have_an_amount(line: InvoiceLine, invoice: Invoice) -> Breach | None:
    """A subtotal without a number of its own (BT-126) breaks it too."""
    if not has_kind(line, "GROUP"):
        return None
    if line.identifier is None:
        return Breach("BT-126")
    without = amountless_below(line, invoice)
    return None if without is None else Breach("BT-131", at=f"BG-25[{without}]")


@rule(
    "BR-FXEXT-BR-22",
    "BT-129",
    "BT-X-8",
    each=InvoiceLine,
    fr="La quantité facturée (BT-129) de la ligne est absente.",
    en="The invoiced quantity (BT-129) of the line is missing.",
    conseil="Indiquez en BT-129 la quantité facturée, 1 pour un forfait.",
    source=_SOURCE,
)
def a_detail_has_a_quantity(line: InvoiceLine, _: Invoice) -> Breach | None:
    """Zero is a quantity."""
    return Breach("BT-129") if line.quantity is None and is_described_detail(line) else None


@rule(
    "BR-FXEXT-BR-23",
    "BT-130",
    "BT-X-8",
    each=InvoiceLine,
    fr="L'unité de la quantité facturée (BT-130) est absente.",
    en="The unit of the invoiced quantity (BT-130) is missing.",
    conseil="Indiquez en BT-130 le code de l'unité, C62 pour une pièce.",
    source=_SOURCE,
)
def a_detail_has_a_unit(line: InvoiceLine, _: Invoice) -> Breach | None:
    """Whether the code is on its list is another matter."""
    return Breach("BT-130") if line.unit is None and is_described_detail(line) else None


@rule(
    "BR-FXEXT-BR-24",
    "BT-131",
    "BT-X-8",
    each=InvoiceLine,
    fr="Le montant net de la ligne (BT-131) est absent.",
    en="The line net amount (BT-131) is missing.",
    conseil="Indiquez en BT-131 le montant de la ligne hors TVA.",
    source=_SOURCE,
)
def a_detail_has_a_net_amount(line: InvoiceLine, _: Invoice) -> Breach | None:
    """Zero is an amount."""
    return Breach("BT-131") if line.net_amount is None and is_described_detail(line) else None


@rule(
    "BR-FXEXT-BR-26",
    "BT-146",
    "BT-X-8",
    each=InvoiceLine,
    fr="Le prix net de l'article (BT-146) est absent.",
    en="The item net price (BT-146) is missing.",
    conseil="Indiquez en BT-146 le prix unitaire hors TVA, remise déduite.",
    source=_SOURCE,
)
def a_detail_has_a_net_price(line: InvoiceLine, _: Invoice) -> Breach | None:
    """Judged on the line: the rule holds where the whole price is absent."""
    priced = line.price is not None and line.price.net is not None
    return None if priced or not is_described_detail(line) else Breach("BT-146")


@rule(
    "BR-FXEXT-CO-04",
    "BT-151",
    "BT-X-8",
    each=InvoiceLine,
    fr="La ligne n'a pas de code de catégorie de TVA (BT-151).",
    en="The line has no VAT category code (BT-151).",
    conseil="Indiquez en BT-151 la catégorie de TVA de la ligne, S pour un taux normal.",
    source=_SOURCE,
)
def a_detail_has_a_vat_category(line: InvoiceLine, _: Invoice) -> Breach | None:
    """Of a tax that is written VAT in capitals."""
    taxes = every(line, "vat")
    capital = any(as_written(one, "tax_scheme") == "VAT" for one in taxes)
    given = any(one.category is not None and is_written_vat(one) for one in taxes)
    return None if (capital and given) or not is_described_detail(line) else Breach("BT-151")


@rule(
    "BR-FXEXT-BR-38",
    "BT-104",
    "BT-105",
    each=DocumentCharge,
    fr="Le motif manque pour les frais du document (BG-21) : ni texte (BT-104), ni code (BT-105).",
    en="The reason of the document level charge (BG-21) is missing: neither text (BT-104) nor code "
    "(BT-105).",
    conseil="Indiquez le motif en toutes lettres en BT-104, ou son code en BT-105.",
    source=_SOURCE,
)
def a_document_charge_has_a_reason(charge: DocumentCharge, _: Invoice) -> Breach | None:
    """Blank is there."""
    given = charge.reason is not None or charge.reason_code is not None
    return None if given else Breach("BT-104")


@rule(
    "BR-FXEXT-BR-44",
    "BT-144",
    "BT-145",
    each=LineCharge,
    fr="Le motif manque pour les frais de ligne (BG-28) : ni texte (BT-144), ni code (BT-145).",
    en="The reason of the line charge (BG-28) is missing: neither text (BT-144) nor code (BT-145).",
    conseil="Indiquez le motif en toutes lettres en BT-144, ou son code en BT-145.",
    source=_SOURCE,
)
def a_line_charge_has_a_reason(charge: LineCharge, _: Invoice) -> Breach | None:
    """Blank is there."""
    given = charge.reason is not None or charge.reason_code is not None
    return None if given else Breach("BT-144")


@rule(
    "BR-FXEXT-BR-54-1",
    "BT-160",
    "BT-X-11",
    each=ItemAttribute,
    fr="Une caractéristique de l'article n'a ni nom (BT-160), ni code (BT-X-11).",
    en="An item attribute has neither a name (BT-160) nor a code (BT-X-11).",
    conseil="Donnez à la caractéristique son nom en BT-160, ou son code en BT-X-11.",
    source=_SOURCE,
)
def an_item_attribute_is_named(attribute: ItemAttribute, _: Invoice) -> Breach | None:
    """Blank is there."""
    named = attribute.name is not None or attribute.code is not None
    return None if named else Breach("BT-160")


@rule(
    "BR-FXEXT-BR-54-2",
    "BT-161",
    "BT-X-12",
    "BT-X-12-0",
    each=ItemAttribute,
    fr="Une caractéristique de l'article doit avoir une valeur (BT-161), ou une mesure avec son "
    "unité (BT-X-12), et non les deux.",
    en="An item attribute has a value (BT-161) or a measure with its unit (BT-X-12), and not both.",
    conseil="Gardez la valeur en BT-161, ou la mesure en BT-X-12 avec son unité.",
    source=_SOURCE,
)
def an_item_attribute_has_a_value_or_a_measure(
    attribute: ItemAttribute, _: Invoice
) -> Breach | None:
    """A measure needs its unit; as a value, blank is there."""
    unit = as_written(attribute, "measure_unit")
    if attribute.value is None:
        return None if unit else Breach("BT-161")
    if attribute.measure is None and unit is None:
        return None
    return Breach("BT-X-12", found=attribute.measure)
