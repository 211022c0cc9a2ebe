"""BR-FR rules on what EN 16931 has no term for: agents, payer, and the references of lines.

The rules of the header (BR-FR-01 to 04, 09, 23, 25, 32 and BR-FR-CO-10) are asked again of what
stands beside it in the French extension (EXT-FR-FE). The reader has it among what is not mapped,
so that a document without any of it pays nothing here.
"""

from __future__ import annotations

from typing import NamedTuple

from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.br_fr.codes import ADDRESS, DOCUMENT_TYPES, SIREN, SIRET
from chorus_edi.rules.br_fr.syntax import AGREEMENT, LINE_CII, LINE_UBL, SETTLEMENT, one_of
from chorus_edi.rules.inspection import CII, UBL, Ask, ask_also

_SELLER = "/*/cac:AccountingSupplierParty/cac:Party"
_BUYER = "/*/cac:AccountingCustomerParty/cac:Party"


class _Party(NamedTuple):
    """A party of the extension in one syntax; ``names`` are those of its own elements."""

    path: str
    names: tuple[str, ...]


_UBL_PARTIES = (
    _Party(f"{_BUYER}/cac:AgentParty", ("AgentParty",)),
    _Party("/*/cac:PaymentMeans/cac:PaymentMandate/cac:PayerParty", ("PayerParty",)),
    _Party(f"{_SELLER}/cac:AgentParty", ("AgentParty",)),
    _Party(f"{_BUYER}/cac:ServiceProviderParty/cac:Party", ("ServiceProviderParty",)),
    _Party(f"{_SELLER}/cac:ServiceProviderParty/cac:Party", ("ServiceProviderParty",)),
)
_CII_PARTIES = (
    _Party(f"{AGREEMENT}/ram:BuyerAgentTradeParty", ("BuyerAgentTradeParty",)),
    _Party(f"{SETTLEMENT}/ram:PayerTradeParty", ("PayerTradeParty",)),
    _Party(f"{AGREEMENT}/ram:SalesAgentTradeParty", ("SalesAgentTradeParty",)),
    _Party(f"{SETTLEMENT}/ram:InvoiceeTradeParty", ("InvoiceeTradeParty",)),
    _Party(f"{SETTLEMENT}/ram:InvoicerTradeParty", ("InvoicerTradeParty",)),
)
_PAYEE_UBL = _Party("/*/cac:PayeeParty", ("PayeeParty",))
_PAYEE_CII = _Party(f"{SETTLEMENT}/ram:PayeeTradeParty", ("PayeeTradeParty",))
_LINE_PLACE_UBL = _Party(f"{LINE_UBL}/cac:Delivery/cac:DeliveryLocation", ("DeliveryLocation",))
_LINE_PLACE_CII = _Party(
    f"{LINE_CII}/ram:SpecifiedLineTradeDelivery/ram:ShipToTradeParty", ("ShipToTradeParty",)
)
_PLACE_CII = _Party(
    "/*/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeDelivery/ram:ShipToTradeParty",
    ("ShipToTradeParty",),
)


def _also(rule: str, syntaxes: frozenset[Syntax], *asked: Ask) -> None:
    for one in asked:
        ask_also(rule, one, syntaxes, __name__)


# -- numbers, dates, types of earlier invoices -------------------------------------------------

_LINE_REFERENCE = f"{LINE_UBL}/cac:BillingReference/cac:InvoiceDocumentReference"
_LINE_REFERENCE_CII = f"{LINE_CII}/ram:SpecifiedLineTradeSettlement/ram:InvoiceReferencedDocument"
_REFERENCES = ("BillingReference", "InvoiceDocumentReference", "InvoiceReferencedDocument")
_SOUND = "re:test(normalize-space(.), '^[A-Za-z0-9+_/-]+$') and not(contains(., ' '))"
_IS_UBL_DAY = (
    "re:test(., '^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$') and "
    "number(substring(., 9, 2)) <= 28 + ("
    "substring(., 6, 2) != '02') * 2 + "
    "(contains(' 01 03 05 07 08 10 12 ', concat(' ', substring(., 6, 2), ' '))) + "
    "(substring(., 6, 2) = '02' and number(substring(., 1, 4)) mod 4 = 0)"
)
"""Every fourth year from 2000 to 2099 has a 29 February."""
_IS_CII_DAY = (
    "re:test(substring(., 1, 8), '^20[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$') and "
    "number(substring(., 7, 2)) <= 28 + ("
    "substring(., 5, 2) != '02') * 2 + "
    "(contains(' 01 03 05 07 08 10 12 ', concat(' ', substring(., 5, 2), ' '))) + "
    "(substring(., 5, 2) = '02' and number(substring(., 1, 4)) mod 4 = 0)"
)


