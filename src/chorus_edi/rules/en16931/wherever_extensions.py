"""What the rules ask of whole groups that stand in an extension of a UBL document.

A schema lets an extension hold anything, another invoice too. It means nothing in EN 16931, but the
sheet tries its tests on the lines, parties and totals in it as on those of the document. The model
holds the document's own; here the XML is asked for the others. ``wherever_ubl`` asks it for what
may stand elsewhere without an extension; what the sheet adds up or looks for over the whole
document is in the fields ``stray_*`` of ``Invoice``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from chorus_edi.domain.codelists.document_types import UBL_CREDIT_NOTE_TYPES, UBL_INVOICE_TYPES
from chorus_edi.rules.en16931.vat_families import FAMILIES
from chorus_edi.rules.en16931.wherever_ubl import BELOW, RATES, VAT, cents, in_order
from chorus_edi.rules.inspection import UBL, Ask, ask_also, first

_NAME = re.compile(r"//c[ab]c:(\w+)")


class _Row(NamedTuple):
    """A rule, and what each group must have: a path in it, or a condition."""

    rule: str
    counted: str


def _each(names: str, rest: str = "") -> str:
    """Return the path of the groups of some names that are not those of the document itself."""
    return " | ".join(f"//cac:{name}{BELOW}{rest}" for name in names.split())


def _filled(path: str) -> str:
    return f"{path}[normalize-space(.) != '']"


# -- totals ------------------------------------------------------------------------------------

_NEARLY = "0.00001"
"""Two sums in binary are the same below it; amounts have a few decimals."""


def _equal(left: str, right: str) -> str:
    """Return a condition that two numbers are the same; nothing is the same as an absent one."""
    return f"({left} - {right} < {_NEARLY} and {right} - {left} < {_NEARLY})"


def _rounded(amount: str) -> str:
    """Return an amount in cents, as the sheet rounds it; a half that binary lost is a half."""
    return f"(round(({amount}) * 100 + {_NEARLY}) div 100)"


def _said(indicator: str, other: str) -> str:
    said = "[normalize-space(.) = '{}' or normalize-space(.) = '{}']"
    return f"cac:AllowanceCharge[cbc:ChargeIndicator{said.format(indicator, other)}]"


_ALLOWANCE, _CHARGE = _said("false", "0"), _said("true", "1")
_NET = "cbc:LineExtensionAmount"
_LESS, _MORE = "cbc:AllowanceTotalAmount", "cbc:ChargeTotalAmount"
_WITHOUT, _WITH = "cbc:TaxExclusiveAmount", "cbc:TaxInclusiveAmount"
_PAID, _ROUNDING, _DUE = "cbc:PrepaidAmount", "cbc:PayableRoundingAmount", "cbc:PayableAmount"
_LINES = f"sum(//cac:InvoiceLine/{_NET} | //cac:CreditNoteLine/{_NET})"


def _sum_of(total: str, groups: str) -> str:
    added = _equal(total, _rounded(f"sum(../{groups}/cbc:Amount)"))
    return f"{added} or not({total} or ../{groups})"


def _where_given(*cases: tuple[str, str]) -> str:
    return " or ".join(f"{given} and {equal}" for given, equal in cases)


_TOTALS = (
    _Row("BR-12", _NET),
    _Row("BR-13", _WITHOUT),
    _Row("BR-14", _WITH),
    _Row("BR-15", _DUE),
    _Row(
        "BR-CO-13",
        _where_given(
            (f"{_MORE} and {_LESS}", _equal(_WITHOUT, _rounded(f"{_NET} + {_MORE} - {_LESS}"))),
            (f"{_MORE} and not({_LESS})", _equal(_WITHOUT, _rounded(f"{_NET} + {_MORE}"))),
            (f"not({_MORE}) and {_LESS}", _equal(_WITHOUT, _rounded(f"{_NET} - {_LESS}"))),
            (f"not({_MORE} or {_LESS})", _equal(_WITHOUT, _NET)),
        ),
    ),
    _Row(
        "BR-CO-16",
        _where_given(
            (f"{_PAID} and not({_ROUNDING})", _equal(_DUE, _rounded(f"{_WITH} - {_PAID}"))),
            (f"not({_PAID} or {_ROUNDING})", _equal(_DUE, _WITH)),
            (
                f"{_PAID} and {_ROUNDING}",
                _equal(_rounded(f"{_DUE} - {_ROUNDING}"), _rounded(f"{_WITH} - {_PAID}")),
            ),
            (
                f"not({_PAID}) and {_ROUNDING}",
                _equal(_rounded(f"{_DUE} - {_ROUNDING}"), _WITH),
            ),
        ),
    ),
    _Row("BR-DEC-09", cents(_NET)),
    _Row("BR-DEC-10", cents(_LESS)),
    _Row("BR-DEC-11", cents(_MORE)),
    _Row("BR-DEC-12", cents(_WITHOUT)),
    _Row("BR-DEC-14", cents(_WITH)),
    _Row("BR-DEC-16", cents(_PAID)),
    _Row("BR-DEC-17", cents(_ROUNDING)),
    _Row("BR-DEC-18", cents(_DUE)),
)

_SUMS = (
    _Row("BR-CO-10", _equal(_NET, _rounded(_LINES))),
    _Row("BR-CO-11", _sum_of(_LESS, _ALLOWANCE)),
    _Row("BR-CO-12", _sum_of(_MORE, _CHARGE)),
)

# -- lines -------------------------------------------------------------------------------------

_PRICE = "cac:Price/cbc:PriceAmount"
_GROSS = "cac:Price/cac:AllowanceCharge/cbc:BaseAmount"
_QUANTITIES = ("cbc:InvoicedQuantity", "cbc:CreditedQuantity")

_LINE = (
    _Row("BR-21", _filled("cbc:ID")),
    _Row("BR-22", " | ".join(_QUANTITIES)),
    _Row("BR-23", " | ".join(f"{one}/@unitCode" for one in _QUANTITIES)),
    _Row("BR-24", _NET),
    _Row("BR-25", _filled("cac:Item/cbc:Name")),
    _Row("BR-26", _PRICE),
    _Row("BR-27", f"{_PRICE} >= 0"),
    _Row("BR-28", f"{_GROSS} >= 0 or not({_GROSS})"),
    _Row("BR-CO-04", f"cac:Item/cac:ClassifiedTaxCategory{VAT}/cbc:ID"),
    _Row("BR-DEC-23", cents(_NET)),
)
_PERIOD = (
    _Row("BR-30", in_order("cbc:StartDate", "cbc:EndDate")),
    _Row("BR-CO-20", "cbc:StartDate | cbc:EndDate"),
)


def _charged(given: str, reasons: str, base: str, amount: str, other: str) -> tuple[_Row, ...]:
    """Return what five rules ask of the allowances, or the charges, of a line."""
    reason = "cbc:AllowanceChargeReason | cbc:AllowanceChargeReasonCode"
    return (
        _Row(given, "cbc:Amount"),
        _Row(reasons, reason),
        _Row(other, reason),
        _Row(amount, cents("cbc:Amount")),
        _Row(base, cents("cbc:BaseAmount")),
    )


# -- parties, payment, codes -------------------------------------------------------------------

_COUNTRY = _filled("cac:Country/cbc:IdentificationCode")
_PARTY_NAME, _PARTY_ID = "cac:PartyName/cbc:Name", "cac:PartyIdentification/cbc:ID"
_SELLER_OF_PAYEE = "../cac:AccountingSupplierParty/cac:Party"
_SELLERS_IDENTIFIERS = (
    f"cac:Party/cac:PartyTaxScheme{VAT}/cbc:CompanyID"
    " | cac:Party/cac:PartyIdentification/cbc:ID[not(@schemeID = 'SEPA')]"
    " | cac:Party/cac:PartyLegalEntity/cbc:CompanyID"
)
_REPRESENTATIVE = (
    _Row("BR-18", _filled(_PARTY_NAME)),
    _Row("BR-19", "cac:PostalAddress"),
    _Row("BR-56", f"cac:PartyTaxScheme{VAT}/cbc:CompanyID"),
)
_PAYEE = (
    _Row(
        "BR-17",
        f"{_PARTY_NAME} and not({_PARTY_NAME} = {_SELLER_OF_PAYEE}/{_PARTY_NAME}"
        f" or {_PARTY_ID} = {_SELLER_OF_PAYEE}/{_PARTY_ID})",
    ),
)
_SPLIT = "/*[//cac:TaxCategory/cbc:ID = 'B' or //cac:ClassifiedTaxCategory/cbc:ID = 'B']"
_OF_NO_ADDRESS = "//cbc:IdentificationCode[not(parent::cac:Country or parent::cac:OriginCountry)]"


def _listed(codes: frozenset[str]) -> str:
    held = f"' {' '.join(sorted(codes))} '"
    code = "normalize-space(.)"
    return f"not(contains({code}, ' ')) and contains({held}, concat(' ', {code}, ' '))"


def _type_codes() -> Iterator[tuple[str, _Row]]:
    """Ask the type codes of the kind of document that it is not: that one's list holds them."""
    kinds = (
        ("InvoiceTypeCode", "CreditNote", UBL_INVOICE_TYPES.codes),
        ("CreditNoteTypeCode", "Invoice", UBL_CREDIT_NOTE_TYPES.codes),
    )
    for name, root, codes in kinds:
        yield f"//cbc:{name}[local-name(/*) = '{root}']", _Row("BR-CL-01", _listed(codes))


