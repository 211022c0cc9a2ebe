"""What may be taken from an inbox, and when: each partner's rule, and each in its turn."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chorus_edi.adapters.files.arrivals import InboxScan
from chorus_edi.domain.flux import Sighting
from chorus_edi.domain.partners import Arriving, Completeness, Partner, Partners

OWN = Partner(code="ABC123", name="Par défaut")


def partners(rule: Completeness = Completeness.QUIET, **agreed: int) -> Partners:
    own = Partner(code="ABC123", name="Éditeur", arriving=Arriving(rule=rule, **agreed))
    return Partners({own.code: own}, own)


class Inbox:
    """An inbox, its scan, and a clock that goes forward when it is told to."""

    def __init__(self, root: Path, who: Partners, most: int = 1000) -> None:
        self.root, self.time = root, 0.0
        self.held: list[str] = []
        self.scan = InboxScan(
            root,
            who,
            most=most,
            held=lambda: self.held,
            now=lambda: self.time,
            waited=lambda files: {one.path: self.time for one in files},
        )

    def deposit(self, relative: str, content: bytes = b"<Invoice/>") -> Path:
        path = self.root / relative
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    def all(self) -> list[str]:
        return [arrival.path for arrival in self.scan.all()]

    def whole(self, after: float = 0) -> list[str]:
        self.time += after
        return [arrival.path for arrival in self.scan.whole()]


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path, partners(quiet=5, patience=600))


# -- listing -------------------------------------------------------------------------------------


def test_a_partner_with_few_files_does_not_wait_for_one_with_many(inbox: Inbox) -> None:
    for relative in ("ZZZ999/a.xml", "b.xml", "ABC123/c.xml", "AAA111/d.xml", "ABC123/C.xml"):
        inbox.deposit(relative)

    seen = [(arrival.partner, arrival.path) for arrival in inbox.scan.all()]

    assert seen == [
        ("AAA111", "AAA111/d.xml"),
        ("ABC123", "b.xml"),
        ("ZZZ999", "ZZZ999/a.xml"),
        ("ABC123", "ABC123/c.xml"),
        ("ABC123", "ABC123/C.xml"),
    ]


@pytest.mark.parametrize("look", [Inbox.all, lambda inbox: inbox.whole() or inbox.whole(after=5)])
def test_the_oldest_file_comes_first_and_names_settle_what_came_at_once(
    inbox: Inbox, look: Callable[[Inbox], list[str]]
) -> None:
    for name, written in (("a.xml", 30), ("b.xml", 10), ("d.xml", 20), ("c.xml", 20)):
        os.utime(inbox.deposit(f"ABC123/{name}"), (written, written))

    assert look(inbox) == [f"ABC123/{name}.xml" for name in "bcda"]


def test_a_run_that_was_interrupted_goes_on_in_the_same_order(inbox: Inbox) -> None:
    for number in range(9):
        inbox.deposit(f"AAA111/{number}.xml")
        inbox.deposit(f"BBB222/{number % 4}.xml")
        inbox.deposit(f"CCC333/{number % 4}.xml")
    undisturbed = inbox.all()

    for taken, path in enumerate(undisturbed):
        assert inbox.all() == undisturbed[taken:]
        (inbox.root / path).unlink()


@pytest.mark.parametrize(
    "name", [".cache.xml", "a.xml.tmp", "a.xml.part", "a.xml.filepart", "A.XML.TMP", ".tmp"]
)
@pytest.mark.parametrize("folder", ["", "ABC123/"])
def test_a_file_still_being_sent_and_a_dot_file_are_left_in_silence(
    inbox: Inbox, caplog: pytest.LogCaptureFixture, folder: str, name: str
) -> None:
    inbox.deposit(folder + name)

    assert inbox.all() == []
    assert caplog.records == []


def test_links_fifos_and_folders_are_left_in_the_inbox_with_a_word_in_the_log(
    inbox: Inbox, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    secret = elsewhere / "secret"
    secret.write_bytes(b"secret")
    partner = inbox.root / "ABC123"
    (partner / "dossier").mkdir(parents=True)
    (partner / "lien.xml").symlink_to(secret)
    (inbox.root / "lien-direct.xml").symlink_to(secret)
    (inbox.root / "lien-dossier").symlink_to(elsewhere)
    os.mkfifo(partner / "tube.xml")

    assert inbox.all() == []

    told = {record.getMessage().rpartition(": ")[2] for record in caplog.records}
    assert told == {"dossier", "lien.xml", "lien-direct.xml", "lien-dossier", "tube.xml"}
    inbox.all()
    assert len(caplog.records) == len(told)


def test_what_we_have_no_right_on_is_left_with_a_word_in_the_log_and_the_rest_goes_on(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for relative in ("ABC123/fermé.xml", "ABC123/lisible.xml", "FAC001/a.xml"):
        inbox.deposit(relative)
    # Simulated, because nothing is closed to root.
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).name in ("ABC123", "lisible.xml"))

    assert inbox.all() == ["ABC123/lisible.xml"]

    told = {record.getMessage().rpartition(": ")[2] for record in caplog.records}
    assert told == {"fermé.xml", "FAC001"}


def test_a_hidden_folder_is_no_partner(inbox: Inbox) -> None:
    inbox.deposit(".git/a.xml")

    assert inbox.all() == []


# -- quiet time ----------------------------------------------------------------------------------


def test_a_file_is_whole_once_it_has_not_changed_for_the_quiet_time(inbox: Inbox) -> None:
    inbox.deposit("a.xml", b"<Inv")
    assert inbox.whole() == []
    inbox.deposit("a.xml", b"<Invoice/>")
    assert inbox.whole(after=5) == []
    assert inbox.whole(after=4) == []

    assert inbox.whole(after=1) == ["a.xml"]


def test_a_slow_writer_of_ten_minutes_is_waited_for(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, partners(quiet=5, patience=60))
    content = b"<Invoice>" + b"x" * 600 + b"</Invoice>"
    for second in range(600):
        inbox.deposit("a.xml", content[: 1 + second])
        assert inbox.whole(after=1) == []
    inbox.deposit("a.xml", content)
    assert inbox.whole(after=1) == []

    assert inbox.whole(after=5) == ["a.xml"]


def test_a_file_written_again_with_as_many_bytes_is_not_quiet(inbox: Inbox) -> None:
    path = inbox.deposit("a.xml", b"<Un/>")
    os.utime(path, (1, 1))
    inbox.whole()

    inbox.deposit("a.xml", b"<Dx/>")

    assert inbox.whole(after=5) == []


def test_a_file_that_went_and_came_back_begins_anew(inbox: Inbox) -> None:
    path = inbox.deposit("a.xml")
    inbox.whole()
    path.rename(inbox.root / ".aside")
    assert inbox.whole(after=5) == []
    (inbox.root / ".aside").rename(path)

    assert inbox.whole(after=5) == []
    assert inbox.whole(after=5) == ["a.xml"]


def test_another_file_renamed_over_one_begins_anew(inbox: Inbox) -> None:
    inbox.deposit("a.xml", b"<Un/>")
    inbox.whole()
    inbox.deposit(".b", b"<Autre/>").rename(inbox.root / "a.xml")

    assert inbox.whole(after=5) == []


@pytest.mark.parametrize(
    "cut",
    [b"<Invoice><cbc:ID>", b"%PDF-1.7\n1 0 obj", b"PK\x03\x04 and half of it", b""],
    ids=["xml", "pdf", "zip", "empty"],
)
def test_a_file_that_does_not_end_as_its_kind_does_is_given_up_after_the_time_agreed(
    inbox: Inbox, cut: bytes
) -> None:
    inbox.deposit("a", cut)
    inbox.whole()
    assert inbox.whole(after=599) == []

    assert inbox.whole(after=1) == ["a"]


def test_a_clock_that_stands_still_takes_nothing(inbox: Inbox) -> None:
    inbox.deposit("a.xml")

    assert [inbox.whole(), inbox.whole(), inbox.whole()] == [[], [], []]


@pytest.mark.parametrize("year", [1970, 2025, 2037], ids=str)
def test_the_time_that_a_file_bears_says_nothing_of_how_long_it_has_been_quiet(
    inbox: Inbox, year: int
) -> None:
    path = inbox.deposit("a.xml")
    written = datetime(year, 1, 1, tzinfo=UTC).timestamp()
    os.utime(path, (written, written))
    assert (inbox.whole(), inbox.whole(after=4)) == ([], [])

    assert inbox.whole(after=1) == ["a.xml"]


# -- what partners agree on ----------------------------------------------------------------------


def test_a_renamed_file_is_whole_at_once(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, partners(Completeness.RENAMED))
    inbox.deposit("a.xml.part")
    assert inbox.whole() == []

    (tmp_path / "a.xml.part").rename(tmp_path / "a.xml")

    assert inbox.whole() == ["a.xml"]


@pytest.mark.parametrize(
    ("rule", "ending"), [(Completeness.DONE_FILE, ".done"), (Completeness.MANIFEST, ".manifest")]
)
def test_a_file_waits_for_the_one_that_tells_it_is_whole(
    tmp_path: Path, rule: Completeness, ending: str
) -> None:
    inbox = Inbox(tmp_path, partners(rule, patience=600))
    inbox.deposit("a.xml")
    assert (inbox.whole(), inbox.whole(after=599), inbox.all()) == ([], [], [])

    inbox.deposit(f"a.xml{ending}")

    assert (inbox.whole(), inbox.all()) == (["a.xml"], ["a.xml"])


def test_a_file_that_nobody_declares_whole_is_given_up_and_so_is_a_witness_of_nothing(
    tmp_path: Path,
) -> None:
    inbox = Inbox(tmp_path, partners(Completeness.DONE_FILE, patience=600))
    inbox.deposit("a.xml")
    inbox.deposit("b.xml.done")
    assert inbox.whole() == []

    assert inbox.whole(after=600) == ["a.xml", "b.xml.done"]


@pytest.mark.parametrize("look", [Inbox.all, Inbox.whole])
def test_the_witness_of_a_file_that_is_held_waits_with_it(
    tmp_path: Path, look: Callable[[Inbox], list[str]]
) -> None:
    inbox = Inbox(tmp_path, partners(Completeness.DONE_FILE, patience=600))
    inbox.deposit("ABC123/a.xml")
    inbox.deposit("ABC123/a.xml.done")
    inbox.held.append("ABC123/a.xml")
    assert look(inbox) == []
    inbox.time += 600

    assert look(inbox) == []
    # Nothing changes soon, so nobody needs to look again soon.
    assert not inbox.scan.unsettled

    inbox.held.clear()
    assert look(inbox) == ["ABC123/a.xml"]


class Memory:
    """What one run remembers for the next: since when files are not whole, by a clock of its own.

    What the store does of it is proved with the store.
    """

    def __init__(self) -> None:
        self.time = 0.0
        self.since: dict[Sighting, float] = {}

    def __call__(self, files: Sequence[Sighting]) -> dict[str, float]:
        self.since = {one: self.since.get(one, self.time) for one in files}
        return {one.path: self.time - since for one, since in self.since.items()}


@pytest.mark.parametrize("alone", ["a.xml", "a.xml.done"])
def test_single_runs_give_up_what_none_of_them_saw_declared_or_changed(
    tmp_path: Path, alone: str
) -> None:
    memory, who = Memory(), partners(Completeness.DONE_FILE, patience=600)

    def single_run(after: float) -> list[str]:
        memory.time += after
        return [one.path for one in InboxScan(tmp_path, who, waited=memory).all()]

    (tmp_path / alone).write_bytes(b"<Inv")
    assert [single_run(0), single_run(599)] == [[], []]
    (tmp_path / alone).write_bytes(b"<Invoice>")
    assert [single_run(1), single_run(599)] == [[], []]

    assert single_run(1) == [alone]


def test_a_witness_that_comes_late_is_still_heard_by_a_single_run(tmp_path: Path) -> None:
    memory, who = Memory(), partners(Completeness.DONE_FILE, patience=600)
    (tmp_path / "a.xml").write_bytes(b"<Invoice/>")
    assert InboxScan(tmp_path, who, waited=memory).all() == []

    (tmp_path / "a.xml.done").touch()

    assert [one.path for one in InboxScan(tmp_path, who, waited=memory).all()] == ["a.xml"]
    assert memory.since == {}


# -- fairness and size ---------------------------------------------------------------------------


def test_one_look_takes_some_of_everybody_and_no_more_than_it_may(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, partners(), most=10)
    for number in range(100):
        inbox.deposit(f"AAA111/{number:03d}.xml")
    for number in range(3):
        inbox.deposit(f"BBB222/{number}.xml")
    inbox.whole()

    listed = inbox.whole(after=5)

    assert listed == [f"BBB222/{n}.xml" for n in range(3)] + [
        f"AAA111/{n:03d}.xml" for n in range(7)
    ]


def test_a_look_says_whether_something_is_still_being_written(inbox: Inbox) -> None:
    inbox.whole()
    assert not inbox.scan.unsettled

    inbox.deposit("a.xml")
    inbox.whole()
    assert inbox.scan.unsettled

    inbox.whole(after=5)
    assert not inbox.scan.unsettled
