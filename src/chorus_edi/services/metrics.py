"""What Prometheus is told of an installation, in its text format 0.0.4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from chorus_edi.domain.operations import Operation, OperationKind
from chorus_edi.domain.statuses import DocumentState, FluxState, InvoiceStatus
from chorus_edi.ports.counting import Tally
from chorus_edi.ports.operations import Journal, TaskRun
from chorus_edi.services import espace, silence
from chorus_edi.services.espace import Volume
from chorus_edi.services.planning import FAILED

OPENING = {
    OperationKind.SFTP_PANNE: "sftp",
    OperationKind.SILENCE: "silence",
    OperationKind.ESPACE_DISQUE: "espace",
}
"""Kinds of events that stay open until another one ends them → the label of their gauge."""
_UNDECIDED = "EN_COURS"


class Inbox(msgspec.Struct, frozen=True):
    """Files that lie in the inbox: how many, and since when the oldest of them does."""

    files: int
    oldest: datetime | None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """An installation at one moment.

    Attributes:
        at: the moment.
        version: of the program.
        tally: what its database holds.
        inbox: what it has yet to take.
        runs: last runs of its tasks.
        open_: last event of each alarm, of those that are over too: see ``last_of_each``.
        unnotified: events that somebody is to be told of.
        volumes: its disks.
    """

    at: datetime
    version: str
    tally: Tally
    inbox: Inbox
    runs: Mapping[str, TaskRun]
    open_: Sequence[Operation]
    unnotified: int
    volumes: Sequence[Volume]


class _Family(msgspec.Struct, frozen=True):
    """A gauge: its name, what it says, its samples by their labels."""

    name: str
    help: str
    samples: Sequence[tuple[Mapping[str, str], int]]


def last_of_each(journal: Journal) -> Sequence[Operation]:
    """Return the events that say which alarms are open."""
    kinds = (
        (OperationKind.SFTP_PANNE, OperationKind.SFTP_RETABLI),
        silence.KINDS,
        espace.KINDS,
    )
    return [one for pair in kinds for one in journal.latest(pair).values()]


def text(seen: Seen) -> str:
    """Return everything as Prometheus reads it; every gauge is there, also at zero."""
    return "".join(line for family in _families(seen) for line in _lines(family))


def _families(seen: Seen) -> Iterator[_Family]:
    yield _Family("info", "Version of the program.", [({"version": seen.version}, 1)])
    yield from _work(seen)
    yield from _watch(seen)


def _work(seen: Seen) -> Iterator[_Family]:
    tally = seen.tally
    documents = {(state.value if state else _UNDECIDED): n for state, n in tally.documents.items()}
    yield _by("flows", "Flows by state.", "state", {s: tally.flows.get(s, 0) for s in FluxState})
    yield _by(
        "documents",
        "Documents of flows by state; EN_COURS: not decided.",
        "state",
        {state: documents.get(state, 0) for state in (_UNDECIDED, *map(str, DocumentState))},
    )
    yield _by(
        "invoices",
        "Integrated invoices by status.",
        "status",
        {status: tally.invoices.get(status, 0) for status in InvoiceStatus},
    )
    waiting = tally.documents.get(DocumentState.EN_ATTENTE, 0)
    yield _one("documents_waiting", "Documents that wait for an operator.", waiting)
    age = _age(seen, tally.oldest)
    yield _one("oldest_open_flow_seconds", "Age of the oldest flow not closed; 0: none.", age)
    last = {} if tally.last is None else {"": _stamp(tally.last)}
    yield _by("last_deposit_timestamp_seconds", "When the newest flow came in.", "", last)
    yield _one("inbox_files", "Files in the inbox, not taken yet.", seen.inbox.files)
    age = _age(seen, seen.inbox.oldest)
    yield _one("inbox_oldest_seconds", "Time that the oldest file lies in the inbox.", age)


def _watch(seen: Seen) -> Iterator[_Family]:
    runs = seen.runs.items()
    began = {task: _stamp(run.began) for task, run in runs}
    yield _by("task_last_run_timestamp_seconds", "When a task last began.", "task", began)
    failed = {task: int(run.result.startswith(FAILED)) for task, run in runs}
    yield _by("task_failed", "1 where the last run of a task failed.", "task", failed)
    free = {volume.folders: volume.free for volume in seen.volumes}
    yield _by("disk_free_bytes", "Free disk space of folders.", "folders", free)
    yield _by("open_alarms", "Alarms that are not over.", "kind", _open(seen))
    yield _one("events_unnotified", "Events that nobody was told of.", seen.unnotified)
    yield _one("written_timestamp_seconds", "When these figures were taken.", _stamp(seen.at))


def _open(seen: Seen) -> dict[str, int]:
    counts = dict.fromkeys(OPENING.values(), 0)
    for operation in seen.open_:
        if operation.kind in OPENING:
            counts[OPENING[operation.kind]] += 1
    return counts


def _age(seen: Seen, since: datetime | None) -> int:
    return 0 if since is None else max(0, int((seen.at - since).total_seconds()))


def _stamp(at: datetime) -> int:
    return int(at.timestamp())


def _one(name: str, help_: str, value: int) -> _Family:
    return _Family(name, help_, [({}, value)])


def _by(name: str, help_: str, label: str, values: Mapping[str, int]) -> _Family:
    return _Family(name, help_, [({label: key} if key else {}, n) for key, n in values.items()])


def _lines(family: _Family) -> Iterator[str]:
    name = f"chorus_edi_{family.name}"
    yield f"# HELP {name} {_escaped(family.help)}\n"
    yield f"# TYPE {name} gauge\n"
    for labels, value in family.samples:
        told = ",".join(f'{key}="{_quoted(text)}"' for key, text in labels.items())
        yield f"{name}{{{told}}} {value}\n" if told else f"{name} {value}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _quoted(text: str) -> str:
    return _escaped(text).replace('"', '\\"')
