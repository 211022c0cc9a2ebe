"""One ``run --once`` with a clock that stands still: ``python -m tests.crash.one_run CONFIG``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from chorus_edi import bootstrap


class StandingClock:
    """A clock that always says the same."""

    def now(self) -> datetime:
        return datetime(2026, 11, 21, 1, 30, tzinfo=UTC)


def main() -> None:
    bootstrap.run(bootstrap.load_settings(Path(sys.argv[1])), once=True, clock=StandingClock())


if __name__ == "__main__":
    main()
