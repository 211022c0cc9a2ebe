"""The named moments at which the pipeline may be killed; crash tests are generated from the list.

In service ``reach`` costs one comparison. A test arms one point for its n-th passage, and the
process then dies by SIGKILL, as it would by a power cut.
"""

from __future__ import annotations

import os
import signal

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

_armed: tuple[str, int] | None = None


def arm(point: str, passage: int) -> None:
    """Die at the ``passage``-th time (from 1) that ``point`` is reached."""
    global _armed  # noqa: PLW0603 -- one process, one armed point, set before anything runs
    if point not in POINTS:
        raise ValueError(point)
    _armed = (point, passage)


def reach(point: str) -> None:
    """Say that a point is reached."""
    global _armed  # noqa: PLW0603
    if _armed is None or _armed[0] != point:
        return
    if _armed[1] > 1:
        _armed = (point, _armed[1] - 1)
        return
    os.kill(os.getpid(), signal.SIGKILL)
