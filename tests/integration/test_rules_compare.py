"""What other rules would say of files, and of the flows already taken."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from chorus_edi import bootstrap
from chorus_edi.cli.main import app
from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Note
from chorus_edi.errors import ConfigurationError
from chorus_edi.services.comparison import ComparisonOptions, Tally, changes
from tests.builders import an_invoice, ubl

CONFIG = Path(__file__).parents[2] / "config"
BEFORE, AFTER = "2026-08-31", "2026-11-21"
TOO_LONG = "FACTURE-2026-00000000001"
WATER = "21990001600029"
B2G = "BR-FR-CPRO-02"


class StandingClock:
    """A clock held at noon of a day."""

    def __init__(self, day):
        self._now = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(
            hour=12
        )

    def now(self):
        return self._now


def invoice(number):
    """Return a B2G invoice to a recipient that is in the directory of the demonstration."""
    sound = an_invoice()
    buyer = msgspec.structs.replace(
        sound.buyer,
        identifiers=(Identifier(value=WATER, scheme="0009"),),
        legal_registration=Identifier(value=WATER[:9], scheme="0002"),
        electronic_address=Identifier(value=f"{WATER[:9]}_{WATER}", scheme="0225"),
    )
    notes = (*sound.notes, Note(subject_code="ADN", text="B2G"))
    return ubl(
        msgspec.structs.replace(
            sound, number=number, buyer=buyer, notes=notes, purchase_order="EJ-2026-1"
        )
    )


def compared(paths, version, *, today=AFTER, since=None, config=None):
    options = ComparisonOptions(version=version, since=since)
    return list(bootstrap.compare_rules(paths, options, config, clock=StandingClock(today)))


@pytest.fixture
def folder(tmp_path):
    held = tmp_path / "factures"
    held.mkdir()
    (held / "courte.xml").write_bytes(invoice("F-2026-0001"))
    (held / "longue.xml").write_bytes(invoice(TOO_LONG))
    return held


def test_files_are_judged_by_another_day_s_rules_too(folder):
    told = {row["path"].rpartition("/")[2]: row for row in compared([folder], BEFORE)}

    row = told["longue.xml"]
    assert (row["before"]["verdict"], row["after"]["verdict"]) == ("invalid", "valid")
    assert row["before"]["motif"] == "REJ_CONT_B2G"
    assert B2G in row["lost"]
    assert row["gained"] == []
    assert any(label.startswith("chorus-b2g@") for label in row["before"]["rule_sets"])
    assert not any(label.startswith("chorus-b2g@") for label in row["after"]["rule_sets"])


def test_the_same_rules_change_nothing(folder):
    assert compared([folder], AFTER) == []


def test_what_was_compared_is_counted_though_nothing_changes(folder):
    tally = Tally()
    options = ComparisonOptions(version=BEFORE)
    clock = StandingClock(AFTER)

    told = list(bootstrap.compare_rules([folder / "courte.xml"], options, None, tally, clock=clock))

    assert (told, tally.documents) == ([], 1)
    assert [label.partition("@")[0] for label in tally.before] == [
        *("en16931", "br-fr", "chorus-b2g"),
    ]
    assert [label.partition("@")[0] for label in tally.after] == ["en16931"]


def test_a_version_of_a_set_stands_for_its_first_day(folder):
    (row,) = compared([folder / "longue.xml"], "chorus-b2g@1.3-1", today=BEFORE)

    assert (row["before"]["verdict"], row["after"]["verdict"]) == ("valid", "invalid")
    assert B2G in row["gained"]


def test_on_a_day_before_the_first_rules_nothing_is_valid_any_more(folder):
    (row,) = compared([folder / "courte.xml"], "2016-12-31")

    assert (row["before"]["verdict"], row["after"]["verdict"]) == ("valid", "undecided")
    assert row["after"]["rule_sets"] == []


@pytest.mark.parametrize("version", ["hier", "20260831", "2026-W35-1", "chorus-b2g@0", ""])
def test_what_is_neither_a_day_nor_a_version_is_refused(folder, version):
    with pytest.raises(ConfigurationError, match="version inconnue"):
        compared([folder], version)


def test_files_and_a_first_day_of_deposit_are_not_asked_together(folder):
    with pytest.raises(ConfigurationError, match="--depuis"):
        compared([folder], BEFORE, since=date(2026, 8, 1))


def taken(root):
    """Deposit two flows before the B2G rules were in force; return the settings' file."""
    config = root / "config"
    shutil.copytree(CONFIG, config)
    settings = bootstrap.load_settings(config / "chorus_edi.toml")
    inbox = settings.folders.inbox / "PDP777"
    inbox.mkdir(parents=True)
    for day, number in (("2026-08-10", "F-2026-0001"), ("2026-08-20", TOO_LONG)):
        (inbox / f"{number}.xml").write_bytes(invoice(number))
        bootstrap.run(settings, once=True, clock=StandingClock(day))
    with bootstrap.open_store(settings) as store:
        assert [flux.integrees for flux in store.suivi()] == [1, 1]
    return config / "chorus_edi.toml"


