"""What the command line writes: tables, JSON, CSV, verdicts, and the exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer

import chorus_edi
from chorus_edi.cli import main as cli
from chorus_edi.cli import render, terminal
from chorus_edi.cli.options import ListFormat, day, instant, one_of
from chorus_edi.cli.verdicts import verdict_lines
from chorus_edi.domain.deposits import Deposit
from chorus_edi.domain.flux import Examination, InvoiceSummary, Verdict
from chorus_edi.domain.identifiers import IdentifierKind
from chorus_edi.domain.recipients import (
    AnnuaireVersion,
    Match,
    Service,
    Structure,
    UnknownSuppliers,
)
from chorus_edi.domain.statuses import FluxState
from chorus_edi.errors import ConfigurationError, Defect, Incident
from chorus_edi.formats.reports import finding_object
from chorus_edi.services import factures, rejets, suivi
from chorus_edi.services.annuaire import Imported
from chorus_edi.services.certificats import Answer, Verified
from chorus_edi.services.verification import row_of
from tests.lives import available
from tests.unit import night

AT = datetime(2026, 7, 1, 22, 5, tzinfo=UTC)
COLUMNS = ("numero", "date", "message", "line")
ROWS: list[dict[str, Any]] = [
    {"numero": "F-1", "date": AT, "message": 'a;b "c"\nd', "line": 7},
    {"numero": None, "date": AT, "message": "été", "line": None},
]


def verdict(**changed: Any) -> dict[str, Any]:
    return {
        "path": "f.xml",
        "container": "xml",
        "syntax": "UBL-Invoice",
        "profile": None,
        "circuit": "afnor",
        "rule_sets": ["en16931@1"],
        "verdict": "valid",
        "motif": None,
        "not_checked": [],
        "findings": [],
    } | changed


def always(value: object) -> Callable[..., object]:
    return lambda *_, **__: value


def unstyled(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


class Annuaire:
    """A directory of one structure."""

    version = "v1"

    def structure(self, kind: IdentifierKind, identifier: str) -> Structure | None:
        known = Structure(kind=kind, identifier=night.TOWN, name="Valmont", demands_service=True)
        return known if identifier == night.TOWN else None

    def services(self, structure: str) -> list[Service]:
        return [
            Service(structure=structure, code="URBA", name="Urbanisme", demands_engagement=True),
            Service(structure=structure, code="VIEUX", name="Ancien", active=False),
        ]


@pytest.fixture
def boot(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Stand in for what wires the program: a made-up night instead of a database."""
    accepting = SimpleNamespace(fournisseurs_inconnus=UnknownSuppliers.ACCEPTED)
    folders = SimpleNamespace(outbox=Path("o"), data=Path("v"), inbox=Path("i"))
    fake = SimpleNamespace(
        load_settings=always(SimpleNamespace(folders=folders, annuaire=accepting)),
        open_store=always(night.NightStore()),
        run=always(
            SimpleNamespace(
                flows=2, documents=5, incidents=0, delayed={}, undelivered={}, defects={}
            )
        ),
        verify=always([verdict()]),
        import_annuaire=always(
            Imported(version=AnnuaireVersion(version="v1", structures=6, services=4))
        ),
        open_annuaire=always(Annuaire()),
        check_artefacts=always([]),
        check_config=always([]),
        outages=always(()),
        demo=always(SimpleNamespace(folders=folders)),
        open_desk=always(
            nullcontext(
                SimpleNamespace(
                    store=night.NightStore(), lives=SimpleNamespace(life=lambda _: available())
                )
            )
        ),
    )
    monkeypatch.setattr(chorus_edi, "bootstrap", fake, raising=False)
    return fake


@pytest.fixture
def store() -> night.NightStore:
    return night.NightStore()


@pytest.fixture
def call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run the command line with some words; give its exit code, output and error output."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["chorus-edi", *words])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
        captured = capsys.readouterr()
        return int(leaving.value.code or 0), captured.out, captured.err

    return run


# -- formats -------------------------------------------------------------------------------------


def test_json_is_one_array_with_paris_instants_and_nulls(
    capsys: pytest.CaptureFixture[str],
) -> None:
    render.write_rows(iter(ROWS), COLUMNS, ListFormat.JSON, "Rien.")
    read = json.loads(capsys.readouterr().out)
    assert [list(row) for row in read] == [list(COLUMNS)] * 2
    assert read[0]["date"] == "2026-07-02T00:05:00+02:00"
    assert read[1]["numero"] is None


