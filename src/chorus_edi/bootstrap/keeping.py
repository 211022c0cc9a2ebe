"""Keeping: what is over goes."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chorus_edi.adapters.clock import SystemClock
from chorus_edi.bootstrap.databases import environment, open_keeping
from chorus_edi.domain.keeping import span_of

if TYPE_CHECKING:
    from chorus_edi.ports import Clock
    from chorus_edi.services.purge import Leaving, Spans
    from chorus_edi.settings import Settings


def purge(settings: Settings, *, dry_run: bool, clock: Clock | None = None) -> Sequence[Leaving]:
    """Let go what was kept long enough; return it. Flows may be processed meanwhile.

    Args:
        settings: where everything is, and how long it is kept.
        dry_run: only return what would go.
        clock: the system's unless a test holds it still.

    Raises:
        ConfigurationError: there is no data here.
        Incident: a disk or the database failed, or another purge is at work; the next one goes on.
    """
    from chorus_edi.adapters.files.fetching import LyingDeliveries, LyingReturns
    from chorus_edi.adapters.files.flows import FlowFolders
    from chorus_edi.adapters.files.lock import sole_upkeep
    from chorus_edi.adapters.files.partners import load_partners
    from chorus_edi.adapters.files.returns import return_folders
    from chorus_edi.services.purge import leaving

    folders = settings.folders
    partners = load_partners(settings.partenaires.file).by_code.values()
    own = return_folders(partners, folders.outbox, (folders.inbox, folders.data))
    with environment(), open_keeping(settings) as keeping, sole_upkeep(folders.data):
        gone = []
        for leaves in leaving(
            keeping,
            FlowFolders(folders.inbox, folders.data),
            LyingDeliveries(folders.outbox),
            LyingReturns(folders.outbox, own.values()),
            _spans(settings),
            clock or SystemClock(),
        ):
            gone.append(leaves)
            if not dry_run:
                leaves.go()
    return gone


def _spans(settings: Settings) -> Spans:
    from chorus_edi.services.purge import Spans

    chosen = settings.conservation
    return Spans(
        invoices=span_of(chosen.factures),
        proofs=span_of(chosen.preuves),
        deliveries=span_of(chosen.livraisons),
        returns=span_of(chosen.retours),
    )
