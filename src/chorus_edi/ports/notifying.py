"""How whoever runs the installation is told of its events."""

from __future__ import annotations

from typing import Protocol

from chorus_edi.domain.operations import Operation


class Notifier(Protocol):
    """One way to tell; the same event may be told twice, after a crash in between."""

    def tell(self, operation: Operation) -> None:
        """Tell of one event.

        Raises:
            Incident: nobody was told, and it is to be tried again.
        """
        ...
