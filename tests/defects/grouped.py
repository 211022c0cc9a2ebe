"""A defect of each rule of ``br-fr`` on lines gathered below others: BR-FR-MV and BR-FR-BD."""

from __future__ import annotations

from collections.abc import Mapping

from chorus_edi.domain.invoice import PrecedingInvoice
from chorus_edi.rules.syntax_cases import Edit
from tests.afnor import OTHER_SELLER, taxed
from tests.defects.changes import SYNTAXES, Defect, changed, of

_SEVERAL, _MUTUAL = of("S8"), of("S9")

# Of the lines, the first is the GROUP line of the seller, the second its detail, the last the
# GROUP line of the other seller.
_UBL = "/*/cac:InvoiceLine"
_CII = "//ram:IncludedSupplyChainTradeLineItem"
_STATUS = {
    "ubl": f"{_UBL}[{{}}]//cbc:DocumentStatusCode",
    "cii": f"{_CII}[{{}}]//ram:LineStatusReasonCode",
}
_NUMBER = {
    "ubl": f"{_UBL}[{{}}]/cac:DocumentReference/cbc:ID[@schemeID='AFL']",
    "cii": f"{_CII}[{{}}]//ram:AdditionalReferencedDocument[ram:ReferenceTypeCode='AFL']"
    "/ram:IssuerAssignedID",
}
_FRAMEWORK = {
    "ubl": f"{_UBL}[{{}}]/cac:DocumentReference/cbc:ID[@schemeID='AVV']",
    "cii": f"{_CII}[{{}}]//ram:AdditionalReferencedDocument[ram:ReferenceTypeCode='AVV']"
    "/ram:IssuerAssignedID",
}
_NET = {
    "ubl": f"{_UBL}[{{}}]/cbc:LineExtensionAmount",
    "cii": f"{_CII}[{{}}]//ram:LineTotalAmount",
}
_SELLER = {
    "ubl": f"{_UBL}[{{}}]//cac:ManufacturerParty/cac:PartyLegalEntity/cbc:CompanyID",
    "cii": f"{_CII}[{{}}]//ram:ItemSellerTradeParty/ram:SpecifiedLegalOrganization/ram:ID",
}
_REASON = {
    "ubl": f"{_UBL}[{{}}]//cac:ClassifiedTaxCategory/cbc:TaxExemptionReason",
    "cii": f"{_CII}[{{}}]//ram:ApplicableTradeTax/ram:ExemptionReason",
}
_VAT = {
    "ubl": f"{_UBL}[{{}}]/cac:TaxTotal/cbc:TaxAmount",
    "cii": f"{_CII}[{{}}]//ram:TaxTotalAmount",
}
_GROSS = {"cii": f"{_CII}[{{}}]//ram:GrandTotalAmount"}


_ROW_REASON = {
    "ubl": "/*/cac:TaxTotal//cbc:TaxExemptionReason",
    "cii": "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:ExemptionReason",
}

_Edits = Mapping[str, tuple[Edit, ...]]


def _set(paths: Mapping[str, str], value: str, *lines: int) -> _Edits:
    """Return what gives lines another value, in each syntax; they count from 1."""
    return {
        syntax: tuple(Edit(set=path.format(at), to=value) for at in lines or (0,))
        for syntax, path in paths.items()
    }


def _with(*steps: _Edits) -> _Edits:
    return {syntax: tuple(one for step in steps for one in step[syntax]) for syntax in SYNTAXES}


_EARLIER = changed(
    preceding_invoices=(PrecedingInvoice(number="F2026-0001", issue_date="2026-08-01"),)
)

DEFECTS: Mapping[str, Defect] = {
    "BR-FR-MV-01": Defect(_SEVERAL, edits=_set(_STATUS, " ", 2)),
    "BR-FR-MV-02": Defect(_SEVERAL, edits=_set(_STATUS, "INFORMATION", 1, 3)),
    "BR-FR-MV-03": Defect(_SEVERAL, edits=_set(_FRAMEWORK, "S8", 3)),
    "BR-FR-MV-05": Defect(_SEVERAL, edits=_set(_NET, "-1.00", 1)),
    "BR-FR-MV-06": Defect(_SEVERAL, edits=_set(_SELLER, OTHER_SELLER, 2)),
    "BR-FR-MV-07": Defect(
        _SEVERAL, edits=_with(_set(_NUMBER, "F1", 2), _set(_REASON, "#F1#TVA", 2))
    ),
    "BR-FR-MV-08": Defect(_SEVERAL, edits=_set(_REASON, "TVA", 2)),
    "BR-FR-MV-09": Defect(_SEVERAL, edits=_set(_VAT, "-1.00", 1)),
    "BR-FR-MV-10": Defect(_SEVERAL, edits=_set(_GROSS, "5.00", 3), syntaxes=("cii",)),
    "BR-FR-MV-11": Defect(
        _SEVERAL,
        edits=_with(
            _set(_NUMBER, "F1", 1, 2), _set(_REASON, "#F1#TVA", 2), _set(_ROW_REASON, "#F1#TVA")
        ),
    ),
    "BR-FR-MV-12": Defect(
        of("S8", changed(number="F2026-8"), lambda invoice: taxed(invoice, "Z", "0")),
        edits=_set(_NUMBER, "F2026-8", 3),
    ),
    "BR-FR-MV-13": Defect(_SEVERAL, changed(type_code="389")),
    "BR-FR-MV-14": Defect(of("S8", _EARLIER), changed(type_code="384")),
    "BR-FR-BD-02": Defect(_MUTUAL, edits=_set(_SELLER, OTHER_SELLER, 3)),
    "BR-FR-BD-13": Defect(_MUTUAL, changed(type_code="380")),
    "BR-FR-BD-14": Defect(of("S9", _EARLIER), changed(type_code="471")),
}
"""Rule → its defect."""
