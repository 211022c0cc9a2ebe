"""What a sum is to a sheet that reads amounts as binary64 numbers, computed without one.

Some official tests do not say that amounts are decimals, and their engine then computes with IEEE
754 binary64 numbers. Results differ only where an amount lies on half a cent, or a difference on a
whole unit; there they decide the verdict. A binary64 number is held here as the decimal it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal

from chorus_edi.domain.money import (
    CENT,
    EXACT,
    LONGEST,
    ZERO,
    decimals,
    round_half_up,
    signed_total,
)

_WIDE = Context(prec=8 * LONGEST, traps=list(EXACT.traps))
"""A binary fraction has about as many decimals as it has bits, far more than any amount."""

_BITS = 53
_CENTS = 2
_TEN = Decimal(10)
_HUNDRED = Decimal(100)
_ONE = Decimal(1)


def nearest(value: Decimal) -> Decimal:
    """Return the binary64 number nearest to a value, as an exact decimal; ties go to even."""
    if not value:
        return value
    over, under = value.copy_abs().as_integer_ratio()
    # Scaled so that the quotient has 53 or 54 bits; numbers too small or large do not occur.
    scale = over.bit_length() - under.bit_length() - _BITS
    above, below = (over, under << scale) if scale > 0 else (over << -scale, under)
    bits, rest = divmod(above, below)
    if bits.bit_length() > _BITS:
        scale, rest, below = scale + 1, rest + (bits & 1) * below, below * 2
        bits >>= 1
    if rest * 2 > below or (rest * 2 == below and bits & 1):
        bits += 1
    made = Decimal(bits << scale) if scale >= 0 else Decimal(bits * 5**-scale).scaleb(scale, _WIDE)
    return made.copy_negate() if value < 0 else made


def binary_add(left: Decimal, right: Decimal) -> Decimal:
    """Add two binary64 numbers."""
    return nearest(_WIDE.add(left, right))


def binary_sum(values: Iterable[Decimal | None]) -> Decimal:
    """Add up one after the other, each sum being a binary64 number."""
    result = ZERO
    for value in values:
        if value is not None:
            result = binary_add(result, nearest(value))
    return result


def cents_of_sum(values: Iterable[Decimal | None]) -> Decimal:
    """Round a sum to cents where the sum is binary, and the rounding decimal."""
    held = tuple(values)
    exact = signed_total(held)
    return round_half_up(exact if decimals(exact) <= _CENTS else binary_sum(held))


def binary_cents_of_sum(values: Iterable[Decimal | None]) -> Decimal:
    """Round a sum to cents where sum and rounding are binary."""
    held = tuple(values)
    exact = signed_total(held)
    return exact if decimals(exact) <= _CENTS else binary_cents(binary_sum(held))


def binary_hundredths(values: Iterable[Decimal | None]) -> Decimal:
    """Round a sum to cents by multiplying by a hundred; sum, cents and result are binary64."""
    return nearest(EXACT.multiply(in_cents(binary_sum(values)), CENT))


def in_cents(value: Decimal) -> Decimal:
    """Return how many cents a binary64 number is, rounded, where it is multiplied in binary."""
    return round_half_up(nearest(_WIDE.multiply(value, _HUNDRED)), _ONE)


def binary_cents(value: Decimal) -> Decimal:
    """Round to cents by multiplying by ten twice, in binary."""
    if decimals(value) <= _CENTS:
        return value
    tens = nearest(_WIDE.multiply(nearest(value), _TEN))
    hundreds = nearest(_WIDE.multiply(tens, _TEN))
    return EXACT.multiply(round_half_up(hundreds, _ONE), CENT)
