"""How partners' SFTP servers do: one row per server, and what is down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from chorus_edi.domain.legal_time import short
from chorus_edi.domain.transfers import FetchState, Health, Lane
from chorus_edi.services.rows import Row

COLUMNS = (
    "serveur",
    "hote",
    "etat",
    "depuis",
    "prochain_essai",
    "a_relever",
    "a_deposer",
    "a_effacer",
    "a_envoyer",
    "detail",
)

_WORKS, _FAILS, _DOWN = "EN_SERVICE", "EN_ECHEC", "EN_PANNE"
_WHAT = {Lane.CONNEXION: "", Lane.RELEVE: "relève : ", Lane.ENVOI: "envoi : "}


class Outage(msgspec.Struct, frozen=True):
    """A server that is down: its name, since when, and one French sentence that says it all."""

    server: str
    since: datetime
    sentence: str


def row_of(
    name: str,
    host: str,
    lanes: Sequence[Health],
    counted: Mapping[tuple[str, FetchState], int],
    owed: int,
    now: datetime,
) -> Row:
    """Return the row of a server.

    Args:
        name: its name.
        host: its address.
        lanes: its own, of those that ever failed.
        counted: files of each server in each state.
        owed: files that wait to be sent to it.
        now: the present.
    """
    failing = [one for one in lanes if one.failures]
    down = [one for one in failing if one.down]
    state = _DOWN if down else _FAILS if failing else _WORKS
    retries = [one.retry_at for one in failing if one.retry_at and one.retry_at > now]
    return {
        "serveur": name,
        "hote": host,
        "etat": state,
        "depuis": min((one.since for one in failing if one.since), default=None),
        "prochain_essai": min(retries, default=None),
        "a_relever": counted.get((name, FetchState.VU), 0),
        "a_deposer": counted.get((name, FetchState.TELECHARGE), 0),
        "a_effacer": counted.get((name, FetchState.DEPOSE), 0),
        "a_envoyer": owed,
        "detail": " ; ".join(f"{_WHAT[one.lane]}{one.reason}" for one in failing) or None,
    }


def outages_in(lanes: Iterable[Health]) -> Sequence[Outage]:
    """Return what is down, the longest first."""
    found = [
        Outage(
            one.server,
            one.since,
            f"Serveur SFTP {one.server} en panne depuis le {short(one.since)} : "
            f"{_WHAT[one.lane]}{one.reason}.",
        )
        for one in lanes
        if one.down and one.since is not None
    ]
    return sorted(found, key=lambda one: one.since)
