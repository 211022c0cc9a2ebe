"""Sums as a sheet makes them that reads amounts as binary64 numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus_edi.domain.binary import (
    binary_cents,
    binary_cents_of_sum,
    binary_hundredths,
    binary_sum,
    cents_of_sum,
    nearest,
)
from chorus_edi.domain.money import alike, amount, signed_total

D = Decimal
amounts = st.decimals(min_value="-1e9", max_value="1e9", places=3)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value="-1e30", max_value="1e30"))
def test_the_nearest_number_is_the_one_a_processor_takes(value: Decimal) -> None:
    assert nearest(value) == D(float(value))


@given(st.lists(amounts, max_size=8))
def test_a_sum_is_the_one_a_processor_makes(values: list[Decimal]) -> None:
    wanted = 0.0
    for value in values:
        wanted += float(value)

    assert binary_sum([*values, None]) == D(wanted)


@given(st.lists(st.decimals(min_value="-1e6", max_value="1e6", places=2), max_size=8))
def test_a_sum_of_cents_is_exact(values: list[Decimal]) -> None:
    exact = sum(values, D(0))

    assert cents_of_sum(values) == binary_cents_of_sum(values) == exact


def hundredths(values: list[Decimal | None]) -> float:
    """Compute as a processor does; only the rounding to cents is exact, as it is there."""
    total = 0.0
    for value in values:
        total += float(value or 0)
    return floor(Fraction(total * 100) + Fraction(1, 2)) / 100


@given(st.lists(amounts, max_size=8))
def test_cents_are_those_that_a_processor_makes(values: list[Decimal]) -> None:
    assert binary_hundredths(values) == D(hundredths([*values]))


def test_half_a_cent_may_be_a_little_less() -> None:
    half = [D("1.010"), D("1.005")]

    assert cents_of_sum(half) == D("2.01")
    assert binary_cents_of_sum(half) == D("2.02")  # multiplied by ten twice, it is half a cent
    assert binary_cents(D("0.005")) == D("0.01")
    assert binary_cents(D("7.1")) == D("7.1")


@pytest.mark.parametrize(
    ("values", "signed"),
    [(["-0.00"], True), (["-0.00", None, "-0"], True), (["-0.00", "0"], False), ([], False)],
)
def test_negative_zeros_alone_make_a_negative_zero(values: list[str | None], signed: bool) -> None:
    made = signed_total(None if value is None else D(value) for value in values)

    assert made == 0
    assert made.is_signed() is signed


@pytest.mark.parametrize(
    ("found", "expected", "said"),
    [
        (None, "0", False), ("0.00", "0", True), ("-0.00", "0", False), ("-0.0", "-0", True),
        ("-1.00", "-1", True), ("1", "2", False),
    ],
)  # fmt: skip
def test_a_negative_zero_is_not_alike_zero(found: str | None, expected: str, said: bool) -> None:
    assert alike(None if found is None else D(found), D(expected)) is said


written = st.from_regex(
    r"-?[0-9]{1,29}(\.[0-9]{1,28})?|-?\.[0-9]{1,58}|-?[0-9]{1,59}", fullmatch=True
)


@given(st.lists(written, max_size=4))
def test_whatever_is_written_is_added_up(texts: list[str]) -> None:
    values = [amount(text) for text in texts]
    wanted = 0.0
    for value in values:
        wanted += float(value or 0)

    assert binary_sum(values) == D(wanted)
    assert binary_hundredths(values) == D(hundredths(values))
    assert abs(binary_cents_of_sum(values) - cents_of_sum(values)) <= abs(D(wanted)) / 100 + 1
