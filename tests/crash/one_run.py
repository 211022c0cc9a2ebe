"""One ``run --once`` with a clock that stands still, to its end or to a crash point."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

from chorus_edi import bootstrap
from chorus_edi.bootstrap import CRASHPOINT

PATIENCE = 300

# Forked from a server that has imported the program already: a process of its own, which may die
# as it likes, without the second that each start would cost. Its workers start as in service.
_SERVED = multiprocessing.get_context("forkserver")
_SERVED.set_forkserver_preload(
    [
        "tests.crash.one_run",
        "chorus_edi.settings",
        "chorus_edi.adapters.files.annuaire",
        "chorus_edi.adapters.files.partners",
        "chorus_edi.adapters.store.engine",
        "chorus_edi.adapters.store.schema",
        "chorus_edi.adapters.store.store",
        "chorus_edi.pipeline.closing",
        "chorus_edi.pipeline.intake",
        "chorus_edi.pipeline.night",
    ]
)


class StandingClock:
    """A clock that always says the same."""

    def now(self) -> datetime:
        return datetime(2026, 11, 21, 1, 30, tzinfo=UTC)


def run_once(config: Path) -> None:
    """Run in this process, to the end."""
    bootstrap.run(bootstrap.load_settings(config), once=True, clock=StandingClock())


def run_killed(config: Path, crash_at: str) -> int:
    """Run in a process of its own with a crash point armed; return its exit code, -9 if killed."""
    said = config.with_name("traceback")
    process = _SERVED.Process(target=_armed, args=(config, crash_at, said))
    process.start()
    process.join(PATIENCE)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise AssertionError(f"still running after {PATIENCE} s")
    if said.exists():
        raise AssertionError(said.read_text(encoding="utf-8"))
    code = process.exitcode
    process.close()
    return code


def started(config: Path) -> BaseProcess:
    """Start a run in a process of its own, for the caller to kill or to join."""
    process = _SERVED.Process(target=run_once, args=(config,))
    process.start()
    return process


def _armed(config: Path, crash_at: str, said: Path) -> None:
    os.environ[CRASHPOINT] = crash_at
    try:
        run_once(config)
    except BaseException:
        said.write_text(traceback.format_exc(), encoding="utf-8")
        raise
