"""BR-FR-CPRO on counts: what a B2G invoice may have once."""

from __future__ import annotations

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.terms import label_of
from chorus_edi.rules.chorus_b2g.sources import GOBL
from chorus_edi.rules.inspection import CII, UBL, Ask, Text, ask
from chorus_edi.rules.registry import Breach, Confidence, rule

_TRADE = "rsm:SupplyChainTradeTransaction"
_AGREEMENT = f"/*/{_TRADE}/ram:ApplicableHeaderTradeAgreement"
_TERMS = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradePaymentTerms"


@rule(
    "BR-FR-CPRO-20",
    "BT-25",
    fr="La facture cite plusieurs factures antérieures (BT-25) : Chorus Pro n'en reçoit qu'une.",
    en="The invoice cites several preceding invoices (BT-25): Chorus Pro takes one only.",
    conseil="Ne gardez qu'une facture antérieure en BT-25.",
    source=GOBL,
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.RENDERED,
)
def one_preceding_invoice_at_most_is_cited(invoice: Invoice, _: Invoice) -> Breach | None:
    """Place the breach at the second, which is one too many."""
    if len(invoice.preceding_invoices) <= 1:
        return None
    return Breach("BT-25", found=invoice.preceding_invoices[1].number, at="BG-3[2]")


def _once(rule_id: str, term: str, asked: Ask, syntaxes: frozenset[Syntax]) -> None:
    label = label_of(term)
    ask(
        rule_id,
        term,
        asks=(asked,),
        syntaxes=syntaxes,
        text=Text(
            name=f"{label.en} ({term}) is given at most once",
            fr=f"Chorus Pro n'admet qu'une fois cette donnée : {label.fr} ({term}).",
            en=f"Chorus Pro takes this once only: {label.en} ({term}).",
            conseil=f"Ne gardez qu'une occurrence de {term}.",
        ),
        source=GOBL,
        module=__name__,
        motive=Motive.REJ_CONT_B2G,
        confidence=Confidence.RENDERED,
    )


_once(
    "BR-FR-CPRO-25",
    "BT-20",
    Ask(each="/*", counted=f"cac:PaymentTerms/cbc:Note | {_TERMS}/ram:Description", most=1),
    UBL | CII,
)
# The schema of UBL gives a party one contact: only CII can repeat it.
_once(
    "BR-FR-CPRO-26",
    "BG-6",
    Ask(each=_AGREEMENT, counted="ram:SellerTradeParty/ram:DefinedTradeContact", most=1),
    CII,
)
_once(
    "BR-FR-CPRO-27",
    "BG-9",
    Ask(each=_AGREEMENT, counted="ram:BuyerTradeParty/ram:DefinedTradeContact", most=1),
    CII,
)
