"""``chorus-edi factures`` on a real installation: what it says, and how it leaves."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chorus_edi.cli import main as cli
from chorus_edi.domain.actors import Actor
from chorus_edi.services.whole_life import VALIDEUR, demand
from tests.crash.conftest import data_folder
from tests.integration.test_shipping import RECIPIENT, Installation, deposited, plain

Call = Callable[..., tuple[int, str, str]]
TOWN = f"destinataire:{RECIPIENT.siret}"


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    return Installation(data_folder(tmp_path / "data", "", workers=1))


@pytest.fixture
def call(
    here: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Run ``factures`` with some words; give its exit code, output and error output."""

    def run(*words: str) -> tuple[int, str, str]:
        command = ["chorus-edi", "factures", *words, "--config", str(here.folder.config)]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as leaving:
            cli.main()
        captured = capsys.readouterr()
        return int(leaving.value.code or 0), captured.out, captured.err

    return run


def test_without_a_command_invoices_are_listed(here: Installation, call: Call) -> None:
    (document,) = deposited(here, facture=plain(1))

    rows = json.loads(call("--format", "json")[1])

    assert [row["id"] for row in rows] == [document]
    assert json.loads(call("--statut", "DEPOSEE", "--format", "json")[1]) == []


def test_options_before_a_command_are_not_silently_lost(here: Installation, call: Call) -> None:
    (document,) = deposited(here, facture=plain(1))

    code, _, told = call("--statut", "DEPOSEE", "show", document)

    assert code == 2
    assert "après la commande" in told


def test_a_refusal_leaves_with_1_and_its_reason(here: Installation, call: Call) -> None:
    (document,) = deposited(here, facture=plain(1))

    code, out, told = call("statut", document, "SUSPENDUE", "--acteur", TOWN)
    as_json = call("statut", document, "MANDATEE", "--acteur", "fournisseur:1", "--format", "json")
    unknown = call("statut", "zz", "MANDATEE", "--acteur", TOWN)

    assert (code, out) == (1, "")
    assert "JUSTIF_ABS" in told
    assert as_json[0] == 1
    answer = json.loads(as_json[1])
    assert answer["resultat"] == "SANS_DROIT"
    assert answer["statut"] == "MISE_A_DISPOSITION"
    assert answer["message"].keys() == {"fr", "en"}
    assert unknown[::2] == (1, "Aucune facture zz.\n")
    code, _, told = call("show", "zz")
    assert code == 1
    assert "mandatement" in told


def test_the_same_order_twice_leaves_with_0_and_says_so(here: Installation, call: Call) -> None:
    (document,) = deposited(here, facture=plain(1))
    order = ("statut", document, "MANDATEE", "--acteur", TOWN, "--mandat", "M-1")

    assert call(*order)[:2] == (0, "Fait : « Mandatée ».\n")
    assert call(*order)[:2] == (0, "Déjà fait : rien n'est changé.\n")
    (row,) = csv.DictReader(io.StringIO(call(*order, "--format", "csv")[1]), delimiter=";")
    assert (row["resultat"], row["statut"]) == ("DEJA_FAIT", "MANDATEE")


@pytest.mark.parametrize(
    "words",
    [
        ("statut", "{id}", "DEPOSEE", "--acteur", TOWN),
        ("statut", "{id}", "NIMPORTE", "--acteur", TOWN),
        ("statut", "{id}", "MANDATEE", "--acteur", "maire"),
        ("statut", "{id}", "MANDATEE", "--acteur", TOWN, "--date", "demain"),
        ("statut", "{id}", "REJETEE", "--acteur", TOWN, "--motif", "FANTAISIE"),
        ("completer", "{id}", "--piece", "absente.pdf"),
        ("corriger-valideur", "{id}"),
    ],
)
def test_what_cannot_be_read_is_a_wrong_usage_and_changes_nothing(
    here: Installation, call: Call, words: tuple[str, ...]
) -> None:
    (document,) = deposited(here, facture=plain(1))
    before = here.life(document)

    assert call(*(word.format(id=document) for word in words))[0] == 2
    assert here.life(document) == before


