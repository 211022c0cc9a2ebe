"""The antivirus hook: a command says of each file whether it may be opened."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from chorus_edi.adapters.antivirus import AntivirusCommand, NoAntivirus
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.statuses import FluxState
from chorus_edi.errors import Incident
from tests.builders import ubl
from tests.crash.conftest import data_folder
from tests.crash.nights import RECIPIENTS

INVOICE = ubl(number=1, recipient=RECIPIENTS[0])
MARK = "Facture-Infectee"


@pytest.fixture
def scanner(tmp_path: Path) -> Path:
    """A scanner with the exit codes of clamdscan: it knows one virus, and fails on an order."""
    path = tmp_path / "scanner"
    path.write_text(
        "#!/bin/sh\n"
        f'grep -q {MARK} "$2" && {{ echo "$2: {MARK} FOUND"; exit 1; }}\n'
        'grep -q Panne "$2" && { echo "base absente" >&2; exit 2; }\n'
        'grep -q Attente "$2" && sleep 60\n'
        "exit 0\n"
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def said(scanner: Path, content: str, patience: float = 30) -> tuple[str | None, str]:
    file = scanner.with_name("recu")
    file.write_text(content)
    return AntivirusCommand([str(scanner), "--quiet"], patience).scan(str(file))


def test_a_clean_file_is_said_to_be_clean(scanner: Path) -> None:
    assert said(scanner, "<Invoice/>") == (None, "Antivirus : rien à signaler.")


def test_a_virus_is_named_without_our_own_path(scanner: Path) -> None:
    assert said(scanner, MARK) == (f": {MARK} FOUND", "Antivirus : virus détecté.")


def test_without_a_command_the_record_says_that_nobody_looked() -> None:
    assert NoAntivirus().scan("a") == (None, "Antivirus : aucun n'est configuré.")


def test_a_scanner_that_fails_is_late_or_missing_lets_nothing_through(scanner: Path) -> None:
    with pytest.raises(Incident, match=r"code 2.*base absente"):
        said(scanner, "Panne")
    with pytest.raises(Incident, match="ne répond pas"):
        said(scanner, "Attente", patience=0.2)
    with pytest.raises(Incident, match="ne répond pas"):
        AntivirusCommand(["/nowhere/at-all"], 1).scan("a")


def test_an_infected_flow_is_refused_unopened_and_the_others_go_on(
    tmp_path: Path, scanner: Path
) -> None:
    folder = data_folder(tmp_path / "data", "", workers=1)
    with folder.config.open("a", encoding="utf-8") as file:
        file.write(f'[antivirus]\ncommande = ["{scanner}", "--quiet"]\n')
    inbox = folder.root / "inbox" / "ABC123"
    inbox.mkdir(parents=True)
    (inbox / "a.xml").write_bytes(INVOICE)
    (inbox / "b.xml").write_text(MARK)
    settings = bootstrap.load_settings(folder.config)

    bootstrap.run(settings, once=True)

    with bootstrap.open_store(settings) as store:
        found = {flux.nom_fichier: flux for flux in store.suivi()}
        histories = {
            name: [event.detail for event in store.events(flux.numero_flux)]
            for name, flux in found.items()
        }
    assert found["a.xml"].etat is FluxState.IN_INTEGRE
    assert (found["b.xml"].etat, found["b.xml"].motif) == (
        FluxState.IN_REJETE,
        Motive.IRR_ANTIVIRUS,
    )
    assert "Antivirus : rien à signaler." in histories["a.xml"]
    assert "Antivirus : virus détecté." in histories["b.xml"]
