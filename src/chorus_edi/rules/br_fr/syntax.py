"""What the French rules ask of the XML itself: attachments, objects, what no term stands for.

Rules that are judged on the model get here what the model does not show; the others are told by
their demands alone (docs/adr/0011-syntax-rules-are-counts.md).
"""

from __future__ import annotations

from collections.abc import Iterable

from chorus_edi.rules.br_fr.codes import (
    ATTACHMENTS,
    CREDIT_NOTES,
    READABLE,
    SINGLE_TAXABLE,
    SOURCE,
)
from chorus_edi.rules.inspection import CII, UBL, Ask, Text, ask

BOTH = UBL | CII
AGREEMENT = "/*/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
SETTLEMENT = "/*/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
LINE_UBL = "(/*/cac:InvoiceLine | /*/cac:CreditNoteLine)"
LINE_CII = "/*/rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem"
_DOCUMENT = "/*/cac:AdditionalDocumentReference"
_FURTHER = f"{AGREEMENT}/ram:AdditionalReferencedDocument"
_DOCUMENTS = ("AdditionalDocumentReference", "AdditionalReferencedDocument")


def one_of(codes: Iterable[str], what: str = ".") -> str:
    """Return the condition that a text is one of some codes."""
    return "(" + " or ".join(f"{what}='{code}'" for code in sorted(codes)) + ")"


