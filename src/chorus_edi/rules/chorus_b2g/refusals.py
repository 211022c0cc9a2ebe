"""CE-B2G-01 to -03: invoices that Chorus Pro says it does not take, under ids of ours.

Its specification names the use cases and no rule; how an invoice shows them is our reading.
"""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.identifiers import SELF_BILLED
from chorus_edi.domain.invoice import Invoice, ProcessControl
from chorus_edi.domain.lines import InvoiceLine
from chorus_edi.domain.motives import Motive
from chorus_edi.rules.chorus_b2g.sources import SPEC
from chorus_edi.rules.registry import Breach, Breaches, Confidence, rule

_SEVERAL_SELLERS = frozenset({"B8", "S8", "M8"})
_TWO_WAY = frozenset({"B9", "S9", "M9"})
_SOURCE = f"{SPEC}, 6 ; ce à quoi une telle facture se reconnaît : notre lecture"


@rule(
    "CE-B2G-01",
    "BT-3",
    given=("BT-3",),
    fr="La facture est d'un type autofacturé (BT-3), que Chorus Pro annonce refuser.",
    en="The invoice is of a self-billed type (BT-3), which Chorus Pro says it refuses.",
    conseil="Faites émettre la facture par le fournisseur, par exemple sous le type 380 ou 381.",
    source=_SOURCE,
    severity=Severity.WARNING,
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.INFERRED,
)
def an_invoice_is_not_self_billed(invoice: Invoice, _: Invoice) -> Breach | None:
    """Factored or not, down payment, corrective invoice or credit note."""
    code = (invoice.type_code or "").strip()
    return Breach("BT-3", found=code) if code in SELF_BILLED else None


@rule(
    "CE-B2G-02",
    "BT-23",
    each=ProcessControl,
    given=("BT-23",),
    fr="La facture est multi-vendeur (BT-23), ce que Chorus Pro annonce refuser.",
    en="The invoice is of several sellers (BT-23), which Chorus Pro says it refuses.",
    conseil="Faites une facture par vendeur, sous un autre cadre (BT-23).",
    source=_SOURCE,
    severity=Severity.WARNING,
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.INFERRED,
)
def an_invoice_is_of_one_seller(process: ProcessControl, _: Invoice) -> Breach | None:
    """Frameworks B8, S8 and M8; a two-way invoice is self-billed (CE-B2G-01)."""
    code = (process.business_process or "").strip()
    return Breach("BT-23", found=code) if code in _SEVERAL_SELLERS else None


@rule(
    "CE-B2G-03",
    "BT-126",
    fr="Une ligne (BT-126) est la sous-ligne d'une autre, ce que Chorus Pro annonce refuser.",
    en="A line (BT-126) is a sub-line of another, which Chorus Pro says it refuses.",
    conseil="Mettez toutes les lignes au même niveau : aucune sous une autre.",
    source=_SOURCE,
    severity=Severity.WARNING,
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.INFERRED,
)
def an_invoice_has_no_sub_lines(invoice: Invoice, _: Invoice) -> Breaches:
    """Place the breach at the first; the lines of sub-invoices stand below others too."""
    process = (invoice.process.business_process or "").strip() if invoice.process else ""
    if process in _SEVERAL_SELLERS | _TWO_WAY:
        return None
    return next(_sub_lines(invoice), None)


def _sub_lines(invoice: Invoice) -> Iterator[Breach]:
    for n, line in enumerate(invoice.lines, 1):
        if _parent_of(line, invoice.number):
            yield Breach("BT-126", found=line.identifier, at=f"BG-25[{n}]")


def _parent_of(line: InvoiceLine, invoice: str | None) -> str | None:
    """Return the line above: CII has it on the line, UBL in its reference to the invoice itself."""
    of_ubl = (one.parent for one in line.preceding_invoices if one.number == invoice)
    return line.parent or next((parent for parent in of_ubl if parent), None)
