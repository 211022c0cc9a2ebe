"""Kills nights at chosen or random moments until they are over, and compares what they leave."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.conftest import DataFolder, data_folder
from tests.crash.left import Left, differences
from tests.crash.moments import ANY, BEGIN, GAPS, WORKER, Moment
from tests.crash.nights import deposit_mixed
from tests.crash.one_run import PATIENCE, run_killed, started

WORKERS_EFFECTS = (
    "examine",
    "open examiners.keep",
    "write examiners.keep",
    "write on examiners.keep",
    "answer",
)
"""What a worker does for a document, in its order."""

_OF_LOST_WORKERS = ("attempt", "survived", "forget_attempts")
"""How effects end that follow the loss of a worker, whatever happens meanwhile."""

_SHORTEST = 0.2
"""Seconds that a random wait lasts at most, at least."""


@dataclass(frozen=True, slots=True)
class Calm:
    """A night that nobody disturbed."""

    left: Left
    seen: Sequence[tuple[str, str]]
    seconds: float

    def effects(self, gap: str) -> dict[str, int]:
        """Return what happens in a gap and how often, the most frequent first."""
        return dict(Counter(e for point, e in self.seen if point == gap and e).most_common())


@dataclass(slots=True)
class Tally:
    """What came of a campaign: kills at points ("") and effects, nights, and what differed."""

    kills: Counter[tuple[str, str]] = field(default_factory=Counter)
    random: int = 0
    nights: int = 0
    missed: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def at(self, point: str) -> int:
        return self.kills[point, ""]

    def within(self, gap: str) -> dict[str, int]:
        return {e: n for (point, e), n in sorted(self.kills.items()) if point == gap and e}


class Nights:
    """Makes the same night again and again, each with a database of its own.

    Args:
        root: an empty folder.
        new_database: gives the URL of an empty database; empty for SQLite in the folder.
        invoices: in each night, beside those of every kind.
        workers: of each run. What one leaves is what several leave, and it starts faster.
    """

    def __init__(
        self, root: Path, new_database: Callable[[], str], invoices: int, *, workers: int = 2
    ) -> None:
        self._root = root
        self._new_database = new_database
        self._filled = root / "filled"
        self._workers = workers
        self._made = 0
        deposit_mixed(self._filled / "inbox", invoices)

    def fresh(self) -> DataFolder:
        self._made += 1
        root = self._root / f"night{self._made}"
        folder = data_folder(root, self._new_database(), workers=self._workers)
        shutil.copytree(self._filled / "inbox", folder.root / "inbox")
        return folder

    def calm(self) -> Calm:
        """Run one night that nobody disturbs."""
        folder = self.fresh()
        began = time.monotonic()
        assert folder.run_killed() == 0
        return Calm(folder.left(), folder.seen(), time.monotonic() - began)

    def end(self, folder: DataFolder, calm: Calm, tally: Tally, told: str) -> None:
        """Compare a night that is over with the calm one; forget it where it left the same."""
        tally.nights += 1
        tally.kills.update(folder.deaths())
        found = differences(calm.left, folder.left())
        if found:
            died = ", ".join(f"{point}>{effect}" for point, effect in folder.deaths())
            tally.faults.append("\n  ".join([f"{told}, died at {died}", *found]))
        else:
            shutil.rmtree(folder.root)


def rounds(calm: Calm, each: int) -> Iterator[list[Moment]]:
    """Yield moments, a night's worth at a time, until all have had their share.

    Every point comes ``each`` times, every gap ``each`` times and once at each of its effects.
    """
    effects = {gap: calm.effects(gap) for gap in GAPS}
    for turn in range(max(_turns(known, each) for known in effects.values())):
        chosen = [
            moment
            for gap in GAPS
            for moment in (_at(gap, turn, each), _within(gap, effects[gap], turn, each))
            if moment is not None
        ]
        # Files are claimed so many at a time: after one kill there the next is at the next time.
        yield sorted(chosen, key=lambda moment: moment.point == "claimed" and bool(moment.effect))


def _at(point: str, turn: int, each: int) -> Moment | None:
    return Moment(point) if point != BEGIN and turn < each else None


def _turns(effects: Mapping[str, int], each: int) -> int:
    return max(each, len(effects)) + len(effects) - len(_sure(effects))


def _sure(effects: Mapping[str, int]) -> list[str]:
    """Return the effects that a gap has in every night: when workers die is a matter of chance."""
    return [effect for effect in effects if not effect.endswith(_OF_LOST_WORKERS)]


def _within(gap: str, effects: Mapping[str, int], turn: int, each: int) -> Moment | None:
    if not effects or turn >= _turns(effects, each):
        return None
    sure = _sure(effects)
    effect = list(effects)[turn] if turn < len(effects) else sure[turn % len(sure)]
    # Half way through a night at most: what is left of it may be all there is.
    return Moment(gap, effect, min(1 + turn // len(effects), 1 + effects[effect] // 4))


def kill_by_plan(
    nights: Nights, calm: Calm, plan: Sequence[list[Moment]], tally: Tally, *, first: int = 0
) -> None:
    """Kill at each moment of each round in turn; a run that comes to its end begins a new night.

    Every second run may die in its recovery too, before it comes to its moment. A moment that a
    fresh night does not meet either is missed: which flows wait while others are examined depends
    on how fast the workers are. ``first`` is the number of the first round.
    """
    for turn, chosen in enumerate(plan, first):
        folder, runs = nights.fresh(), 0
        for moment in chosen:
            told = f"round {turn}, at {moment}"
            while not _died(folder, moment, _also(turn, runs, moment), turn):
                nights.end(folder, calm, tally, told)
                folder, late, runs = nights.fresh(), runs, 0
                if not late:
                    tally.missed.append(str(moment))
                    break
            runs += 1
        assert run_killed(folder.config, []) == 0
        nights.end(folder, calm, tally, f"round {turn}")


def _died(folder: DataFolder, moment: Moment, also: Sequence[Moment], turn: int) -> bool:
    """Run until a night died at a moment; it may die in its recovery before. False: it ended."""
    code = run_killed(folder.config, [moment, *also], _worker_deaths(folder, turn))
    if code and also and folder.deaths()[-1] != (moment.point, moment.effect):
        code = run_killed(folder.config, [moment])
    return code != 0


def _also(turn: int, runs: int, moment: Moment) -> list[Moment]:
    return [Moment(BEGIN, ANY, 1 + (turn + runs) % 6)] if moment.effect and runs else []


def _worker_deaths(folder: DataFolder, turn: int) -> list[Moment]:
    """Return when the next worker dies: one in a run, at each step of its work in turn."""
    lost = sum(point == WORKER for point, _ in folder.deaths())
    if lost == len(WORKERS_EFFECTS):
        return []
    return [Moment(WORKER, WORKERS_EFFECTS[(turn + lost) % len(WORKERS_EFFECTS)], 1 + turn % 7)]


def kill_at_random(nights: Nights, calm: Calm, *, kills: int, seed: int, tally: Tally) -> None:
    """Kill nights after random waits until they end by themselves, just so often in all."""
    chance, span = random.Random(seed), calm.seconds / 4
    while tally.random < kills:
        folder, before = nights.fresh(), tally.random
        _torment(folder, span, chance, tally, kills)
        nights.end(folder, calm, tally, f"seed {seed}, random kills {before} to {tally.random}")
        if tally.random == before:
            # It was over sooner than expected.
            span = max(_SHORTEST, span / 2)


def _torment(
    folder: DataFolder, span: float, chance: random.Random, tally: Tally, kills: int
) -> None:
    while True:
        process = started(folder.config)
        process.join(chance.uniform(0, span) if tally.random < kills else PATIENCE)
        if process.exitcode is not None:
            assert process.exitcode == 0, f"exit code {process.exitcode}"
            process.close()
            return
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        process.close()
        assert tally.random < kills, f"still running after {PATIENCE} s"
        tally.random += 1
        # A night that is killed sooner than it begins would never end.
        span *= 1.05
