"""What some rules also ask of a UBL document where the model has no place, or keeps one of several.

The sheet tries its tests on every element of a name: on the VAT breakdown of a line, on the address
of a second delivery. ``wherever`` says why; the rules are registered before.
``wherever_extensions`` asks the groups that only an extension can hold.
"""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.domain.codelists.countries import COUNTRIES
from chorus_edi.rules.en16931.vat_families import FAMILIES, Rate
from chorus_edi.rules.inspection import UBL, Ask, ask_also

BELOW = "[parent::*/parent::*]"
"""Of an element that stands deeper than in the document itself."""

VAT = "[cac:TaxScheme/cbc:ID[translate(normalize-space(.), 'vat', 'VAT') = 'VAT']]"
"""Of a category or a registration that is of the VAT."""

_OF_NO_LINE = "[not(parent::cac:InvoiceLine or parent::cac:CreditNoteLine)]"
_SEPA = "[translate(normalize-space(@schemeID), 'sepa', 'SEPA') = 'SEPA']"
_SELLER_ID = "cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification/cbc:ID"
_PAYEE_ID = "cac:PayeeParty/cac:PartyIdentification/cbc:ID"
_OF_DOCUMENT = "[parent::*[not(parent::*)]]"
_OF_ANOTHER_PARTY = (
    f"[not(parent::cac:TaxRepresentativeParty{_OF_DOCUMENT}"
    f" or parent::cac:Party[parent::cac:AccountingSupplierParty{_OF_DOCUMENT}]"
    f" or parent::cac:Party[parent::cac:AccountingCustomerParty{_OF_DOCUMENT}])]"
)
_LINE = f"cac:InvoiceLine{_OF_DOCUMENT} or parent::cac:CreditNoteLine{_OF_DOCUMENT}"
_COUNTRIES = " ".join(sorted(COUNTRIES.codes | {"EL"}))
_TRANSFER = "[cbc:PaymentMeansCode[normalize-space(.) = '30' or normalize-space(.) = '58']]"
_SUBTOTAL = f"//cac:TaxTotal{BELOW}/cac:TaxSubtotal"
_CATEGORY = f"cac:TaxCategory{VAT}"
_RATE = f"{_CATEGORY}/cbc:Percent"
_TAX = "number(translate(cbc:TaxAmount, '-', ''))"
_BASE = "number(translate(cbc:TaxableAmount, '-', ''))"
_PERIOD = f"//cac:InvoicePeriod{BELOW}{_OF_NO_LINE}"


def cents(amount: str) -> str:
    """Return what counts an element whose amount at a path has at most two decimals."""
    return f"self::*[string-length(substring-after({amount}, '.')) <= 2]"


def in_order(start: str, end: str) -> str:
    """Return what counts a period that does not end before it starts."""
    return f"self::*[not({start} and {end}) or {_day(end)} >= {_day(start)}]"


def _day(date: str) -> str:
    return f"number(translate(substring({date}, 1, 10), '-', ''))"


