"""Inbox, work folders and shelves, whatever a crash or a sender does to them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from chorus_edi.adapters.files import disk
from chorus_edi.adapters.files.arrivals import InboxScan
from chorus_edi.adapters.files.flows import FlowFolders
from chorus_edi.adapters.files.names import actual, recorded, shown
from chorus_edi.adapters.files.outbox import OutboxFolder
from chorus_edi.domain.flux import Canal, Flux
from chorus_edi.domain.partners import Partner, Partners
from chorus_edi.domain.statuses import FluxState
from chorus_edi.errors import Incident

NUMERO = "ABC1230000000000000000001"
AT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
CONTENT = b"<Invoice/>\n" * 1000
OWN = Partner(code="ABC123", name="Éditeur")
PARTNERS = Partners({OWN.code: OWN}, OWN)


def a_flux(chemin: str, numero: str = NUMERO) -> Flux:
    return Flux(
        numero_flux=numero,
        sequence=1,
        nom_fichier=shown(Path(actual(chemin)).name),
        emetteur="ABC123",
        interface=None,
        canal=Canal.EDI,
        chemin=chemin,
        date_depot=AT,
        etat=FluxState.IN_RECU,
        date_etat=AT,
    )


class Place:
    """An inbox and a data folder."""

    def __init__(self, root: Path, inbox: Path | None = None) -> None:
        self.inbox = inbox or root / "inbox"
        self.data = root / "var"
        self.folders = FlowFolders(self.inbox, self.data)

    def deposit(self, relative: str, content: bytes = CONTENT) -> Flux:
        path = self.inbox / relative
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return a_flux(recorded(relative))

    def in_inbox(self) -> list[str]:
        return sorted(str(p.relative_to(self.inbox)) for p in self.inbox.rglob("*") if p.is_file())

    def in_data(self) -> list[str]:
        return sorted(str(p.relative_to(self.data)) for p in self.data.rglob("*") if p.is_file())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


# -- names ---------------------------------------------------------------------------------------

NAMES = [
    "facture.xml",
    "Facture n° 12 (été).xml",
    "100%.xml",
    "%41%2F.xml",
    "deux\nlignes.xml",
    'guillemets " et \\ barre.xml',
    os.fsdecode(b"latin-\xe9t\xe9.xml"),
    os.fsdecode(b"latin-\xe9-%C3%A9-100%.xml"),
    "emoji-😀.xml",
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_the_system_allows_is_recorded_as_utf_8_and_found_again(name: str) -> None:
    text = recorded(f"ABC123/{name}")

    assert text.encode().decode() == text
    assert actual(text) == f"ABC123/{name}"


def test_two_different_names_are_never_recorded_alike() -> None:
    assert len({recorded(name) for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_flow_under_any_name_is_seen_taken_read_and_shelved(place: Place, name: str) -> None:
    place.deposit(f"ABC123/{name}")
    (arrival,) = InboxScan(place.inbox, PARTNERS).all()
    flux = a_flux(arrival.path)

    assert place.folders.take(flux)
    with place.folders.open(flux) as file:
        assert file.read() == CONTENT
    place.folders.shelve(flux, refused=False)

    assert place.in_data() == [f"archive/2026/11/20/{NUMERO}/{name}"]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Facture (été).xml", "Facture (été).xml"),
        ("deux\nlignes\x1b[31m.xml", "deux�lignes�[31m.xml"),
        (os.fsdecode(b"\xe9t\xe9.xml"), "�t�.xml"),
        ("retourné\u202elmx.xml", "retourné�lmx.xml"),
    ],
)
def test_a_name_is_shown_without_what_a_screen_obeys_or_cannot_write(name: str, read: str) -> None:
    assert shown(name) == read


def test_a_number_given_twice_overwrites_nothing_in_the_archive(place: Place) -> None:
    first = place.deposit("a.xml", b"first")
    place.folders.take(first)
    place.folders.shelve(first, refused=False)
    place.folders.take(place.deposit("a.xml", b"second"))

    with pytest.raises(Incident, match="existe déjà"):
        place.folders.shelve(first, refused=False)

    kept = {path.read_bytes() for path in place.data.rglob("*") if path.is_file()}
    assert kept == {b"first", b"second"}


def test_a_number_given_twice_overwrites_no_delivery(tmp_path: Path) -> None:
    outbox = OutboxFolder(tmp_path / "outbox")
    outbox.write("21990001600011/F/F-0001.xml", b"first")
    staged = tmp_path / "F-0001.xml"
    staged.write_bytes(b"second")

    with pytest.raises(Incident, match="existe déjà"):
        outbox.adopt(str(staged), "21990001600011/F/F-0001.xml")

    assert (tmp_path / "outbox/21990001600011/F/F-0001.xml").read_bytes() == b"first"
    assert staged.exists()


# -- taking, reading, shelving -------------------------------------------------------------------


def test_a_taken_file_lies_in_work_and_no_more_in_the_inbox(place: Place) -> None:
    flux = place.deposit("ABC123/a.xml")

    assert place.folders.take(flux)

    assert place.in_inbox() == []
    assert place.in_data() == [f"work/{NUMERO}/recu"]
    assert place.folders.in_work() == [NUMERO]


def test_a_file_taken_before_a_crash_is_found_when_it_is_taken_again(place: Place) -> None:
    flux = place.deposit("a.xml")
    place.folders.take(flux)

    again = FlowFolders(place.inbox, place.data)

    assert again.take(flux)
    with again.open(flux) as file:
        assert file.read() == CONTENT


@pytest.mark.parametrize("chemin", ["a.xml", "ABC123/a.xml", "fichier/a.xml"])
def test_a_file_that_is_in_neither_place_is_not_taken_and_leaves_no_work_folder(
    place: Place, chemin: str
) -> None:
    place.deposit("fichier")

    assert not place.folders.take(a_flux(chemin))

    assert place.folders.in_work() == []


def test_a_file_swapped_for_a_link_since_the_scan_is_not_taken(
    place: Place, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"not deposited")
    flux = place.deposit("ABC123/a.xml")
    (place.inbox / "ABC123/a.xml").unlink()
    (place.inbox / "ABC123/a.xml").symlink_to(secret)

    assert not place.folders.take(flux)

    assert place.in_data() == []
    assert secret.read_bytes() == b"not deposited"


def test_a_file_named_like_a_quoted_one_is_taken_and_its_neighbour_stays(place: Place) -> None:
    flux = place.deposit("%41.xml")
    place.deposit("A.xml", b"autre")

    place.folders.take(flux)

    assert place.in_inbox() == ["A.xml"]


@pytest.mark.parametrize(("refused", "shelf"), [(False, "archive"), (True, "rejets")])
def test_a_closed_flow_lies_on_its_shelf_by_day_and_number_under_its_own_name(
    place: Place, refused: bool, shelf: str
) -> None:
    flux = place.deposit("ABC123/a.xml")
    place.folders.take(flux)
    Path(place.folders.scratch(flux), "piece-0001").write_bytes(b"x")

    place.folders.shelve(flux, refused=refused)

    assert place.in_data() == [f"{shelf}/2026/11/20/{NUMERO}/a.xml"]
    assert place.folders.in_work() == []


def test_shelving_twice_changes_nothing(place: Place) -> None:
    flux = place.deposit("a.xml")
    place.folders.take(flux)
    place.folders.shelve(flux, refused=False)
    before = place.in_data()

    place.folders.shelve(flux, refused=False)

    assert place.in_data() == before


def test_shelving_makes_the_folders_of_a_day_durable_whoever_made_them(
    tmp_path: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    flux = place.deposit("a.xml")
    place.folders.take(flux)
    day = place.data / "archive/2026/11/20"
    # What a run that was killed may have made, and not fsynced.
    (day / NUMERO).mkdir(parents=True)
    synced: list[Path] = []
    monkeypatch.setattr(disk, "sync_folder", synced.append)

    place.folders.shelve(flux, refused=False)

    made = [place.data, *(place.data / "archive" / one for one in ("", "2026", "2026/11"))]
    assert {day / NUMERO, day, *made} <= set(synced)


def test_the_stored_copy_is_found_in_work_then_on_either_shelf(place: Place) -> None:
    kept = place.deposit("a.xml", b"un")
    refused = msgspec.structs.replace(place.deposit("b.xml", b"deux"), numero_flux="B" * 25)

    for flux, is_refused, content in ((kept, False, b"un"), (refused, True, b"deux")):
        place.folders.take(flux)
        assert Path(place.folders.path(flux)).read_bytes() == content
        place.folders.shelve(flux, refused=is_refused)
        assert Path(place.folders.path(flux)).read_bytes() == content
        with place.folders.open(flux) as file:
            assert file.read() == content


def test_a_stored_copy_that_is_nowhere_is_an_incident_that_names_the_flow(place: Place) -> None:
    with pytest.raises(Incident, match=NUMERO):
        place.folders.open(a_flux("a.xml"))


def test_a_scratch_folder_is_given_empty_whatever_a_run_left_in_it(place: Place) -> None:
    flux = place.deposit("a.xml")
    place.folders.take(flux)
    Path(place.folders.scratch(flux), "reste").write_bytes(b"x")

    assert list(Path(place.folders.scratch(flux)).iterdir()) == []
