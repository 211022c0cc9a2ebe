"""Examines one invoice, as a worker does, and prints the peak memory of the process in MB."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.examine import task_of
from chorus_edi.bootstrap import ExaminerSpec, build_examiner
from chorus_edi.domain.scenarios import RuleSet


def main(file: str, *sets: str) -> None:
    """Examine a file by some rule sets."""
    examine = build_examiner(ExaminerSpec(requested=tuple(map(RuleSet, sets))))
    path = Path(file)
    examine(task_of(1, path.name, path.read_bytes()))
    status = Path("/proc/self/status").read_text("ascii")
    print(round(int(status.partition("VmHWM:")[2].split()[0]) / 1024))


if __name__ == "__main__":
    main(*sys.argv[1:])
