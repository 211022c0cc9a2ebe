"""Files on their way from and to partners' SFTP servers, and how these servers do, as values."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class RemoteFile(msgspec.Struct, frozen=True, order=True):
    """One content of one name on a server, as a listing shows it.

    The same name with another size or time is another file. The order is that in which files are
    fetched: the oldest first.

    Attributes:
        modified: when it was last written, in seconds since 1970, by the server's clock.
        path: folder and name on the server.
        size: bytes.
    """

    modified: int
    path: str
    size: int

    @property
    def name(self) -> str:
        """Its name without the folder."""
        return self.path.rpartition("/")[2]


class FetchState(StrEnum):
    """How far the fetching of a file has come. The code is stored."""

    VU = "VU"
    TELECHARGE = "TELECHARGE"
    DEPOSE = "DEPOSE"
    TERMINE = "TERMINE"


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of one remote file.

    Attributes:
        source: name of the server.
        file: which file.
        state: ``VU`` in a listing, ``TELECHARGE`` whole under a temporary name beside its inbox,
            ``DEPOSE`` in the inbox, ``TERMINE`` also taken away from the server.
        since: when it was first seen like this, aware, UTC.
        received: bytes that are safe on our disk.
        sha256: of its content, once it is here.
        local: the recorded path in the inbox that it gets, once it is here.
        after: last flow claimed before it was here: a later one of that path is made of it.
    """

    source: str
    file: RemoteFile
    state: FetchState
    since: datetime
    received: int = 0
    sha256: str | None = None
    local: str | None = None
    after: int | None = None


class SendState(StrEnum):
    """How far the sending of a file has come. The code is stored."""

    A_ENVOYER = "A_ENVOYER"
    MONTE = "MONTE"
    ENVOYE = "ENVOYE"


class Owed(msgspec.Struct, frozen=True):
    """A file that a partner is owed: the same name with the same content is the same file.

    Attributes:
        server: name of the server it goes to.
        partner: code of who is owed it.
        name: its name there.
        sha256: of its content.
    """

    server: str
    partner: str
    name: str
    sha256: str


class Lane(StrEnum):
    """What of a server may fail on its own: reaching it, fetching from it, pushing to it."""

    CONNEXION = "connexion"
    RELEVE = "releve"
    ENVOI = "envoi"


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How one lane of a server does.

    Attributes:
        server: its name.
        lane: which lane.
        failures: failures in a row; 0 where it works.
        outage: number of this outage, or of the next one where there is none.
        since: when it first failed; None where it works.
        retry_at: before this, nobody tries it; None where it works.
        down: True where it has failed so often, or so surely, that an operator was told.
        reason: the last failure, one French sentence; empty where it works.
    """

    server: str
    lane: Lane
    failures: int = 0
    outage: int = 1
    since: datetime | None = None
    retry_at: datetime | None = None
    down: bool = False
    reason: str = ""
