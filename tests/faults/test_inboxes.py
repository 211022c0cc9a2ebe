"""What senders, events and a second process do to an inbox: each file is one flow, once."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from chorus_edi.adapters.files import watching
from chorus_edi.domain.flux import Flux
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.statuses import FluxState
from tests.builders import ubl
from tests.crash.nights import RECIPIENTS
from tests.e2e.test_night import COMMAND
from tests.faults.nights import RENAMED, Clock, Installation, Left


def invoice(number: int) -> bytes:
    return ubl(number=number, recipient=RECIPIENTS[0])


@pytest.fixture
def empty(installation: Installation) -> Installation:
    """An installation with nothing in its inbox but a partner's folder."""
    for path in installation.inbox.rglob("*"):
        if path.is_file():
            path.unlink()
    return installation


def put(installation: Installation, content: bytes, name: str = "facture.xml") -> Path:
    """Rename a file onto its final name, over whatever bears it."""
    folder = installation.inbox / "ABC123"
    (folder / f"{name}.part").write_bytes(content)
    return (folder / f"{name}.part").replace(folder / name)


def flows(installation: Installation) -> list[Flux]:
    with bootstrap.open_store(installation.settings) as store:
        return sorted(store.suivi(), key=lambda flux: flux.sequence)


def kept(installation: Installation) -> list[bytes]:
    """Return what was received and is on a shelf, by flow."""
    shelf = installation.folder.root / "var" / "archive"
    return [p.read_bytes() for p in sorted(shelf.rglob("*")) if p.is_file()]


# -- the same name again -------------------------------------------------------------------------


def test_the_same_name_every_night_with_new_content_is_a_new_flow_each_time(
    empty: Installation,
) -> None:
    nights = [invoice(number) for number in (1, 2, 3)]
    for content in nights:
        put(empty, content)
        empty.run()

    assert [flux.etat for flux in flows(empty)] == [FluxState.IN_INTEGRE] * 3
    assert kept(empty) == nights


def test_a_file_renamed_over_one_that_is_being_claimed_is_taken_in_its_stead(
    empty: Installation,
) -> None:
    put(empty, invoice(1))

    empty.run(Clock(0, lambda: put(empty, invoice(2))))

    (flux,) = flows(empty)
    assert flux.etat is FluxState.IN_INTEGRE
    assert kept(empty) == [invoice(2)]
    assert empty.folder.under_way() == []


@pytest.mark.parametrize("moment", [3, 5])
def test_a_file_of_the_same_name_that_comes_once_the_first_is_taken_is_another_flow(
    empty: Installation, moment: int
) -> None:
    put(empty, invoice(1))

    empty.run(Clock(moment, lambda: put(empty, invoice(2))))
    empty.run()

    assert [flux.etat for flux in flows(empty)] == [FluxState.IN_INTEGRE] * 2
    assert kept(empty) == [invoice(1), invoice(2)]


# -- slow writers --------------------------------------------------------------------------------


def test_a_writer_that_takes_ten_minutes_is_waited_for_and_its_file_is_whole(
    empty: Installation,
) -> None:
    content = invoice(1)
    path = put(empty, content[:1], "lente.xml")

    def write(seconds: float) -> bool:
        assert seconds < 700
        if seconds <= 600:
            assert path.exists()
            with path.open("ab") as file:
                file.write(content[file.tell() : int(len(content) * seconds / 600)])
        return path.exists()

    empty.serve(script=write)

    (flux,) = flows(empty)
    assert flux.etat is FluxState.IN_INTEGRE
    assert kept(empty) == [content]


def test_a_file_that_never_becomes_whole_is_refused_after_the_time_agreed_with_a_report(
    empty: Installation,
) -> None:
    empty.agree('{ regle = "calme", calme = 5, abandon = 600 }')
    path = put(empty, invoice(1)[:-40])
    looks: list[float] = []

    def until_it_is_judged(seconds: float) -> bool:
        looks.append(seconds)
        return path.exists()

    empty.serve(script=until_it_is_judged)

    (flux,) = flows(empty)
    assert 600 <= looks[-1] <= 620
    assert (flux.etat, flux.motif) == (FluxState.IN_REJETE, Motive.IRR_SYNTAX)
    reports = empty.folder.root / "outbox" / "ABC123"
    assert {path.suffix for path in reports.iterdir()} == {".html", ".json"}


# -- events --------------------------------------------------------------------------------------


