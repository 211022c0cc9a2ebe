"""One ``run --once`` in a process of its own, its clock standing still, to an end or death."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from chorus_edi import bootstrap
from chorus_edi.bootstrap import ExaminerSpec, build_examiner
from chorus_edi.pipeline import crashpoints
from tests.crash.moments import WORKER, Moment, Watch, token, watch_database, watch_files

PATIENCE = 300
DEADLY = "tue-son-examinateur"
"""A document whose name holds this kills the worker that examines it."""

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


def run_once(config: Path, workers_die: Sequence[Moment] = ()) -> None:
    """Run in this process, to the end."""
    bootstrap.run(
        bootstrap.load_settings(config),
        once=True,
        clock=StandingClock(),
        examiner=partial(mortal_examiner, config=config, moments=tuple(workers_die)),
    )


def run_killed(config: Path, moments: Sequence[Moment], workers_die: Sequence[Moment] = ()) -> int:
    """Run in a process of its own, which dies at the first of some moments.

    Returns:
        Its exit code: -9 where it was killed, 0 where it came to its end before.
    """
    said = config.with_name("traceback")
    process = _SERVED.Process(target=_watched, args=(config, tuple(moments), tuple(workers_die)))
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


def seen(config: Path) -> list[tuple[str, str]]:
    """Return every point and effect of the last run that came to its end, in their order."""
    return [(point, effect) for point, effect in json.loads(_trace(config).read_text("utf-8"))]


def deaths(config: Path) -> list[tuple[str, str]]:
    """Return where processes died, in order: the point that was passed, the effect to come."""
    file = _deaths(config)
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return [(line.split("\t")[0], line.split("\t")[1]) for line in lines]


def mortal_examiner(
    spec: ExaminerSpec, *, config: Path, moments: Sequence[Moment]
) -> Callable[[Any], Any]:
    """Build what a worker examines with; it dies at some moments, each of which takes one worker.

    Of a document, a worker's moments are ``worker>examine``, the effects of keeping its files, and
    ``worker>answer``.
    """
    watch = Watch(moments, _deaths(config), tokens=_tokens(config), point=WORKER)
    examine = build_examiner(spec)
    watch_files(watch.effect)

    def mortal(task: Any) -> Any:
        if DEADLY in task.entry.name:
            os.kill(os.getpid(), signal.SIGKILL)
        watch.step("examine")
        examination = examine(task)
        watch.step("answer")
        return examination

    return mortal


def _watched(config: Path, moments: Sequence[Moment], workers_die: Sequence[Moment]) -> None:
    tokens = _tokens(config)
    tokens.mkdir(exist_ok=True)
    for moment in workers_die:
        (tokens / token(moment)).touch()
    watch = Watch(moments, _deaths(config))
    watch_files(watch.effect)
    watch_database(watch.effect)
    crashpoints.listen(watch.reach)
    try:
        run_once(config, workers_die)
    except BaseException:
        config.with_name("traceback").write_text(traceback.format_exc(), encoding="utf-8")
        raise
    _trace(config).write_text(json.dumps(watch.seen), encoding="utf-8")


def _deaths(config: Path) -> Path:
    return config.with_name("deaths.tsv")


def _trace(config: Path) -> Path:
    return config.with_name("trace.json")


def _tokens(config: Path) -> Path:
    return config.with_name("tokens")
