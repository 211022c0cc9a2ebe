"""A night through the installed command, as an operator runs it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chorus_edi.pipeline.tasks import CHUNK_BYTES
from tests.archives import tar_gz

COMMAND = str(Path(sys.executable).with_name("chorus-edi"))


def chorus_edi(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, "COLUMNS": "200"},
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration that was run once."""
    folder = tmp_path_factory.mktemp("demo") / "nuit"
    done = chorus_edi("demo", str(folder), cwd=folder.parent)
    assert done.returncode == 0, done.stderr
    assert "Suivi des flux" in done.stdout
    assert "Où sont les fichiers" in done.stdout
    return folder


def test_a_demonstration_never_empties_an_installation(tmp_path: Path) -> None:
    folder = tmp_path / "exploitation"
    made = chorus_edi("config", "init", str(folder), cwd=tmp_path)
    deposit = folder / "inbox" / "ABC123" / "facture.xml"
    deposit.parent.mkdir(parents=True)
    deposit.write_bytes(b"<Invoice/>")

    done = chorus_edi("demo", str(folder), cwd=tmp_path)

    assert (made.returncode, done.returncode) == (0, 2)
    assert "choisissez-en un autre" in done.stderr
    assert deposit.read_bytes() == b"<Invoice/>"


def listed(demo: Path, *arguments: str) -> list[dict[str, Any]]:
    done = chorus_edi(*arguments, "--format", "json", cwd=demo)
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def test_the_demonstration_shows_each_end_a_flow_can_have(demo: Path) -> None:
    rows = {row["nom_fichier"]: row for row in listed(demo, "suivi")}

    ends = {name.split("-")[0][:8]: (row["etat"], row["motif"]) for name, row in rows.items()}
    assert ends == {
        "01": ("IN_INTEGRE", None),
        "02": ("IN_INTEGRE", None),
        "03": ("IN_INTEGRE", None),
        "FSO1100A": ("IN_INTEGRE", None),
        "05": ("IN_INTEGRE_PARTIEL", None),
        "06": ("IN_REJETE", "IRR_SYNTAX"),
        "07": ("IN_EN_ATTENTE_RETRAITEMENT_CPP", None),
        "08": ("IN_REJETE", "IRR_TYPE_F"),
        "FSO1110A": ("IN_REJETE", "IRR_CODE_APP"),
        "10": ("IN_REJETE", "IRR_UNICITE"),
        "11": ("IN_INTEGRE", None),
    }


def test_the_demonstration_takes_one_invoice_through_a_whole_life(demo: Path) -> None:
    (paid,) = listed(demo, "factures", "--statut", "MISE_EN_PAIEMENT")

    done = chorus_edi("factures", "show", paid["id"], "--format", "json", cwd=demo)

    shown = json.loads(done.stdout)
    assert [row["statut"] for row in shown["historique"]] == [
        "DEPOSEE",
        "A_VALIDER_1",
        "VALIDEE_1",
        "EN_COURS_ACHEMINEMENT",
        "MISE_A_DISPOSITION",
        "SUSPENDUE",
        "COMPLETEE",
        "A_RECYCLER",
        "DEPOSEE",
        "EN_COURS_ACHEMINEMENT",
        "MISE_A_DISPOSITION",
        "SERVICE_FAIT",
        "MANDATEE",
        "COMPTABILISEE",
        "MISE_EN_PAIEMENT",
    ]
    folders = {str(row["chemin"]).split("/")[2].rpartition("-")[2] for row in shown["fichiers"]}
    assert folders == {"validation", "complement", "recyclage"}
    assert len({str(row["chemin"]).split("/")[0] for row in shown["fichiers"]}) == 2


