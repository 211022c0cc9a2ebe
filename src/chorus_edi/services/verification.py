"""Checking files without depositing them: ``chorus-edi validate``.

The same examination as a deposit's, by the same supervised workers; no database, nothing kept, and
no configuration unless a partner is named. Answers come in the order of the paths, whatever the
number of workers.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from chorus_edi.domain.findings import Findings
from chorus_edi.domain.flux import Examination, Verdict, flow_name_of
from chorus_edi.domain.interfaces import Format
from chorus_edi.domain.official import SheetVerdict, sheets_for
from chorus_edi.domain.scenarios import Circuit, Nature, RuleSet
from chorus_edi.errors import ConfigurationError, ExitCode
from chorus_edi.formats.archive import Limits
from chorus_edi.formats.reports import finding_object
from chorus_edi.pipeline.reading import Piece, pieces_of
from chorus_edi.pipeline.tasks import Mark, Task, gathered
from chorus_edi.pipeline.worker import Answer, Lost, Supervisor
from chorus_edi.rules.registry import id_order
from chorus_edi.stages.envelope import judge_content

Row = dict[str, Any]
Progress = Callable[[int, int], None]
SecondOpinion = Callable[[bytes, Sequence[str]], Sequence[SheetVerdict]]
"""(content of a document, sheets) → what each sheet says of it."""

_VERDICTS = {
    Verdict.ACCEPTED: "valid",
    Verdict.REFUSED: "invalid",
    Verdict.IRRECEVABLE: "invalid",
    Verdict.WAITING: "undecided",
    Verdict.UNDECIDED: "undecided",
    Verdict.COMPANION: "companion",
}
_UNOPENED = "Le fichier n'est pas ouvert : son enveloppe le refuse"
_LOST = {
    "worker": "L'examen a été interrompu trois fois.",
    "deadline": "L'examen a dépassé le temps accordé.",
}


class VerificationOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What ``validate`` is asked.

    Attributes:
        rules: ``auto``, ``none`` or names of sets, comma-separated.
        keep_going: apply the rules even where the schema is not respected.
        annuaire: CSV files of structures and services, if recipients are to be looked up.
        jobs: number of worker processes.
        official: ask the official sheets too, for a second opinion.
        on: the day whose rules judge; None for today.
        partner: code of the partner it would be a deposit of; None where nobody is meant.
        config: the settings' file that declares this partner.
    """

    rules: str = "auto"
    keep_going: bool = False
    annuaire: tuple[Path, Path] | None = None
    jobs: int = 1
    official: bool = False
    on: date | None = None
    partner: str | None = None
    config: Path | None = None

    @property
    def requested(self) -> tuple[RuleSet, ...] | None:
        """The sets asked for, each once; None for ``auto``.

        Raises:
            ConfigurationError: a name is no set, or ``auto`` or ``none`` does not stand alone.
        """
        names = [name.strip().lower() for name in self.rules.split(",") if name.strip()]
        if names == ["auto"]:
            return None
        if names == ["none"]:
            return ()
        alone = [name for name in names if name in ("auto", "none")]
        if alone:
            raise ConfigurationError(f"« {alone[0]} » se donne seul, sans jeu de règles à côté")
        return tuple(dict.fromkeys(map(_rule_set, names or [self.rules])))


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A file to check.

    Attributes:
        path: where it is.
        deposited: its day of deposit, whose rules apply.
        judged_by: another day whose rules apply instead.
        interface: interface code it was deposited under; None to read it from its name.
        default_circuit: as for its sender.
        partner: code of its sender, who may have severities of his own.
        formats: formats its documents may have; none where all are free.
        senders: SIRETs that its sender may deposit for; none means any.
        limits: what it may hold; None for the limits of all.
        faults: why it would be refused unopened.
    """

    path: str
    deposited: date
    judged_by: date | None = None
    interface: str | None = None
    default_circuit: Circuit | None = None
    partner: str | None = None
    formats: frozenset[Format] = frozenset()
    senders: tuple[str, ...] = ()
    limits: Limits | None = None
    faults: Findings = ()


class _Read(msgspec.Struct, frozen=True):
    """A file ends, all of it examined."""

    path: str
    interface: str | None


class _Refused(msgspec.Struct, frozen=True):
    """A file is refused as a whole."""

    path: str
    findings: Findings
    opened: bool = True


def _rule_set(name: str) -> RuleSet:
    known = ", ".join(("auto", "none", *sorted(RuleSet)))
    if name not in set(RuleSet):
        raise ConfigurationError(f"jeu de règles inconnu : « {name} » (jeux : {known})")
    return RuleSet(name)


class Attempts:
    """Counts attempts at documents that lost their worker, for as long as one check lasts."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, int]] = Counter()

    def count(self, task: Task) -> int:
        """Count one more attempt; return how many that makes."""
        key = (task.flux, task.entry.rank)
        self._counts[key] += 1
        return self._counts[key]


