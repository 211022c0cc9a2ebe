"""What was judged of a flow at the door is not judged otherwise after a crash."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from chorus_edi.domain.flux import Flux
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.statuses import FluxState
from tests.crash.conftest import DataFolder, data_folder
from tests.crash.left import differences
from tests.crash.nights import batch

KILLED = -signal.SIGKILL
BARRED = 'interfaces = ["FSO1117A"]'
"""A right that none of these flows has: they bear no interface."""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return data_folder(tmp_path / "data", "", workers=1)


def deposit(folder: DataFolder, **files: bytes) -> None:
    inbox = folder.root / "inbox" / "ABC123"
    inbox.mkdir(parents=True)
    for name, content in files.items():
        (inbox / f"{name}.tar.gz").write_bytes(content)


def agree(folder: DataFolder, right: str) -> None:
    """Write the partners anew."""
    (folder.root / "partenaires.toml").write_text(
        f'defaut = "ABC123"\n[[partenaire]]\ncode = "ABC123"\nnom = "Éditeur"\n{right}\n', "utf-8"
    )


def flows(folder: DataFolder) -> list[Flux]:
    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        return sorted(store.suivi(), key=lambda flux: flux.sequence)


def test_a_flow_sent_twice_is_refused_though_the_first_was_rejected_before_the_crash(
    tmp_path: Path, folder: DataFolder
) -> None:
    calm = data_folder(tmp_path / "calm", "", workers=1)
    rejected = batch(2, seed=31, broken=2)
    for one in (calm, folder):
        deposit(one, a=rejected, b=rejected)
    calm.run()

    assert folder.run_killed("shelved") == KILLED
    folder.run_killed()

    assert [flux.motif for flux in flows(calm)] == [Motive.IRR_SYNTAX, Motive.IRR_UNICITE]
    assert differences(calm.left(), folder.left()) == []


def test_a_flow_let_in_before_a_crash_is_delivered_though_its_sender_lost_the_right_since(
    folder: DataFolder,
) -> None:
    deposit(folder, a=batch(3, seed=32))
    agree(folder, "noms_libres = true")
    assert folder.run_killed("decided") == KILLED

    agree(folder, BARRED)
    folder.run_killed()

    (flux,) = flows(folder)
    assert (flux.etat, flux.integrees) == (FluxState.IN_INTEGRE, 3)
    assert len(list((folder.root / "outbox").glob("*/*/*.xml"))) == 3


def test_a_flow_refused_before_a_crash_is_let_in_where_its_sender_has_the_right_since(
    folder: DataFolder,
) -> None:
    deposit(folder, a=batch(3, seed=33))
    agree(folder, BARRED)
    assert folder.run_killed("registered") == KILLED

    agree(folder, "noms_libres = true")
    folder.run_killed()

    (flux,) = flows(folder)
    assert (flux.etat, flux.integrees) == (FluxState.IN_INTEGRE, 3)


def test_what_was_promised_before_a_crash_is_delivered_whatever_its_sender_may_send_since(
    folder: DataFolder,
) -> None:
    count = 70  # two transactions decide them
    deposit(folder, a=batch(count, seed=34))
    agree(folder, "noms_libres = true")
    assert folder.run_killed("decided") == KILLED

    agree(folder, 'noms_libres = true\nformats = ["cii"]\nsirets = ["99990001200017"]')
    folder.run_killed()

    (flux,) = flows(folder)
    assert (flux.etat, flux.integrees) == (FluxState.IN_INTEGRE, count)
    assert len(list((folder.root / "outbox").glob("*/*/*.xml"))) == count


def test_a_flow_begun_before_a_crash_waits_for_its_partner_to_be_there_again(
    folder: DataFolder,
) -> None:
    deposit(folder, a=batch(3, seed=35))
    agree(folder, "noms_libres = true")
    assert folder.run_killed("decided") == KILLED
    partners = folder.root / "partenaires.toml"
    agreed = partners.read_text("utf-8")

    partners.write_text(agreed.replace("ABC123", "ABC124"), "utf-8")
    folder.run_killed()
    (waiting,) = flows(folder)
    partners.write_text(agreed, "utf-8")
    folder.run_killed()

    (flux,) = flows(folder)
    assert waiting.etat is FluxState.IN_EN_COURS_TRAITEMENT_CPP
    assert (flux.etat, flux.integrees) == (FluxState.IN_INTEGRE, 3)
