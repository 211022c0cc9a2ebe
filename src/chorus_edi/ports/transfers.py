"""What exchanging files with partners' servers needs to remember: so that a crash changes nothing.

Whoever works on a file holds its row for a while, so that two processes never work on the same one.
A holder whose time has passed may have lost it: every verb that ends a step says whether he has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from chorus_edi.domain.transfers import (
    Fetch,
    FetchState,
    Health,
    Lane,
    Owed,
    RemoteFile,
    SendState,
)


class Lease(NamedTuple):
    """Who works on a row, from when, until when at most."""

    owner: str
    at: datetime
    until: datetime


class Fetches(Protocol):
    """Durable memory of what is fetched; one transaction per verb, and safe to repeat."""

    def look(
        self, source: str, listed: Collection[RemoteFile], at: datetime
    ) -> Mapping[RemoteFile, Fetch]:
        """Remember a listing; return what is known of each file of it.

        Files only seen that are gone or look otherwise are forgotten, unless held; those in the
        inbox that are gone are ``TERMINE``. One that was finished with and is there again is only
        to be taken away again: its state is ``DEPOSE``.
        """
        ...

    def coming(self, source: str) -> Sequence[Fetch]:
        """Return the files that are not in the inbox yet, the oldest first."""
        ...

    def hold(self, fetch: Fetch, lease: Lease) -> Fetch | None:
        """Hold a file; return it as it is now, None where somebody else holds it, or it is done."""
        ...

    def let_go(self, fetch: Fetch, owner: str) -> None:
        """Hold it no longer."""
        ...

    def received(self, fetch: Fetch, lease: Lease, count: int) -> bool:
        """Record bytes that are safe, and hold on; False where somebody else holds it."""
        ...

    def downloaded(self, fetch: Fetch, owner: str, sha256: str, local: str) -> bool:
        """Record that a file is here, whole, to become ``local``; False as above."""
        ...

    def lost(self, fetch: Fetch, owner: str) -> None:
        """Record that what was here is gone: the file is only seen, as at first."""
        ...

    def placed(self, fetch: Fetch, owner: str) -> bool:
        """Record that a file is in the inbox; False as above."""
        ...

    def ended(self, fetch: Fetch) -> None:
        """Record that a file is not on the server any more, and hold it no longer."""
        ...

    def taken(self, fetch: Fetch) -> bool:
        """True where a flow was claimed out of what this file became in the inbox."""
        ...

    def forget(self, source: str, before: datetime) -> int:
        """Forget the files finished with that were first seen before a time; return how many."""
        ...

    def counted(self) -> Mapping[tuple[str, FetchState], int]:
        """Return how many files of each server are in each state."""
        ...


class Sendings(Protocol):
    """Durable memory of what is pushed; one transaction per verb, and safe to repeat."""

    def owe(self, files: Collection[Owed], at: datetime) -> Mapping[Owed, SendState]:
        """Remember files to be sent; return how far each has come."""
        ...

    def again(self, files: Collection[Owed]) -> None:
        """Record that files that were sent are to be sent again."""
        ...

    def hold(self, file: Owed, lease: Lease) -> SendState | None:
        """Hold a file; return how far it has come, None where somebody else holds it."""
        ...

    def let_go(self, file: Owed, owner: str) -> None:
        """Hold it no longer."""
        ...

    def uploaded(self, file: Owed, owner: str) -> bool:
        """Record that it is whole there, under its temporary name; False where he lost it."""
        ...

    def sent(self, file: Owed, at: datetime) -> None:
        """Record that it is there under its final name, and hold it no longer."""
        ...


class Servers(Protocol):
    """Durable memory of how servers do: the circuit breaker of every process."""

    def health(self) -> Sequence[Health]:
        """Return what is known of every lane that ever failed, by server and lane."""
        ...

    def failed(
        self,
        server: str,
        lane: Lane,
        reason: str,
        at: datetime,
        judged: Callable[[int], tuple[timedelta, bool]],
    ) -> Health:
        """Count one failure more; ``judged`` says of so many how long to rest, and if it is down.

        A lane that is down stays so until it works.
        """
        ...

    def worked(self, server: str, lane: Lane) -> None:
        """Record that a lane works."""
        ...