def test_an_empty_list_is_an_empty_array_a_header_or_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for form, written in (
        (ListFormat.JSON, "[]\n"),
        (ListFormat.CSV, "numero;date;message;line\n"),
        (ListFormat.TABLE, "Rien.\n"),
    ):
        render.write_rows([], COLUMNS, form, "Rien.")
        assert capsys.readouterr().out == written


def test_csv_reads_back_whatever_the_text_holds(capsys: pytest.CaptureFixture[str]) -> None:
    render.write_rows(ROWS, COLUMNS, ListFormat.CSV, "Rien.")
    read = list(csv.reader(io.StringIO(capsys.readouterr().out), delimiter=";"))
    assert read == [
        list(COLUMNS),
        ["F-1", "2026-07-02T00:05:00+02:00", 'a;b "c"\nd', "7"],
        ["", "2026-07-02T00:05:00+02:00", "été", ""],
    ]


def test_a_table_in_a_pipe_has_every_column_and_one_line_per_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    render.write_rows(ROWS, COLUMNS, ListFormat.TABLE, "Rien.")
    assert capsys.readouterr().out == (
        "numero  date              message    line\n"
        'F-1     02/07/2026 00:05  a;b "c" d     7\n'
        "        02/07/2026 00:05  été\n"
    )


def test_control_characters_never_reach_a_terminal() -> None:
    assert render.one_line("a\x1b[31mb\x07c\u202ed\te") == "a�[31mb�c�d e"


def test_a_narrow_terminal_drops_spare_columns_and_keeps_numbers_whole(store: Any) -> None:
    rows = list(suivi.rows(store))
    kept = render.fitting(rows, suivi.COLUMNS, 80)
    assert kept == ["numero_flux", "etat_libelle", "factures", "integrees", "rejetees"]
    assert render.fitting(rows, suivi.COLUMNS, 400) == list(suivi.COLUMNS)


