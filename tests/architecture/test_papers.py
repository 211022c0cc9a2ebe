"""The papers of the project say what is true: dependencies, pins, links, targets, paths."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for() -> set[str]:
    optional = PROJECT["optional-dependencies"].values()
    wanted = [*PROJECT["dependencies"], *(one for group in optional for one in group)]
    names = {canonical(re.match(r"[A-Za-z0-9._-]+", one)[0]) for one in wanted}
    return names - {canonical(PROJECT["name"])}


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return {canonical(name): version for name, _, version in (x.partition("==") for x in lines)}


def test_every_dependency_has_its_reason_and_licence() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    rows = re.findall(r"^\| ([A-Za-z0-9-]+) \| [^|]+ \| [^|]+ \|$", page, re.MULTILINE)

    assert {canonical(row) for row in rows} - {"package"} == asked_for()


def test_every_dependency_is_pinned_and_every_pin_is_told() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    told = {canonical(word) for word in re.findall(r"[A-Za-z0-9_.-]*[A-Za-z0-9]", page)}

    assert asked_for() <= set(pinned())
    assert set(pinned()) <= told


def test_pins_are_exact_and_name_no_place() -> None:
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", version) for version in pinned().values())


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_papers_lead_somewhere(paper: Path) -> None:
    missing = [
        target
        for target in LINK.findall(paper.read_text("utf-8"))
        if not (paper.parent / target).exists()
    ]

    assert missing == []


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = set(re.findall(r"^\.PHONY: ([\w-]+)$", makefile, re.MULTILINE))

    told = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert set(re.findall(r"^  make ([\w-]+)", told, re.MULTILINE)) == phony
