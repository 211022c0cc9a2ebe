"""``run --once`` that ends by printing the peak memory, in KiB, of itself and of its workers."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from chorus_edi import bootstrap

REPOSITORY = Path(__file__).parents[2]


def run_measured(config: Path) -> tuple[int, int]:
    """Run once in a process of its own; return its peak and its largest worker's, in KiB."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.measured_run", str(config)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr
    own, workers = done.stdout.split()
    return int(own), int(workers)


def high_water() -> int:
    """Return this program's own peak: ``ru_maxrss`` would count its parent's, before the exec."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def main() -> None:
    bootstrap.run(bootstrap.load_settings(Path(sys.argv[1])), once=True)
    own = high_water()
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sys.stdout.write(f"{own} {workers}\n")


if __name__ == "__main__":
    main()