def test_the_rows_of_every_list_have_the_columns_of_the_contract(demo: Path) -> None:
    assert list(listed(demo, "suivi")[0]) == [
        "numero_flux",
        "nom_fichier",
        "emetteur",
        "interface",
        "canal",
        "date_depot",
        "etat",
        "etat_libelle",
        "date_etat",
        "factures",
        "integrees",
        "rejetees",
        "sha256",
        "motif",
    ]
    assert list(listed(demo, "factures")[0]) == [
        "id",
        "numero_flux",
        "numero_facture",
        "fournisseur",
        "destinataire",
        "code_service",
        "engagement",
        "montant_ttc",
        "devise",
        "cadre",
        "statut",
        "date_statut",
    ]
    assert list(listed(demo, "rejets")[0]) == [
        "numero_flux",
        "numero_facture",
        "date_depot",
        "emetteur",
        "fournisseur",
        "destinataire",
        "motif",
        "rule",
        "message",
        "location",
        "line",
        "conseil",
    ]


def test_an_official_flow_name_keeps_its_number_and_any_other_file_gets_one(demo: Path) -> None:
    rows = listed(demo, "suivi")

    numbers = {row["numero_flux"]: row["nom_fichier"] for row in rows}
    assert numbers["ABC1231100000000000000001"].startswith("FSO1100A_ABC123_")
    assert sum(number.startswith("CPP001") and len(number) == 25 for number in numbers) == 10


def test_every_file_received_lies_whole_on_a_shelf_with_its_sha256(demo: Path) -> None:
    shelved = {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for shelf in ("archive", "rejets")
        for path in (demo / "var" / shelf).rglob("*")
        if path.is_file()
    }

    assert {row["sha256"] for row in listed(demo, "suivi")} == shelved
    assert not [p for p in (demo / "inbox").rglob("*") if p.is_file()]


def test_a_delivery_holds_the_original_files_and_a_note_that_describes_them(demo: Path) -> None:
    notes = sorted((demo / "outbox").glob("[0-9]*/*/livraison.json"))

    delivered = 0
    for note in notes:
        told = json.loads(note.read_text(encoding="utf-8"))
        assert told["destinataire"] == note.parts[-3]
        for invoice in told["factures"]:
            for file in invoice["fichiers"]:
                content = (note.parent / file["nom"]).read_bytes()
                assert hashlib.sha256(content).hexdigest() == file["sha256"]
                assert len(content) == file["taille"]
            delivered += 1
    # One more was validated first, and has a folder and a note of its own.
    assert delivered == len(listed(demo, "factures")) - 1


def test_delivered_invoices_are_mise_a_disposition(demo: Path) -> None:
    statuses = [row["statut"] for row in listed(demo, "factures")]

    assert statuses.count("MISE_A_DISPOSITION") == len(statuses) - 1


def test_the_sender_gets_one_report_per_flow_with_every_finding(demo: Path) -> None:
    flows = listed(demo, "suivi")
    for flow in flows:
        stem = demo / "outbox" / "ABC123" / f"{flow['numero_flux']}_compte-rendu"
        report = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
        page = stem.with_suffix(".html").read_text(encoding="utf-8")
        assert flow["numero_flux"] in page
        assert report["flux"]["etat"] == flow["etat"]

    rejected = {row["rule"] for row in listed(demo, "rejets")}
    technical = {"CE-XSD", "CE-TYPE-02", "CE-FLUX-01", "CE-FLUX-04"}
    assert rejected == {"BR-CO-15", "CE-SERV-02", "CE-UNI-01", *technical}


def test_a_flow_in_detail_shows_its_events_and_documents(demo: Path) -> None:
    numero = next(r["numero_flux"] for r in listed(demo, "suivi") if r["factures"] == 5)

    done = chorus_edi("suivi", numero, "--format", "json", cwd=demo)

    detail = json.loads(done.stdout)
    assert [e["etat"] for e in detail["evenements"]] == [
        "IN_RECU",
        "IN_EN_COURS_TRAITEMENT_CPP",
        "IN_INTEGRE_PARTIEL",
    ]
    assert len(detail["documents"]) == 5


def test_lists_can_be_narrowed(demo: Path) -> None:
    assert {r["etat"] for r in listed(demo, "suivi", "--etat", "IN_REJETE")} == {"IN_REJETE"}
    assert listed(demo, "suivi", "--emetteur", "FAC001") == []
    assert listed(demo, "suivi", "--depuis", "2100-01-01") == []
    assert listed(demo, "factures", "--statut", "DEPOSEE") == []
    assert listed(demo, "rejets", "--date", "2001-01-01") == []


