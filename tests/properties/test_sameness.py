"""Of two invoices, every term that differs is named, and routing never is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chorus_edi.domain.groups import Attachment, Group, Identifier
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.sameness import ROUTING_TERMS, differing
from chorus_edi.domain.terms import TERMS, addresses_of
from chorus_edi.services.specimens import Recipient, Style, specimen
from tests.builders import TOWN
from tests.complete import complete_invoice, extended_invoice, french_invoice, historic_fields

CHOOSY = Recipient(siret="21990001600011", name="Ville", code_service="BATI", engagement=True)
# The code service stands in CE-SERVICE here, so BT-10 is a datum like any other.
FULL = replace(complete_invoice(), chorus=historic_fields())
INVOICES = {"complete": FULL, "extended": extended_invoice(), "french": french_invoice()}
EVERY_TERM = [
    (name, address) for name, invoice in INVOICES.items() for address, _ in addresses_of(invoice)
]

specimens = st.builds(
    specimen,
    st.integers(1, 1_000_000),
    st.just([TOWN, CHOOSY]),
    seed=st.integers(0, 99),
    style=st.sampled_from(Style),
)


def other(value: Any) -> Any:
    """Return another value of the same kind."""
    if isinstance(value, Decimal):
        return value + 1
    if isinstance(value, Identifier):
        return replace(value, value=f"{value.value}9")
    if isinstance(value, Attachment):
        return replace(value, sha256=f"{value.sha256}0")
    return f"{value}9"


def changed(group: Group, address: str, change: Any) -> Any:
    """Return a group whose value at an address is another."""
    step, _, rest = address.partition("/")
    term_id, _, index = step.rstrip("]").partition("[")
    term = TERMS[term_id]
    value = getattr(group, term.field)
    deeper = (lambda one: changed(one, rest, change)) if rest else change
    if term.repeated:
        items = list(value)
        items[int(index) - 1] = deeper(items[int(index) - 1])
        return replace(group, **{term.field: tuple(items)})
    return replace(group, **{term.field: deeper(value)})


def term_of(address: str) -> str:
    return address.rpartition("/")[2].partition("[")[0]


@pytest.mark.parametrize(("name", "address"), EVERY_TERM)
def test_any_one_term_that_changes_is_named_alone_and_routing_is_not(
    name: str, address: str
) -> None:
    first = INVOICES[name]
    again = changed(first, address, other)
    free = term_of(address) in ROUTING_TERMS
    reads_service = term_of(address) == "BT-10" and name != "complete"

    named = differing(first, again)

    assert named == differing(again, first)
    assert named == (() if free or reads_service else (term_of(address),))


@given(specimens, st.data())
@settings(max_examples=80, deadline=None)
def test_whatever_changes_together_is_named_in_the_order_of_the_model(
    made: Any, data: st.DataObject
) -> None:
    addresses = [address for address, _ in addresses_of(made.invoice)]
    chosen = data.draw(st.lists(st.sampled_from(addresses), unique=True))
    again: Invoice = made.invoice
    for address in chosen:
        again = changed(again, address, other)

    named = differing(made.invoice, again)

    expected = {term_of(address) for address in chosen} - ROUTING_TERMS
    assert set(named) | {"BT-10"} == expected | {"BT-10"}
    assert list(named) == [term for term in TERMS if term in named]


@given(specimens)
@settings(max_examples=40, deadline=None)
def test_an_invoice_that_only_says_its_routing_otherwise_is_the_same(made: Any) -> None:
    again: Invoice = made.invoice
    for address, _ in addresses_of(made.invoice):
        if term_of(address) in ROUTING_TERMS:
            again = changed(again, address, other)

    assert differing(made.invoice, again) == ()


@pytest.mark.parametrize("term", ["BT-20", "BT-11"])
def test_a_term_that_appears_or_goes_away_is_named_and_a_blank_is_none(term: str) -> None:
    field = TERMS[term].field
    bare = replace(FULL, **{field: None})

    assert differing(FULL, bare) == differing(bare, FULL) == (term,)
    assert differing(bare, replace(FULL, **{field: " "})) == ()


def test_a_line_that_is_added_or_takes_another_place_is_told_by_its_terms() -> None:
    line = FULL.lines[0]
    moved = (replace(line, identifier="77"), *FULL.lines)

    assert "BT-126" in differing(FULL, replace(FULL, lines=moved))
