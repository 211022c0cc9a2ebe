"""Compares our verdicts with those of the official sheets, mutant by mutant, and judges the sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from typing import NamedTuple

from tests.conformance.exceptions import (
    MOST_DIFFERENCES,
    MOST_SHARE,
    KnownDifference,
    differences,
    unreachable,
)
from tests.conformance.mutator import Mutant, mutant
from tests.conformance.oracle import Official, Oracle, judge_ours, our_rules
from tests.conformance.sheets import fatal_rules, set_of

LEAST_FIRING, MOST_UNDECIDED = 0.6, 0.03
"""Shares of the mutants that must fire something, and that the sheets may leave undecided."""

_SHARE = 250


class Difference(NamedTuple):
    """A rule that one side finds broken and the other does not.

    ``side`` is ``ours``, ``official``, or ``sheets`` where two sheets disagree on it.
    """

    rule: str
    side: str
    number: int
    base: str
    changes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Sum:
    """What comparing some mutants gave; sums add up.

    Attributes:
        mutants: how many documents were compared.
        firing: of these, in how many the sheets find something fatal.
        undecided: why the sheets gave no report, and how often.
        official: how often each fatal rule fired in the sheets.
        ours: how often each of our rules fired, on decided documents.
        differences: what nothing explains.
        explained: how many mutants each entry of the table of exceptions explains.
        known: how many mutants the known differences explain together.
    """

    mutants: int = 0
    firing: int = 0
    undecided: Counter[str] = field(default_factory=Counter)
    official: Counter[str] = field(default_factory=Counter)
    ours: Counter[str] = field(default_factory=Counter)
    differences: tuple[Difference, ...] = ()
    explained: Counter[tuple[str, str]] = field(default_factory=Counter)
    known: int = 0

    def plus(self, other: Sum) -> Sum:
        """Return both together."""
        mine, theirs = vars(self), vars(other)
        return Sum(**{name: mine[name] + theirs[name] for name in mine})


def compare(syntax: str, seed: int, count: int, *, processes: int = 1, aimed_at: str = "") -> Sum:
    """Compare so many mutants, spread over processes; see ``mutator.mutant``."""
    shares = [range(at, min(at + _SHARE, count)) for at in range(0, count, _SHARE)]
    if processes == 1:
        return _summed(_compare(syntax, seed, numbers, aimed_at) for numbers in shares)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        tasks = [pool.submit(_compare, syntax, seed, numbers, aimed_at) for numbers in shares]
        return _summed(task.result() for task in tasks)


def _summed(parts: Iterable[Sum]) -> Sum:
    whole = Sum()
    for part in parts:
        whole = whole.plus(part)
    return whole


def _compare(syntax: str, seed: int, numbers: Sequence[int], aimed_at: str) -> Sum:
    """Compare the mutants of some numbers. A process keeps its sheets compiled between calls."""
    oracle, ours = _judges(syntax)
    tally = _Tally(syntax)
    for number in numbers:
        made = mutant(syntax, seed, number, aimed_at)
        if made is not None:
            tally.add(made, oracle.judge(made.xml), ours(made.xml))
    return tally.sum()


@cache
def _judges(syntax: str) -> tuple[Oracle, Callable[[bytes], frozenset[str]]]:
    return Oracle(syntax), judge_ours(of=set_of(syntax))


class _Tally:
    """Counts what happens to some mutants of one syntax."""

    def __init__(self, syntax: str) -> None:
        self.syntax = syntax
        self.catalogue = frozenset(our_rules(of=set_of(syntax)))
        self.entries = [one for one in differences().known if one.syntax == syntax]
        self.decided = {one.rule for one in differences().precedence if one.syntax == syntax}
        self.mutants = self.firing = self.known = 0
        self.undecided: Counter[str] = Counter()
        self.official: Counter[str] = Counter()
        self.ours: Counter[str] = Counter()
        self.explained: Counter[tuple[str, str]] = Counter()
        self.differences: list[Difference] = []

    def add(self, made: Mutant, official: Official, ours: frozenset[str]) -> None:
        self.mutants += 1
        if official.fatal is None:
            self.undecided[official.reason] += 1
            return
        self.firing += bool(official.fatal)
        self.official.update(official.fatal)
        self.ours.update(ours)
        self._sheets(made, official.split)
        before = self.explained.total()
        for rule in sorted(ours - official.fatal):
            self._differ(made, rule, "ours")
        # A rule that we do not have yet is told elsewhere.
        for rule in sorted((official.fatal - ours) & self.catalogue):
            self._differ(made, rule, "official")
        self.known += self.explained.total() > before

    def _sheets(self, made: Mutant, split: frozenset[str]) -> None:
        for rule in sorted(split):
            if rule in self.decided:
                self.explained["precedence", rule] += 1
            else:
                self._note(made, rule, "sheets")

    def _differ(self, made: Mutant, rule: str, side: str) -> None:
        entry = next((one for one in self.entries if one.explains(rule, side, made.xml)), None)
        if entry is None:
            self._note(made, rule, side)
        else:
            self.explained["known", key_of(entry)] += 1

    def _note(self, made: Mutant, rule: str, side: str) -> None:
        self.differences.append(Difference(rule, side, made.number, made.base, made.changes))

    def sum(self) -> Sum:
        return Sum(
            mutants=self.mutants,
            firing=self.firing,
            undecided=self.undecided,
            official=self.official,
            ours=self.ours,
            differences=tuple(self.differences),
            explained=self.explained,
            known=self.known,
        )


def key_of(entry: KnownDifference) -> str:
    """Return what names an entry of the table: rule, side and predicate."""
    return f"{entry.rule} {entry.side} {entry.when}"


# -- the proof ---------------------------------------------------------------------------------


def problems(
    syntax: str, whole: Sum, *, least: int, entries: bool, of: Collection[str] | None = None
) -> list[str]:
    """Return what keeps a comparison from being a proof, in words; none where it is one.

    Args:
        syntax: ``ubl`` or ``cii``.
        whole: the comparison.
        least: how often every fatal rule that can be reached must have fired.
        entries: demand that every entry of the table of exceptions explains something.
        of: the rules that must have fired; all where None.
    """
    found = [f"{one.rule}: only {one.side}, mutant {one.number}" for one in whole.differences]
    found.extend(_shares(whole))
    found.extend(_firing(syntax, whole, least, fatal_rules(syntax) if of is None else of))
    if entries:
        found.extend(_unused(syntax, whole))
    return found


def _shares(whole: Sum) -> Iterator[str]:
    total = max(whole.mutants, 1)
    if whole.firing < LEAST_FIRING * total:
        yield f"only {whole.firing} of {total} mutants fire something"
    if whole.undecided.total() > MOST_UNDECIDED * total:
        yield f"{whole.undecided.total()} of {total} mutants are undecided"
    if whole.known > MOST_SHARE * total:
        yield f"known differences explain {whole.known} of {total} mutants"
    if len(differences().known) > MOST_DIFFERENCES:
        yield f"{len(differences().known)} known differences"


def _firing(syntax: str, whole: Sum, least: int, of: Collection[str]) -> Iterator[str]:
    reasons = unreachable(syntax)
    for rule in sorted(fatal_rules(syntax)):
        fired = whole.official[rule]
        if rule in reasons and fired:
            yield f"{rule}: called unreachable, fired {fired} times"
        elif rule in of and rule not in reasons and fired < least:
            yield f"{rule}: fired {fired} times"
    yield from (
        f"{rule}: no such fatal rule" for rule in sorted(reasons - fatal_rules(syntax).keys())
    )


def _unused(syntax: str, whole: Sum) -> Iterator[str]:
    table = differences()
    known = [("known", key_of(one)) for one in table.known if one.syntax == syntax]
    decided = [("precedence", one.rule) for one in table.precedence if one.syntax == syntax]
    for kind, key in known + decided:
        if not whole.explained[kind, key]:
            yield f"{key}: an entry that explains nothing"
