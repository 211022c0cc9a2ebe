"""Lets something die by SIGKILL before its n-th step, in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

_FORK = multiprocessing.get_context("fork")
_PATIENCE = 120
STEPS: tuple[tuple[Any, str], ...] = (
    *((Path, verb) for verb in ("unlink", "rename", "replace", "rmdir", "mkdir")),
    (os, "fsync"),
    (os, "link"),
    (Engine, "connect"),
)
"""What counts as a step: whatever changes a disk or opens a database."""


def killed(work: Callable[[], object], at: int) -> bool:
    """Do something in a process that dies before its ``at``-th step; False: it came to its end."""
    process = _FORK.Process(target=_mortal, args=(work, at))
    process.start()
    process.join(_PATIENCE)
    code = process.exitcode
    process.close()
    assert code in (0, -signal.SIGKILL), code
    return code != 0


def _mortal(work: Callable[[], object], at: int) -> None:
    left = at

    def dying(whole: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return whole(*arguments, **named)

        return step

    for owner, verb in STEPS:
        setattr(owner, verb, dying(getattr(owner, verb)))
    work()
    # At once: whoever measures this process would write, and warn, on its way out.
    os._exit(0)
