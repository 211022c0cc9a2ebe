from decimal import Decimal

import pytest

from chorus_edi.domain.money import amount, below_zero, decimals, round_half_up, total


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("1.005", "1.01"),
        ("1.0049", "1.00"),
        ("-1.005", "-1.00"),
        ("-1.0051", "-1.01"),
        ("7", "7.00"),
        ("0", "0.00"),
    ],
)
def test_halves_go_towards_plus_infinity(value: str, rounded: str) -> None:
    assert str(round_half_up(Decimal(value))) == rounded


def test_a_negative_half_cent_is_zero() -> None:
    assert round_half_up(Decimal("-0.005")) == 0


def test_rounding_is_exact_far_beyond_the_default_precision() -> None:
    assert str(round_half_up(Decimal("9" * 50 + ".005"))) == "9" * 50 + ".01"


def test_rounding_to_another_unit() -> None:
    assert str(round_half_up(Decimal("2.5"), Decimal(1))) == "3"


def test_a_sum_is_exact_and_passes_over_what_is_absent() -> None:
    values = [Decimal("9" * 40), None, Decimal("0.01")]

    assert str(total(values)) == "9" * 40 + ".01"


def test_the_sum_of_nothing_is_zero() -> None:
    assert total([]) == 0


@pytest.mark.parametrize("text", ["0", "-1.50", "+3", ".5", "5.", "0" * 60])
def test_an_xs_decimal_is_read_as_written(text: str) -> None:
    assert amount(text) == Decimal(text)


@pytest.mark.parametrize(
    "text", ["", " 1", "1e3", "NaN", "Infinity", "1_000", "1,5", "١٢", "１２", "--1", ".", "0" * 61]
)
def test_anything_else_is_no_amount(text: str) -> None:
    assert amount(text) is None


@pytest.mark.parametrize(("text", "count"), [("1.50", 2), ("1", 0), ("0.001", 3), ("1E+2", 0)])
def test_decimals_are_counted_as_written(text: str, count: int) -> None:
    assert decimals(Decimal(text)) == count


@pytest.mark.parametrize(
    ("text", "below"), [("-0.0", True), ("-0.", True), ("-0", False), ("-1", True), ("0.00", False)]
)
def test_a_negative_zero_is_below_zero_unless_it_is_an_integer(text: str, below: bool) -> None:
    value = amount(text)

    assert value is not None
    assert below_zero(value) is below


def test_what_is_not_a_number_has_no_decimals() -> None:
    assert decimals(Decimal("NaN")) == 0