def _refused(each: str, what: str, *suspects: str) -> Ask:
    """Ask that something may not stand in each of some elements."""
    return Ask(each=each, counted=what, most=0, suspects=suspects)


_LONG = "string-length(.) > 35"
_also(
    "BR-FR-01",
    UBL,
    _refused(_LINE_REFERENCE, f"cbc:ID[{_LONG} or not({_SOUND})]", *_REFERENCES),
)
_also(
    "BR-FR-01", CII, _refused(_LINE_REFERENCE_CII, f"ram:IssuerAssignedID[{_LONG}]", *_REFERENCES)
)
_also("BR-FR-02", UBL, _refused(_LINE_REFERENCE, f"cbc:ID[not({_SOUND})]", *_REFERENCES))
_also(
    "BR-FR-02",
    CII,
    _refused(_LINE_REFERENCE_CII, f"ram:IssuerAssignedID[not({_SOUND})]", *_REFERENCES),
)
_also(
    "BR-FR-03",
    UBL,
    _refused(_LINE_REFERENCE, f"cbc:IssueDate[not({_IS_UBL_DAY})]", *_REFERENCES),
    _refused(f"{LINE_UBL}/cac:Delivery", f"cbc:ActualDeliveryDate[not({_IS_UBL_DAY})]", "Delivery"),
)
_DAY = "udt:DateTimeString"
_also(
    "BR-FR-03",
    CII,
    _refused(
        f"{_LINE_REFERENCE_CII}/ram:FormattedIssueDateTime",
        f"qdt:DateTimeString[not({_IS_CII_DAY})]",
        *_REFERENCES,
    ),
    _refused(
        f"{LINE_CII}/ram:SpecifiedLineTradeDelivery/ram:ActualDeliverySupplyChainEvent"
        "/ram:OccurrenceDateTime",
        f"{_DAY}[not({_IS_CII_DAY})]",
        "ActualDeliverySupplyChainEvent",
    ),
)
_TYPE = f"[not{one_of(DOCUMENT_TYPES)}]"
_also(
    "BR-FR-04",
    UBL,
    _refused(
        f"/*/cac:BillingReference/cac:InvoiceDocumentReference | {_LINE_REFERENCE}",
        f"cbc:DocumentTypeCode{_TYPE}",
        *_REFERENCES,
    ),
)
_also(
    "BR-FR-04",
    CII,
    _refused(
        f"{SETTLEMENT}/ram:InvoiceReferencedDocument | {_LINE_REFERENCE_CII}",
        f"ram:TypeCode{_TYPE}",
        *_REFERENCES,
    ),
)

# -- parties -----------------------------------------------------------------------------------

_UBL_SIREN = f"cac:PartyLegalEntity/cbc:CompanyID[@schemeID='{SIREN}']"
_CII_SIREN = f"ram:SpecifiedLegalOrganization/ram:ID[@schemeID='{SIREN}']"
_SOUND_SIRET = "re:test(., '^[0-9]{14}$') and ($siren='' or substring(., 1, 9)=$siren)"
_OTHER_SIREN = "re:test(., '^[0-9]{14}$') and $siren!='' and substring(., 1, 9)!=$siren"


def _sirets(of: _Party, siret: str, siren: str, wrong: str = f"not({_SOUND_SIRET})") -> Ask:
    """Ask that the first SIRET of a party has 14 digits and begins with its SIREN, if any."""
    return Ask(
        each=of.path,
        counted=f"{siret}[{wrong}]",
        most=0,
        given=(("siren", siren),),
        suspects=of.names,
    )


# The sheets read the first SIRET only.
_UBL_SIRET = f"(cac:PartyIdentification/cbc:ID[@schemeID='{SIRET}'])[1]"
_CII_SIRET = f"ram:GlobalID[@schemeID='{SIRET}'][1]"
_also("BR-FR-09", UBL, *(_sirets(one, _UBL_SIRET, _UBL_SIREN) for one in _UBL_PARTIES))
_also(
    "BR-FR-09",
    CII,
    *(_sirets(one, _CII_SIRET, _CII_SIREN) for one in (*_CII_PARTIES, _LINE_PLACE_CII)),
)
# The place of delivery has its registration beside it, where the model has no term for it.
_PLACE_UBL = _Party("/*/cac:Delivery", ("PartyLegalEntity",))
_also(
    "BR-FR-09",
    UBL,
    _sirets(
        _PLACE_UBL,
        f"cac:DeliveryLocation/cbc:ID[@schemeID='{SIRET}']",
        f"cac:DeliveryParty/{_UBL_SIREN}",
        _OTHER_SIREN,
    ),
)
_also(
    "BR-FR-09",
    CII,
    _sirets(
        _PLACE_CII._replace(names=("SpecifiedLegalOrganization",)),
        _CII_SIRET,
        _CII_SIREN,
        _OTHER_SIREN,
    ),
)
_PLAIN = "re:test(., '^[A-Za-z0-9+_.-]+$')"
for _party in (*_UBL_PARTIES, _PAYEE_UBL):
    _names = (*_party.names, "EndpointID")
    _at = f"cbc:EndpointID[@schemeID='{ADDRESS}']"
    _also("BR-FR-23", UBL, _refused(_party.path, f"{_at}[not({_PLAIN})]", *_names))
    _also(
        "BR-FR-25",
        UBL,
        _refused(_party.path, "cbc:EndpointID[string-length(.) > 125]", *_names),
    )