# -- all of them -------------------------------------------------------------------------------

_EVERY_LINE = "InvoiceLine CreditNoteLine"
_ITEM = "/cac:Item/cac:StandardItemIdentification/cbc:ID"
_CLASS = "/cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode"
_SELLER, _BUYER = "AccountingSupplierParty", "AccountingCustomerParty"

_GROUPS: tuple[tuple[str, tuple[_Row, ...]], ...] = (
    (_each("LegalMonetaryTotal"), _TOTALS),
    (first(_each("LegalMonetaryTotal")), _SUMS),
    (_each(_EVERY_LINE), _LINE),
    (_each(_EVERY_LINE, "/cac:InvoicePeriod"), _PERIOD),
    (
        _each(_EVERY_LINE, f"/{_ALLOWANCE}"),
        _charged("BR-41", "BR-42", "BR-DEC-25", "BR-DEC-24", "BR-CO-23"),
    ),
    (
        _each(_EVERY_LINE, f"/{_CHARGE}"),
        _charged("BR-43", "BR-44", "BR-DEC-28", "BR-DEC-27", "BR-CO-24"),
    ),
    (_each(_EVERY_LINE, _ITEM), (_Row("BR-64", "@schemeID"),)),
    (_each(_EVERY_LINE, _CLASS), (_Row("BR-65", "@listID"),)),
    (_each(_SELLER), (_Row("BR-CO-26", _SELLERS_IDENTIFIERS),)),
    (_each(_SELLER, "/cac:Party/cac:PostalAddress"), (_Row("BR-09", _COUNTRY),)),
    (_each(_SELLER, "/cac:Party/cbc:EndpointID"), (_Row("BR-62", "@schemeID"),)),
    (_each(_BUYER, "/cac:Party/cac:PostalAddress"), (_Row("BR-11", _COUNTRY),)),
    (_each(_BUYER, "/cac:Party/cbc:EndpointID"), (_Row("BR-63", "@schemeID"),)),
    (first(_each("PayeeParty")), _PAYEE),
    (_each("TaxRepresentativeParty"), _REPRESENTATIVE),
    (_each("TaxRepresentativeParty", "/cac:PostalAddress"), (_Row("BR-20", _COUNTRY),)),
    (_each("PaymentMeans"), (_Row("BR-49", "cbc:PaymentMeansCode"),)),
    *(
        (
            _each(_EVERY_LINE, f"/cac:Item/cac:ClassifiedTaxCategory{VAT}{code}"),
            (_Row(f"BR-{of.prefix}-05", RATES[of.rate]),),
        )
        for of in FAMILIES
        for code in (f"[normalize-space(cbc:ID) = '{of.code}']",)
    ),
    *((each, (row,)) for each, row in _type_codes()),
)
"""Groups, and what is asked of each."""


def _register() -> None:
    for each, rows in _GROUPS:
        # Only a group in a part that is not read calls for the check.
        suspects = tuple(f"//{name}" for name in _NAME.findall(each))
        for row in rows:
            held = f"self::*[{row.counted}]"
            ask_also(
                row.rule, Ask(each=each, counted=held, least=1, suspects=suspects), UBL, __name__
            )
    # Every country code of the document counts, not only that of an address or of an item.
    abroad = Ask(
        each=_SPLIT,
        counted=f"self::*[{_OF_NO_ADDRESS}[. != 'IT']]",
        most=0,
        suspects=("//IdentificationCode",),
    )
    ask_also("BR-B-01", abroad, UBL, __name__)


_register()
