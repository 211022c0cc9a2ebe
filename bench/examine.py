"""Measures one process from bytes to findings, per syntax, as a ratio to the floor.

No disk, no database, no directory: detect, parse, validate, resolve, check and the place of every
finding. ``BENCH_N`` invoices (600), ``BENCH_ROUNDS`` rounds (5), interleaved with the floor.
"""

from __future__ import annotations

import os
import time
from datetime import date
from hashlib import sha256

from bench.corpus import archives, documents
from bench.floor import floor, schemas
from chorus_edi.bootstrap import ExaminerSpec, build_examiner
from chorus_edi.domain.flux import DocumentEntry
from chorus_edi.pipeline.tasks import Task
from chorus_edi.pipeline.worker import Examine


def main() -> None:
    """Run the benchmark and print it."""
    count, rounds = int(os.environ.get("BENCH_N", "600")), int(os.environ.get("BENCH_ROUNDS", "5"))
    files = list(documents(archives(count, seed=9)))
    examine, compiled = build_examiner(ExaminerSpec()), schemas()
    print(f"{count} invoices, {rounds} rounds, one process\n")
    for syntax, of_syntax in (("UBL", False), ("CII", True)):
        chosen = [(n, c) for n, c in files if (b"CrossIndustryInvoice" in c[:300]) is of_syntax]
        tasks = [task_of(rank, name, content) for rank, (name, content) in enumerate(chosen, 1)]
        contents = [content for _, content in chosen]
        _time(examine, tasks[:50])
        floors, ours = [], []
        for _ in range(rounds):
            floors.append(floor(contents, compiled))
            ours.append(_time(examine, tasks))
        _print(syntax, contents, floors, ours)


def task_of(rank: int, name: str, content: bytes) -> Task:
    """Return the task of examining one document."""
    digest = sha256(content).hexdigest()
    entry = DocumentEntry(rank=rank, name=name, size=len(content), sha256=digest)
    return Task(flux="bench", entry=entry, deposited=date(2026, 10, 1), data=content)


def _time(examine: Examine, tasks: list[Task]) -> float:
    began = time.perf_counter()
    for task in tasks:
        examine(task)
    return (time.perf_counter() - began) / len(tasks)


def _print(syntax: str, contents: list[bytes], floors: list[float], ours: list[float]) -> None:
    ratios = sorted(mine / base for mine, base in zip(ours, floors, strict=True))
    middle = len(ratios) // 2
    print(
        f"{syntax}: {sorted(ours)[middle] * 1e6:.0f} µs per invoice of"
        f" {sum(map(len, contents)) / len(contents) / 1000:.1f} KB,"
        f" {ratios[middle]:.2f} × the floor of {sorted(floors)[middle] * 1e6:.0f} µs"
        f" (every round: {', '.join(f'{ratio:.2f}' for ratio in ratios)})"
    )


if __name__ == "__main__":
    main()
