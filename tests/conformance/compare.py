"""Compares our verdicts with those of the official sheets, from a terminal.

python -m tests.conformance.compare --syntax ubl|cii --count N --seed S [--rules BR-S-,BR-CL-]
python -m tests.conformance.compare --syntax ubl|cii --count 50000 --processes 2 --prove --fired
python -m tests.conformance.compare --list ubl|cii
"""

# ruff: noqa: T201 - it is a command: what it says goes to the terminal

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.conformance.comparison import Difference, Sum, compare, problems
from tests.conformance.exceptions import unreachable
from tests.conformance.mutator import mutant
from tests.conformance.oracle import our_rules
from tests.conformance.sheets import SHEETS, fatal_rules, set_of

LEAST = 10
"""How often every fatal rule that can be reached must have fired for a proof."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 where a difference is shown, or where ``--prove`` proves nothing."""
    options = _options(arguments)
    if options.list:
        print(*_listed(options.list), sep="\n")
        return 0
    begun = time.perf_counter()
    whole = compare(
        options.syntax,
        options.seed,
        options.count,
        processes=options.processes,
        aimed_at=options.rules,
    )
    took = time.perf_counter() - begun
    folder = Path(options.out or tempfile.mkdtemp(prefix=f"mutants-{options.syntax}-"))
    print(*_told(options, whole, folder), sep="\n")
    print(f"{took:.0f} s, {1000 * took / max(whole.mutants, 1):.1f} ms per mutant")
    if not options.prove:
        return 1 if _wanted(whole, options.rules) else 0
    against = problems(options.syntax, whole, least=LEAST, entries=True)
    print(*(f"NOT PROVED: {one}" for one in against), sep="\n")
    return 1 if against else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.compare")
    parser.add_argument("--list", choices=tuple(SHEETS), help="list the fatal rules and stop")
    parser.add_argument("--syntax", choices=tuple(SHEETS), default="ubl")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--rules", default="", help="beginnings of ids, comma-separated: aim at these, show these"
    )
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--examples", type=int, default=5, help="per rule and side")
    parser.add_argument("--fired", action="store_true", help="how often each rule fired")
    parser.add_argument("--prove", action="store_true", help="fail unless it is a proof")
    parser.add_argument("--out", help="folder for the mutants shown")
    return parser.parse_args(arguments)


def _beginnings(rules: str) -> tuple[str, ...]:
    return tuple(rules.split(","))


def _wanted(whole: Sum, rules: str) -> list[Difference]:
    return [one for one in whole.differences if one.rule.startswith(_beginnings(rules))]


def _told(options: argparse.Namespace, whole: Sum, folder: Path) -> Iterator[str]:
    groups: dict[tuple[str, str], list[Difference]] = {}
    for one in _wanted(whole, options.rules):
        groups.setdefault((one.rule, one.side), []).append(one)
    for (rule, side), found in sorted(groups.items()):
        yield f"{rule}  only {side}: {len(found)} of {whole.mutants}"
        for one in found[: options.examples]:
            yield f"    {_written(options, one, folder)}  base {one.base}"
            yield from (f"        {change}" for change in one.changes)
    yield from _summary(options.syntax, whole, options.rules)
    if options.fired:
        yield from _fired(options.syntax, whole)


def _written(options: argparse.Namespace, one: Difference, folder: Path) -> Path:
    made = mutant(options.syntax, options.seed, one.number, options.rules)
    assert made is not None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{options.syntax}-{options.seed}-{one.number}.xml"
    path.write_bytes(made.xml)
    return path


def _summary(syntax: str, whole: Sum, rules: str) -> Iterator[str]:
    yield (
        f"{whole.mutants} mutants, {whole.firing} with a fatal rule, "
        f"{whole.undecided.total()} undecided, {len(whole.differences)} differences, "
        f"{whole.known} known"
    )
    for reason, times in whole.undecided.most_common(5):
        yield f"    undecided {times}: {reason[:200]}"
    for (kind, key), times in sorted(whole.explained.items()):
        yield f"    {kind} {times}: {key}"
    yield from _absent(syntax, whole, rules)


def _absent(syntax: str, whole: Sum, rules: str) -> Iterator[str]:
    catalogue = frozenset(our_rules(of=set_of(syntax)))
    absent = sorted(fatal_rules(syntax).keys() - catalogue)
    if absent:
        shown = [rule for rule in absent if rule.startswith(_beginnings(rules))]
        yield f"not in our catalogue: {len(absent)} of {len(fatal_rules(syntax))} fatal rules"
        yield "    " + ", ".join(f"{rule} ({whole.official[rule]})" for rule in shown)


def _fired(syntax: str, whole: Sum) -> Iterator[str]:
    reasons = unreachable(syntax)
    for rule in sorted(fatal_rules(syntax)):
        why = f"  {reasons[rule]}" if rule in reasons else ""
        yield f"{rule:15} official {whole.official[rule]:6}  ours {whole.ours[rule]:6}{why}"


def _listed(syntax: str) -> Iterator[str]:
    """Yield every assertion behind a fatal rule, tab-separated.

    Rule, flag, sheet, the sheet's own id, number of assertions of the rule, context, test.
    """
    rules = fatal_rules(syntax)
    for rule, held in sorted(rules.items()):
        for one in held:
            yield (
                f"{rule}\tfatal\t{one.sheet}\t{one.fired.id}\t{len(held)}\t{one.context}\t{one.test}"
            )
    yield f"{len(rules)} fatal rules"


if __name__ == "__main__":
    sys.exit(main())