def test_a_list_in_csv_is_what_it_is_in_json(demo: Path) -> None:
    done = chorus_edi("suivi", "--format", "csv", cwd=demo)

    rows = list(csv.DictReader(io.StringIO(done.stdout), delimiter=";"))
    assert [r["numero_flux"] for r in rows] == [r["numero_flux"] for r in listed(demo, "suivi")]


def test_running_again_on_the_emptied_inbox_changes_nothing(demo: Path) -> None:
    before = listed(demo, "suivi")

    done = chorus_edi("run", "--once", cwd=demo)

    assert done.returncode == 0, done.stderr
    assert listed(demo, "suivi") == before


def test_validate_tells_by_its_exit_code_what_it_found(demo: Path) -> None:
    archive = demo / "var" / "archive"
    valid = str(next(archive.rglob("01-facture-ubl.xml")))
    plain = str(next(archive.rglob("07-facture-scannee.pdf")))
    text = str(next((demo / "var" / "rejets").rglob("08-lisez-moi.txt")))

    def code(*arguments: str) -> int:
        return chorus_edi("validate", *arguments, cwd=demo).returncode

    assert code(valid) == 0
    assert code(valid, plain) == 3
    assert code(valid, plain, text) == 1
    assert code("absent.xml") == 2
    assert code("--rules", "nonsense", valid) == 2


def test_validate_judges_a_file_whose_name_is_not_utf8_as_any_other(
    demo: Path, tmp_path: Path
) -> None:
    folder = os.fsencode(tmp_path)
    sound = next((demo / "var" / "archive").rglob("01-facture-ubl.xml")).read_bytes()
    (Path(os.fsdecode(folder + b"/a\xff.xml"))).write_bytes(sound)
    (Path(os.fsdecode(folder + b"/b\xff.xml"))).write_bytes(sound + b" " * CHUNK_BYTES)

    done = chorus_edi("validate", "--format", "jsonl", str(tmp_path), cwd=demo)

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["verdict"] for row in rows] == ["valid", "valid"], done.stderr
    assert [row["path"][-6:] for row in rows] == ["a�.xml", "b�.xml"]


def test_validate_tells_people_of_style_sheets_too(demo: Path, tmp_path: Path) -> None:
    sound = next((demo / "var" / "archive").rglob("01-facture-ubl.xml")).read_bytes()
    sheet = b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/>'
    archive, alone = tmp_path / "lot.tar.gz", tmp_path / "vue.xsl"
    archive.write_bytes(tar_gz([("a.xml", sound), ("vue.xsl", sheet)]))
    alone.write_bytes(sheet)

    together = chorus_edi("validate", str(archive), cwd=demo)
    by_itself = chorus_edi("validate", str(alone), cwd=demo)

    assert together.returncode == 0, together.stderr
    assert "lot.tar.gz!vue.xsl : pièce d'accompagnement" in together.stdout
    assert by_itself.returncode == 1, by_itself.stderr
    assert "vue.xsl : invalide (IRR_VIDE)" in by_itself.stdout