def test_flows_already_taken_are_judged_again_from_the_archive(tmp_path):
    config = taken(tmp_path)

    told = compared([], AFTER, config=config)

    (row,) = [row for row in told if row["path"].endswith(f"{TOO_LONG}.xml")]
    assert (row["before"]["verdict"], row["after"]["verdict"]) == ("valid", "invalid")
    assert B2G in row["gained"]
    assert row["path"].startswith(str(tmp_path / "var" / "archive"))
    assert compared([], AFTER, config=config, since=date(2026, 8, 21)) == []


def test_only_a_verdict_that_changes_is_told_with_what_is_fatal_on_one_side():
    def row(verdict, *findings):
        told = [{"rule": rule, "severity": severity} for rule, severity in findings]
        return {
            "path": "f.xml",
            "verdict": verdict,
            "motif": None,
            "rule_sets": ["en16931@1"],
            "findings": told,
        }

    light = row("valid", ("BR-10", "warning"), ("BR-2", "warning"))
    heavy = row("invalid", ("BR-10", "fatal"), ("BR-2", "fatal"), ("BR-9", "warning"))
    heavier = row("invalid", ("BR-10", "fatal"))

    (told,) = changes([light, heavy], [heavy, heavier])

    assert (told["gained"], told["lost"]) == (["BR-2", "BR-10"], [])
    assert told["after"] == {"verdict": "invalid", "motif": None, "rule_sets": ["en16931@1"]}


CHANGE = {
    "path": "f.xml",
    "before": {"verdict": "valid", "motif": None, "rule_sets": []},
    "after": {"verdict": "invalid", "motif": "REJ_SEMAN", "rule_sets": []},
    "gained": ["BR-FR-08"],
    "lost": ["BR-02"],
}


@pytest.fixture
def call(capsys, monkeypatch):
    """Run the command on made-up changes; return its exit code, output and errors."""

    def run(*words, found=(), judged=3, before=("en16931@1",), after=("en16931@1",)):
        def compare(_paths, _options, _config, tally):
            tally.documents = judged
            tally.before = dict.fromkeys(before)
            tally.after = dict.fromkeys(after)
            return iter(found)

        monkeypatch.setattr(bootstrap, "compare_rules", compare)
        with pytest.raises(SystemExit) as left:
            app(["rules", "compare", *words])
        told = capsys.readouterr()
        return left.value.code, told.out, told.err

    return run


def test_the_command_writes_objects_too(call):
    code, out, err = call("f.xml", "--version", BEFORE, "--format", "jsonl", found=[CHANGE])

    assert (code, [json.loads(line) for line in out.splitlines()], err) == (1, [CHANGE], "")


def test_where_no_verdict_changes_the_command_leaves_with_nought(call):
    assert call("f.xml", "--version", BEFORE) == (
        0,
        "",
        "3 documents jugés. Aucun verdict ne change.\n"
        "  mêmes versions les deux jours : en16931@1\n",
    )


def test_where_nothing_was_judged_the_command_says_so(call):
    assert call("vide", "--version", BEFORE, judged=0)[2] == "Aucun document à juger.\n"
    told = call("f.xml", "--version", BEFORE, judged=1, before=(), after=())[2]
    assert "mêmes versions les deux jours : aucun jeu de règles" in told


def test_the_command_says_which_rules_it_compared(call):
    _, _, err = call("f.xml", "--version", BEFORE, before=("b@1", "a@1"), after=("a@1",))

    assert "  règles du dépôt : a@1, b@1\n  autres règles : a@1\n" in err


@pytest.mark.parametrize("words", [[], ["--version", BEFORE, "--depuis", "hier"]])
def test_a_command_written_wrong_leaves_with_two(call, words):
    assert call(*words)[0] == 2


def test_the_command_tells_each_change_and_leaves_with_one(call):
    code, out, err = call("f.xml", "--version", BEFORE, found=[CHANGE])

    assert code == 1
    assert out == (
        "✗ f.xml : valide → invalide (REJ_SEMAN)\n    en plus : BR-FR-08\n    en moins : BR-02\n"
    )
    assert err.startswith("3 documents jugés. 1 verdict change.\n")
