"""Exact decimal arithmetic: wide precision, nothing inexact passes unseen, rounding is named.

The official tests round half up towards plus infinity (XPath ``round``): -0.005 gives -0.00.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import (
    ROUND_HALF_DOWN,
    ROUND_HALF_UP,
    Clamped,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
)

DIGITS = 200
"""Precision of every computation; longer operands are refused as unreadable by ``amount``."""

LONGEST = 60
"""Characters of the longest number we read; EN 16931 amounts have 19 positions."""

EXACT = Context(prec=DIGITS, traps=[InvalidOperation, DivisionByZero, Overflow, Inexact, Clamped])
"""The context of every computation on amounts."""

_ROUNDING = Context(prec=DIGITS, traps=[InvalidOperation, DivisionByZero, Overflow, Clamped])

_XS_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)

ZERO = Decimal(0)
NEGATIVE_ZERO = Decimal("-0")
CENT = Decimal("0.01")


def amount(text: str) -> Decimal | None:
    """Read an ``xs:decimal``; None where it is not one, or is longer than ``LONGEST``."""
    if len(text) > LONGEST or _XS_DECIMAL.fullmatch(text) is None:
        return None
    # A point says that it is no integer: see ``below_zero``.
    return Decimal(f"{text}0" if text.endswith(".") else text)


def total(values: Iterable[Decimal | None]) -> Decimal:
    """Sum, absent values counting for nothing."""
    result = ZERO
    for value in values:
        if value is not None:
            result = EXACT.add(result, value)
    return result


def round_half_up(value: Decimal, unit: Decimal = CENT) -> Decimal:
    """Round to a unit, a power of ten; halves go towards plus infinity (XPath ``round``)."""
    halves = ROUND_HALF_DOWN if value.is_signed() else ROUND_HALF_UP
    return value.quantize(unit, rounding=halves, context=_ROUNDING)


def alike(found: Decimal | None, expected: Decimal) -> bool:
    """True where an amount is another one, to a sheet that compares it as it is written.

    Its engine then tells a negative zero from zero.
    """
    if found is None or found != expected:
        return False
    return bool(found) or found.is_signed() == expected.is_signed()


def below_zero(value: Decimal) -> bool:
    """True where an amount is less than zero to a sheet that compares it with ``0`` as written.

    Its engine takes a negative zero for less than zero, but ``-0``, an integer, for zero.
    """
    return value.is_signed() and (bool(value) or decimals(value) > 0)


def signed_total(values: Iterable[Decimal | None]) -> Decimal:
    """Sum as a sheet does that adds amounts as they are written: negative zeros stay negative."""
    present = [value for value in values if value is not None]
    zeros = bool(present) and all(not value and value.is_signed() for value in present)
    return NEGATIVE_ZERO if zeros else total(present)


def decimals(value: Decimal) -> int:
    """Count the digits after the point as written."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
