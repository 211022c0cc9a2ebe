"""What the sheet of CII asks of the XML itself: see docs/adr/0011-syntax-rules-are-counts.md."""

from __future__ import annotations

from typing import NamedTuple

from chorus_edi.rules.en16931.syntax_cii_types import ending
from chorus_edi.rules.extended_ctc_fr.cards import SOURCE
from chorus_edi.rules.inspection import CII, Ask, Text, ask, ask_also

_TRADE = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction"
_LINE = f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem"
_ATTRIBUTE = f"{_LINE}/ram:SpecifiedTradeProduct/ram:ApplicableProductCharacteristic"
_REFERENCE = f"//ram:*[{ending('ReferencedDocument')}]"
_FURTHER = "AdditionalReferencedDocument"


class _Row(NamedTuple):
    """A rule: what may stand how often in each of some elements, and its sentences."""

    id: str
    terms: tuple[str, ...]
    asked: Ask
    text: Text


def _once(each: str, path: str) -> Ask:
    return Ask(each=each, counted=path, most=1)


def _only_in(path: str, *kinds: str) -> Ask:
    """Ask that only references to a document of some kinds hold an element."""
    allowed = " or ".join(kinds)
    suspects = (_FURTHER, "TypeCode")
    return Ask(each=f"{_REFERENCE}[not({allowed})]", counted=path, most=0, suspects=suspects)


_ROWS = (
    _Row(
        "CII-FREXT-SR-069",
        ("BT-160",),
        _once(_ATTRIBUTE, "ram:Description"),
        Text(
            name="an item attribute has one name",
            fr="Une caractéristique de l'article a plusieurs noms (BT-160).",
            en="An item attribute has several names (BT-160).",
            conseil="Gardez un seul nom (BT-160) par caractéristique.",
        ),
    ),
    _Row(
        "CII-FREXT-SR-072",
        ("BT-161",),
        _once(_ATTRIBUTE, "ram:Value"),
        Text(
            name="an item attribute has one value",
            fr="Une caractéristique de l'article a plusieurs valeurs (BT-161).",
            en="An item attribute has several values (BT-161).",
            conseil="Gardez une seule valeur (BT-161) par caractéristique.",
        ),
    ),
    _Row(
        "CII-FREXT-SR-439",
        ("BT-146",),
        _once(
            f"{_LINE}/ram:SpecifiedLineTradeAgreement",
            "ram:NetPriceProductTradePrice/ram:ChargeAmount",
        ),
        Text(
            name="a line has one net price",
            fr="La ligne a plusieurs prix nets (BT-146).",
            en="The line has several net prices (BT-146).",
            conseil="Gardez un seul prix net (BT-146) par ligne.",
        ),
    ),
    _Row(
        "CII-EXT-DT-018",
        ("BG-24", "BT-122", "BT-18", "BT-17", "BT-25"),
        _only_in(
            "ram:TypeCode",
            "self::ram:AdditionalReferencedDocument and "
            "(ram:TypeCode='50' or ram:TypeCode='130' or ram:TypeCode='916')",
            "self::ram:InvoiceReferencedDocument",
        ),
        Text(
            name="only further documents and earlier invoices have a type",
            fr="Une référence à un document (BG-24 ou autre) porte un type qu'elle ne peut pas "
            "avoir : seules une facture antérieure et une pièce de type 50, 130 ou 916 en ont un.",
            en="A reference to a document (BG-24 or another) has a type that it may not have: only "
            "an earlier invoice and a document of type 50, 130 or 916 have one.",
            conseil="Indiquez le type 50, 130 ou 916, ou retirez-le.",
        ),
    ),
    _Row(
        "CII-FREXT-DT-024",
        ("BG-24", "BT-18", "BT-128", "BT-12"),
        _only_in(
            "ram:ReferenceTypeCode",
            "self::ram:AdditionalReferencedDocument and ram:TypeCode='130'",
            "self::ram:ContractReferencedDocument",
        ),
        Text(
            name="only an invoiced object and a contract have a kind of reference",
            fr="Une référence à un document (BG-24 ou autre) porte un schéma (ReferenceTypeCode), "
            "que seuls un objet facturé (type 130) et un contrat (BT-12) peuvent avoir.",
            en="A reference to a document (BG-24 or another) has a kind of reference, which only "
            "an invoiced object (type 130) and a contract (BT-12) may have.",
            conseil="Retirez ReferenceTypeCode, ou donnez à la référence le type 130.",
        ),
    ),
    _Row(
        "CII-FREXTDT-027",
        ("BG-24", "BT-26", "BT-12", "BT-13", "BT-16"),
        _only_in(
            "ram:FormattedIssueDateTime",
            "self::ram:InvoiceReferencedDocument",
            "self::ram:ContractReferencedDocument",
            "self::ram:BuyerOrderReferencedDocument",
            "self::ram:DespatchAdviceReferencedDocument",
        ),
        Text(
            name="only earlier invoices, contracts, orders and despatch advices have a date",
            fr="Une référence à un document (BG-24 ou autre) porte une date, que seuls une facture "
            "antérieure, un contrat, une commande et un avis d'expédition peuvent avoir.",
            en="A reference to a document (BG-24 or another) has a date, which only an earlier "
            "invoice, a contract, an order and a despatch advice may have.",
            conseil="Retirez la date de cette référence.",
        ),
    ),
)

for _row in _ROWS:
    ask(
        _row.id,
        *_row.terms,
        asks=(_row.asked,),
        syntaxes=CII,
        text=_row.text,
        source=SOURCE,
        module=__name__,
    )

_DESCRIBED = (
    "ram:LineID",
    "ram:IncludedNote/ram:Content",
    "ram:LineStatusReasonCode",
    "ram:ParentLineID",
)
_NOTHING_SAID = " and ".join(f"not({one})" for one in _DESCRIBED)
_UNDESCRIBED = f"{_LINE}/ram:AssociatedDocumentLineDocument[{_NOTHING_SAID}]"
"""What says of a line that it is one, and nothing that the model holds: the line is a detail."""

_SETTLED = "../ram:SpecifiedLineTradeSettlement"
for _id, _path in (
    ("BR-FREXT-BR-22", "../ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"),
    ("BR-FREXT-BR-23", "../ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode"),
    (
        "BR-FREXT-BR-24",
        f"{_SETTLED}/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
    ),
    (
        "BR-FREXT-BR-26",
        "../ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount",
    ),
    (
        "BR-FREXT-CO-04",
        f"{_SETTLED}/ram:ApplicableTradeTax[translate(ram:TypeCode, 'vat', 'VAT') = 'VAT']"
        "/ram:CategoryCode",
    ),
):
    _empty = Ask(
        each=_UNDESCRIBED, counted=_path, least=1, suspects=("AssociatedDocumentLineDocument",)
    )
    ask_also(_id, _empty, CII, __name__)