def test_validate_answers_in_path_order_whatever_the_number_of_jobs(demo: Path) -> None:
    def rows(jobs: str) -> list[dict[str, Any]]:
        done = chorus_edi(
            "validate", "--format", "jsonl", "--jobs", jobs, "var/archive", "var/rejets", cwd=demo
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    one, two = rows("1"), rows("2")

    assert one == two
    assert any("!" in row["path"] for row in one)
    assert list(one[0]) == [
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
    ]
    finding = next(f for row in one for f in row["findings"])
    assert list(finding) == [
        "rule",
        "severity",
        "stage",
        "terms",
        "term_labels",
        "address",
        "location",
        "line",
        "column",
        "found",
        "expected",
        "message",
        "conseil",
    ]


def test_validate_with_a_directory_looks_the_recipient_up(demo: Path) -> None:
    lost = next((demo / "var" / "archive").rglob("05-lot-partiel.tar.gz"))
    annuaire = ["config/annuaire/structures.csv", "config/annuaire/services.csv"]

    with_directory = chorus_edi(
        "validate", "--format", "jsonl", "--annuaire", *annuaire, str(lost), cwd=demo
    )
    without = chorus_edi("validate", "--format", "jsonl", str(lost), cwd=demo)

    def fired(done: subprocess.CompletedProcess[str]) -> set[str]:
        return {
            f["rule"] for line in done.stdout.splitlines() for f in json.loads(line)["findings"]
        }

    assert fired(with_directory) == {"BR-CO-15", "CE-SERV-02"}
    assert fired(without) == {"BR-CO-15"}
    told = json.loads(without.stdout.splitlines()[0])["not_checked"]
    assert "CE-SERV-02" in {entry["rule"] for entry in told}


def test_the_directory_can_be_imported_and_shown(demo: Path) -> None:
    done = chorus_edi(
        "annuaire",
        "import",
        "config/annuaire/structures.csv",
        "config/annuaire/services.csv",
        cwd=demo,
    )
    assert done.returncode == 0, done.stderr

    shown = chorus_edi("annuaire", "show", "21990001600011", cwd=demo)

    assert "COMMUNE FICTIVE" in shown.stdout
    assert "AFIN" in shown.stdout


def test_the_directory_is_searched_and_exported_to_what_imports_again(demo: Path) -> None:
    found = chorus_edi("annuaire", "search", "batiments montrepapier", cwd=demo)
    assert "BATI" in found.stdout

    assert chorus_edi("annuaire", "export", "copie", cwd=demo).returncode == 0
    files = [f"copie/{name}.csv" for name in ("structures", "services")]
    assert "Rien ne change." in chorus_edi("annuaire", "import", *files, cwd=demo).stdout


def test_an_invoice_has_a_certificate_that_is_verified(demo: Path) -> None:
    listed = chorus_edi("factures", "--format", "json", cwd=demo)
    identity = json.loads(listed.stdout)[0]["id"]
    shown = json.loads(
        chorus_edi("certificat", "show", identity, "--format", "json", cwd=demo).stdout
    )
    assert chorus_edi("certificat", "pdf", identity, "--sortie", "c.pdf", cwd=demo).returncode == 0

    told = chorus_edi(
        "certificat", "verify", shown["certificat"], "c.pdf", "--format", "json", cwd=demo
    )
    assert told.returncode == 0
    assert [(row["resultat"], row["id"]) for row in json.loads(told.stdout)] == [
        ("valide", identity)
    ] * 2

    wrong = chorus_edi("certificat", "verify", "config/chorus_edi.toml", cwd=demo)
    assert wrong.returncode == 1


@pytest.mark.parametrize("code", ["BR-CO-10", "IRR_SYNTAX", "MISE_A_DISPOSITION", "BT-131"])
def test_explain_knows_rules_motives_statuses_and_terms(demo: Path, code: str) -> None:
    done = chorus_edi("explain", code, cwd=demo)

    assert done.returncode == 0
    assert code in done.stdout


def test_the_installation_can_check_itself(demo: Path) -> None:
    assert chorus_edi("schemas", "verify", cwd=demo).returncode == 0
    assert chorus_edi("config", "check", cwd=demo).returncode == 0


def test_a_mistake_in_the_configuration_starts_nothing(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('[folders]\ninbox = "a"\noutbox = "a/b"\n')

    done = chorus_edi("run", "--once", "--config", "c.toml", cwd=tmp_path)

    assert done.returncode == 2
    assert "outbox" in done.stderr
    assert not (tmp_path / "a").exists()


def test_a_list_asked_for_in_the_wrong_folder_says_so_and_makes_nothing(tmp_path: Path) -> None:
    done = chorus_edi("suivi", cwd=tmp_path)

    assert done.returncode == 2
    assert "aucune donnée" in done.stderr
    assert list(tmp_path.iterdir()) == []
