"""Measures a night: ``run --once`` on mixed invoices in flows of 500, from inbox to closed flows.

``BENCH_N`` invoices (10,000), ``BENCH_RUNS`` runs (3) of each format of delivery in
``BENCH_FORMATS`` (``fichiers,tar``), in turn, in ``BENCH_DIR`` (``var/bench``); every run is
printed. ``BENCH_N=100000 BENCH_RUNS=1`` shows whether a long night keeps the rate.

Each run has a folder of its own and nothing is deleted before the end: a file system that has just
deleted thousands of files is slow at creating others, and that would be measured instead.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

from bench.corpus import CONFIG, is_refused, night
from bench.floor import median_floor

ROOT = Path(__file__).parents[1]
SYNCS = 200
FLOORED = 1000
"""XML invoices of a night on which the floor is measured."""

BARS = {"fichiers": (1_000, 2_000), "tar": (1_500, 2_500)}
"""Invoices a second: what is asked for, and the aim, by format of delivery."""


class Deposit(NamedTuple):
    """What was put in the inbox: sizes of the invoices, how many are faulty, some XML ones."""

    sizes: list[int]
    faulty: int
    some: list[bytes]


def main() -> None:
    """Run the benchmark and print it."""
    count, runs = int(os.environ.get("BENCH_N", "10000")), int(os.environ.get("BENCH_RUNS", "3"))
    formats = os.environ.get("BENCH_FORMATS", "fichiers,tar").split(",")
    parent = Path(os.environ.get("BENCH_DIR", ROOT / "var" / "bench"))
    parent.mkdir(parents=True, exist_ok=True)
    folders: list[Path] = [Path(tempfile.mkdtemp(prefix="warm-up-", dir=parent))]
    results: dict[str, list[dict[str, Any]]] = {format: [] for format in formats}
    print(
        f"{count:,} invoices in flows of 500, {runs} runs of each format,"
        f" {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n"
    )
    try:
        _run(folders[0], 100, 0, formats[0])
        for seed, format in product(range(1, runs + 1), formats):
            folders.append(Path(tempfile.mkdtemp(prefix="run-", dir=parent)))
            results[format].append(_run(folders[-1], count, seed, format))
            _print_run(f"{format}, run {seed}", results[format][-1])
    finally:
        for folder in folders:
            shutil.rmtree(folder)
    for format, measured in results.items():
        _print_median(format, measured)


def _run(folder: Path, count: int, seed: int, format: str) -> dict[str, Any]:
    deposit = _deposit(folder / "inbox" / "ABC123", count, seed)
    config = _configure(folder, format)
    before = median_floor(deposit.some)
    syncs = _syncs(folder)
    # What was written above is not this run's to wait for.
    os.sync()
    command = [sys.executable, "-m", "bench.child", str(config)]
    # As an installation has them, modules are compiled already.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    decided = (result["documents"], result["refused"])
    if decided != (count, deposit.faulty):
        raise SystemExit(f"decided, refused: {decided}; expected: {(count, deposit.faulty)}")
    # Before and after: the machine may not be as fast at the end as at the beginning.
    floor = (before + median_floor(deposit.some)) / 2
    return result | {"floor": floor, "syncs": syncs, "deposit": deposit}


def _deposit(inbox: Path, count: int, seed: int) -> Deposit:
    deposit = Deposit([], sum(map(is_refused, range(1, count + 1))), [])
    inbox.mkdir(parents=True)
    for name, files, archive in night(count, seed):
        (inbox / name).write_bytes(archive)
        deposit.sizes.extend(map(len, files.values()))
        xml = (content for file, content in files.items() if file.endswith(".xml"))
        deposit.some.extend(content for content in xml if len(deposit.some) < FLOORED)
    return deposit


def _configure(folder: Path, format: str) -> Path:
    annuaire = CONFIG / "annuaire"
    config = folder / "chorus_edi.toml"
    lines = [
        "[folders]",
        'inbox = "inbox"',
        'outbox = "outbox"',
        'data = "var"',
        "[partenaires]",
        f"file = {json.dumps(str(CONFIG / 'partenaires.toml'))}",
        "[annuaire]",
        f"structures = {json.dumps(str(annuaire / 'structures.csv'))}",
        f"services = {json.dumps(str(annuaire / 'services.csv'))}",
        "[livraison]",
        f"format = {json.dumps(format)}",
    ]
    config.write_text("\n".join(lines) + "\n", "utf-8")
    return config


def _syncs(folder: Path) -> list[float]:
    """Return the seconds that it takes to write 8 KB and make it durable, many times."""
    taken = []
    block = os.urandom(8192)
    for number in range(SYNCS):
        began = time.perf_counter()
        with (folder / f"sync-{number}").open("wb") as file:
            file.write(block)
            file.flush()
            os.fsync(file.fileno())
        taken.append(time.perf_counter() - began)
    return taken


def _print_run(name: str, result: dict[str, Any]) -> None:
    per_document = result["seconds"] / result["documents"]
    floor = result["floor"]
    print(
        f"{name}: {result['seconds']:.2f} s"
        f" · {1 / per_document:,.0f} invoices/s"
        f" · {per_document * 1e6:.0f} µs each = {per_document / floor:.1f} × the floor"
    )
    sizes, syncs = result["deposit"].sizes, result["syncs"]
    print(
        f"  invoices: median {median(sizes) / 1000:.1f} KB,"
        f" mean {sum(sizes) / len(sizes) / 1000:.1f} KB,"
        f" {result['deposit'].faulty / len(sizes):.1%} faulty"
    )
    print(
        f"  floor (lxml parse + XSD, one process) {floor * 1e6:.0f} µs"
        f" · write + fsync of 8 KB: median {median(syncs) * 1e6:.0f} µs"
        f" = {median(syncs) / floor:.1f} ×, p99 {quantiles(syncs, n=100)[-1] * 1e6:.0f} µs"
    )
    print(
        f"  memory: main {result['main_mb']:.0f} MB, largest worker {result['worker_mb']:.0f} MB"
        f" · CPU: main {result['main_cpu']:.1f} s, workers {result['workers_cpu']:.1f} s"
    )
    for stage, seconds in sorted(result["stages"].items(), key=lambda item: -item[1]):
        each = seconds / result["documents"]
        print(
            f"  {stage:<10}{seconds / result['seconds']:>6.0%}"
            f"{each * 1e6:>8.0f} µs{each / floor:>7.2f} ×"
        )
    rest = result["seconds"] - sum(result["stages"].values())
    print(f"  {'the rest':<10}{rest / result['seconds']:>6.0%}  (start of workers, recovery)")
    print(f"  flows: {', '.join(f'{k} {v}' for k, v in sorted(result['states'].items()))}\n")


def _print_median(format: str, results: list[dict[str, Any]]) -> None:
    ratios = sorted(r["seconds"] / r["documents"] / r["floor"] for r in results)
    rates = sorted(r["documents"] / r["seconds"] for r in results)
    middle = len(results) // 2
    bar, aim = BARS[format]
    print(
        f"{format}, median of {len(results)}: {rates[middle]:,.0f} invoices/s,"
        f" {ratios[middle]:.1f} × the floor (from {ratios[0]:.1f} to {ratios[-1]:.1f});"
        f" bar {bar:,} invoices/s, aim {aim:,}"
    )


if __name__ == "__main__":
    main()
