"""On every real UBL file our rules find what the official sheet finds.

Three ways: what the sheet found when the samples were gathered (the manifest), what it finds now,
and what ``validate --keep-going`` says of files that no schema accepts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chorus_edi import bootstrap
from chorus_edi.domain.scenarios import ROOTS, Syntax
from chorus_edi.formats.xml import XmlDocument, parse
from chorus_edi.services.verification import VerificationOptions
from tests.conformance.oracle import Oracle, judge_ours
from tests.outside import SAMPLES, manifest, needs_samples, needs_saxonche

FOLDERS = ("ubl", "xml", "aife")
SHEET = "en16931-ubl"

pytestmark = needs_samples


def samples() -> Iterator[Any]:
    """Every file that is a UBL document."""
    for folder in FOLDERS:
        for path in sorted((SAMPLES / folder).glob("*.*")):
            document = parse(path.read_bytes())
            syntax = ROOTS.get(document.tree.tag) if isinstance(document, XmlDocument) else None
            if syntax in (Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE):
                yield pytest.param(path, id=f"{folder}/{path.name}")


def judged() -> Iterator[Any]:
    """The samples that the sheet was run on, each with the ids it found fatal and its XSD."""
    for row in manifest():
        found = (row["fatal_rules"] or {}).get(SHEET)
        if found is not None:
            path, sound = SAMPLES / row["path"], row["oracle"]["xsd"] == "pass"
            yield pytest.param(path, set(found), sound, id=row["path"])


@pytest.fixture(scope="module")
def ours() -> Callable[[bytes], frozenset[str]]:
    return judge_ours()


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    oracle = Oracle("ubl")
    yield oracle
    oracle.close()


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Any]:
    """What ``validate --keep-going`` says of every sample, by its path."""
    options = VerificationOptions(rules="en16931", keep_going=True, jobs=1)
    paths = [one.values[0] for one in samples()]
    return {row["path"]: row for row in bootstrap.verify(paths, options)}


def test_the_sheet_was_run_on_every_sample_that_is_ubl() -> None:
    assert {one.values[0] for one in samples()} == {one.values[0] for one in judged()}
    assert len(list(samples())) >= 15


@pytest.mark.parametrize(("path", "fatal", "sound"), list(judged()))
def test_validate_finds_in_a_sample_what_the_sheet_found(
    verdicts: dict[str, Any], path: Path, fatal: set[str], sound: bool
) -> None:
    findings = verdicts[str(path)]["findings"]

    found = {one["rule"] for one in findings if one["severity"] == "fatal"}
    by_schema = {one["rule"] for one in findings if one["stage"] == "validate"}
    assert found - by_schema == fatal
    assert (by_schema == set()) is sound


@needs_saxonche
@pytest.mark.parametrize("path", list(samples()))
def test_our_rules_find_in_a_sample_what_the_sheet_finds_now(
    ours: Callable[[bytes], frozenset[str]], oracle: Oracle, path: Path
) -> None:
    official = oracle.judge(path.read_bytes())

    assert official.reason == ""
    assert ours(path.read_bytes()) == official.fatal
