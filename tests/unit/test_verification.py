"""Checking without depositing: what is asked, which files, one row each, and the exit code."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chorus_edi.domain.findings import NotChecked
from chorus_edi.domain.flux import DocumentEntry, Examination, Verdict
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Circuit, Container, Profile, RuleSet, Syntax
from chorus_edi.errors import ConfigurationError, ExitCode
from chorus_edi.formats.archive import Limits
from chorus_edi.pipeline.tasks import CHUNK_BYTES, Chunk, Mark, Task
from chorus_edi.pipeline.worker import Answer, Done, Lost
from chorus_edi.services.verification import (
    Attempts,
    Subject,
    VerificationOptions,
    exit_code_of,
    files_of,
    row_of,
    verify,
)
from tests.archives import tar_gz, zipped
from tests.unit.night import REMARK, TOTAL

ON = date(2026, 11, 20)
KEYS = {
    "path",
    "container",
    "syntax",
    "profile",
    "circuit",
    "rule_sets",
    "verdict",
    "motif",
    "not_checked",
    "findings",
}


def task(path: str, rank: int = 1) -> Task:
    return Task(
        flux=path, entry=DocumentEntry(rank=rank, name=path, size=1, sha256=""), deposited=ON
    )


def accepted(asked: Task) -> Examination:
    entry = asked.entry
    return Examination(
        rank=entry.rank,
        name=entry.name,
        size=entry.size,
        sha256=entry.sha256,
        verdict=Verdict.ACCEPTED,
    )


class InProcess:
    """Stands in for the supervisor: asks one function, and remembers what it was asked."""

    def __init__(self, answer: Callable[[Task], Answer] = accepted) -> None:
        self.answer = answer
        self.asked: list[Task] = []

    def run(self, work: Iterable[Chunk | Mark]) -> Iterator[Done | Mark]:
        for item in work:
            if isinstance(item, Mark):
                yield item
                continue
            self.asked.extend(item.tasks)
            yield Done(item, tuple(map(self.answer, item.tasks)))


def rows(
    files: Iterable[Path], scratch: Path, supervisor: InProcess | None = None, **options: Any
) -> list[dict[str, Any]]:
    workers: Any = supervisor or InProcess()
    limits = options.pop("limits", Limits())
    subjects = [Subject(path=str(file), deposited=ON) for file in files]
    found = verify(subjects, workers, limits=limits, scratch=str(scratch), **options)
    return list(found)


# -- what is asked -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "requested"),
    [
        ("auto", None),
        ("none", ()),
        ("en16931", (RuleSet.EN16931,)),
        (" en16931 , en16931", (RuleSet.EN16931,)),
        ("br-fr,en16931,br-fr", (RuleSet.BR_FR, RuleSet.EN16931)),
        ("EN16931,", (RuleSet.EN16931,)),
        ("Auto", None),
    ],
)
def test_the_sets_asked_for_are_read_from_their_names(
    rules: str, requested: tuple[RuleSet, ...] | None
) -> None:
    assert VerificationOptions(rules=rules).requested == requested


@pytest.mark.parametrize("rules", ["auto,br-fr", "br-fr,auto", "none,en16931", "auto,none"])
def test_auto_and_none_stand_alone(rules: str) -> None:
    with pytest.raises(ConfigurationError, match="se donne seul"):
        _ = VerificationOptions(rules=rules).requested


@pytest.mark.parametrize("rules", ["en16932", "", ",", "en16931,extended"])
def test_an_unknown_set_is_refused_with_the_names_that_exist(rules: str) -> None:
    with pytest.raises(ConfigurationError, match="br-fr, chorus-b2g, chorus-historique, en16931"):
        _ = VerificationOptions(rules=rules).requested


@pytest.mark.parametrize("name", list(RuleSet))
def test_every_set_may_be_asked_for(name: RuleSet) -> None:
    assert VerificationOptions(rules=name.value).requested == (name,)


def test_attempts_are_counted_per_document() -> None:
    attempts = Attempts()

    counts = [attempts.count(task(path, rank)) for path, rank in (("a", 1), ("a", 2), ("a", 1))]

    assert counts == [1, 1, 2]


# -- which files ---------------------------------------------------------------------------------


def test_files_come_in_the_order_named_and_folders_sorted_whole(tmp_path: Path) -> None:
    for name in ("d/b.xml", "d/a/z.xml", "d/a.xml", "d/.caché.xml", "d/.git/x.xml", "z.xml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"<x/>")

    found = files_of([tmp_path / "z.xml", tmp_path / "d"])

    names = [str(path.relative_to(tmp_path)) for path in found]
    assert names == ["z.xml", "d/a.xml", "d/a/z.xml", "d/b.xml"]


def test_a_dot_file_named_by_itself_is_checked(tmp_path: Path) -> None:
    (tmp_path / ".a.xml").write_bytes(b"<x/>")

    assert files_of([tmp_path / ".a.xml"]) == (tmp_path / ".a.xml",)


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"absent\.xml"):
        files_of([tmp_path / "absent.xml"])


def test_an_empty_folder_holds_nothing_to_check(tmp_path: Path) -> None:
    assert files_of([tmp_path]) == ()


# -- rows ----------------------------------------------------------------------------------------


def test_a_row_tells_what_the_document_is_and_what_was_found() -> None:
    examination = Examination(
        rank=1,
        name="a.xml",
        size=1,
        sha256="",
        verdict=Verdict.REFUSED,
        motive=Motive.CALCUL_ERR,
        container=Container.XML,
        syntax=Syntax.CII,
        profile=Profile.EN16931,
        circuit=Circuit.AFNOR,
        rule_sets=("en16931@1",),
        not_checked=(NotChecked("br-fr", "Pas encore."),),
        findings=(TOTAL, REMARK),
    )

    row = row_of("d/a.xml", examination)

    assert row.keys() == KEYS
    assert [finding["rule"] for finding in row.pop("findings")] == ["BR-CO-10", "BR-CL-23"]
    assert row == {
        "path": "d/a.xml",
        "container": "xml",
        "syntax": "CII",
        "profile": "en16931",
        "circuit": "afnor",
        "rule_sets": ["en16931@1"],
        "verdict": "invalid",
        "motif": "CALCUL_ERR",
        "not_checked": [{"rule": "br-fr", "reason": "Pas encore."}],
    }


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        (Verdict.ACCEPTED, "valid"),
        (Verdict.REFUSED, "invalid"),
        (Verdict.IRRECEVABLE, "invalid"),
        (Verdict.WAITING, "undecided"),
        (Verdict.UNDECIDED, "undecided"),
        (Verdict.COMPANION, "companion"),
    ],
)
def test_every_verdict_has_its_word(verdict: Verdict, word: str) -> None:
    examination = Examination(rank=1, name="a", size=1, sha256="", verdict=verdict)

    assert row_of("a", examination)["verdict"] == word


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("worker", "interrompu trois fois"),
        ("deadline", "dépassé le temps accordé"),
        ("KeyError: 'x'", "Défaut du programme : KeyError: 'x'"),
    ],
)
def test_a_document_that_could_not_be_examined_is_undecided_and_says_why(
    reason: str, told: str
) -> None:
    row = row_of("a.xml", Lost(task("a.xml"), reason))

    assert row.keys() == KEYS
    assert (row["verdict"], row["findings"]) == ("undecided", [])
    (missing,) = row["not_checked"]
    assert missing["rule"] == "*"
    assert told in missing["reason"]


def test_rows_come_in_file_order_archives_entry_by_entry(tmp_path: Path) -> None:
    (tmp_path / "1.tar.gz").write_bytes(tar_gz([("b.xml", b"<x/>"), ("d/a.xml", b"<y/>")]))
    (tmp_path / "2.xml").write_bytes(b"<z/>")
    (tmp_path / "3.zip").write_bytes(zipped([("c.xml", b"<x/>")]))
    files = [tmp_path / name for name in ("2.xml", "1.tar.gz", "3.zip")]

    found = rows(files, tmp_path / "scratch")

    assert [row["path"].removeprefix(f"{tmp_path}/") for row in found] == [
        "2.xml",
        "1.tar.gz!b.xml",
        "1.tar.gz!d/a.xml",
        "3.zip!c.xml",
    ]


def test_the_fault_of_an_archive_has_a_row_after_the_entries_read_before_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "1.tar.gz").write_bytes(tar_gz([("a.xml", b"<x/>"), ("../b.xml", b"<x/>")]))
    (tmp_path / "2.xml").write_bytes(b"<z/>")

    good, faulty, after = rows(files_of([tmp_path]), tmp_path / "scratch")

    assert good["verdict"] == after["verdict"] == "valid"
    assert faulty.keys() == KEYS
    assert (faulty["path"], faulty["verdict"]) == (str(tmp_path / "1.tar.gz"), "invalid")
    assert faulty["motif"] == Motive.IRR_NOM_F
    assert [finding["severity"] for finding in faulty["findings"]] == ["fatal"]


def test_an_official_name_gives_its_interface_and_any_other_none(tmp_path: Path) -> None:
    official = "FSO1117A_AAA999_AAA9990000000000000000001.xml"
    for name in ("a.xml", official):
        (tmp_path / name).write_bytes(b"<x/>")
    supervisor = InProcess()

    rows([tmp_path / "a.xml", tmp_path / official], tmp_path / "scratch", supervisor)

    assert [asked.interface for asked in supervisor.asked] == [None, "FSO1117A"]
    assert {asked.deposited for asked in supervisor.asked} == {ON}
    assert {asked.stage for asked in supervisor.asked} == {None}


def test_large_entries_are_read_from_a_scratch_file_each_removed_when_it_was_examined(
    tmp_path: Path,
) -> None:
    large = b" " * (CHUNK_BYTES + 1)
    for name in ("1.zip", "2.zip"):
        (tmp_path / name).write_bytes(zipped([("a.xml", large), ("b.xml", large)]))
    seen: list[bytes] = []

    def examine(asked: Task) -> Examination:
        assert asked.path is not None
        seen.append(Path(os.fsdecode(asked.path)).read_bytes())
        return accepted(asked)

    files = files_of([tmp_path / "1.zip", tmp_path / "2.zip"])
    assert len(rows(files, tmp_path / "scratch", InProcess(examine))) == 4

    assert seen == [large] * 4
    assert [path for path in (tmp_path / "scratch").rglob("*") if path.is_file()] == []


def test_a_large_file_named_like_a_scratch_file_of_ours_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "piece-0001"
    path.write_bytes(b" " * (CHUNK_BYTES + 1))

    rows([path], tmp_path / "scratch")

    assert path.exists()


def test_a_path_that_is_no_utf_8_is_written_as_text_any_output_can_carry(tmp_path: Path) -> None:
    path = Path(f"{tmp_path}/\udce9t\udce9.xml")
    path.write_bytes(b"<x/>")

    (row,) = rows([path], tmp_path / "scratch")

    assert row["path"] == f"{tmp_path}/�t�.xml"


def test_progress_is_told_file_by_file(tmp_path: Path) -> None:
    files = [tmp_path / f"{n}.xml" for n in range(3)]
    for path in files:
        path.write_bytes(b"<x/>")
    told: list[tuple[int, int]] = []

    rows(files, tmp_path / "scratch", progress=lambda done, of: told.append((done, of)))

    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([], ExitCode.OK),
        (["valid", "valid"], ExitCode.OK),
        (["valid", "undecided"], ExitCode.UNDECIDED),
        (["undecided", "invalid", "valid"], ExitCode.INVALID),
    ],
)
def test_the_exit_code_tells_the_worst_that_was_found(verdicts: list[str], code: ExitCode) -> None:
    assert exit_code_of(iter(verdicts)) is code