for _party in (*_CII_PARTIES, _PAYEE_CII):
    _names = (*_party.names, "URIUniversalCommunication")
    _at = f"ram:URIUniversalCommunication/ram:URIID[@schemeID='{ADDRESS}']"
    _also("BR-FR-23", CII, _refused(_party.path, f"{_at}[not({_PLAIN})]", *_names))
    _also(
        "BR-FR-25",
        CII,
        _refused(
            _party.path,
            "ram:URIUniversalCommunication/ram:URIID[string-length(.) > 125]",
            *_names,
        ),
    )


def _own_schemes(of: _Party, identifiers: str, twin: str) -> tuple[Ask, ...]:
    """Ask that each identifier of a party has a scheme, and that no other has the same."""
    return (
        _refused(of.path, f"{identifiers}[not(@schemeID)]", *of.names),
        _refused(of.path, f"{identifiers}[@schemeID = {twin}/@schemeID]", *of.names),
    )


_FEW = "[position() <= 300]"
"""Identifiers of one party that are compared; of a hostile one they would be without end."""

_UBL_TWIN = "../preceding-sibling::cac:PartyIdentification/cbc:ID"
for _party in _UBL_PARTIES:
    _also(
        "BR-FR-CO-10",
        UBL,
        *_own_schemes(_party, f"cac:PartyIdentification{_FEW}/cbc:ID", _UBL_TWIN),
    )
_also(
    "BR-FR-CO-10",
    UBL,
    _refused(_LINE_PLACE_UBL.path, "cbc:ID[not(@schemeID)]", *_LINE_PLACE_UBL.names),
)
for _party in (*_CII_PARTIES, _LINE_PLACE_CII):
    _also(
        "BR-FR-CO-10",
        CII,
        *_own_schemes(_party, f"ram:GlobalID{_FEW}", "preceding-sibling::ram:GlobalID"),
    )

# -- nine digits, wherever they stand ----------------------------------------------------------

_NINE = "[not(re:test(normalize-space(.), '^[0-9]{9}$'))]"
_BY_SCHEME = "[@schemeID='0002' or @schemeID='0231']"
_also(
    "BR-FR-32",
    UBL,
    _refused(
        "//cac:PartyLegalEntity[not(parent::cac:PayeeParty) and not(parent::cac:Party"
        "[parent::cac:AccountingSupplierParty or parent::cac:AccountingCustomerParty])]",
        f"cbc:CompanyID[@schemeID='0002']{_NINE}",
        "PartyLegalEntity",
    ),
    _refused(
        "//cac:PartyIdentification[not(parent::cac:PayeeParty) and not(parent::cac:Party"
        "[parent::cac:AccountingSupplierParty or parent::cac:AccountingCustomerParty])]",
        f"cbc:ID{_BY_SCHEME}{_NINE}",
        "PartyIdentification",
    ),
)
_MAPPED = " and ".join(
    f"not(self::ram:{name})" for name in ("SellerTradeParty", "BuyerTradeParty", "PayeeTradeParty")
)
_also(
    "BR-FR-32",
    CII,
    _refused(
        f"//*[ram:SpecifiedLegalOrganization][{_MAPPED}]",
        f"ram:SpecifiedLegalOrganization/ram:ID[@schemeID='0002']{_NINE}",
        "SpecifiedLegalOrganization",
    ),
    _refused(
        f"//*[ram:GlobalID][{_MAPPED} and not(self::ram:SpecifiedTradeProduct) and not("
        "self::ram:ShipToTradeParty[parent::ram:ApplicableHeaderTradeDelivery])]",
        f"ram:GlobalID{_BY_SCHEME}{_NINE}",
        "GlobalID",
    ),
)
