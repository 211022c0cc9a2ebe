"""Names and numbers of flows and documents."""

from __future__ import annotations

import pytest

from chorus_edi.domain.flux import (
    DocumentRow,
    FlowName,
    delivery_note_path,
    delivery_path,
    document_id,
    flow_name_of,
    platform_number,
    report_names,
)
from chorus_edi.domain.partners import CODE, PLATFORM_CODE
from tests.unit.night import FLUX, NUMERO

OFFICIAL = f"FSO1117A_AAA999_{NUMERO}"


@pytest.mark.parametrize("ending", ["", ".tar.gz", ".xml", ".TAR.GZ"])
def test_an_official_name_is_read_with_or_without_its_extension(ending: str) -> None:
    assert flow_name_of(OFFICIAL + ending) == FlowName("FSO1117A", "AAA999", NUMERO)


def test_an_official_name_may_be_in_lower_case_and_is_known_in_upper_case() -> None:
    assert flow_name_of(f"{OFFICIAL.lower()}.xml") == FlowName("FSO1117A", "AAA999", NUMERO)


@pytest.mark.parametrize(
    "name",
    [
        "facture.xml",
        f"{OFFICIAL}.txt",
        f"{OFFICIAL}.zip",
        f"{OFFICIAL}.pdf",
        f"{OFFICIAL}.xml.xml",
        f"{OFFICIAL}0",
        OFFICIAL[:-1],
        f" {OFFICIAL}",
        f"{OFFICIAL}\n",
        f"{OFFICIAL}.xml\n",
        OFFICIAL.replace("_", "-"),
        OFFICIAL.replace("FSO1117A", "FSO11170"),
        OFFICIAL.replace("AAA999", "AAÉ999"),
        OFFICIAL.replace("FSO", "F\u017fO"),
        f"FSO1117A_AAA999_\u0130{NUMERO[1:]}",
        f"FSO1117A_AAA999_\u212a{NUMERO[1:]}",
        OFFICIAL.replace("AAA9", "AAA\u0669"),
        "",
    ],
)
def test_any_other_name_is_not_official(name: str) -> None:
    assert flow_name_of(name) is None


def test_a_number_of_ours_has_the_25_characters_of_an_official_one_and_names_the_platform() -> None:
    assert platform_number(42) == "CPP0010000000000000000042"
    assert len(platform_number(10**15 - 1)) == 25
    assert flow_name_of(f"FSO1117A_AAA999_{platform_number(42)}") is not None
    assert CODE.fullmatch(PLATFORM_CODE)


def test_numbers_and_ids_sort_as_they_were_given() -> None:
    numbers = [platform_number(n) for n in (1, 9, 10, 99, 100, 12345)]
    ids = [document_id(NUMERO, rank) for rank in (1, 9, 10, 99, 100, 500)]

    assert sorted(numbers) == numbers
    assert sorted(ids) == ids


def test_a_document_is_known_by_its_flow_and_its_rank_on_four_digits() -> None:
    row = DocumentRow(numero_flux=NUMERO, rank=7, name="a.xml", size=1, sha256="")

    assert row.id == document_id(NUMERO, 7) == f"{NUMERO}-0007"


def test_what_goes_out_stands_under_its_recipient_or_its_sender() -> None:
    assert delivery_path("218", NUMERO, "a.xml") == f"218/{NUMERO}/a.xml"
    assert delivery_note_path("218", NUMERO) == f"218/{NUMERO}/livraison.json"
    assert report_names(FLUX) == (
        f"{NUMERO}_compte-rendu.json",
        f"{NUMERO}_compte-rendu.html",
    )
