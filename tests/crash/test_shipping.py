"""Killed while it delivers what events made owed, a run ends as if nothing had happened."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from chorus_edi.domain.actors import Actor, Identity
from chorus_edi.domain.processing_motives import ProcessingMotive
from chorus_edi.domain.statuses import InvoiceStatus
from chorus_edi.services import lives
from chorus_edi.services.nights import tar_gz
from chorus_edi.services.whole_life import demand
from tests.crash.conftest import DataFolder, data_folder
from tests.crash.left import Left, differences
from tests.crash.nights import RECIPIENTS
from tests.crash.one_run import StandingClock, run_once
from tests.integration.test_shipping import plain, recycled

RECIPIENT = next(one for one in RECIPIENTS if not one.code_service and not one.engagement)
ELSEWHERE = next(one for one in RECIPIENTS if one.siret != RECIPIENT.siret and one.code_service)

FINAL = ("rename outbox.adopt", "replace outbox.write", "COMMIT lifecycle.shipped")


@pytest.fixture(scope="module")
def owing(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """An installation whose next run owes a validated, a completed and a recycled invoice."""
    made = data_folder(tmp_path_factory.mktemp("owing") / "data", "", workers=1)
    inbox = made.root / "inbox" / "ABC123"
    inbox.mkdir(parents=True)
    files = {f"{n}.xml": demand(n, [RECIPIENT]) for n in range(1, 4)}
    (inbox / "lot.tar.gz").write_bytes(tar_gz(files))
    run_once(made.config)
    with bootstrap.open_desk(bootstrap.load_settings(made.config), StandingClock()) as desk:
        documents = [invoice.id for invoice in desk.store.factures()]
        for document in documents[1:]:
            lives.validate(desk, document, None)
    run_once(made.config)
    with bootstrap.open_desk(bootstrap.load_settings(made.config), StandingClock()) as desk:
        town = Identity(Actor.DESTINATAIRE, RECIPIENT.siret)
        lives.validate(desk, documents[0], None, comment="Bon pour paiement.")
        for document in documents[1:]:
            missing = ProcessingMotive.JUSTIF_ABS
            lives.set_status(desk, document, InvoiceStatus.SUSPENDUE, town, motif=missing)
            lives.complete(desk, document, None, {"bon.pdf": b"%PDF-1.4"})
        wrong = ProcessingMotive.SE_ERR
        lives.set_status(desk, documents[2], InvoiceStatus.A_RECYCLER, town, motif=wrong)
        answer = lives.recycle(
            desk,
            documents[2],
            None,
            recipient=ELSEWHERE.siret,
            code_service=ELSEWHERE.code_service,
            engagement="4500001",
        )
        assert not answer.code.refused
        assert len(desk.lives.owed()) == 4
    return made


def copied(owing: DataFolder, root: Path) -> DataFolder:
    shutil.copytree(owing.root, root)
    return DataFolder(root, "")


@pytest.fixture(scope="module")
def calm(owing: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> tuple[Left, list[str]]:
    """What an undisturbed run leaves, and the effects of its shipping."""
    folder = copied(owing, tmp_path_factory.mktemp("calm") / "data")
    assert folder.run_killed() == 0
    effects = [effect for gap, effect in folder.seen() if gap == "begin" and effect]
    return folder.left(), effects


def moments(effects: list[str]) -> list[str]:
    """Return the first passage of each effect, and the last of what makes it final."""
    last = [f"{effect}:{effects.count(effect)}" for effect in FINAL]
    return [f"begin>{effect}" for effect in (*dict.fromkeys(effects), *last)]


def test_a_run_killed_at_any_effect_of_its_shipping_ends_as_an_undisturbed_one(
    tmp_path: Path, owing: DataFolder, calm: tuple[Left, list[str]]
) -> None:
    left, effects = calm
    assert {*FINAL} < {*effects}

    for number, moment in enumerate(moments(effects)):
        folder = copied(owing, tmp_path / f"{number}")
        assert folder.run_killed(moment) == -signal.SIGKILL, moment
        folder.run()

        assert differences(left, folder.left()) == [], moment
        assert folder.under_way() == [], moment
        shutil.rmtree(folder.root)


@pytest.mark.parametrize(
    "crash_at",
    [
        "screened",
        "screened>COMMIT store.decide",
        "decided",
        "closed",
        "shelved",
        "shelved>rename outbox.adopt",
        "shelved>COMMIT lifecycle.shipped",
    ],
)
def test_an_invoice_recycled_by_edi_is_so_once_wherever_the_run_is_killed(
    tmp_path: Path, crash_at: str
) -> None:
    calm, killed = (_coming_again(tmp_path / name) for name in ("calm", "killed"))
    for folder in (calm, killed):
        code = folder.run_killed(*([crash_at] if folder is killed else []))
        assert code == (-signal.SIGKILL if folder is killed else 0)
        for _ in range(2):
            folder.run()

    assert differences(calm.left(), killed.left()) == []
    assert any("-recyclage/" in name for name in calm.left())


@pytest.mark.parametrize("dies_at", ["worker>examine:2", "worker>answer:2", "worker>examine:3"])
def test_an_invoice_recycled_by_edi_is_so_though_the_worker_dies_that_compares_or_ships_it(
    tmp_path: Path, dies_at: str
) -> None:
    calm, hurt = (_coming_again(tmp_path / name) for name in ("calm", "hurt"))

    assert calm.run_killed() == 0
    assert hurt.run_killed(workers=(dies_at,)) == 0

    assert [point for point, _ in hurt.deaths()] == ["worker"]
    assert differences(calm.left(), hurt.left()) == []
    assert any("-recyclage/" in name for name in calm.left())


def _coming_again(root: Path) -> DataFolder:
    """Make an installation in whose inbox an invoice to be recycled stands once more."""
    made = data_folder(root, "", workers=1)
    inbox = made.root / "inbox" / "ABC123"
    inbox.mkdir(parents=True)
    (inbox / "facture.xml").write_bytes(plain(1))
    run_once(made.config)
    with bootstrap.open_desk(bootstrap.load_settings(made.config), StandingClock()) as desk:
        (document,) = (invoice.id for invoice in desk.store.factures())
        town, motif = Identity(Actor.DESTINATAIRE, RECIPIENT.siret), ProcessingMotive.SE_ERR
        lives.set_status(desk, document, InvoiceStatus.A_RECYCLER, town, motif=motif)
    (inbox / "renvoi.xml").write_bytes(recycled(1))
    return made