_ASKS: tuple[tuple[str, str, str, str], ...] = (
    (
        "BR-29",
        _PERIOD,
        in_order("cbc:StartDate", "cbc:EndDate"),
        "InvoicePeriod",
    ),
    ("BR-45", _SUBTOTAL, "cbc:TaxableAmount", "TaxSubtotal"),
    ("BR-46", _SUBTOTAL, "cbc:TaxAmount", "TaxSubtotal"),
    ("BR-47", _SUBTOTAL, f"{_CATEGORY}/cbc:ID", "TaxSubtotal"),
    (
        "BR-48",
        _SUBTOTAL,
        f"{_CATEGORY}[cbc:Percent or normalize-space(cbc:ID) = 'O']",
        "TaxSubtotal",
    ),
    (
        "BR-50",
        f"//cac:PaymentMeans{BELOW}[cbc:PaymentMeansCode = '30' or cbc:PaymentMeansCode = '58']"
        "/cac:PayeeFinancialAccount",
        "cbc:ID[normalize-space(.) != '']",
        "PaymentMeans",
    ),
    (
        "BR-52",
        f"//cac:AdditionalDocumentReference{BELOW}",
        "cbc:ID[normalize-space(.) != '']",
        "AdditionalDocumentReference",
    ),
    (
        "BR-54",
        f"//cac:AdditionalItemProperty[not(parent::cac:Item[parent::{_LINE}])]",
        "self::*[cbc:Name and cbc:Value]",
        "AdditionalItemProperty",
    ),
    (
        "BR-55",
        f"//cac:BillingReference{BELOW}",
        "cac:InvoiceDocumentReference/cbc:ID",
        "BillingReference",
    ),
    (
        "BR-57",
        f"//cac:Delivery{BELOW}/cac:DeliveryLocation/cac:Address",
        "cac:Country/cbc:IdentificationCode",
        "Delivery",
    ),
    # Of several deliveries the model is one, made of all.
    (
        "BR-57",
        "/*[count(cac:Delivery) > 1]/cac:Delivery/cac:DeliveryLocation/cac:Address",
        "cac:Country/cbc:IdentificationCode",
        "Delivery",
    ),
    (
        "BR-61",
        f"//cac:PaymentMeans{BELOW}{_TRANSFER}",
        "cac:PayeeFinancialAccount/cbc:ID",
        "PaymentMeans",
    ),
    (
        "BR-CO-09",
        f"//cac:PartyTaxScheme{VAT}{_OF_ANOTHER_PARTY}",
        f"self::*[contains(' {_COUNTRIES} ', substring(cbc:CompanyID, 1, 2))]",
        "PartyTaxScheme",
    ),
    (
        "BR-CO-17",
        _SUBTOTAL,
        f"self::*[(not({_RATE}) or round({_RATE}) = 0) and round(cbc:TaxAmount) = 0"
        f" or round({_RATE}) != 0 and {_TAX} - 1 < round({_BASE} * {_RATE}) div 100"
        f" and {_TAX} + 1 > round({_BASE} * {_RATE}) div 100]",
        "TaxSubtotal",
    ),
    (
        "BR-CO-19",
        _PERIOD,
        "cbc:StartDate | cbc:EndDate | cbc:DescriptionCode",
        "InvoicePeriod",
    ),
    ("BR-DEC-19", _SUBTOTAL, cents("cbc:TaxableAmount"), "TaxSubtotal"),
    ("BR-DEC-20", _SUBTOTAL, cents("cbc:TaxAmount"), "TaxSubtotal"),
)
"""Rule, elements it is asked of, what each must have, name that calls for the check."""

RATES = {
    Rate.POSITIVE: "self::*[cbc:Percent > 0]",
    Rate.NOT_NEGATIVE: "self::*[cbc:Percent >= 0]",
    Rate.ZERO: "self::*[cbc:Percent = 0]",
    Rate.ABSENT: "self::*[not(cbc:Percent)]",
}
"""What counts a VAT category of an allowed rate."""


def _rates() -> Iterator[tuple[str, str, str, str]]:
    """Ask the rates of allowances and charges of lines, which have no VAT category of their own."""
    for of in FAMILIES:
        for number, said, other in (("06", "false", "0"), ("07", "true", "1")):
            one_of = " or ".join(f"normalize-space(.) = '{one}'" for one in (said, other))
            indicator = f"[cbc:ChargeIndicator[{one_of}]]"
            each = (
                f"//cac:AllowanceCharge{BELOW}{indicator}/{_CATEGORY}"
                f"[normalize-space(cbc:ID) = '{of.code}']"
            )
            yield f"BR-{of.prefix}-{number}", each, RATES[of.rate], "TaxCategory"


# The model has a creditor identifier (BT-90) apart from the others, whosever it is. Compared in the
# document and not in the payee: a thousand payees would look through each other for the seller.
_CREDITOR = Ask(
    each=f"/*[{_PAYEE_ID}{_SEPA} = {_SELLER_ID} or {_PAYEE_ID} = {_SELLER_ID}{_SEPA}]",
    counted="cac:PayeeParty",
    most=0,
    suspects=("PayeeParty",),
)
ask_also("BR-17", _CREDITOR, UBL, __name__)
for _rule, _each, _counted, _suspect in (*_ASKS, *_rates()):
    ask_also(_rule, Ask(each=_each, counted=_counted, least=1, suspects=(_suspect,)), UBL, __name__)
