"""SIGKILL at random moments of a night, again and again, until the night is over.

``python -m tests.crash.random_kills --kills 200 --invoices 2000 [--database URL] [--seed N]``
prints the seed of every trial: the same seed kills after the same waits.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from chorus_edi import bootstrap
from chorus_edi.services.nights import flows
from tests.crash.conftest import DataFolder, data_folder
from tests.crash.nights import RECIPIENTS, deposit_night
from tests.crash.one_run import started


class Trial(NamedTuple):
    """One night that was killed until it was over: how often, and whether it left the same."""

    seed: int
    kills: int
    same: bool


def deposit(inbox: Path, invoices: int) -> None:
    """Fill an inbox with flows of every kind, and archives of so many invoices."""
    deposit_night(inbox)
    for name, content in flows(invoices, 100, RECIPIENTS, seed=7):
        (inbox / "ABC123" / name).write_bytes(content)


def left(folder: DataFolder) -> dict[str, object]:
    """Return all that a night leaves: every file, and what the database says of it."""
    settings = bootstrap.load_settings(folder.config)
    with bootstrap.open_store(settings) as store:
        rows: dict[str, object] = {f"flux {flux.numero_flux}": flux for flux in store.suivi()}
        for flux in list(store.suivi()):
            numero = flux.numero_flux
            rows[f"documents {numero}"] = tuple(store.documents(numero))
            rows[f"findings {numero}"] = tuple(store.findings(numero))
        rows |= {f"facture {invoice.id}": invoice for invoice in store.factures()}
    return rows | dict(folder.left())


def torment(folder: DataFolder, span: float, seed: int) -> int:
    """Run a night, killed at random moments until it ends by itself; return how often."""
    chance, kills = random.Random(seed), 0
    while True:
        process = started(folder.config)
        process.join(chance.uniform(0, span))
        if process.exitcode is not None:
            assert process.exitcode == 0, f"seed {seed}: exit code {process.exitcode}"
            process.close()
            return kills
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        process.close()
        kills += 1
        # A night that is killed sooner than it begins would never end.
        span *= 1.1


def trials(
    root: Path, databases: Sequence[str], *, kills: int, invoices: int, seed: int
) -> list[Trial]:
    """Torment nights until they were killed so often in all.

    Args:
        root: an empty folder.
        databases: URL of an empty database for each trial, or empty for SQLite in its folder; the
            first is for the night that nobody disturbs.
        kills: how many at least.
        invoices: in each night, beside those of the demonstration.
        seed: of the first trial; the next has the next.
    """
    calm = data_folder(root / "calm", databases[0])
    deposit(calm.root / "inbox", invoices)
    began = time.monotonic()
    calm.run()
    span, expected = time.monotonic() - began, left(calm)
    done: list[Trial] = []
    for number, database in enumerate(databases[1:]):
        if sum(trial.kills for trial in done) >= kills:
            break
        folder = data_folder(root / f"night{number}", database)
        deposit(folder.root / "inbox", invoices)
        count = torment(folder, span, seed + number)
        same = left(folder) == expected and folder.under_way() == []
        done.append(Trial(seed + number, count, same))
    return done


def main() -> int:
    """Torment nights on SQLite, print what came of each, and return 1 where one differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--invoices", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chorus-kills-") as root:
        found = trials(
            Path(root),
            [""] * (chosen.kills + 2),
            kills=chosen.kills,
            invoices=chosen.invoices,
            seed=chosen.seed,
        )
    for trial in found:
        print(f"seed {trial.seed}: {trial.kills} kills, {'same' if trial.same else 'DIFFERENT'}")
    print(f"{sum(trial.kills for trial in found)} kills in {len(found)} nights")
    return 0 if all(trial.same for trial in found) else 1


if __name__ == "__main__":
    sys.exit(main())