ask(
    "BR-FR-17",
    "BT-123",
    asks=(
        Ask(
            each="//cac:AdditionalDocumentReference",
            counted=f"cbc:DocumentDescription[not{one_of(ATTACHMENTS)}]",
            most=0,
            suspects=_DOCUMENTS,
        ),
        Ask(
            each=f"{_FURTHER}[ram:TypeCode='916']",
            counted="ram:Name[normalize-space(.) != ''][not"
            f"{one_of(ATTACHMENTS, 'normalize-space(.)')}]",
            most=0,
            suspects=_DOCUMENTS,
        ),
    ),
    syntaxes=BOTH,
    text=Text(
        name="an attachment is described by a code of the list",
        fr="La description de la pièce jointe (BT-123) n'est pas un code de la liste française.",
        en="The description of the attachment (BT-123) is not a code of the French list.",
        conseil="Indiquez en BT-123 un code tel que LISIBLE, RIB, BON_LIVRAISON, BON_COMMANDE ou "
        "DOCUMENT_ANNEXE.",
    ),
    source=SOURCE,
    module=__name__,
)
ask(
    "BR-FR-18",
    "BT-123",
    asks=(
        Ask(
            each="/*",
            counted=f"cac:AdditionalDocumentReference[cbc:DocumentDescription='{READABLE}'] | "
            "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
            f"/ram:AdditionalReferencedDocument[ram:Name='{READABLE}']",
            most=1,
            suspects=_DOCUMENTS,
        ),
    ),
    syntaxes=BOTH,
    text=Text(
        name="one attachment at most is the readable invoice",
        fr="Plusieurs pièces jointes sont décrites par LISIBLE (BT-123).",
        en="Several attachments are described as LISIBLE (BT-123).",
        conseil="Ne gardez LISIBLE que pour la représentation lisible de la facture.",
    ),
    source=SOURCE,
    module=__name__,
)
_BLANK = "[normalize-space(.)='']"
ask(
    "BR-FR-29",
    "BT-18",
    asks=(
        Ask(
            each=_DOCUMENT,
            counted=f"cbc:ID[@schemeID='AFL' or @schemeID='AVV']{_BLANK}",
            most=0,
            suspects=_DOCUMENTS,
        ),
        *(
            Ask(
                each=AGREEMENT,
                counted=f"ram:AdditionalReferencedDocument[ram:ReferenceTypeCode='{code}']",
                most=1,
                suspects=_DOCUMENTS,
            )
            for code in ("AFL", "AVV")
        ),
        Ask(
            each=f"{_FURTHER}[ram:ReferenceTypeCode='AFL' or ram:ReferenceTypeCode='AVV']",
            counted=f"ram:IssuerAssignedID{_BLANK}",
            most=0,
            suspects=_DOCUMENTS,
        ),
    ),
    syntaxes=BOTH,
    text=Text(
        name="an object of kind AFL or AVV has a number, and is the only one of its kind",
        fr="L'objet facturé (BT-18) de schéma AFL ou AVV est vide, ou figure plusieurs fois.",
        en="The invoiced object (BT-18) of scheme AFL or AVV is blank, or stands more than once.",
        conseil="Donnez son numéro à l'objet facturé, et n'en gardez qu'un par schéma.",
    ),
    source=SOURCE,
    module=__name__,
)
ask(
    "BR-FR-30",
    "BT-128",
    asks=(
        Ask(
            each=f"{LINE_UBL}/cac:DocumentReference",
            counted=f"cbc:ID[@schemeID='AFL' or @schemeID='AVV']{_BLANK}",
            most=0,
            suspects=("DocumentReference",),
        ),
    ),
    # The CII sheet looks for the objects of a line where the schema has none.
    syntaxes=UBL,
    text=Text(
        name="an object of a line of kind AFL or AVV has a number",
        fr="L'objet facturé à la ligne (BT-128) de schéma AFL ou AVV est vide.",
        en="The invoiced object of the line (BT-128) of scheme AFL or AVV is blank.",
        conseil="Donnez son numéro à l'objet facturé de la ligne.",
    ),
    source=SOURCE,
    module=__name__,
)
# The first: looking for a second one would look through all lines, for each of them.
_OWN = "cac:InvoiceDocumentReference/cbc:ID = /*/cbc:ID[1]"
_OTHER = "cac:InvoiceDocumentReference/cbc:ID != /*/cbc:ID[1]"
_STATUS = "cac:InvoiceDocumentReference/cbc:DocumentStatusCode"
_DATED = "[cbc:ID and cbc:IssueDate]"
_CII_DATED = "[ram:IssuerAssignedID and ram:FormattedIssueDateTime/qdt:DateTimeString]"
_CREDIT = one_of(CREDIT_NOTES, "cbc:CreditNoteTypeCode")
_CREDIT_CII = one_of(CREDIT_NOTES, "rsm:ExchangedDocument/ram:TypeCode")
_KIND = "ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode"
ask(
    "BR-FR-CO-05",
    "BG-3",
    "BT-3",
    asks=(
        Ask(
            each=f"/*[{_CREDIT}][not(cac:BillingReference/cac:InvoiceDocumentReference{_DATED})]",
            counted=f"cac:CreditNoteLine[not(cac:BillingReference/{_OWN}) or "
            f"cac:BillingReference[{_OWN}]/{_STATUS}='DETAIL'][not(cac:BillingReference[{_OTHER}]"
            f"/cac:InvoiceDocumentReference{_DATED})]",
            most=0,
            suspects=("BillingReference",),
        ),
        Ask(
            each=f"/*[{_CREDIT_CII}][not(rsm:SupplyChainTradeTransaction"
            f"/ram:ApplicableHeaderTradeSettlement/ram:InvoiceReferencedDocument{_CII_DATED})]",
            counted="rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem"
            f"[not({_KIND}) or {_KIND}='DETAIL'][not(ram:SpecifiedLineTradeSettlement"
            f"/ram:InvoiceReferencedDocument{_CII_DATED})]",
            most=0,
            suspects=("InvoiceReferencedDocument",),
        ),
    ),
    syntaxes=BOTH,
    text=Text(
        name="a credit note refers to an earlier invoice, or each of its lines does",
        fr="L'avoir ne cite aucune facture antérieure (BG-3) avec son numéro (BT-25) et sa date "
        "(BT-26), ni en tête ni sur chaque ligne.",
        en="The credit note refers to no preceding invoice by number (BT-25) and date (BT-26), "
        "neither in its header nor on every line.",
        conseil="Indiquez en BT-25 et BT-26 le numéro et la date de la facture que l'avoir "
        "corrige.",
    ),
    source=SOURCE,
    module=__name__,
)
_UBL_MEMBER = (
    "/*[cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification"
    f"/cbc:ID/@schemeID='{SINGLE_TAXABLE}']"
)
_CII_MEMBER = f"{AGREEMENT}[ram:SellerTradeParty/ram:GlobalID/@schemeID='{SINGLE_TAXABLE}']"
ask(
    "BR-FR-CO-15",
    "BT-63",
    "BT-29",
    asks=(
        Ask(
            each=_UBL_MEMBER,
            counted="cac:TaxRepresentativeParty/cac:PartyTaxScheme/cbc:CompanyID[string(.)]",
            least=1,
            suspects=("TaxRepresentativeParty",),
        ),
        Ask(
            each=_CII_MEMBER,
            counted="ram:SellerTaxRepresentativeTradeParty/ram:SpecifiedTaxRegistration"
            "/ram:ID[@schemeID='VA'][string(.)]",
            least=1,
            suspects=("SellerTaxRepresentativeTradeParty",),
        ),
    ),
    syntaxes=BOTH,
    text=Text(
        name="a member of a single taxable person names it as its tax representative",
        fr="Le vendeur est membre d'un assujetti unique (identifiant 0231), mais le représentant "
        "fiscal et son numéro de TVA (BT-63) manquent.",
        en="The seller is a member of a single taxable person (scheme 0231), but the tax "
        "representative and its VAT number (BT-63) are missing.",
        conseil="Indiquez en BG-11 l'assujetti unique, avec son numéro de TVA en BT-63.",
    ),
    source=SOURCE,
    module=__name__,
)