def watched_by(behaviour: Callable[[Callable[[], None]], None]) -> Callable[..., object]:
    @contextmanager
    def watched(_inbox: Path, wake: Callable[[], None]) -> Iterator[None]:
        behaviour(wake)
        yield

    return watched


def lost(_: Callable[[], None]) -> None:
    """Tell nothing."""


def doubled(wake: Callable[[], None]) -> None:
    for _ in range(1000):
        wake()


@pytest.mark.parametrize("events", [lost, doubled])
def test_files_are_each_taken_once_whatever_becomes_of_their_events(
    installation: Installation,
    undisturbed: Left,
    monkeypatch: pytest.MonkeyPatch,
    events: Callable[[Callable[[], None]], None],
) -> None:
    installation.agree(RENAMED)
    installation.configure("[scan]\nfiles = 3\n")
    monkeypatch.setattr(watching, "watched", watched_by(events))

    installation.serve(script=lambda seconds: seconds < 60)

    ended = [(flux.nom_fichier, flux.etat, flux.motif) for flux in flows(installation)]
    assert Counter(etat for _, etat, _ in ended) == Counter(flow[1] for flow in undisturbed.flows)
    assert sorted(installation.left().files) == sorted(undisturbed.files)


# -- a backlog that nothing can be done about ----------------------------------------------------


def test_a_service_does_not_spin_on_files_that_cannot_be_taken_and_gets_to_the_others(
    empty: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty.agree(RENAMED)
    empty.configure("[scan]\nfiles = 2\n")
    for number in range(1, 6):
        put(empty, invoice(number), f"{number}.xml")
    rename, stuck, tries = Path.rename, {"1.xml", "2.xml", "3.xml"}, Counter[str]()

    def refused(self: Path, target: Path) -> Path:
        if self.name in stuck and self.parent.name == "ABC123":
            tries[self.name] += 1
            raise PermissionError(1, os.strerror(1), str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    looks: list[float] = []

    def watch(seconds: float) -> bool:
        looks.append(seconds)
        if seconds > 100:
            stuck.clear()
        return seconds < 3000 and len(looks) < 1000

    empty.serve(script=watch)

    assert [flux.etat for flux in flows(empty)] == [FluxState.IN_INTEGRE] * 5
    assert len(looks) < 400
    assert max(tries.values()) < 10


# -- two processes -------------------------------------------------------------------------------


def started(*installations: Installation) -> list[tuple[int, str]]:
    """Start ``run --once`` in each at once; return their exit codes and what they said."""
    processes = [
        subprocess.Popen(
            [COMMAND, "run", "--once", "--config", str(one.folder.config)],
            stderr=subprocess.PIPE,
            text=True,
        )
        for one in installations
    ]
    said = [process.communicate(timeout=120)[1] for process in processes]
    return [(process.returncode, text) for process, text in zip(processes, said, strict=True)]


def test_two_processes_on_one_data_folder_are_one_and_a_refusal(
    installation: Installation, undisturbed: Left
) -> None:
    installation.folder.config.write_text(
        installation.folder.config.read_text().replace("count = 2", "count = 1")
    )

    ended = sorted(started(installation, installation))

    assert [code for code, _ in ended] == [0, 75]
    assert "un autre processus traite déjà le dossier" in ended[1][1]
    left = installation.left()
    assert sorted(left.flows) == sorted(undisturbed.flows)
    assert left.invoices == undisturbed.invoices


def test_two_installations_on_one_inbox_share_its_files_without_a_double(
    empty: Installation, tmp_path: Path
) -> None:
    other = Installation(tmp_path / "other")
    other.configure(f'[folders]\ninbox = "{empty.inbox}"\n')
    files = {f"{number:02d}.xml": invoice(number) for number in range(1, 21)}
    for name, content in files.items():
        put(empty, content, name)

    ended = started(empty, other)

    assert [code for code, _ in ended] == [0, 0]
    assert sorted([*kept(empty), *kept(other)]) == sorted(files.values())
    delivered = Counter(
        path.read_bytes()
        for one in (empty, other)
        for path in (one.folder.root / "outbox").glob("[0-9]*/*/*-0001.xml")
    )
    assert delivered == Counter(files.values())
    # Whoever came second says that the file was gone.
    states = Counter(flux.etat for one in (empty, other) for flux in flows(one))
    assert states[FluxState.IN_INTEGRE] == len(files)
    assert set(states) <= {FluxState.IN_INTEGRE, FluxState.IN_INCIDENTE}
