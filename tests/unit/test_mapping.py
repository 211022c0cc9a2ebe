"""Mapping tables refuse what cannot be meant, when they are made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from chorus_edi.domain.scenarios import Syntax
from chorus_edi.errors import Defect
from chorus_edi.formats.mapping import cii, ubl
from chorus_edi.formats.mapping.conditions import as_xpath, chooser
from chorus_edi.formats.mapping.dispatch import compile_table
from chorus_edi.formats.mapping.syntaxes import MAPPINGS
from chorus_edi.formats.mapping.table import Row, Table, build, resolve, steps

UBL = MAPPINGS[Syntax.UBL_INVOICE].table


def table_with(change: Callable[[Row], Row | None], *more: Row) -> Table:
    """The UBL table, each row changed or left out, and rows added."""
    rows = [changed for row in ubl.INVOICE if (changed := change(row)) is not None]
    return build([*rows, *more], (), ubl.ABSENT, ubl.PREFIXES)


def same(row: Row) -> Row:
    return row


def test_a_term_without_row_or_reason_is_refused() -> None:
    with pytest.raises(Defect, match=r"neither row nor reason: \['BT-1'\]"):
        table_with(lambda row: None if row.term == "BT-1" else row)


def test_a_term_with_row_and_reason_is_refused() -> None:
    with pytest.raises(Defect, match="row and reason"):
        build(ubl.INVOICE, (), {**ubl.ABSENT, "BT-1": "because"}, ubl.PREFIXES)


def test_a_reason_for_an_unknown_term_is_refused() -> None:
    with pytest.raises(Defect, match="unknown"):
        build(ubl.INVOICE, (), {**ubl.ABSENT, "BT-999": "because"}, ubl.PREFIXES)


def test_a_term_whose_group_has_no_row_is_refused() -> None:
    with pytest.raises(Defect, match="BG-25 has none"):
        table_with(lambda row: None if row.term == "BG-25" else row)


def test_a_row_of_an_unknown_term_is_refused() -> None:
    with pytest.raises(Defect, match="BT-4"):
        table_with(same, Row("BT-4", "cbc:ID"))


def test_two_rows_on_one_path_are_refused() -> None:
    with pytest.raises(Defect, match="one path"):
        table_with(lambda row: Row("BT-2", "cbc:ID") if row.term == "BT-2" else row)


def test_an_unknown_prefix_is_refused() -> None:
    with pytest.raises(Defect, match="unknown prefix"):
        list(steps("xyz:ID", ubl.PREFIXES))


def test_what_is_no_path_is_refused() -> None:
    with pytest.raises(Defect, match="not a path"):
        list(steps("cbc:ID//cbc:Name", ubl.PREFIXES))


def test_a_term_that_leaves_its_repeated_group_is_refused() -> None:
    with pytest.raises(Defect, match="outside BG-25"):
        table_with(lambda row: Row("BT-126", "../cbc:ID") if row.term == "BT-126" else row)


def test_a_path_may_leave_its_group() -> None:
    base = resolve((), "cac:Delivery", ubl.PREFIXES)

    path = resolve(base, "../cac:InvoicePeriod/cbc:StartDate", ubl.PREFIXES)

    assert [step.text for step in path] == ["cac:InvoicePeriod", "cbc:StartDate"]


def test_a_value_and_a_group_on_one_element_are_refused() -> None:
    table = table_with(lambda row: Row("BT-10", "cac:Price") if row.term == "BT-10" else row)
    assert compile_table(table)

    table = table_with(lambda row: Row("BT-10", "cac:PayeeParty") if row.term == "BT-10" else row)
    with pytest.raises(Defect, match="more than one thing"):
        compile_table(table)


def test_a_term_of_a_single_group_inside_an_element_that_repeats_is_refused() -> None:
    moved = Row("BT-112", "../cac:InvoiceLine/cbc:TaxInclusiveAmount")
    table = table_with(lambda row: moved if row.term == "BT-112" else row)

    with pytest.raises(Defect, match="BT-112 stands inside BG-25"):
        compile_table(table)


def test_a_group_inside_an_element_of_another_that_repeats_is_refused() -> None:
    moved = Row("BG-3", "cac:InvoiceLine/cac:OriginatorParty")
    table = table_with(lambda row: moved if row.term == "BG-3" else row)

    with pytest.raises(Defect, match="BG-3 opens inside BG-25"):
        compile_table(table)


def test_conditions_on_one_element_must_look_at_one_thing() -> None:
    with pytest.raises(Defect, match="different things"):
        chooser(["cbc:ID='1'", "@schemeID='2'"], UBL)


def test_two_conditions_may_not_say_the_same() -> None:
    with pytest.raises(Defect, match="one condition"):
        chooser(["cbc:ID='1|2'", "cbc:ID='2'"], UBL)


def test_what_is_no_condition_is_refused() -> None:
    with pytest.raises(Defect, match="not a condition"):
        chooser(["something"], UBL)


def test_a_condition_on_a_term_without_row_is_refused() -> None:
    with pytest.raises(Defect, match="no row"):
        chooser(["@currencyID=BT-999"], UBL)


def element(text: str) -> Any:
    return etree.fromstring(text)


def test_a_condition_compares_without_case_or_blanks() -> None:
    choose, answers = chooser(["@schemeID='SEPA'", "else"], UBL)

    assert answers[choose(element('<ID schemeID=" sepa "/>'), None)] == "@schemeID='SEPA'"
    assert choose(element("<ID/>"), None) not in answers


def test_a_condition_is_written_as_xpath_where_it_has_a_fixed_value() -> None:
    def written(path: str) -> str:
        step = next(steps(path, ubl.PREFIXES))
        return as_xpath(step, UBL, lambda name: name.rpartition("}")[2])

    assert written("cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']") == "[TaxScheme/ID='VAT']"
    assert written("cbc:ID[@schemeID='SEPA']") == "[@schemeID='SEPA']"
    assert written("cbc:TaxAmount[@currencyID=BT-5]") == ""
    assert written("cbc:ID[else]") == ""
    assert written("cbc:ID") == ""


def test_a_table_tells_the_first_place_of_a_term() -> None:
    table = build(cii.INVOICE, cii.KNOWN, cii.ABSENT, cii.PREFIXES)

    entry = table.of("BT-29")

    assert entry is not None
    assert entry.path[-1].text == "ram:ID"
    assert table.of("CE-CADRE") is None


def test_the_tables_of_invoice_and_credit_note_differ_where_the_schema_does() -> None:
    note = MAPPINGS[Syntax.UBL_CREDIT_NOTE].table

    def last(table: Table, term: str) -> str:
        entry = table.of(term)
        assert entry is not None
        return "/".join(step.name.rpartition("}")[2] for step in entry.path)

    assert (last(UBL, "BT-9"), last(note, "BT-9")) == ("DueDate", "PaymentMeans/PaymentDueDate")
    assert (last(UBL, "BT-3"), last(note, "BT-3")) == ("InvoiceTypeCode", "CreditNoteTypeCode")
    assert last(note, "BT-129") == "CreditNoteLine/CreditedQuantity"
