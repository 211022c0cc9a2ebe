"""What each part of the VAT breakdown of EXTENDED is made of: computed once, asked by many rules.

A part is a category and a rate, and once more with the reason of the exemption. O has no rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.money import EXACT, ZERO, round_half_up
from chorus_edi.domain.settlement import VatBreakdown
from chorus_edi.rules.facturx.kinds import details, normalized
from chorus_edi.rules.figures import code_of, codes_of, figures_of, once
from chorus_edi.rules.text import every

_NO_RATE = "O"
_LINES, _ALLOWANCES, _CHARGES, _SERVICES = range(4)

_Reasons: TypeAlias = tuple[str, str]
_Part: TypeAlias = tuple[str | None, Decimal | None, _Reasons | None]
"""Category, rate and reasons; without reasons, whatever they are."""


@dataclass(slots=True)
class Share:
    """What a part is made of.

    Attributes:
        sums: of its lines, allowances, charges and service charges, to all digits.
        amounts: how many there are.
    """

    sums: list[Decimal] = field(default_factory=lambda: [ZERO] * 4)
    amounts: int = 0

    @property
    def base(self) -> Decimal:
        """The base they add up to, each sum rounded to the cent."""
        lines, allowances, charges, services = map(round_half_up, self.sums)
        more = EXACT.add(EXACT.add(lines, charges), services)
        return EXACT.subtract(more, allowances)


class _Use(NamedTuple):
    """An amount and the VAT it is subject to; the sheets look for category and rate apart."""

    kind: int
    codes: frozenset[str | None]
    rates: frozenset[Decimal | None]
    reasons: _Reasons
    amount: Decimal | None


def shares_of(vat: VatBreakdown, code: str, invoice: Invoice) -> tuple[Share, Share]:
    """Return what a row of the breakdown is made of: by its reasons as well, and without them.

    Args:
        vat: the row.
        code: its category.
        invoice: its invoice.
    """
    shares = once(invoice, _shares)
    rate = None if code == _NO_RATE else vat.rate
    narrow = shares.get((code, rate, _reasons(vat)))
    return narrow or Share(), shares.get((code, rate, None)) or Share()


def share_of(code: str, invoice: Invoice) -> Share:
    """Return what has a category, whatever its rates and reasons."""
    share = Share()
    for use in _uses(invoice):
        if code in use.codes:
            _add(share, use)
    return share


def used_in(invoice: Invoice) -> frozenset[str]:
    """Return the categories that details, allowances, charges and service charges have."""
    return once(invoice, _used)


def used_apart_from_services(invoice: Invoice) -> frozenset[str]:
    """Return the categories that details, allowances and charges have."""
    return once(invoice, _used_apart)


def _used_apart(invoice: Invoice) -> frozenset[str]:
    uses = (use for use in _uses(invoice) if use.kind != _SERVICES)
    codes = {code for use in uses for code in use.codes}
    return frozenset(code for code in codes if code) | figures_of(invoice).strays.keys()


def _used(invoice: Invoice) -> frozenset[str]:
    codes = {code for use in _uses(invoice) for code in use.codes}
    return frozenset(code for code in codes if code) | figures_of(invoice).strays.keys()


def _shares(invoice: Invoice) -> dict[_Part, Share]:
    shares: dict[_Part, Share] = {}
    for use in _uses(invoice):
        parts: set[_Part] = set()
        for code in use.codes:
            rates: Iterable[Decimal | None] = (None,) if code == _NO_RATE else use.rates
            parts.update((code, rate, reasons) for rate in rates for reasons in (use.reasons, None))
        for part in parts:
            _add(shares.setdefault(part, Share()), use)
    return shares


def _add(share: Share, use: _Use) -> None:
    share.amounts += 1
    if use.amount is not None:
        share.sums[use.kind] = EXACT.add(share.sums[use.kind], use.amount)


def _uses(invoice: Invoice) -> Iterator[_Use]:
    for line in details(invoice.lines):
        taxes = every(line, "vat")
        if taxes:
            yield _Use(
                _LINES,
                frozenset(code_of(one, exact=True) for one in taxes),
                frozenset(one.rate for one in taxes),
                _reasons(*taxes),
                line.net_amount,
            )
    yield from _of_groups(_ALLOWANCES, invoice.allowances)
    yield from _of_groups(_CHARGES, invoice.charges)
    yield from _of_groups(_SERVICES, invoice.service_charges)


def _of_groups(kind: int, groups: Iterable[Any]) -> Iterator[_Use]:
    for one in groups:
        further = [vat for vat in every(one, "vat_category")[1:] if not isinstance(vat, str)]
        rates = {one.vat_rate, *(vat.rate for vat in further)}
        codes = frozenset(codes_of(one, exact=True))
        yield _Use(kind, codes, frozenset(rates), _reasons(one, *further), one.amount)


def _reasons(*taxes: Any) -> _Reasons:
    """Return the text and the code of an exemption; of several taxes, the first ones given."""
    text = next((one.exemption_reason for one in taxes if one.exemption_reason is not None), None)
    code = next((one.exemption_code for one in taxes if one.exemption_code is not None), None)
    return normalized(text), normalized(code)
