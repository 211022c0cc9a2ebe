"""Measures ``run --once`` on varied invoices in flows of 500; every run is printed.

``BENCH_N`` invoices (2,000), ``BENCH_RUNS`` runs (3), in ``BENCH_DIR`` (``var/bench``). Each run
has a folder of its own and nothing is deleted before the end: a file system that has just deleted
thousands of files is slow at creating others, and that would be measured instead.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.corpus import CONFIG, archives, documents
from bench.floor import median_floor

ROOT = Path(__file__).parents[1]
SYNCS = 200


def main() -> None:
    """Run the benchmark and print it."""
    count, runs = int(os.environ.get("BENCH_N", "2000")), int(os.environ.get("BENCH_RUNS", "3"))
    parent = Path(os.environ.get("BENCH_DIR", ROOT / "var" / "bench"))
    parent.mkdir(parents=True, exist_ok=True)
    folders: list[Path] = []
    results: list[dict[str, Any]] = []
    print(f"{count} invoices in flows of 500, {runs} runs, {os.cpu_count()} processors\n")
    try:
        for seed in range(1, runs + 1):
            folders.append(Path(tempfile.mkdtemp(prefix="run-", dir=parent)))
            results.append(_run(folders[-1], count, seed))
            _print_run(seed, results[-1])
    finally:
        for folder in folders:
            shutil.rmtree(folder)
    _print_median(results)


def _run(folder: Path, count: int, seed: int) -> dict[str, Any]:
    made = archives(count, seed)
    files = [content for _, content in documents(made)]
    inbox = folder / "inbox" / "ABC123"
    inbox.mkdir(parents=True)
    for name, content in made:
        (inbox / name).write_bytes(content)
    config = _configure(folder)
    before = median_floor(files)
    fsync = _fsync(folder)
    command = [sys.executable, "-m", "bench.child", str(config)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    if result["documents"] != count:
        raise SystemExit(f"{result['documents']} documents decided, {count} expected")
    # Before and after: the machine may not be as fast at the end as at the beginning.
    floor = (before + median_floor(files)) / 2
    return result | {"floor": floor, "fsync": fsync, "bytes": sum(map(len, files)) / count}


def _configure(folder: Path) -> Path:
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
    ]
    config.write_text("\n".join(lines) + "\n", "utf-8")
    return config


def _fsync(folder: Path) -> float:
    """Return the median seconds of writing 8 KB and making it durable."""
    taken = []
    block = os.urandom(8192)
    for number in range(SYNCS):
        began = time.perf_counter()
        with (folder / f"sync-{number}").open("wb") as file:
            file.write(block)
            file.flush()
            os.fsync(file.fileno())
        taken.append(time.perf_counter() - began)
    return sorted(taken)[SYNCS // 2]


def _print_run(number: int, result: dict[str, Any]) -> None:
    per_document = result["seconds"] / result["documents"]
    floor = result["floor"]
    print(
        f"run {number}: {result['seconds']:.2f} s"
        f" · {1 / per_document:,.0f} invoices/s"
        f" · {per_document * 1e6:.0f} µs each = {per_document / floor:.1f} × the floor"
    )
    print(
        f"  floor (lxml parse + XSD, one process) {floor * 1e6:.0f} µs"
        f" · fsync of a file {result['fsync'] * 1e6:.0f} µs = {result['fsync'] / floor:.1f} ×"
        f" · mean file {result['bytes'] / 1000:.1f} KB"
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


def _print_median(results: list[dict[str, Any]]) -> None:
    ratios = sorted(r["seconds"] / r["documents"] / r["floor"] for r in results)
    rates = sorted(r["documents"] / r["seconds"] for r in results)
    middle = len(results) // 2
    print(
        f"median of {len(results)}: {rates[middle]:,.0f} invoices/s,"
        f" {ratios[middle]:.1f} × the floor (from {ratios[0]:.1f} to {ratios[-1]:.1f})"
    )


if __name__ == "__main__":
    main()