class Terminal(io.StringIO):
    """An output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def shown_on(
    monkeypatch: pytest.MonkeyPatch, width: int, rows: Iterator[Any], columns: tuple[str, ...]
) -> str:
    fake = Terminal()
    monkeypatch.setattr(sys, "stdout", fake)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    render.write_rows(rows, columns, ListFormat.TABLE, "Rien.")
    return unstyled(fake.getvalue())


def test_a_terminal_gets_a_table_that_fits_and_is_told_what_is_hidden(
    monkeypatch: pytest.MonkeyPatch, store: Any
) -> None:
    shown = shown_on(monkeypatch, 100, suivi.rows(store), suivi.COLUMNS)
    *table, note = shown.splitlines()
    assert all(len(line) <= 100 for line in table)
    assert any(night.NUMERO in line for line in table)
    assert note.startswith("Colonnes masquées : ")
    assert "sha256" in note


def test_a_wide_terminal_hides_nothing(monkeypatch: pytest.MonkeyPatch, store: Any) -> None:
    shown = shown_on(monkeypatch, 400, rejets.rows(store), rejets.COLUMNS)
    assert "masquées" not in shown
    assert "Corrigez BT-106" in shown


def test_fields_that_say_nothing_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    render.write_fields({"numero": "F-1", "motif": None, "date": AT})
    assert capsys.readouterr().out == "numero  F-1\ndate    02/07/2026 00:05\n"


# -- options -------------------------------------------------------------------------------------


def test_a_code_is_read_whatever_its_case_and_an_unknown_one_lists_them_all() -> None:
    assert one_of(FluxState, "in_rejete", "--etat") is FluxState.IN_REJETE
    assert one_of(FluxState, None, "--etat") is None
    with pytest.raises(typer.BadParameter, match="IN_INTEGRE_PARTIEL"):
        one_of(FluxState, "rejeté", "--etat")


def test_a_day_begins_at_midnight_in_paris() -> None:
    since = instant("2026-07-02", "--depuis")
    assert since is not None
    assert since.astimezone(UTC) == datetime(2026, 7, 1, 22, 0, tzinfo=UTC)
    assert instant("2026-07-02T00:00+00:00", "--depuis") == datetime(2026, 7, 2, tzinfo=UTC)
    assert instant(None, "--depuis") is None
    assert day(None, "--date") is None
    assert day("2026-07-02", "--date") == date(2026, 7, 2)


@pytest.mark.parametrize("read", [instant, day])
@pytest.mark.parametrize(
    "text", ["2/7/2026", "20260702", "2026-W27-4", "2026-02-30", "0001-01-01", "", "2026-07-02T"]
)
def test_what_is_no_day_as_people_write_it_is_a_command_written_wrong(
    read: Callable[[str, str], object], text: str
) -> None:
    with pytest.raises(typer.BadParameter, match="AAAA-MM-JJ"):
        read(text, "--date")


def test_a_day_takes_no_hour() -> None:
    with pytest.raises(typer.BadParameter, match="AAAA-MM-JJ"):
        day("2026-07-02T12:00", "--date")


# -- verdicts ------------------------------------------------------------------------------------


def plain(**changed: Any) -> str:
    return "\n".join(unstyled(line) for line in verdict_lines(verdict(**changed)))


def test_a_valid_file_takes_one_line() -> None:
    assert plain() == "✓ f.xml : valide (UBL-Invoice · afnor · en16931@1)"


def test_a_finding_tells_rule_place_terms_values_and_what_to_do() -> None:
    text = plain(
        verdict="invalid",
        motif="CALCUL_ERR",
        findings=[finding_object(night.TOTAL)],
    )
    for told in (
        "✗ f.xml : invalide (CALCUL_ERR · ",
        "BR-CO-10 bloquant · BG-22/BT-106 · ligne 142, colonne 7",
        "BT-106 Somme du montant net des lignes de facture",
        "trouvé : 1042.00 · attendu : 1040.00",
        f"    {night.TOTAL.location}",
        "→ Corrigez BT-106 ou les montants des lignes.",
    ):
        assert told in text


def test_a_finding_without_place_or_advice_stays_short() -> None:
    bare = finding_object(night.REMARK) | {"line": None, "found": None, "address": ""}
    text = plain(findings=[bare, finding_object(night.REMARK)])
    assert "BR-CL-23 avertissement\n" in text
    assert "BR-CL-23 avertissement · BG-25[2]/BT-130 · ligne 88\n" in text
    assert "→" not in text


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (" 0088", 'trouvé : " 0088"'),
        ("\N{NO-BREAK SPACE}", 'trouvé : " "'),
        ("", "trouvé : (vide)"),
        ("0 088", "trouvé : 0 088"),
    ],
)
def test_blanks_around_a_value_are_shown(found: str, said: str) -> None:
    assert said in plain(findings=[finding_object(night.TOTAL) | {"found": found}])


def test_a_hundred_warnings_do_not_hide_what_refuses() -> None:
    remarks = [finding_object(night.REMARK) | {"rule": f"UBL-CR-{n}"} for n in range(100)]
    text = plain(findings=[*remarks, finding_object(night.TOTAL)])

    lines = [line for line in text.splitlines() if "bloquant" in line or "avertissement" in line]
    assert lines[0].startswith("  BR-CO-10 bloquant")
    assert len(lines) == 1 + 10 + 1
    assert lines[-1].startswith(
        "  et 90 autres avertissements (le format jsonl les donne en entier)"
    )
    assert "UBL-CR-10, UBL-CR-11" in " ".join(text.split())


def test_what_was_not_checked_is_said_once_per_reason() -> None:
    reasons = {"br-fr": "Jeu absent.", "CE-DEST-03": "Sans annuaire", "CE-EJ-01": "Sans annuaire"}
    skipped = [{"rule": rule, "reason": reason} for rule, reason in reasons.items()]
    assert plain(not_checked=skipped).splitlines()[1:] == [
        "  non contrôlé (Jeu absent) : br-fr",
        "  non contrôlé (Sans annuaire) : CE-DEST-03, CE-EJ-01",
    ]


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        (["valid", "valid"], 0),
        (["valid", "undecided"], 3),
        (["undecided", "invalid"], 1),
        ([], 0),
    ],
)
def test_validate_leaves_with_the_code_of_the_contract(
    verdicts: list[str], code: int, boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    boot.verify = always([verdict(verdict=v) for v in verdicts])
    left, _, told = call("validate", "x.xml")
    assert left == code
    assert ("Aucun fichier" in told) == (not verdicts)


@pytest.mark.parametrize("answer", Verdict)
def test_validate_has_words_for_every_verdict(
    answer: Verdict, boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    examination = Examination(rank=1, name="a", size=1, sha256="", verdict=answer)
    boot.verify = always([row_of("a.xml", examination)])

    _, told, closing = call("validate", "a.xml")

    assert re.fullmatch(r"\S a\.xml : \D+\n", told)
    assert re.fullmatch(r"1 fichier : 1 \D+\.\n", closing)


def test_validate_passes_every_option_on(boot: SimpleNamespace, call: Callable[..., Any]) -> None:
    asked: list[Any] = []

    def verify(paths: object, options: object, progress: object) -> Iterator[dict[str, Any]]:
        asked.extend([paths, options, progress])
        return iter([verdict()])

    boot.verify = verify
    sets = ["--rules", "en16931,br-fr", "--keep-going", "--jobs", "3", "--official"]
    sets += ["--date", "2027-01-31"]
    assert call("validate", *sets, "--annuaire", "s.csv", "t.csv", "a", "b")[0] == 0
    paths, options, progress = asked
    assert paths == [Path("a"), Path("b")]
    assert (options.rules, options.keep_going, options.jobs) == ("en16931,br-fr", True, 3)
    assert options.official
    assert options.on == date(2027, 1, 31)
    assert options.annuaire == (Path("s.csv"), Path("t.csv"))
    assert progress is None


def test_validate_writes_one_json_object_per_line_as_it_got_it(
    boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    given = [verdict(path="a.tar.gz!é.xml"), verdict(verdict="invalid")]
    boot.verify = always(given)
    code, out, err = call("validate", "--format", "jsonl", "a")
    assert [json.loads(line) for line in out.splitlines()] == given
    assert (code, err) == (1, "")


@pytest.mark.parametrize(
    "words",
    [
        ["--jobs", "0", "a"],
        ["--jobs", "65", "a"],
        ["--format", "xml", "a"],
        ["--date", "hier", "a"],
        [],
    ],
)
def test_a_command_written_wrong_leaves_with_two(
    words: list[str], boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    assert call("validate", *words)[0] == 2


# -- commands ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "columns"),
    [("suivi", suivi.COLUMNS), ("factures", factures.COLUMNS), ("rejets", rejets.COLUMNS)],
)
def test_a_list_has_the_columns_of_the_contract_in_every_format(
    command: str, columns: tuple[str, ...], boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    table = call(command)[1].splitlines()
    spread = call(command, "--format", "csv")[1].splitlines()
    objects = json.loads(call(command, "--format", "json")[1])
    assert table[0].split() == list(columns)
    assert spread[0] == ";".join(columns)
    assert len(objects) == len(spread) - 1 == len(table) - 1
    assert all(list(row) == list(columns) for row in objects)


def test_the_filters_reach_the_store(boot: SimpleNamespace, call: Callable[..., Any]) -> None:
    for words, count in (
        (["suivi", "--etat", "IN_REJETE"], 1),
        (["suivi", "--emetteur", "ZZZ000"], 0),
        (["suivi", "--depuis", "2027-01-01"], 0),
        (["factures", "--flux", night.NUMERO, "--statut", "DEPOSEE"], 2),
        (["rejets", "--date", "2026-11-21", "--emetteur", "AAA999"], 3),
    ):
        assert len(json.loads(call(*words, "--format", "json")[1])) == count


def test_the_detail_of_a_flow_comes_in_every_format(
    boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    whole = json.loads(call("suivi", night.NUMERO, "--format", "json")[1])
    assert list(whole) == ["flux", "evenements", "documents"]
    assert len(whole["documents"]) == 4
    spread = list(
        csv.DictReader(
            io.StringIO(call("suivi", night.NUMERO, "--format", "csv")[1]), delimiter=";"
        )
    )
    assert [row["nature"] for row in spread] == ["evenement"] * 2 + ["document"] * 4
    text = call("suivi", night.NUMERO)[1]
    assert "Événements\n" in text
    assert "Documents\n" in text
    assert "2 intégrée(s), 2 rejetée(s)" in text
    first, second = text.partition("Règles appliquées\n")[2].splitlines()[1:]
    assert "1, 2, 3" in first
    assert "chorus-historique@4.21-1+CE-EJ-01=warning" in first
    assert "br-fr : Aucun signe d'un <circuit>" in second


def test_an_unknown_flow_is_a_wrong_usage(boot: SimpleNamespace, call: Callable[..., Any]) -> None:
    code, _, told = call("suivi", "INCONNU")
    assert code == 2
    assert "Flux inconnu : INCONNU" in told


def test_run_says_what_was_done_beside_the_output(
    boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    code, out, told = call("run", "--once")
    assert (code, out) == (0, "")
    assert told == "Flux traités : 2 · documents : 5 · incidents : 0\n"


def test_the_directory_is_imported_and_shown(
    boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    assert call("annuaire", "import", "s.csv", "t.csv") == (
        0,
        "Annuaire v1 en vigueur : 6 structures, 4 services.\n"
        "Aucune version précédente à laquelle le comparer.\n",
        "Sans liste de fournisseurs, aucun fournisseur n'est inconnu : tous sont acceptés.\n",
    )
    shown = call("annuaire", "show", night.TOWN)[1]
    assert "code service obligatoire" in shown
    assert "URBA" in shown


def test_the_directory_is_searched_and_says_when_there_is_more(
    boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    town = Match(
        nature="structure",
        kind=IdentifierKind.SIRET,
        identifier=night.TOWN,
        name="Valmont",
        code=None,
        service=None,
        active=True,
    )
    boot.search_annuaire = lambda _settings, _text: iter([town, town])

    code, out, told = call("annuaire", "search", "val", "--limite", "1", "--format", "csv")
    assert code == 0
    assert out.splitlines() == [
        "nature;type;identifiant;raison_sociale;code_service;service;actif",
        f"structure;SIRET;{night.TOWN};Valmont;;;oui",
    ]
    assert told == "Les 1 premières réponses ; précisez, ou donnez --limite.\n"
    assert call("annuaire", "search", "val")[2] == ""
    assert call("annuaire", "search", " ")[0] == 2


def test_the_directory_is_exported_and_names_its_files(
    boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    boot.export_annuaire = lambda _settings, folder: [folder / "structures.csv"]
    assert call("annuaire", "export", "d") == (0, "d/structures.csv\n", "")


def test_services_nobody_can_reach_are_told(
    boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    version = AnnuaireVersion(version="v2", structures=1, services=3, orphans=2)
    boot.import_annuaire = always(Imported(version=version))
    assert "2 services sans structure" in call("annuaire", "import", "s.csv", "t.csv")[2]


def test_a_structure_that_is_not_in_the_directory_is_said(
    boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    code, _, told = call("annuaire", "show", "9" * 14)
    assert code == 2
    assert "absent de l'annuaire v1" in told


class Certificates:
    """Certificates of one invoice."""

    deposit = Deposit(
        numero_flux="ABC1231150000000000000099",
        rank=1,
        name="f.xml",
        size=5,
        sha256="ab" * 32,
        date_depot=datetime(2026, 11, 21, 6, 42, tzinfo=UTC),
        emetteur="ABC123",
        summary=InvoiceSummary(number="F1", amount="12.50", currency="EUR"),
    )

    def find(self, _: str) -> Deposit:
        return self.deposit

    def verify(self, subject: str) -> list[Verified]:
        answer = Answer(subject.replace("-", " "))
        return [Verified(subject=subject, answer=answer, detail="dit", deposit=self.deposit)]


@pytest.fixture
def certified(boot: SimpleNamespace) -> SimpleNamespace:
    @contextmanager
    def opened(_: object) -> Iterator[Certificates]:
        yield Certificates()

    boot.open_certificates = opened
    boot.write_certificate = always(None)
    return boot


@pytest.mark.usefixtures("certified")
def test_a_certificate_is_shown_in_every_form(call: Callable[..., Any]) -> None:
    number = Certificates.deposit.certificate
    told = json.loads(call("certificat", "show", "x", "--format", "json")[1])

    assert told["certificat"] == number
    assert told["date_depot"] == "2026-11-21T07:42:00+01:00"
    assert f"certificat      {number}\n" in call("certificat", "show", "x")[1]
    assert call("certificat", "show", "x", "--format", "csv")[1].splitlines()[1].startswith(number)
    assert call("certificat", "pdf", "x", "--sortie", "c.pdf") == (0, "c.pdf\n", "")


@pytest.mark.usefixtures("certified")
@pytest.mark.parametrize(
    ("subjects", "code"),
    [(["valide"], 0), (["valide", "indéterminé"], 3), (["indéterminé", "non-valide"], 1)],
)
def test_a_verification_says_by_its_exit_code_what_it_comes_to(
    call: Callable[..., Any], subjects: list[str], code: int
) -> None:
    left, out, _ = call("certificat", "verify", *subjects, "--format", "json")

    assert left == code
    assert [row["objet"] for row in json.loads(out)] == subjects


def test_artefacts_are_listed_and_a_wrong_one_is_an_error(
    boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    right = SimpleNamespace(id="cii", path="a.xsd", expected="1", found="1", ok=True)
    wrong = SimpleNamespace(id="ubl", path="b.xsd", expected="1", found=None, ok=False)
    boot.check_artefacts = always([right])
    assert call("schemas", "verify")[0] == 0
    boot.check_artefacts = always([right, wrong])
    code, out, told = call("schemas", "verify")
    assert code == 1
    assert "✗ ubl  b.xsd\n    attendu 1, trouvé rien" in out
    assert told == "2 fichiers vérifiés, 1 en défaut.\n"


def test_faults_of_the_configuration_are_listed(
    boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    assert call("config", "check")[:2] == (0, "Configuration correcte.\n")
    boot.check_config = always(["le dossier inbox manque"])
    assert call("config", "check") == (2, "", "✗ le dossier inbox manque\n")


def test_the_demo_shows_flows_rejects_and_what_to_do_next(
    boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    out = call("demo", "d")[1]
    life = ("Vie de la facture", "MISE_A_DISPOSITION", "livraison")
    for told in ("Suivi des flux", night.NUMERO, "Rejets", "BR-CO-10", *life, "Et maintenant"):
        assert told in out


def test_a_code_is_explained_on_a_few_lines(call: Callable[..., Any]) -> None:
    assert "DOUBLON · motif de refus\nFacture en double\n" in call("explain", "doublon")[1]
    code, _, told = call("explain", "BRCO10")
    assert code == 2
    assert "BR-CO-10" in told
    assert "Vouliez-vous" not in call("explain", "~")[2]


# -- failures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (ConfigurationError("jeu inconnu"), 2, "chorus-edi : jeu inconnu\n"),
        (Incident("disque plein"), 75, "chorus-edi : incident, à relancer : disque plein\n"),
        (Defect("rang 0"), 70, "chorus-edi : défaut du programme, à signaler : rang 0\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_every_failure_has_its_exit_code(
    error: BaseException, code: int, told: str, boot: SimpleNamespace, call: Callable[..., Any]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    boot.run = fail
    left, _, err = call("run")
    assert (left, err) == (code, told)


def test_a_reader_that_leaves_early_ends_the_command_quietly(
    boot: SimpleNamespace, call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as output:
        monkeypatch.setattr(sys, "stdout", output)
        left, _, told = call("suivi")
    assert (left, told) == (141, "")


def test_an_unforeseen_error_is_logged_with_its_trace(
    boot: SimpleNamespace, call: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    boot.run = fail
    code, _, told = call("run")
    assert code == 70
    assert "à signaler" in told
    assert "ZeroDivisionError" in caplog.text


# -- streams -------------------------------------------------------------------------------------


def test_output_to_a_pipe_is_utf8_and_no_name_is_impossible(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="latin-1"))
    terminal.prepare_streams()
    render.write_json_array([{"nom": "œ\udce9"}])
    sys.stdout.flush()
    assert json.loads(raw.getvalue()) == [{"nom": "œ\udce9"}]


def test_there_is_no_progress_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with terminal.progress("Essai") as advance, terminal.tally("Nuit", "a", "b") as count:
        assert advance is count is None


def test_progress_is_shown_on_a_terminal_unless_results_are_printed_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    errors = Terminal()
    monkeypatch.setattr(sys, "stderr", errors)
    with terminal.progress("Essai") as advance:
        assert advance is not None
        advance(1, 4)
    with terminal.tally("Nuit", "documents", "flux") as count:
        assert count is not None
        count(12, 3)
    assert "Essai" in errors.getvalue()
    assert "Nuit : 12 documents, 3 flux" in errors.getvalue()
    monkeypatch.setattr(sys, "stdout", Terminal())
    with terminal.progress("Essai", beside_output=True) as advance:
        assert advance is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("metrics", "--sortie", "nulle-part/x.prom"), "nulle-part"),
        (("certificat", "pdf", "x", "--sortie", "."), "est un dossier"),
        (("annuaire", "export", "fichier"), "pas un dossier"),
        (("sauvegarde", "fichier"), "pas un dossier"),
        (("doctor", "--jours", "0"), "au moins 1"),
    ],
)
def test_a_wrong_path_or_count_is_a_wrong_usage(
    words: tuple[str, ...],
    told: str,
    call: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fichier").write_bytes(b"")

    code, _, error = call(*words)

    assert code == 2
    assert told in error
