"""The pages of docs/generated say what the tables say now; REGENERATE=1 writes them again."""

import os
import re
from pathlib import Path

import pytest

from chorus_edi.rules.sets import versions
from chorus_edi.services.explain import platform_rules
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


def test_every_rule_of_every_set_stands_in_a_page_of_its_own_with_its_id() -> None:
    told = {name: PAGES[name]() for name in ("rules.md", "warnings.md", "platform-rules.md")}

    for rule in (rule for version in versions() for rule in version.rules):
        page = told["rules.md"] if rule.terms else told["warnings.md"]
        assert re.search(rf"^(### {rule.id}$|\| {rule.id} \|)", page, re.MULTILINE), rule.id
    for code in platform_rules():
        assert f"| `{code}` |" in told["platform-rules.md"]
