"""Who acts on an invoice: a role, and who holds it."""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec
from typing_extensions import override

from chorus_edi.domain.labels import Label


class Actor(StrEnum):
    """A role; what each may do is told by ``lifecycle.EVENTS``."""

    SYSTEM = "system"
    DESTINATAIRE = "destinataire"
    COMPTABLE = "comptable"
    FOURNISSEUR = "fournisseur"
    VALIDEUR = "valideur"
    EXPLOITANT = "exploitant"


ACTOR_LABELS: dict[Actor, Label] = {
    Actor.SYSTEM: Label("la plateforme", "the platform"),
    Actor.DESTINATAIRE: Label("le destinataire", "the recipient"),
    Actor.COMPTABLE: Label("le comptable du destinataire", "the recipient's public accountant"),
    Actor.FOURNISSEUR: Label("le fournisseur", "the supplier"),
    Actor.VALIDEUR: Label("le valideur", "the validating party"),
    Actor.EXPLOITANT: Label("l'exploitant", "the operator"),
}

_WRITTEN = re.compile(r"(?P<role>[a-z]+):(?P<who>\S.{0,99})")
_PEOPLE = tuple(actor for actor in Actor if actor is not Actor.SYSTEM)


class Identity(msgspec.Struct, frozen=True):
    """A role and who holds it: a SIRET or another identifier of a party; an operator's name."""

    role: Actor
    who: str = ""

    @override
    def __str__(self) -> str:
        """Write ``role:who``."""
        return f"{self.role.value}:{self.who}" if self.who else self.role.value

    @property
    def told(self) -> str:
        """How people read it: as ``--acteur`` is written, or that it is the platform."""
        return ACTOR_LABELS[self.role].fr if self.role is Actor.SYSTEM else str(self)


SYSTEM = Identity(Actor.SYSTEM)


def identity_of(text: str) -> Identity | None:
    """Read ``destinataire:11000201100044``; None where it is not written so.

    Nobody can say that he is the platform.
    """
    match = _WRITTEN.fullmatch(text.strip())
    roles = {actor.value: actor for actor in _PEOPLE}
    if match is None or match["role"] not in roles:
        return None
    return Identity(roles[match["role"]], match["who"].strip())


def acting_roles() -> str:
    """Return the roles that people may have, for a message."""
    return ", ".join(actor.value for actor in _PEOPLE)
