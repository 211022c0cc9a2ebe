"""A small night that meets a fault on its way, and what it leaves behind.

Documents are examined in this process: the faults of these tests meet the process that moves
files and commits; what workers meet has its tests in ``tests/integration/test_supervisor.py``.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from chorus_edi import bootstrap
from chorus_edi.adapters.files import arrivals
from chorus_edi.adapters.files.arrivals import InboxScan
from chorus_edi.bootstrap import build_examiner, planning
from chorus_edi.bootstrap.wishes import Wishes
from chorus_edi.errors import Incident, said
from chorus_edi.pipeline import rests
from chorus_edi.pipeline.night import RunSummary
from chorus_edi.pipeline.rests import Rests
from chorus_edi.pipeline.tasks import Chunk, Mark, Task
from chorus_edi.pipeline.worker import Done, Examine
from chorus_edi.services.nights import night
from tests.crash.conftest import DataFolder, data_folder
from tests.crash.left import files_of
from tests.crash.nights import RECIPIENTS

AT = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
FLOWS = 10
"""Flows of the night."""

_SHELVES = ("outbox/", "var/archive/", "var/rejets/")

RENAMED = '{ regle = "renommage" }'
"""A file is whole as soon as it bears its final name."""


class Clock:
    """Says the same time at each reading, and may do something at one of them.

    Args:
        reading: the number, from 0, of the reading at which something happens.
        what: what happens then.
        jump: added to the time from that reading on.
    """

    def __init__(
        self,
        reading: int = -1,
        what: Callable[[], object] = lambda: None,
        jump: timedelta = timedelta(),
    ) -> None:
        self.readings = 0
        self._reading, self._what, self._jump = reading, what, jump
        self._at = AT

    def now(self) -> datetime:
        if self.readings == self._reading:
            self._what()
            self._at += self._jump
        self.readings += 1
        return self._at


class Left(NamedTuple):
    """What a night leaves: files, and how each flow and each invoice ended."""

    files: dict[str, object]
    flows: list[tuple[object, ...]]
    invoices: list[tuple[object, ...]]


class Here:
    """Stands for the supervisor: the same answers, from this process."""

    def __init__(self, examine: Examine) -> None:
        self._examine = examine

    def run(self, work: Iterable[Chunk | Mark]) -> Iterator[Done | Mark]:
        for item in work:
            if isinstance(item, Mark):
                yield item
            else:
                yield Done(item, tuple(map(self._answer, item.tasks)))

    def heed(self) -> bool:
        return False

    def _answer(self, task: Task) -> Any:
        try:
            return self._examine(task)
        except OSError as error:
            raise Incident(said(error)) from error


class Examiners:
    """One examiner for all nights, which have the same directory; it keeps a copy of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: Examine | None = None

    @contextmanager
    def supervised(self, build: partial[Examine], **_: object) -> Iterator[Here]:
        """Stand for ``bootstrap.examiners.supervised``."""
        if self._made is None:
            (spec,) = build.args
            directory = Path(shutil.copy(spec.directory, self._folder))
            self._made = build_examiner(replace(spec, directory=directory))
        yield Here(self._made)


class Installation:
    """A data folder with the night in its inbox."""

    def __init__(self, root: Path, database: str = "") -> None:
        self.folder: DataFolder = data_folder(root, database)
        self.inbox = root / "inbox"
        night(self.inbox, RECIPIENTS)

    def configure(self, text: str) -> None:
        """Add sections to the settings."""
        with self.folder.config.open("a", encoding="utf-8") as file:
            file.write(text)

    @property
    def settings(self) -> Any:
        return bootstrap.load_settings(self.folder.config)

    def run(self, clock: Clock | None = None, **how: Any) -> RunSummary:
        """Run once, to the end or to an incident."""
        how = {"once": True, **how}
        return bootstrap.run(self.settings, clock=clock or Clock(), **how)

    def serve(
        self, clock: Clock | None = None, script: Callable[[float], bool] | None = None
    ) -> RunSummary:
        """Run as a service whose time only passes where it waits.

        Args:
            clock: what commits are dated by.
            script: called at each wait with the seconds since the start; true goes on. By default
                the service is stopped at its first wait.
        """
        seconds = 0.0

        def wait(wishes: Wishes, patience: float) -> None:
            nonlocal seconds
            seconds += patience
            if script is None or not script(seconds):
                wishes.stop.set()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Wishes, "wait", wait)
            # Tasks run beside the flows and would read their clock; they have tests of their own.
            patch.setattr(planning, "scheduled", lambda *_: nullcontext())
            patch.setattr(arrivals, "InboxScan", partial(InboxScan, now=lambda: seconds))
            patch.setattr(rests, "Rests", partial(Rests, now=lambda: seconds))
            return self.run(clock, once=False)

    def agree(self, arriving: str) -> None:
        """Agree with every partner on what shows that a file is whole."""
        path = self.folder.root / "partenaires.toml"
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"^arrivee = .*\n", "", text, flags=re.MULTILINE)
        path.write_text(
            re.sub(r"^nom = .*$", rf"\g<0>\narrivee = {arriving}", text, flags=re.MULTILINE),
            encoding="utf-8",
        )

    def history(self, name: str) -> list[str]:
        """Return what the Suivi says of the flow of a file."""
        with bootstrap.open_store(self.settings) as store:
            (numero,) = [f.numero_flux for f in store.suivi() if f.nom_fichier == name]
            return [event.detail for event in store.events(numero)]

    def shelved(self) -> dict[str, object]:
        """Return what was delivered, told and kept: every file by its path."""
        files = {k.partition(" ")[2]: v for k, v in files_of(self.folder.root).items()}
        return {path: files[path] for path in files if path.startswith(_SHELVES)}

    def left(self) -> Left:
        """Return what is left; nothing may be on its way any more."""
        assert self.folder.under_way() == []
        with bootstrap.open_store(self.settings) as store:
            flows = sorted(store.suivi(), key=lambda flux: flux.sequence)
            invoices = [(row.id, row.statut, row.numero_flux) for row in store.factures()]
        return Left(
            self.shelved(),
            [(f.numero_flux, f.etat, f.motif, f.factures, f.integrees, f.rejetees) for f in flows],
            invoices,
        )
