"""Measures a verdict by EN 16931: ours beside the floor and the official sheet, in one process.

For each document and variant the median of ``BENCH_ROUNDS`` rounds (7), in each of which every
variant takes all documents; then the median and the ninth decile over the documents. The ratio to
the floor is taken document by document; that of every round is printed. ``BENCH_N`` made invoices
(60) and the real ones that stand beside the project, where they do; long ones of 100, 1,000 and
10,000 lines.

* floor: lxml parses with a hardened default parser, and applies the XSD;
* tuned floor: the same with the parser that we use;
* ours: from bytes to findings, what ``validate --rules en16931`` does with a document;
* official: SaxonC parses, runs the sheet of the same syntax, and its report is read.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from statistics import median, quantiles
from typing import Any, NamedTuple

from bench.corpus import ROOT, archives, documents, long_invoice, real_invoices, root_name
from bench.examine import task_of
from bench.floor import default_parser, schemas, tuned_parser
from bench.official import Official
from chorus_edi.bootstrap import ExaminerSpec, build_examiner
from chorus_edi.domain.scenarios import RuleSet

Variant = Callable[[bytes], object]
Seconds = dict[str, list[list[float]]]
"""Variant → for each document, its seconds in each round."""

LENGTHS = (100, 1_000, 10_000)
_SHEETS = {"UBL": "en16931-ubl", "CII": "facturx-en16931-rules"}
_FLOOR = "floor"


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
        _print_corpus(corpus, measure.run(corpus, rounds))
    for syntax in _SHEETS:
        _print_growth(syntax, measure)
    _print_memory()


def _ordinary(count: int, measure: _Measure) -> Iterable[Corpus]:
    made = [content for _, content in documents(archives(count, seed=9))]
    for name, files in (("made", made), ("real", list(real_invoices()))):
        for syntax in _SHEETS:
            chosen = [one for one in files if measure.is_valid(one, syntax)]
            if chosen:
                yield Corpus(name, syntax, chosen)


class _Measure:
    """What is compared, ready to run."""

    def __init__(self) -> None:
        self._examine = build_examiner(ExaminerSpec(requested=(RuleSet.EN16931,)))
        self._schemas = schemas()
        self._official = Official(_SHEETS.values())

    def is_valid(self, content: bytes, syntax: str) -> bool:
        """True for a document of a syntax that obeys its schema."""
        root = root_name(content)
        if root not in self._schemas or (root == "CrossIndustryInvoice") is not (syntax == "CII"):
            return False
        return bool(self._schemas[root].validate(default_parser(content)))

    def run(self, corpus: Corpus, rounds: int, *, official: int | None = None) -> Seconds:
        """Time every variant on every document; ``official`` bounds the rounds of the sheet."""
        variants: dict[str, Variant] = {
            _FLOOR: lambda content: self._validated(default_parser(content)),
            "tuned floor": lambda content: self._validated(tuned_parser(content)),
            "ours": lambda content: self._examine(task_of(1, "facture.xml", content)),
            "official": lambda content: self._official.judge(_SHEETS[corpus.syntax], content),
        }
        seconds: Seconds = {name: [[] for _ in corpus.files] for name in variants}
        for content in corpus.files[:20]:
            for variant in variants.values():
                variant(content)
        for number in range(rounds):
            for name, variant in variants.items():
                # One after another, as in a night: mixed, each would find the other's caches.
                if name != "official" or official is None or number < official:
                    for rank, content in enumerate(corpus.files):
                        seconds[name][rank].append(_time(variant, content))
        return seconds

    def _validated(self, root: Any) -> bool:
        return bool(self._schemas[root.tag.rpartition("}")[2]].validate(root))


def _time(variant: Variant, content: bytes) -> float:
    began = time.perf_counter()
    variant(content)
    return time.perf_counter() - began


def _print_corpus(corpus: Corpus, seconds: Seconds) -> None:
    size = median(len(content) for content in corpus.files) / 1000
    print(f"\n{corpus.syntax}: {len(corpus.files)} {corpus.name} invoices, median {size:.1f} KB")
    floors = [median(each) for each in seconds[_FLOOR]]
    for name, held in seconds.items():
        medians = [median(each) for each in held]
        ratio = median(mine / base for mine, base in zip(medians, floors, strict=True))
        print(
            f"  {name:<12}{median(medians) * 1e3:>8.3f} ms,"
            f" p90 {quantiles(medians, n=10)[-1] * 1e3:>7.3f} ms = {ratio:.2f} × the floor"
            f"  (rounds: {_rounds(held, seconds[_FLOOR])})"
        )
    ours, official = seconds["ours"], seconds["official"]
    pairs = zip(official, ours, strict=True)
    ratio = median(median(theirs) / median(mine) for theirs, mine in pairs)
    rounds = _rounds(official, ours)
    print(f"  ours is {ratio:.1f} × as fast as the official sheet  (rounds: {rounds})")


def _rounds(over: list[list[float]], under: list[list[float]]) -> str:
    """Return the ratio of each round: all documents together."""
    per_round = zip(zip(*over, strict=True), zip(*under, strict=True), strict=False)
    return " ".join(f"{sum(above) / sum(below):.2f}" for above, below in per_round)


def _print_growth(syntax: str, measure: _Measure) -> None:
    print(f"\n{syntax}: invoices of many lines")
    per_line: dict[int, float] = {}
    for lines in LENGTHS:
        content = long_invoice(lines, cii=syntax == "CII")
        held = measure.run(Corpus("long", syntax, [content]), 5, official=1)
        floor, ours, official = (median(held[name][0]) for name in (_FLOOR, "ours", "official"))
        per_line[lines] = ours / lines * 1e6
        print(
            f"  {lines:>6,} lines, {len(content) / 1e6:.1f} MB: {ours * 1e3:.1f} ms"
            f" = {per_line[lines]:.1f} µs a line, {ours / floor:.2f} × the floor,"
            f" the official sheet {official / ours:.1f} × as long"
            f"  (rounds: {_rounds(held['ours'], held[_FLOOR])})"
        )
    growth = per_line[LENGTHS[-1]] / per_line[LENGTHS[0]] - 1
    print(f"  µs per line from {LENGTHS[0]} to {LENGTHS[-1]:,} lines: {growth:+.0%}")


def _print_memory() -> None:
    print("\npeak memory of a process that examines one invoice")
    for syntax in _SHEETS:
        for lines in LENGTHS[1:]:
            print(f"  {syntax}, {lines:>6,} lines: {_peak(syntax, lines)} MB")


def _peak(syntax: str, lines: int) -> str:
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        file.write(long_invoice(lines, cii=syntax == "CII"))
        file.flush()
        command = [sys.executable, "-m", "bench.memory", file.name]
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
