"""The pages of docs/generated say what the tables say now; REGENERATE=1 writes them again."""

import os
from pathlib import Path

import pytest

from chorus_edi.services.reference import PAGES

FOLDER = Path(__file__).parents[2] / "docs" / "generated"


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_fresh(name: str) -> None:
    page = PAGES[name]()
    if os.environ.get("REGENERATE"):
        (FOLDER / name).write_text(page, "utf-8")

    assert (FOLDER / name).read_text("utf-8") == page, "run: make docs"


def test_every_generated_page_has_its_writer() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)
