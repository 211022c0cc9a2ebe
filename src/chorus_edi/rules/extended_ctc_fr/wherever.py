"""What the rules ask of lines, totals and attributes that stand in an extension of a UBL document.

The sheet tries its tests on the lines and totals of another invoice as on those of the document:
``en16931/wherever_extensions`` says why. What it adds up over the whole document is in
``Invoice.stray_lines``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from chorus_edi.rules.en16931.wherever_ubl import BELOW, VAT
from chorus_edi.rules.extended_ctc_fr.kinds import KINDS
from chorus_edi.rules.inspection import UBL, Ask, ask_also, first

_NAME = re.compile(r"//cac:(\w+)")
_NEARLY = "0.0000001"
"""What amounts may be off for being binary where the sheet computes in decimals."""

_OF_INVOICE = "cac:InvoiceDocumentReference/cbc:ID = /*/cbc:ID"
_OWN = f"cac:BillingReference[{_OF_INVOICE}]"
_ANY_KIND = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:DocumentStatusCode"
_KIND = f"{_OWN}/cac:InvoiceDocumentReference/cbc:DocumentStatusCode"
_PARENT = f"{_OWN}/cac:BillingReferenceLine/cbc:ID"
_COUNTS = f"(not(cac:BillingReference/{_OF_INVOICE}) or {_KIND} = 'DETAIL')"
_NET = "cbc:LineExtensionAmount"
_GROUP = f"({_KIND} = 'GROUP' and {_NET})"
_BESIDE = "../*[self::cac:InvoiceLine or self::cac:CreditNoteLine]"
_CHILDREN = f"{_BESIDE}[{_PARENT} = $line]"
_SUMMED = f"{_CHILDREN}[{_KIND} = 'DETAIL' or {_KIND} = 'GROUP']"
_QUANTITIES = ("cbc:InvoicedQuantity", "cbc:CreditedQuantity")
_TAXES = "cac:Item/cac:ClassifiedTaxCategory"


class _Row(NamedTuple):
    """A rule, and a condition that holds of each element."""

    rule: str
    holds: str


def _of_details(rule: str, *asked: str) -> _Row:
    return _Row(rule, f"not({_COUNTS}) or {' or '.join(asked)}")


_KNOWN = " or ".join(f"normalize-space({_ANY_KIND}) = '{kind}'" for kind in sorted(KINDS))
_LINE = (
    _of_details("BR-FREXT-22", *_QUANTITIES),
    _of_details("BR-FREXT-23", *(f"{one}/@unitCode" for one in _QUANTITIES)),
    _of_details("BR-FREXT-24", _NET),
    _of_details("BR-FREXT-26", "cac:Price/cbc:PriceAmount"),
    _of_details("BR-FREXT-CO-04", f"{_TAXES}{VAT}/cbc:ID"),
    _Row(
        "UBL-FREXT-SR-48",
        f"count({_TAXES}) = 1 or (count({_TAXES}) = 0 and not({_KIND} = 'DETAIL')"
        " and cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID)",
    ),
    _Row("BR-FREXT-05", f"not({_KIND}) or {_KNOWN}"),
    _Row("BR-FREXT-06", f"not({_PARENT}) or {_KIND}"),
)
_AMONG_LINES = (
    _Row(
        "BR-FREXT-08",
        f"not({_GROUP}) or {_NET} = round(sum({_SUMMED}/{_NET}) * 100) div 100",
    ),
    _Row("BR-FREXT-11", f"not({_PARENT}) or {_BESIDE}[cbc:ID = $parent and cbc:ID != $line]"),
    _Row(
        "BR-FREXT-12",
        f"not({_GROUP}) or count({_CHILDREN}[{_KIND} = 'GROUP']) = "
        f"count({_CHILDREN}[{_KIND} = 'GROUP']/{_NET})",
    ),
)
_GIVEN = (("line", "cbc:ID"), ("parent", _PARENT))


def _said(indicator: str, other: str) -> str:
    said = f"normalize-space(.) = '{indicator}' or normalize-space(.) = '{other}'"
    return f"../cac:AllowanceCharge[cbc:ChargeIndicator[{said}]]"


_LINES = f"(//cac:InvoiceLine | //cac:CreditNoteLine)[{_COUNTS}]/{_NET}"
_ALLOWANCES, _CHARGES = _said("false", "0"), _said("true", "1")
_AMOUNTS = f"(count({_LINES}) + count({_ALLOWANCES}) + count({_CHARGES}))"
_VAT = "../cac:TaxTotal/cbc:TaxAmount[@currencyID = /*/cbc:DocumentCurrencyCode]"


def _cents(amounts: str) -> str:
    return f"(round(sum({amounts}) * 100) div 100)"


def _within(left: str, right: str, limit: str) -> str:
    """Return a condition that two amounts are less than some cents apart."""
    return f"({left} - {right}) * 100 < {limit} and ({right} - {left}) * 100 < {limit}"


def _near(total: str, groups: str) -> str:
    limit = f"count({groups}) + {_NEARLY}"
    near = _within(total, _cents(f"{groups}/cbc:Amount"), limit)
    return f"({near}) or not({total} or {groups})"


_NET_TOTAL = (
    f"({_cents(_LINES)} - {_cents(f'{_ALLOWANCES}/cbc:Amount')}"
    f" + {_cents(f'{_CHARGES}/cbc:Amount')})"
)
_TOTALS = (
    _Row("BR-FREXT-CO-10", _within(_NET, _cents(_LINES), f"count({_LINES}) + 0.5")),
    _Row("BR-FREXT-CO-11", _near("cbc:AllowanceTotalAmount", _ALLOWANCES)),
    _Row("BR-FREXT-CO-12", _near("cbc:ChargeTotalAmount", _CHARGES)),
    _Row("BR-FREXT-CO-13", _within("cbc:TaxExclusiveAmount", _NET_TOTAL, f"{_AMOUNTS} + 0.5")),
    _Row(
        "BR-FREXT-CO-15",
        f"not({_VAT}) or "
        + _within(
            "cbc:TaxInclusiveAmount",
            f"(cbc:TaxExclusiveAmount + {_VAT})",
            f"{_AMOUNTS} + {_NEARLY}",
        ),
    ),
)
_OF_DOCUMENT = "[parent::*[not(parent::*)]]"
_ATTRIBUTES = (
    "//cac:AdditionalItemProperty[not(parent::cac:Item[parent::cac:InvoiceLine"
    f"{_OF_DOCUMENT} or parent::cac:CreditNoteLine{_OF_DOCUMENT}])]"
)
_VALUED = "cbc:Value and not(cbc:ValueQuantity)"
_MEASURED = "not(cbc:Value) and cbc:ValueQuantity[@unitCode != '']"
_EVERY_LINE = f"//cac:InvoiceLine{BELOW} | //cac:CreditNoteLine{BELOW}"
_GROUPS: tuple[tuple[str, tuple[_Row, ...]], ...] = (
    (_EVERY_LINE, _LINE),
    (first(_EVERY_LINE), _AMONG_LINES),
    (first(f"//cac:LegalMonetaryTotal{BELOW}"), _TOTALS),
)
"""Groups, and what is asked of each."""


def _register() -> None:
    for each, rows in _GROUPS:
        # Only a group in a part that is not read calls for the check.
        suspects = tuple(f"//{name}" for name in _NAME.findall(each))
        for row in rows:
            held = f"self::*[{row.holds}]"
            asked = Ask(each=each, counted=held, least=1, given=_GIVEN, suspects=suspects)
            ask_also(row.rule, asked, UBL, __name__)
    for rule, holds in (
        ("BR-FREXT-54-1", "cbc:Name or cbc:NameCode"),
        ("BR-FREXT-54-2", f"({_VALUED}) or ({_MEASURED})"),
    ):
        held = f"self::*[{holds}]"
        suspects = ("AdditionalItemProperty",)
        ask_also(
            rule, Ask(each=_ATTRIBUTES, counted=held, least=1, suspects=suspects), UBL, __name__
        )


_register()
