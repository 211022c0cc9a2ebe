"""What Prometheus is told: valid text of its format 0.0.4, and the figures that were meant."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from chorus_edi.domain.operations import Operation, OperationKind
from chorus_edi.domain.statuses import DocumentState, FluxState, InvoiceStatus
from chorus_edi.ports.counting import Tally
from chorus_edi.ports.operations import TaskRun
from chorus_edi.services.espace import Volume
from chorus_edi.services.metrics import Inbox, Seen, text
from tests.watch import local

NOW = local("2026-11-21T12:00")

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({_NAME})(?:\{{((?:{_LABEL})(?:,{_LABEL})*)\}})? (-?[0-9]+(?:\.[0-9]+)?)")
HELP = re.compile(rf"# HELP ({_NAME}) (?:[^\\\n]|\\[\\n])+")
TYPE = re.compile(rf"# TYPE ({_NAME}) gauge")


def parsed(exposition: str) -> dict[str, dict[str, int]]:
    """Read the text format strictly: HELP, TYPE, then the samples of that name, each once."""
    assert exposition.endswith("\n")
    families: dict[str, dict[str, int]] = {}
    lines = iter(exposition.splitlines())
    name = None
    for line in lines:
        if line.startswith("#"):
            told = HELP.fullmatch(line)
            assert told, line
            kind = TYPE.fullmatch(next(lines))
            assert kind, line
            name = told[1]
            assert kind[1] == name
            assert name not in families, "a family in two places"
            families[name] = {}
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, line
        assert sample[1] == name
        assert (sample[2] or "") not in families[sample[1]], "the same sample twice"
        families[sample[1]][sample[2] or ""] = int(sample[3])
    return families


def seen(**changes: object) -> Seen:
    values: dict[str, object] = {
        "at": NOW,
        "version": "1.2.3",
        "tally": Tally(flows={}, documents={}, invoices={}, oldest=None, last=None),
        "inbox": Inbox(0, None),
        "runs": {},
        "open_": (),
        "unnotified": 0,
        "volumes": (),
    }
    return Seen(**{**values, **changes})


def told(**changes: object) -> dict[str, dict[str, int]]:
    return parsed(text(seen(**changes)))


def test_an_empty_installation_tells_every_state_at_zero() -> None:
    families = told()

    assert families["chorus_edi_info"] == {'version="1.2.3"': 1}
    flows = families["chorus_edi_flows"]
    assert flows == {f'state="{state}"': 0 for state in FluxState}
    assert len(families["chorus_edi_documents"]) == len(DocumentState) + 1
    assert len(families["chorus_edi_invoices"]) == len(InvoiceStatus)
    assert families["chorus_edi_oldest_open_flow_seconds"] == {"": 0}
    assert families["chorus_edi_last_deposit_timestamp_seconds"] == {}


def test_what_is_counted_is_told() -> None:
    tally = Tally(
        flows={FluxState.IN_INTEGRE: 4, FluxState.IN_RECU: 1},
        documents={None: 2, DocumentState.EN_ATTENTE: 3},
        invoices={InvoiceStatus.DEPOSEE: 9},
        oldest=NOW - timedelta(minutes=10),
        last=NOW,
    )

    families = told(tally=tally, inbox=Inbox(7, NOW - timedelta(hours=1)), unnotified=5)

    assert families["chorus_edi_flows"]['state="IN_INTEGRE"'] == 4
    assert families["chorus_edi_documents"]['state="EN_COURS"'] == 2
    assert families["chorus_edi_documents_waiting"] == {"": 3}
    assert families["chorus_edi_invoices"]['status="DEPOSEE"'] == 9
    assert families["chorus_edi_oldest_open_flow_seconds"] == {"": 600}
    assert families["chorus_edi_last_deposit_timestamp_seconds"] == {"": int(NOW.timestamp())}
    assert families["chorus_edi_inbox_files"] == {"": 7}
    assert families["chorus_edi_inbox_oldest_seconds"] == {"": 3600}
    assert families["chorus_edi_events_unnotified"] == {"": 5}


def test_tasks_tell_when_they_began_and_whether_they_failed() -> None:
    runs = {
        "bilan": TaskRun(due=NOW, began=NOW, ended=NOW, result="Du 20 au 21."),
        "espace": TaskRun(due=NOW, began=NOW, ended=NOW, result="Échec : disque absent"),
        "silence": TaskRun(due=NOW, began=NOW),
    }

    families = told(runs=runs)

    assert families["chorus_edi_task_failed"] == {
        'task="bilan"': 0,
        'task="espace"': 1,
        'task="silence"': 0,
    }
    assert set(families["chorus_edi_task_last_run_timestamp_seconds"].values()) == {
        int(NOW.timestamp())
    }


def test_alarms_count_as_long_as_they_are_open() -> None:
    kinds = (
        OperationKind.SILENCE,
        OperationKind.SILENCE,
        OperationKind.SILENCE_FINI,
        OperationKind.SFTP_PANNE,
        OperationKind.ESPACE_RETABLI,
    )
    events = [
        Operation(key=str(number), kind=kind, subject=str(number), detail="", at=NOW)
        for number, kind in enumerate(kinds)
    ]

    assert told(open_=events)["chorus_edi_open_alarms"] == {
        'kind="sftp"': 1,
        'kind="silence"': 2,
        'kind="espace"': 0,
    }


@pytest.mark.parametrize("name", ['in"box', "in\\box", "in\nbox", "boîte, œuvre"])
def test_labels_are_escaped_as_the_format_asks(name: str) -> None:
    families = told(volumes=[Volume(name, 12)])

    ((label, value),) = families["chorus_edi_disk_free_bytes"].items()
    quoted = label.removeprefix('folders="').removesuffix('"')
    read = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], quoted)
    assert (read, value) == (name, 12)


def test_a_clock_that_was_set_back_gives_no_negative_age() -> None:
    families = told(inbox=Inbox(1, NOW + timedelta(hours=1)))

    assert families["chorus_edi_inbox_oldest_seconds"] == {"": 0}
