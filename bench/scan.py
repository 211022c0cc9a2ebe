"""Measures looks at an inbox of 100,000 files in one folder; the second has a bar of one second.

``BENCH_FILES`` files (100,000), in ``BENCH_DIR`` (``var/bench``). Nothing is claimed: each look
lists as many files as it may, and the time between looks only passes for the scanner.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from bench.run_once import ROOT
from chorus_edi.adapters.files.arrivals import InboxScan
from chorus_edi.domain.partners import Arriving, Completeness, Partner, Partners

BAR = 1.0
"""Seconds of the second look."""

LOOKS = 3
CODE = "ABC123"


class Look(NamedTuple):
    """One look: seconds, seconds of processor, files listed."""

    seconds: float
    processor: float
    listed: int


def main() -> None:
    """Run the benchmark and print it."""
    count = int(os.environ.get("BENCH_FILES", "100000"))
    parent = Path(os.environ.get("BENCH_DIR", ROOT / "var" / "bench"))
    parent.mkdir(parents=True, exist_ok=True)
    inbox = Path(tempfile.mkdtemp(prefix="scan-", dir=parent))
    try:
        (inbox / CODE).mkdir()
        for number in range(count):
            name = f"FSO1100A_{CODE}_{CODE}1100{number:015d}.xml"
            (inbox / CODE / name).write_bytes(b"<Invoice/>")
        print(f"looks at {count:,} files in one folder; bar of the second: {BAR:g} s\n")
        for rule in (Completeness.QUIET, Completeness.RENAMED, Completeness.DONE_FILE):
            _print(rule, _looks(inbox, rule))
    finally:
        shutil.rmtree(inbox)


def _looks(inbox: Path, rule: Completeness) -> list[Look]:
    """Return what each look took, and how many files it lists."""
    minutes = 0.0
    own = Partner(code=CODE, name="Éditeur", arriving=Arriving(rule=rule))
    scan = InboxScan(inbox, Partners({CODE: own}, own), now=lambda: 60 * minutes)
    looks = []
    for _ in range(LOOKS):
        began, used = time.perf_counter(), time.process_time()
        listed = len(scan.whole())
        seconds, processor = time.perf_counter() - began, time.process_time() - used
        looks.append(Look(seconds, processor, listed))
        minutes += 1
    return looks


def _print(rule: Completeness, looks: list[Look]) -> None:
    verdict = "kept" if looks[1].seconds < BAR else "MISSED"
    print(f"  {rule.value}: bar {verdict}")
    for number, look in enumerate(looks, 1):
        cost = f"{look.seconds:.2f} s, of which {look.processor:.2f} s of processor"
        print(f"    look {number}: {cost}, {look.listed:,} files listed")


if __name__ == "__main__":
    main()
