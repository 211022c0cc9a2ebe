"""Sizes as an operator writes and reads them."""

from __future__ import annotations

import pytest

from chorus_edi.domain.sizes import size_of, told


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("12345", 12_345),
        ("12 o", 12),
        ("3 Ko", 3_072),
        ("5Mo", 5 * 1024**2),
        ("5 Go", 5 * 1024**3),
        (" 2 To ", 2 * 1024**4),
    ],
)
def test_a_size_is_a_number_and_its_unit(text, size):
    assert size_of(text) == size


@pytest.mark.parametrize("text", ["", "Go", "5 GB", "-1", "1,5 Go", "5 go", "1e9"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ValueError, match="une taille est attendue"):
        size_of(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 o"),
        (1023, "1023 o"),
        (1024, "1,0 Ko"),
        (1536, "1,5 Ko"),
        (1024**3 - 1, "1023,9 Mo"),
        (5 * 1024**3, "5,0 Go"),
        (3000 * 1024**4, "3000,0 To"),
    ],
)
def test_a_size_is_told_in_its_largest_unit(size, text):
    assert told(size) == text
