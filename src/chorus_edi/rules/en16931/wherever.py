"""What some rules also ask where the model has no place: the sheets find their groups anywhere.

A payee may stand in the payment terms of a CII document, a card in a line. Neither means anything
in EN 16931, but the sheets judge them, so the XML is asked there as well. The rules are registered
before (``__init__`` imports these modules last). ``wherever_ubl`` does the same for UBL.
"""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.domain.codelists.countries import EXTENDED_CTC_COUNTRIES
from chorus_edi.rules.en16931.vat_families import FAMILIES, Family, Parties, Rate
from chorus_edi.rules.inspection import CII, Ask, ask_also

_PAYEE = "//ram:PayeeTradeParty[not(parent::ram:ApplicableHeaderTradeSettlement)]"
# Counted from above: an account that looks at those beside it makes thousands cost their square.
_ONE_OF_SEVERAL_ACCOUNTS = (
    "//ram:SpecifiedTradeSettlementPaymentMeans[ram:TypeCode = '30' or ram:TypeCode = '58']"
    "[count(ram:PayeePartyCreditorFinancialAccount) > 1]/ram:PayeePartyCreditorFinancialAccount"
)
_REPRESENTATIVE = (
    "//ram:SellerTaxRepresentativeTradeParty[not(parent::ram:ApplicableHeaderTradeAgreement)]"
)
_SELLER = "//ram:SellerTradeParty[not(parent::ram:ApplicableHeaderTradeAgreement)]"
_OF_ANOTHER = (
    "[not(parent::ram:SellerTradeParty or parent::ram:BuyerTradeParty"
    " or parent::ram:SellerTaxRepresentativeTradeParty)]"
)
_AGREEMENT = (
    "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
)
_SETTLEMENT = (
    "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
)
_OUT_OF_SCOPE = (
    f"/rsm:CrossIndustryInvoice[{_SETTLEMENT}/ram:ApplicableTradeTax[ram:CategoryCode = 'O']]"
)
_SPLIT = "/rsm:CrossIndustryInvoice[//ram:CategoryCode = 'B']"
_MAPPED = "parent::ram:ApplicableHeaderTradeSettlement or parent::ram:SpecifiedLineTradeSettlement"
_OTHER_TAX = f"//ram:ApplicableTradeTax[not({_MAPPED})]"
_OTHER_CODE = (
    "//ram:CategoryCode"
    f"[not(parent::ram:CategoryTradeTax or parent::ram:ApplicableTradeTax[{_MAPPED}])]"
)


_COUNTRIES = " ".join(sorted(EXTENDED_CTC_COUNTRIES.codes | {"EL"}))


def _ask(each: str, counted: str, *names: str) -> Ask:
    return Ask(each=each, counted=counted, least=1, suspects=names)


_ASKS: tuple[tuple[str, Ask], ...] = (
    ("BR-17", _ask(_PAYEE, "ram:Name", "PayeeTradeParty")),
    (
        "BR-18",
        _ask(
            _REPRESENTATIVE,
            "ram:Name[normalize-space(.) != '']",
            "SellerTaxRepresentativeTradeParty",
        ),
    ),
    (
        "BR-19",
        _ask(_REPRESENTATIVE, "ram:PostalTradeAddress", "SellerTaxRepresentativeTradeParty"),
    ),
    (
        "BR-20",
        _ask(
            _REPRESENTATIVE,
            "ram:PostalTradeAddress/ram:CountryID[normalize-space(.) != '']",
            "SellerTaxRepresentativeTradeParty",
        ),
    ),
    (
        "BR-50",
        _ask(
            _ONE_OF_SEVERAL_ACCOUNTS,
            "ram:IBANID[normalize-space(.) != ''] | ram:ProprietaryID[normalize-space(.) != '']",
            "PayeePartyCreditorFinancialAccount",
        ),
    ),
    (
        "BR-51",
        _ask(
            "//ram:ApplicableTradeSettlementFinancialCard"
            "[not(parent::ram:SpecifiedTradeSettlementPaymentMeans)]",
            "self::*[string-length(normalize-space(ram:ID)) <= 10]",
            "ApplicableTradeSettlementFinancialCard",
        ),
    ),
    (
        "BR-52",
        _ask(
            "//ram:AdditionalReferencedDocument[not(parent::ram:ApplicableHeaderTradeAgreement)]",
            "ram:IssuerAssignedID[. != '']",
            "AdditionalReferencedDocument",
        ),
    ),
    (
        "BR-54",
        _ask(
            "//ram:ApplicableProductCharacteristic[not(parent::ram:SpecifiedTradeProduct)]",
            "self::*[ram:Description and ram:Value]",
            "ApplicableProductCharacteristic",
        ),
    ),
    (
        "BR-56",
        _ask(
            _REPRESENTATIVE,
            "ram:SpecifiedTaxRegistration/ram:ID[@schemeID = 'VA'][. != '']",
            "SellerTaxRepresentativeTradeParty",
        ),
    ),
    (
        "BR-B-01",
        _ask(
            f"/rsm:CrossIndustryInvoice[{_OTHER_CODE} = 'B']",
            "self::*[not(//ram:CountryID != 'IT')]",
            "CategoryCode",
        ),
    ),
    (
        "BR-B-02",
        _ask(
            f"{_SPLIT}[{_OTHER_CODE}[. = 'B' or . = 'S']]",
            "self::*[not(//ram:CategoryCode = 'S')]",
            "CategoryCode",
        ),
    ),
    (
        "BR-61",
        _ask(
            _ONE_OF_SEVERAL_ACCOUNTS,
            "ram:IBANID | ram:ProprietaryID",
            "PayeePartyCreditorFinancialAccount",
        ),
    ),
    (
        "BR-CO-03",
        _ask(
            f"{_SETTLEMENT}/ram:ApplicableTradeTax",
            "self::*[not(ram:TaxPointDate and ram:DueDateTypeCode)]",
            "TaxPointDate",
        ),
    ),
    (
        "BR-CO-09",
        _ask(
            f"//ram:SpecifiedTaxRegistration{_OF_ANOTHER}/ram:ID[@schemeID = 'VA']",
            f"self::*[contains(' {_COUNTRIES} ', concat(' ', substring(., 1, 2), ' '))]",
            "SpecifiedTaxRegistration",
        ),
    ),
    (
        "BR-CO-26",
        _ask(
            _SELLER,
            "ram:ID | ram:GlobalID | ram:SpecifiedLegalOrganization/ram:ID"
            " | ram:SpecifiedTaxRegistration/ram:ID[@schemeID = 'VA']",
            "SellerTradeParty",
        ),
    ),
    *(
        (
            rule_id,
            _ask(
                _OUT_OF_SCOPE,
                f"self::*[not({_OTHER_TAX}[ram:CategoryCode != 'O'])]",
                "ApplicableTradeTax",
            ),
        )
        for rule_id in ("BR-O-11", "BR-O-12")
    ),
)