def test_a_whole_life_from_the_command_line(here: Installation, call: Call, tmp_path: Path) -> None:
    (document,) = deposited(here, a9=demand(1, [RECIPIENT]))
    piece = tmp_path / "bon.pdf"
    piece.write_bytes(b"%PDF-1.4")

    assert call("refuser", document, "--motif", "ERR_VALIDEUR")[0] == 0
    assert call("valider", document)[0] == 1
    corrected = ("corriger-valideur", document, "--valideur", VALIDEUR, "--acteur")
    assert call(*corrected, "exploitant:claire")[0] == 0
    assert call("corriger-valideur", document, "--valideur", "12", "--acteur", "exploitant:c")[0]
    assert call("valider", document, "--acteur", "valideur:73282932000074")[0] == 1
    assert call("valider", document, "--commentaire", "Bon.")[0] == 0
    here.run()
    suspend = ("statut", document, "SUSPENDUE", "--acteur", TOWN, "--motif", "JUSTIF_ABS")
    assert call(*suspend)[0] == 0
    assert call("acquitter", document)[0] == 0
    assert call("completer", document, "--piece", str(piece), "--commentaire", "Voici.")[0] == 0
    assert call("statut", document, "REJETEE", "--acteur", TOWN, "--motif", "MONTANT_ERR")[0] == 0
    assert call("acquitter", document)[:2] == (0, "Fait : acquittement enregistré.\n")
    treated = call("traiter-rejet", document, "--commentaire", "Voir F-2.")
    assert treated[:2] == (0, "Fait : rejet traité.\n")

    shown = json.loads(call("show", document, "--format", "json")[1])
    assert shown["facture"]["statut"] == "REJETEE"
    assert [row["statut"] for row in shown["historique"]] == [
        "DEPOSEE",
        "A_VALIDER_1",
        "ERREUR_FOURNISSEUR_SUR_VALIDEUR",
        "A_VALIDER_1",
        "VALIDEE_1",
        "EN_COURS_ACHEMINEMENT",
        "MISE_A_DISPOSITION",
        "SUSPENDUE",
        "SUSPENDUE",
        "COMPLETEE",
        "REJETEE",
        "REJETEE",
        "REJETEE",
    ]
    assert "SANS_DROIT" in {row["reponse"] for row in shown["demandes"]}
    as_csv = call("show", document, "--format", "csv")[1]
    lists = list(csv.DictReader(io.StringIO(as_csv), delimiter=";"))
    assert {row["liste"] for row in lists} == {"historique", "demandes", "fichiers"}
    text = call("show", document)[1]
    for told in ("Historique", "Demandes", "Fichiers", "bon.pdf", "Rejetée"):
        assert told in text


def test_a_wrong_date_is_told_how_to_be_written(here: Installation, call: Call) -> None:
    (document,) = deposited(here, facture=plain(1))

    told = call("statut", document, "MANDATEE", "--acteur", TOWN, "--date", "hier")[2]

    assert "AAAA-MM-JJTHH:MM" in " ".join(told.split())


def test_possible_states_are_told_for_everybody_and_for_one(here: Installation, call: Call) -> None:
    (document,) = deposited(here, facture=plain(1))

    everybody = json.loads(call("etats-possibles", document, "--format", "json")[1])
    supplier = json.loads(
        call("etats-possibles", document, "--acteur", "fournisseur:1", "--format", "json")[1]
    )

    history = json.loads(call("show", document, "--format", "json")[1])["historique"]
    assert {row["acteur"] for row in history} == {"la plateforme"}
    assert {row["statut"] for row in everybody} >= {"A_RECYCLER", "MISE_EN_PAIEMENT"}
    assert {row["par"] for row in everybody} >= {Actor.DESTINATAIRE.value}
    assert supplier == []
    (recycled,) = (row for row in everybody if row["statut"] == "A_RECYCLER")
    assert "SE_ERR" in recycled["motif"].split(", ")
    assert call("etats-possibles", "zz")[0] == 1


def test_where_recycling_is_over_it_is_a_rejection_and_the_answer_says_so(
    here: Installation, call: Call
) -> None:
    with here.folder.config.open("a", encoding="utf-8") as file:
        file.write('[cycle_de_vie]\nrecyclage = "refuse-2026"\n')
    (document,) = deposited(here, facture=plain(1))

    code, out, _ = call("statut", document, "A_RECYCLER", "--acteur", TOWN, "--motif", "SE_ERR")

    assert code == 0
    assert "« Rejetée », ce que vaut ici ce renvoi à recycler" in out
    assert call("recycler", document, "--code-service", "X")[0] == 1
