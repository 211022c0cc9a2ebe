"""One turn in a process of its own, which SIGKILL stops at a moment.

Run as ``python -m tests.integration.sftp.one_turn CONFIG fetch|push MOMENT SECONDS``: SECONDS is
how far the clock has moved; an empty MOMENT lets it end, ``hold:MOMENT`` says "there" and waits.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from chorus_edi import bootstrap
from chorus_edi.settings import load
from tests.integration.sftp.scene import HandClock


def main() -> None:
    config, what, moment, seconds = sys.argv[1:]
    clock = HandClock()
    clock.move(float(seconds))

    def reached(name: str) -> None:
        if f"hold:{name}" == moment:
            print("there", flush=True)
            time.sleep(60)
        if name == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    turn = {"fetch": bootstrap.fetch_remote, "push": bootstrap.push_returns}[what]
    print(turn(load(Path(config)), clock, force=True, reached=reached))


if __name__ == "__main__":
    main()