def _registered(party: str, *schemes: str) -> str:
    scheme = " or ".join(f"@schemeID = '{one}'" for one in schemes)
    return f"{_AGREEMENT}/ram:{party}/ram:SpecifiedTaxRegistration/ram:ID[{scheme}]"


_REPRESENTED = _registered("SellerTaxRepresentativeTradeParty", "VA")
_SELLER_TAX = f"({_registered('SellerTradeParty', 'VA', 'FC')} or {_REPRESENTED})"
_SELLER_VAT = f"({_registered('SellerTradeParty', 'VA')} or {_REPRESENTED})"
_BUYER_VAT = _registered("BuyerTradeParty", "VA")
_BUYER_LEGAL = f"{_AGREEMENT}/ram:BuyerTradeParty/ram:SpecifiedLegalOrganization/ram:ID"
_IDENTIFIERS = {
    Parties.SELLER: _SELLER_TAX,
    Parties.SELLER_VAT: _SELLER_VAT,
    Parties.SELLER_AND_BUYER: f"{_SELLER_TAX} and ({_BUYER_VAT} or {_BUYER_LEGAL})",
    Parties.SELLER_VAT_AND_BUYER_VAT: f"{_SELLER_VAT} and {_BUYER_VAT}",
    Parties.NONE: f"not({_SELLER_VAT} or {_BUYER_VAT})",
}

_RATES = {
    Rate.POSITIVE: "self::*[{} > 0]",
    Rate.NOT_NEGATIVE: "self::*[{} >= 0]",
    Rate.ZERO: "self::*[{} = 0]",
    Rate.ABSENT: "self::*[not({})]",
}


def _of_lines(of: Family) -> Iterator[tuple[str, Ask]]:
    """Ask what it demands of allowances and charges of lines, which have no VAT category."""
    for tax, rate, said in (("03", "06", "false"), ("04", "07", "true")):
        each = (
            "//ram:SpecifiedTradeAllowanceCharge[not(parent::ram:ApplicableHeaderTradeSettlement)]"
            f"[ram:ChargeIndicator/udt:Indicator = '{said}']"
            f"/ram:CategoryTradeTax[ram:CategoryCode = '{of.code}']"
        )
        allowed = _RATES[of.rate_cii or of.rate].format("ram:RateApplicablePercent")
        yield f"BR-{of.prefix}-{rate}", _ask(each, allowed, "CategoryTradeTax")
        # The parties are looked at once, not for each of thousands of charges.
        unidentified = f"/*[not({_IDENTIFIERS[of.parties]})]{each}"
        yield (
            f"BR-{of.prefix}-{tax}",
            Ask(each=unidentified, counted="self::*", most=0, suspects=("CategoryTradeTax",)),
        )


def _register() -> None:
    """Add what is asked of the XML to the rules, which are judged on the model as well."""
    asks = [*_ASKS, *(one for of in FAMILIES for one in _of_lines(of))]
    for rule_id, asked in asks:
        ask_also(rule_id, asked, CII, __name__)


_register()
