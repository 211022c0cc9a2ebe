"""The named moments between and inside the five commits, at which crash tests kill the pipeline.

In service ``reach`` costs one comparison. A crash test listens, and kills the process at one of
them or at an effect between two of them (``tests/crash/moments.py``).
"""

from __future__ import annotations

from collections.abc import Callable

POINTS: tuple[str, ...] = (
    "claim",  # files seen, nothing written
    "claimed",  # commit 1 done, files still in the inbox
    "taken",  # file renamed into work
    "registered",  # commit 2 done
    "screened",  # between the passes: every document examined, none decided
    "decided",  # commit 3 done, for one batch
    "delivering",  # files in the outbox, delivery notes not yet
    "noted",  # delivery notes in the outbox, commit 4 not done
    "delivered",  # commit 4 done
    "closed",  # commit 5 done, report not written
    "reported",  # report written, stored copy still in work
    "shelved",  # stored copy in the archive or the rejects
)

_listener: Callable[[str], None] | None = None


def listen(listener: Callable[[str], None] | None) -> None:
    """Tell somebody every point that is reached, from now on; None: nobody any more."""
    global _listener  # noqa: PLW0603 -- one process, one listener, set before anything runs
    _listener = listener


def reach(point: str) -> None:
    """Say that a point is reached."""
    if _listener is not None:
        _listener(point)
