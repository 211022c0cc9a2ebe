"""Files of the inbox that are not whole are remembered from one run to the next."""

from __future__ import annotations

import pytest

from chorus_edi.domain.flux import Sighting
from chorus_edi.ports import Store
from tests.integration.flows import AT, later

A = Sighting(path="ABC123/a.xml", size=10, modified=1_700_000_000_123_456_789)
B = Sighting(path="ABC123/b.xml", size=10, modified=1)


def test_a_file_is_remembered_since_it_was_first_seen_so(store: Store) -> None:
    assert store.sighted([A], AT) == {A.path: AT}

    assert store.sighted([A, B], later(5)) == {A.path: AT, B.path: later(5)}


def test_a_file_that_changed_or_went_and_came_back_begins_anew(store: Store) -> None:
    store.sighted([A, B], AT)
    grown = Sighting(path=A.path, size=11, modified=A.modified)

    assert store.sighted([grown], later(1)) == {A.path: later(1)}
    assert store.sighted([B], later(2)) == {B.path: later(2)}
    assert store.sighted([], later(3)) == {}


def test_more_files_than_a_statement_may_hold_are_remembered_and_forgotten(store: Store) -> None:
    many = [Sighting(path=f"ABC123/{n}", size=n, modified=n) for n in range(1_200)]

    assert set(store.sighted(many, AT).values()) == {AT}
    assert store.sighted(many[:1], later(1)) == {many[0].path: AT}


@pytest.mark.parametrize("modified", [2**63, -(2**63) - 1], ids=["after 2262", "before 1677"])
def test_a_file_of_a_date_that_no_column_holds_is_remembered_like_any_other(
    store: Store, modified: int
) -> None:
    far = Sighting(path="ABC123/c.xml", size=10, modified=modified)

    assert store.sighted([A, far], AT) == {A.path: AT, far.path: AT}

    assert store.sighted([A, far], later(5)) == {A.path: AT, far.path: AT}


def test_a_file_seen_by_a_clock_that_was_ahead_begins_anew(store: Store) -> None:
    store.sighted([A, B], later(600))

    assert store.sighted([A], AT) == {A.path: AT}
    assert store.sighted([A, B], later(5)) == {A.path: AT, B.path: later(5)}