def files_of(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the regular files named, and those below the folders named, each folder sorted.

    Raises:
        ConfigurationError: a path does not exist.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(sorted(_below(path), key=os.fsencode))
        elif path.is_file():
            found.append(path)
        elif path.exists():
            raise ConfigurationError(f"pas un fichier ordinaire : {path}")
        else:
            raise ConfigurationError(f"fichier introuvable : {path}")
    return tuple(found)


def _below(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(root, name)
            if not name.startswith(".") and path.is_file():
                yield path


def verify(
    subjects: Sequence[Subject],
    supervisor: Supervisor,
    *,
    limits: Limits,
    scratch: str,
    progress: Progress | None = None,
    second: tuple[SecondOpinion, Sequence[RuleSet] | None] | None = None,
    open_all: bool = False,
) -> Iterator[Row]:
    """Yield one object per document, in path order; entries of archives as ``archive!entry``.

    A file that is refused as a whole has one more, beside those of its documents.

    Args:
        subjects: what to check.
        supervisor: workers that examine.
        limits: what a flow may hold.
        scratch: absolute path of a folder for large entries of archives.
        progress: told (files read, files in all).
        second: asks the official sheets too, and the rule sets they stand for (None: those of each
            document's scenario). Our verdict stays ours: theirs stands beside it.
        open_all: examine also what would be refused unopened.
    """
    work = gathered(_tasks(subjects, limits, scratch, progress, open_all=open_all))
    content: list[Examination] = []
    for item in supervisor.run(work):
        if isinstance(item, Mark):
            yield from _told(item.value, content)
            content.clear()
        else:
            for task, answer in zip(item.chunk.tasks, item.answers, strict=True):
                if isinstance(answer, Examination):
                    content.append(answer)
                row = row_of(task.flux, answer)
                if second is not None:
                    row["official"] = official_of(task, answer, *second)
                _discard(task, scratch)
                yield row


def official_of(
    task: Task, answer: Answer, ask: SecondOpinion, requested: Sequence[RuleSet] | None
) -> Row:
    """Return what the official sheets of a document say of it, by sheet."""
    if isinstance(answer, Lost):
        return {}
    if answer.syntax is None or answer.container is None:
        return {}
    nature = Nature(answer.syntax, answer.container, answer.profile)
    sheets = sheets_for(nature, answer.circuit, requested)
    if not sheets:
        return {}
    content = Path(os.fsdecode(task.path)).read_bytes() if task.path else task.data
    verdicts = ask(content or b"", [asked.sheet for asked in sheets])
    pairs = zip(sheets, verdicts, strict=True)
    told = (said.on_en16931() if asked.en16931_only else said for asked, said in pairs)
    return {said.sheet: sheet_object(said) for said in told}


def sheet_object(said: SheetVerdict) -> Row:
    """Return the object of one sheet: fatal rules only; ``reason`` where it gave no report."""
    return {
        "verdict": said.outcome.value,
        "rules": sorted(said.fatal, key=id_order),
        "reason": said.undecided or None,
    }


def _told(value: object, content: Sequence[Examination]) -> Iterator[Row]:
    """Yield what is to be said of a file as a whole, if anything is."""
    if isinstance(value, _Refused):
        unopened = [] if value.opened else [{"rule": "*", "reason": _UNOPENED}]
        yield _faulty_row(value.path, value.findings) | {"not_checked": unopened}
    elif isinstance(value, _Read):
        findings = judge_content(value.interface, content)
        if findings:
            yield _faulty_row(value.path, findings)


def _tasks(
    subjects: Sequence[Subject],
    limits: Limits,
    scratch: str,
    progress: Progress | None,
    *,
    open_all: bool,
) -> Iterator[Task | Mark]:
    for number, subject in enumerate(subjects, 1):
        opened = open_all or not subject.faults
        if subject.faults:
            yield Mark(_Refused(readable(subject.path), subject.faults, opened))
        if opened:
            yield from _tasks_of(subject, subject.limits or limits, f"{scratch}/{number}")
        if progress:
            progress(number, len(subjects))


def _tasks_of(subject: Subject, limits: Limits, scratch: str) -> Iterator[Task | Mark]:
    path = Path(subject.path)
    absolute = str(path.absolute())
    official = flow_name_of(path.name)
    interface = subject.interface or (official.interface if official else None)
    with path.open("rb") as file:
        for item in pieces_of(file, readable(path.name), absolute, limits, scratch):
            if isinstance(item, Piece):
                shown = f"{path}!{item.entry.name}" if item.archived else str(path)
                yield Task(
                    flux=readable(shown),
                    entry=item.entry,
                    deposited=subject.deposited,
                    judged_by=subject.judged_by,
                    data=item.data,
                    path=item.path,
                    interface=interface,
                    default_circuit=subject.default_circuit,
                    partner=subject.partner,
                    formats=subject.formats,
                    senders=subject.senders,
                )
            else:
                yield Mark(_Refused(readable(str(path)), (item,)))
                return
    yield Mark(_Read(readable(str(path)), interface))


def readable(path: str) -> str:
    """Return a path as text that any output can carry."""
    return os.fsencode(path).decode("utf-8", "replace")


def _discard(task: Task, scratch: str) -> None:
    """Remove the scratch file of a large entry as soon as it was examined; the rest is not ours."""
    path = Path(os.fsdecode(task.path or b""))
    if Path(scratch) in path.parents:
        path.unlink(missing_ok=True)


def row_of(path: str, answer: Answer) -> Row:
    """Return the object of one document."""
    if isinstance(answer, Lost):
        reason = _LOST.get(answer.reason, f"Défaut du programme : {answer.reason}")
        return _row(path, verdict="undecided", not_checked=[{"rule": "*", "reason": reason}])
    return _row(
        path,
        container=answer.container,
        syntax=answer.syntax,
        profile=answer.profile,
        circuit=answer.circuit,
        rule_sets=list(answer.rule_sets),
        verdict=_VERDICTS[answer.verdict],
        motif=answer.motive,
        not_checked=[{"rule": n.rule, "reason": n.reason} for n in answer.not_checked],
        findings=[finding_object(finding) for finding in answer.findings],
    )


def _faulty_row(path: str, findings: Findings) -> Row:
    """Return the object of a file that is refused as a whole."""
    told = [finding_object(finding) for finding in findings]
    return _row(path, verdict="invalid", motif=findings[0].motive, findings=told)


def _row(path: str, **values: object) -> Row:
    blank: Row = {
        "path": path,
        "container": None,
        "syntax": None,
        "profile": None,
        "circuit": None,
        "rule_sets": [],
        "verdict": "undecided",
        "motif": None,
        "not_checked": [],
        "findings": [],
    }
    return blank | values


def exit_code_of(verdicts: Iterable[str]) -> ExitCode:
    """Return 1 where some are invalid, else 3 where some are undecided, else 0."""
    seen = set(verdicts)
    if "invalid" in seen:
        return ExitCode.INVALID
    return ExitCode.UNDECIDED if "undecided" in seen else ExitCode.OK
