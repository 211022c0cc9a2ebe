"""Acting on invoices: what orders need, and what time settles."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from chorus_edi.adapters.clock import SystemClock
from chorus_edi.bootstrap.databases import environment, open_database
from chorus_edi.bootstrap.installation import open_annuaire
from chorus_edi.domain.labels import counted

if TYPE_CHECKING:
    from chorus_edi.ports import Clock
    from chorus_edi.services.lives import Desk
    from chorus_edi.settings import Settings


@contextmanager
def open_desk(settings: Settings, clock: Clock | None = None) -> Iterator[Desk]:
    """Open what orders on invoices need: see ``open_database``.

    Args:
        settings: where everything is.
        clock: the system's unless a test holds it still.
    """
    from chorus_edi.adapters.files.pieces import PieceFolder
    from chorus_edi.adapters.store.lifecycle import SqlLives
    from chorus_edi.adapters.store.store import SqlStore
    from chorus_edi.services.lives import Desk

    with environment(), open_database(settings) as engine:
        yield Desk(
            lives=SqlLives(engine),
            store=SqlStore(engine),
            pieces=PieceFolder(settings.folders.data),
            clock=clock or SystemClock(),
            recycling=settings.cycle_de_vie.recyclage,
            directory=partial(open_annuaire, settings),
            state_recipients=frozenset(settings.annuaire.etat),
        )


def tacit(settings: Settings, clock: Clock | None = None) -> str:
    """Let the invoices whose valideur was silent too long go on; say how many, in French.

    The next run delivers them; it would have settled them itself.
    """
    from chorus_edi.pipeline.shipping import settle

    with open_desk(settings, clock) as desk:
        count = settle(desk.lives, desk.clock)
    told = counted(count, "facture validée", "factures validées")
    return f"{told} tacitement." if count else "Aucune validation tacite."
