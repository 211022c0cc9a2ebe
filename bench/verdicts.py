"""Measures verdicts: ours beside the floor and the official sheets, in one process.

Each stack of ``bench/stacks.py`` is measured on the same documents in the same rounds. For each
document and variant the median of ``BENCH_ROUNDS`` rounds (7), in each of which every variant takes
all documents; then the median and the ninth decile over the documents. Ratios are taken document by
document; those of every round are printed, and the bar beside what was measured.

Seconds are the processor's: none of the variants waits or has threads, so that on a quiet machine
they are those of the clock, and elsewhere what others do counts less. On a busy machine the ratios
of the quickest rounds say most.

``BENCH_N`` made invoices (60), which keep every rule of every stack, and the real ones that stand
beside the project, where they do; long ones of 100, 1,000 and 10,000 lines.

* floor: lxml parses with a hardened default parser, and applies the XSD;
* tuned floor: the same with the parser that we use;
* a stack: from bytes to findings, what ``validate --rules …`` does with a document;
* its official sheets: SaxonC parses once, runs each sheet of the same syntax, and their reports are
  read.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import product
from statistics import median, quantiles
from typing import Any, NamedTuple

from bench.corpus import ROOT, archives, documents, long_invoice, real_invoices, root_name
from bench.examine import task_of
from bench.floor import default_parser, schemas, tuned_parser
from bench.official import Official
from bench.stacks import LONGEST, STACKS, SYNTAXES, Stack
from chorus_edi.bootstrap import ExaminerSpec, build_examiner
from chorus_edi.domain.flux import Examination, Verdict

Variant = Callable[[bytes], object]
Seconds = dict[str, list[list[float]]]
"""Variant → for each document, its seconds in each round."""

LENGTHS = (100, 1_000, LONGEST)
_FLOOR, _TUNED = "floor", "tuned floor"
_MOST_GROWTH = "15 %"
_MOST_MEMORY = {1_000: 150, LONGEST: 200}
"""MB of a worker, by lines of the longest invoice it meets."""


class Corpus(NamedTuple):
    """Documents of one syntax, measured together."""

    name: str
    syntax: str
    files: Sequence[bytes]


def main() -> None:
    """Run the benchmark and print it."""
    count, rounds = int(os.environ.get("BENCH_N", "60")), int(os.environ.get("BENCH_ROUNDS", "7"))
    measure = _Measure()
    print(
        f"{rounds} rounds, one process, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    )
    for corpus in _ordinary(count, measure):
        _print_corpus(corpus, measure, measure.run(corpus, rounds))
    for syntax in SYNTAXES:
        _print_growth(syntax, measure)
    _print_memory()


def _ordinary(count: int, measure: _Measure) -> Iterable[Corpus]:
    made = [content for _, content in documents(archives(count, seed=9))]
    for stack in STACKS:
        if measure.kept(stack, made) < len(made):
            raise SystemExit(f"a made invoice breaks a rule of {stack.name}")
    for name, files in (("made", made), ("real", list(real_invoices()))):
        for syntax in SYNTAXES:
            chosen = [one for one in files if measure.is_valid(one, syntax)]
            if chosen:
                yield Corpus(name, syntax, chosen)


class _Measure:
    """What is compared, ready to run."""

    def __init__(self) -> None:
        self._examine = {
            stack.name: build_examiner(ExaminerSpec(requested=stack.sets)) for stack in STACKS
        }
        self._schemas = schemas()
        names = (name for stack in STACKS for held in stack.sheets.values() for name in held)
        self._official = Official(dict.fromkeys(names))

    def is_valid(self, content: bytes, syntax: str) -> bool:
        """True for a document of a syntax that obeys its schema."""
        root = root_name(content)
        if root not in self._schemas or (root == "CrossIndustryInvoice") is not (syntax == "CII"):
            return False
        return bool(self._schemas[root].validate(default_parser(content)))

    def kept(self, stack: Stack, files: Iterable[bytes]) -> int:
        """Return how many documents keep every rule of a stack."""
        verdicts = (self._examined(stack, content).verdict for content in files)
        return sum(verdict is Verdict.ACCEPTED for verdict in verdicts)

    def run(self, corpus: Corpus, rounds: int, *, official: int | None = None) -> Seconds:
        """Time every variant on every document; ``official`` bounds the rounds of the sheets."""
        variants = self._variants(corpus.syntax)
        seconds: Seconds = {name: [[] for _ in corpus.files] for name in variants}
        for content in corpus.files[:20]:
            for variant in variants.values():
                variant(content)
        sheets = {_official(stack) for stack in STACKS}
        for number in range(rounds):
            for name, variant in variants.items():
                # One after another, as in a night: mixed, each would find the other's caches.
                if name not in sheets or official is None or number < official:
                    for rank, content in enumerate(corpus.files):
                        seconds[name][rank].append(_time(variant, content))
        return seconds

    def _variants(self, syntax: str) -> dict[str, Variant]:
        variants: dict[str, Variant] = {
            _FLOOR: lambda content: self._validated(default_parser(content)),
            _TUNED: lambda content: self._validated(tuned_parser(content)),
        }
        for stack in STACKS:
            variants[stack.name] = partial(self._examined, stack)
            variants[_official(stack)] = partial(self._official.judge, stack.sheets[syntax])
        return variants

    def _examined(self, stack: Stack, content: bytes) -> Examination:
        return self._examine[stack.name](task_of(1, "facture.xml", content))

    def _validated(self, root: Any) -> bool:
        return bool(self._schemas[root.tag.rpartition("}")[2]].validate(root))


def _official(stack: Stack) -> str:
    return f"{stack.name}, official"


def _time(variant: Variant, content: bytes) -> float:
    began = time.process_time()
    variant(content)
    return time.process_time() - began


def _print_corpus(corpus: Corpus, measure: _Measure, seconds: Seconds) -> None:
    size = median(len(content) for content in corpus.files) / 1000
    print(f"\n{corpus.syntax}: {len(corpus.files)} {corpus.name} invoices, median {size:.1f} KB")
    for name in (_FLOOR, _TUNED):
        print(_line(name, seconds[name]))
    for stack in STACKS:
        ours, official = seconds[stack.name], seconds[_official(stack)]
        floor, bars = seconds[_FLOOR], stack.bars
        kept = measure.kept(stack, corpus.files)
        print(f"{_line(stack.name, ours)}, {kept} of {len(corpus.files)} keep every rule")
        print(f"    {_ratio(ours, floor)} × the floor{_bar(bars.floor)}")
        print(_line(_official(stack), official))
        bar = bars.official.get(corpus.syntax)
        print(f"    {_ratio(official, ours)} × as long as ours{_bar(bar)}")


def _line(name: str, held: list[list[float]]) -> str:
    medians = [median(each) for each in held]
    p90 = quantiles(medians, n=10)[-1]
    return f"  {name:<18}{median(medians) * 1e3:>8.3f} ms, p90 {p90 * 1e3:>8.3f} ms"


def _ratio(over: list[list[float]], under: list[list[float]]) -> str:
    """Return the median ratio of the documents, that of their quickest rounds, that of each round.

    A round's is that of all documents together.
    """
    pairs = list(zip(over, under, strict=True))
    each, quickest = (
        median(of(above) / of(below) for above, below in pairs) for of in (median, min)
    )
    per_round = zip(zip(*over, strict=True), zip(*under, strict=True), strict=False)
    rounds = " ".join(f"{sum(above) / sum(below):.2f}" for above, below in per_round)
    return f"{each:.2f} (quickest: {quickest:.2f}; rounds: {rounds})"


def _bar(asked: float | None) -> str:
    return "" if asked is None else f", bar {asked:g}"


def _print_growth(syntax: str, measure: _Measure) -> None:
    print(f"\n{syntax}: invoices of many lines")
    runs = {lines: _long_run(syntax, lines, measure) for lines in LENGTHS}
    for stack in STACKS:
        print(f"  {stack.name}")
        per_line = {}
        for lines, seconds in runs.items():
            ours, official = seconds[stack.name], seconds[_official(stack)]
            per_line[lines] = median(ours[0]) / lines * 1e6
            bar = _bar(stack.bars.longest if lines == LONGEST else None)
            print(
                f"    {lines:>6,} lines: {median(ours[0]) * 1e3:.1f} ms"
                f" = {per_line[lines]:.1f} µs a line,"
                f" {_ratio(ours, seconds[_FLOOR])} × the floor;"
                f" the official sheets {_ratio(official, ours)} × as long{bar}"
            )
        growth = per_line[LONGEST] / per_line[LENGTHS[0]] - 1
        print(
            f"    µs a line from {LENGTHS[0]} to {LONGEST:,} lines: {growth:+.0%},"
            f" bar {_MOST_GROWTH}"
        )


def _long_run(syntax: str, lines: int, measure: _Measure) -> Seconds:
    content = long_invoice(lines, cii=syntax == "CII")
    return measure.run(Corpus("long", syntax, [content]), 5, official=1)


def _print_memory() -> None:
    print("\npeak memory of a process that examines one invoice")
    for syntax, (lines, most), stack in product(SYNTAXES, _MOST_MEMORY.items(), STACKS):
        peak = _peak(stack, syntax, lines)
        print(f"  {syntax}, {lines:>6,} lines, {stack.name}: {peak} MB, bar {most}")


def _peak(stack: Stack, syntax: str, lines: int) -> str:
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        file.write(long_invoice(lines, cii=syntax == "CII"))
        file.flush()
        command = [sys.executable, "-m", "bench.memory", file.name, *stack.sets]
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
