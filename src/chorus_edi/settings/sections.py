"""The sections of the settings, each with its defaults."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
)
from pydantic_core import PydanticCustomError

from chorus_edi.domain.flux import DeliveryFormat
from chorus_edi.domain.interfaces import Format
from chorus_edi.domain.keeping import span_of
from chorus_edi.domain.orders import Recycling
from chorus_edi.domain.recipients import STATE_RECIPIENTS, UnknownSuppliers
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.schedules import clock_time, window_of
from chorus_edi.domain.sizes import size_of
from chorus_edi.formats import members
from chorus_edi.settings.section import Section, sound
from chorus_edi.settings.servers import Smtp

_BOUNDS = members.Limits()


def _span(text: object) -> object:
    if isinstance(text, str):
        try:
            span_of(text)
        except ValueError:
            raise PydanticCustomError(
                "span", "« 10 ans », « 30 jours » ou « toujours » est attendu"
            ) from None
    return text


Duree = Annotated[str, BeforeValidator(_span)]

Siret = Annotated[str, Field(pattern=r"^[0-9]{14}$")]


def _text(value: object) -> object:
    """Let a whole number stand for its text."""
    return str(value) if type(value) is int else value


class Folders(Section):
    """Where files live; ``data`` holds work, archive, rejects, the directory, the database."""

    inbox: Path = Path("inbox")
    outbox: Path = Path("outbox")
    data: Path = Path("var")


class Database(Section):
    """Which database; none means SQLite in the data folder."""

    url: SecretStr | None = None


class PartnersFile(Section):
    """Who may push flows."""

    file: Path = Path("config/partenaires.toml")


class Annuaire(Section):
    """The directory: files imported at the first run, and who is routed by code service alone.

    Without a list of suppliers nobody can be unknown; without one of commitment numbers none is
    judged. ``fournisseurs_inconnus`` says what a supplier costs who is not in the list.
    """

    structures: Path = Path("config/annuaire/structures.csv")
    services: Path = Path("config/annuaire/services.csv")
    fournisseurs: Path | None = None
    engagements: Path | None = None
    fournisseurs_inconnus: UnknownSuppliers = UnknownSuppliers.REFUSED
    etat: tuple[Siret, ...] = tuple(sorted(STATE_RECIPIENTS))


class Workers(Section):
    """Examining processes (0: one per processor) and their deadline, in seconds."""

    count: int = Field(default=0, ge=0, le=64)
    deadline: float = Field(default=60, gt=0)
    deadline_per_megabyte: float = Field(default=10, ge=0)


class Limits(Section):
    """What a flow may hold (facts: chorus-pro 1.6), in bytes; ``unpacking`` in seconds."""

    documents: int = Field(default=_BOUNDS.documents, ge=1)
    flow: int = Field(default=_BOUNDS.total, ge=1)
    document: int = Field(default=_BOUNDS.entry, ge=1)
    unpacking: int = Field(default=_BOUNDS.seconds, ge=1)


class Regles(Section):
    """How circuits weigh rules: severity by rule, official motive by rule or family of rules."""

    gravites: Mapping[Circuit, Mapping[str, Literal["bloquante", "avertissement"]]] = {}
    motifs: Mapping[Circuit, Mapping[str, str]] = {}


class Scan(Section):
    """How often the inbox is listed while ``run`` stays up (seconds), and files taken each time.

    ``fenetre``: part of the day in which it takes any (``20:00-06:00``); empty: always.
    """

    interval: float = Field(default=10, gt=0, le=86_400)
    files: int = Field(default=1000, ge=1)
    fenetre: Annotated[str, AfterValidator(sound(window_of, empty=True))] = ""


class Interfaces(Section):
    """What interfaces carry, where that is not public: code → formats."""

    formats: Mapping[
        Annotated[str, Field(pattern=r"^[A-Z]{3}[0-9]{4}[A-Z]$")], tuple[Format, ...]
    ] = {}


class Antivirus(Section):
    """Command that looks at each file before it is opened, and the seconds that it may take."""

    commande: tuple[str, ...] = ()
    delai: float = Field(default=300, gt=0)


class Livraison(Section):
    """How a flow reaches a recipient: its files one by one, or in one tar."""

    format: DeliveryFormat = DeliveryFormat.FILES


class CycleDeVie(Section):
    """Whether « À recycler » is honoured in the historic circuit, or is a refusal as from 2026."""

    recyclage: Recycling = Recycling.ACCEPTED


class Service(Section):
    """How ``run`` ends when it is asked to: seconds for what was begun (0: as long as it takes)."""

    arret: int = Field(default=60, ge=0, le=86_400)


class Notification(Section):
    """Who is told of the events of the installation: a command, a mail server, or both.

    ``delai``: seconds that a command or a server may take. ``jours``: events older than that are
    only listed.
    """

    commande: tuple[str, ...] = ()
    smtp: Smtp | None = None
    delai: float = Field(default=30, gt=0, le=600)
    jours: int = Field(default=7, ge=1)


class Bilan(Section):
    """When a night begins, and the one before it ends (Europe/Paris)."""

    debut: Annotated[str, AfterValidator(sound(clock_time))] = "07:00"


class Espace(Section):
    """Free disk space under which an event is told: ``5 Go``, or bytes."""

    minimum: Annotated[str, BeforeValidator(_text), AfterValidator(sound(size_of))] = "1 Go"


class Metriques(Section):
    """Where the task ``metriques`` writes what Prometheus reads; none: it cannot be planned."""

    fichier: Path | None = None


class Sauvegarde(Section):
    """Where the task ``sauvegarde`` puts backups, and which file of settings it puts away too."""

    dossier: Path | None = None
    reglages: Path | None = None


class Conservation(Section):
    """How long things are kept (facts: chorus-pro, invoices 10 years), as ``span_of`` reads it."""

    factures: Duree = "10 ans"
    preuves: Duree = "10 ans"
    livraisons: Duree = "toujours"
    retours: Duree = "30 jours"
