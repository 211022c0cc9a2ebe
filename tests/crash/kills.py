"""Nights killed at every point, in every gap and at random moments, on both databases.

``python -m tests.crash.kills`` prints its seed and a table of hits, tells every difference from a
night that nobody disturbed, and returns 1 where there is one, or a point or gap was hit too seldom.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests.crash.campaign import (
    WORKERS_EFFECTS,
    Calm,
    Nights,
    Tally,
    kill_at_random,
    kill_by_plan,
    rounds,
)
from tests.crash.left import counts
from tests.crash.moments import BEGIN, GAPS, WORKER
from tests.postgresql import binaries, running

DATABASES = ("sqlite", "postgresql")
_SHOWN = 40
"""Differences of one night that are printed."""


def main() -> int:
    """Run what is asked for; see the module."""
    chosen = _arguments()
    print(f"seed {chosen.seed}", flush=True)
    sound = True
    for kind in chosen.database:
        with tempfile.TemporaryDirectory(prefix="chorus-kills-") as root, _server(kind) as new:
            if chosen.each:
                sound &= _planned(Path(root, "planned"), new, kind, chosen)
            if chosen.kills:
                sound &= _random(Path(root, "random"), new, kind, chosen)
    return 0 if sound else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--database", nargs="+", choices=DATABASES, default=list(DATABASES))
    add("--each", type=int, default=10, help="kills at each point and in each gap; 0: none")
    add("--planned-invoices", type=int, default=300, help="in each night of these")
    add("--first", type=int, default=0, help="number of the first round")
    add("--rounds", type=int, help="how many rounds; all of them unless given")
    add("--kills", type=int, default=200, help="kills at random moments; 0: none")
    add("--invoices", type=int, default=2000, help="in each night of these")
    add("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    return parser.parse_args()


@contextmanager
def _server(kind: str) -> Iterator[Callable[[], str]]:
    if kind == "sqlite":
        yield lambda: ""
        return
    folder = binaries()
    if folder is None:
        sys.exit("PostgreSQL is not installed: no pg_ctl on PATH or under /usr/lib/postgresql")
    with running(folder) as server:
        numbers = count(1)
        yield lambda: server.create(f"night{next(numbers)}")


def _planned(root: Path, new: Callable[[], str], kind: str, chosen: argparse.Namespace) -> bool:
    nights, tally = Nights(root, new, chosen.planned_invoices, workers=1), Tally()
    calm = _calm(root, chosen.planned_invoices)
    last = None if chosen.rounds is None else chosen.first + chosen.rounds
    plan = list(rounds(calm, chosen.each))[chosen.first : last]
    kill_by_plan(nights, calm, plan, tally, first=chosen.first)
    print(f"\n{kind}: points and gaps, nights of {_size(calm)}")
    enough = _table(calm, tally, chosen.each)
    return _told(tally) and (enough or chosen.rounds is not None)


def _random(root: Path, new: Callable[[], str], kind: str, chosen: argparse.Namespace) -> bool:
    nights, tally = Nights(root, new, chosen.invoices), Tally()
    calm = _calm(root, chosen.invoices)
    kill_at_random(nights, calm, kills=chosen.kills, seed=chosen.seed, tally=tally)
    print(f"\n{kind}: {tally.random} random kills, nights of {_size(calm)}")
    return _told(tally)


def _calm(root: Path, invoices: int) -> Calm:
    """Run the calm night on SQLite, whatever kills the others: both databases leave the same."""
    return Nights(root / "calm", lambda: "", invoices).calm()


def _size(calm: Calm) -> str:
    held = dict(counts(calm.left))
    kinds = ("row flux", "row document", "row facture", "file outbox")
    return ", ".join(f"{held[kind]} {kind.split()[1]}" for kind in kinds)


def _table(calm: Calm, tally: Tally, each: int) -> bool:
    """Print the hits; tell whether there were as many as asked for."""
    print(f"{'':12}{'at the point':>14}{'in the gap':>12}{'effects hit':>13}{'of':>5}")
    enough = True
    for gap in GAPS:
        known, within = calm.effects(gap).keys(), tally.within(gap)
        hits = sum(within.values())
        at = "" if gap == BEGIN else str(tally.at(gap))
        print(f"{gap:12}{at:>14}{hits:>12}{len(known & within.keys()):>13}{len(known):>5}")
        for effect in sorted(known - within.keys()):
            print(f"{'':14}not met again: {effect}")
        enough &= hits >= each and (gap == BEGIN or tally.at(gap) >= each)
    for effect in WORKERS_EFFECTS:
        print(f"worker > {effect:30}{tally.kills[WORKER, effect]:>8}")
    return enough


def _told(tally: Tally) -> bool:
    kills = sum(tally.kills.values()) + tally.random
    print(f"{kills} kills, {tally.nights} nights, {len(tally.faults)} that differ", flush=True)
    for fault in tally.faults:
        lines = fault.splitlines()
        print("\n".join(lines[:_SHOWN]))
        if len(lines) > _SHOWN:
            print(f"  … and {len(lines) - _SHOWN} more")
    return not tally.faults


if __name__ == "__main__":
    sys.exit(main())
