"""Settings: one TOML file, overridden by the environment, frozen once read.

``CHORUS_EDI_DATABASE__URL`` overrides ``url`` of ``[database]``. Relative paths are relative to
the folder of the TOML file, or to the current folder where there is no file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from typing_extensions import override

from chorus_edi.domain.flux import DeliveryFormat
from chorus_edi.domain.interfaces import Format
from chorus_edi.domain.keeping import span_of
from chorus_edi.domain.orders import Recycling
from chorus_edi.domain.recipients import STATE_RECIPIENTS, UnknownSuppliers
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.schedules import clock_time, schedule_of, window_of
from chorus_edi.domain.sizes import size_of
from chorus_edi.errors import ConfigurationError
from chorus_edi.formats import members

_Any = TypeVar("_Any", bound=BaseModel)

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_BOUNDS = members.Limits()
DEFAULT_FILE = Path("config/chorus_edi.toml")


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

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")


def _bare(folder: str) -> str:
    """Return a folder of a server without the slashes at its end."""
    return folder.rstrip("/") or "/"


RemoteFolder = Annotated[str, Field(min_length=1), AfterValidator(_bare)]
Siret = Annotated[str, Field(pattern=r"^[0-9]{14}$")]


def _sound(read: Callable[[str], object], *, empty: bool = False) -> Callable[[str], str]:
    """Return what checks a text that is kept as it is written; ``empty``: it may say nothing."""

    def check(text: str) -> str:
        if text or not empty:
            read(text)
        return text

    return check


def _address(text: str) -> None:
    # Printable ASCII, a single @ inside: what a mail server takes from everybody.
    if re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", text) is None:
        raise ValueError(f"{text!r} : une adresse est attendue, par exemple « edi@exemple.fr »")


Address = Annotated[str, AfterValidator(_sound(_address))]


def _text(value: object) -> object:
    """Let a whole number stand for its text."""
    return str(value) if type(value) is int else value


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Folders(_Section):
    """Where files live; ``data`` holds work, archive, rejects, the directory, the database."""

    inbox: Path = Path("inbox")
    outbox: Path = Path("outbox")
    data: Path = Path("var")


class Database(_Section):
    """Which database; none means SQLite in the data folder."""

    url: SecretStr | None = None


class PartnersFile(_Section):
    """Who may push flows."""

    file: Path = Path("config/partenaires.toml")


class Annuaire(_Section):
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


class Workers(_Section):
    """Examining processes (0: one per processor) and their deadline, in seconds."""

    count: int = Field(default=0, ge=0, le=64)
    deadline: float = Field(default=60, gt=0)
    deadline_per_megabyte: float = Field(default=10, ge=0)


class Limits(_Section):
    """What a flow may hold (facts: chorus-pro 1.6), in bytes; ``unpacking`` in seconds."""

    documents: int = Field(default=_BOUNDS.documents, ge=1)
    flow: int = Field(default=_BOUNDS.total, ge=1)
    document: int = Field(default=_BOUNDS.entry, ge=1)
    unpacking: int = Field(default=_BOUNDS.seconds, ge=1)


class Regles(_Section):
    """How circuits weigh rules: severity by rule, official motive by rule or family of rules."""

    gravites: Mapping[Circuit, Mapping[str, Literal["bloquante", "avertissement"]]] = {}
    motifs: Mapping[Circuit, Mapping[str, str]] = {}


class Scan(_Section):
    """How often the inbox is listed while ``run`` stays up (seconds), and files taken each time.

    ``fenetre``: part of the day in which it takes any (``20:00-06:00``); empty: always.
    """

    interval: float = Field(default=10, gt=0, le=86_400)
    files: int = Field(default=1000, ge=1)
    fenetre: Annotated[str, AfterValidator(_sound(window_of, empty=True))] = ""


class Interfaces(_Section):
    """What interfaces carry, where that is not public: code → formats."""

    formats: Mapping[
        Annotated[str, Field(pattern=r"^[A-Z]{3}[0-9]{4}[A-Z]$")], tuple[Format, ...]
    ] = {}


class Antivirus(_Section):
    """Command that looks at each file before it is opened, and the seconds that it may take."""

    commande: tuple[str, ...] = ()
    delai: float = Field(default=300, gt=0)


class Livraison(_Section):
    """How a flow reaches a recipient: its files one by one, or in one tar."""

    format: DeliveryFormat = DeliveryFormat.FILES


class CycleDeVie(_Section):
    """Whether « À recycler » is honoured in the historic circuit, or is a refusal as from 2026."""

    recyclage: Recycling = Recycling.ACCEPTED


class Service(_Section):
    """How ``run`` ends when it is asked to: seconds for what was begun (0: as long as it takes)."""

    arret: int = Field(default=60, ge=0, le=86_400)


class Smtp(_Section):
    """A mail server; the password comes from the environment, or stands alone in a file."""

    hote: Annotated[str, Field(min_length=1)]
    port: int = Field(default=25, ge=1, le=65_535)
    de: Address
    a: Annotated[tuple[Address, ...], Field(min_length=1)]
    utilisateur: str = ""
    mot_de_passe: SecretStr | None = None
    fichier_secret: Path | None = None
    tls: Literal["aucun", "starttls", "tls"] = "aucun"


class Notification(_Section):
    """Who is told of the events of the installation: a command, a mail server, or both.

    ``delai``: seconds that a command or a server may take. ``jours``: events older than that are
    only listed.
    """

    commande: tuple[str, ...] = ()
    smtp: Smtp | None = None
    delai: float = Field(default=30, gt=0, le=600)
    jours: int = Field(default=7, ge=1)


class Bilan(_Section):
    """When a night begins, and the one before it ends (Europe/Paris)."""

    debut: Annotated[str, AfterValidator(_sound(clock_time))] = "07:00"


class Espace(_Section):
    """Free disk space under which an event is told: ``5 Go``, or bytes."""

    minimum: Annotated[str, BeforeValidator(_text), AfterValidator(_sound(size_of))] = "1 Go"


class Metriques(_Section):
    """Where the task ``metriques`` writes what Prometheus reads; none: it cannot be planned."""

    fichier: Path | None = None


class Sauvegarde(_Section):
    """Where the task ``sauvegarde`` puts backups, and which file of settings it puts away too."""

    dossier: Path | None = None
    reglages: Path | None = None


class Conservation(_Section):
    """How long things are kept (facts: chorus-pro, invoices 10 years), as ``span_of`` reads it."""

    factures: Duree = "10 ans"
    preuves: Duree = "10 ans"
    livraisons: Duree = "toujours"
    retours: Duree = "30 jours"


class Releve(_Section):
    """What is fetched from a server: a folder there, and what becomes of a file once it is here."""

    dossier: RemoteFolder
    apres: Literal["supprimer", "deplacer"] = "supprimer"
    vers: RemoteFolder | None = None
    fichiers: int = Field(default=1000, ge=1)

    @model_validator(mode="after")
    def _moved_somewhere(self) -> Self:
        if (self.apres == "deplacer") != (self.vers is not None):
            raise ValueError('« vers » va avec apres = "deplacer", et seulement avec')
        if self.vers == self.dossier:
            raise ValueError("« vers » est le dossier relevé")
        return self


class Envoi(_Section):
    """Where return flows are pushed to: a folder of the server, and how many files in a turn."""

    dossier: RemoteFolder
    fichiers: int = Field(default=1000, ge=1)


class Sftp(_Section):
    """A partner's SFTP server: how we know it, how it knows us, what is fetched and pushed.

    The password, or the passphrase of the key, is in a file of its own or in the environment.
    """

    nom: Annotated[str, Field(min_length=1, max_length=64)]
    hote: Annotated[str, Field(min_length=1)]
    port: int = Field(default=22, ge=1, le=65_535)
    utilisateur: Annotated[str, Field(min_length=1)]
    cle: Path | None = None
    secret_fichier: Path | None = None
    secret_variable: str | None = None
    known_hosts: Path | None = None
    empreinte: str | None = None
    delai: float = Field(default=30, gt=0, le=600)
    partenaire: str | None = None
    releve: Releve | None = None
    envoi: Envoi | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        mistakes = [told for wrong, told in self._rules() if wrong]
        if mistakes:
            raise ValueError(", ".join(mistakes))
        return self

    def _rules(self) -> tuple[tuple[bool, str], ...]:
        secrets = (self.secret_fichier is not None) + (self.secret_variable is not None)
        print_ = self.empreinte
        return (
            (
                (self.known_hosts is None) == (print_ is None),
                "known_hosts ou empreinte, l'un des deux : un hôte inconnu n'est jamais accepté",
            ),
            (
                print_ is not None and _FINGERPRINT.fullmatch(print_) is None,
                "empreinte : « SHA256: » et 43 caractères attendus (ssh-keygen -lf)",
            ),
            (self.cle is None and not secrets, "cle, secret_fichier ou secret_variable"),
            (secrets > 1, "secret_fichier ou secret_variable, pas les deux"),
            (self.releve is None and self.envoi is None, "ni releve ni envoi : rien à échanger"),
            (
                self.releve is not None and self.partenaire is None,
                "partenaire : à qui sont les fichiers relevés ?",
            ),
        )

    def secret(self) -> SecretStr | None:
        """Return the password or passphrase, read anew each time.

        Raises:
            ConfigurationError: it is not where it should be.
        """
        where = f"[[sftp]] {self.nom}"
        if self.secret_variable is not None:
            value = os.environ.get(self.secret_variable)
            if not value:
                raise ConfigurationError(
                    f"{where} : la variable d'environnement {self.secret_variable} est vide"
                )
            return SecretStr(value)
        if self.secret_fichier is None:
            return None
        try:
            return SecretStr(self.secret_fichier.read_text(encoding="utf-8").rstrip("\r\n"))
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"{where} : {self.secret_fichier} illisible") from error


class Settings(BaseSettings):
    """Everything an operator may set."""

    model_config = SettingsConfigDict(
        env_prefix="CHORUS_EDI_", env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    folders: Folders = Folders()
    database: Database = Database()
    partenaires: PartnersFile = PartnersFile()
    annuaire: Annuaire = Annuaire()
    workers: Workers = Workers()
    limits: Limits = Limits()
    regles: Regles = Regles()
    scan: Scan = Scan()
    service: Service = Service()
    livraison: Livraison = Livraison()
    cycle_de_vie: CycleDeVie = CycleDeVie()
    antivirus: Antivirus = Antivirus()
    conservation: Conservation = Conservation()
    sauvegarde: Sauvegarde = Sauvegarde()
    interfaces: Interfaces = Interfaces()
    planning: Mapping[str, Annotated[str, AfterValidator(_sound(schedule_of, empty=True))]] = {}
    notification: Notification = Notification()
    bilan: Bilan = Bilan()
    espace: Espace = Espace()
    metriques: Metriques = Metriques()
    sftp: tuple[Sftp, ...] = ()

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Highest priority first: environment, then file."""
        return env_settings, init_settings


def load(file: Path | None) -> Settings:
    """Read the settings.

    Args:
        file: the TOML file; None looks for ``config/chorus_edi.toml`` in the current folder and
            does with the defaults where there is none.

    Raises:
        ConfigurationError: no such file, unknown key, wrong value, overlapping folders.
    """
    chosen = file or (DEFAULT_FILE if DEFAULT_FILE.is_file() else None)
    if chosen is not None and not chosen.is_file():
        raise ConfigurationError(f"fichier de configuration introuvable : {chosen}")
    values: dict[str, Any] = {}
    try:
        if chosen is not None:
            values = TomlConfigSettingsSource(Settings, toml_file=chosen)()
        settings = Settings(**values)
    except (ValidationError, ValueError) as error:
        raise ConfigurationError(f"configuration : {_sentence(error)}") from error
    return _checked(_anchored(settings, (chosen.parent if chosen else Path()).absolute()))


_FAULTS = {
    "extra_forbidden": "clé inconnue",
    "int_parsing": "un nombre entier est attendu",
    "int_type": "un nombre entier est attendu",
    "int_from_float": "un nombre entier est attendu",
    "float_parsing": "un nombre est attendu",
    "float_type": "un nombre est attendu",
    "string_type": "un texte est attendu",
    "path_type": "un chemin est attendu",
    "string_pattern_mismatch": "14 chiffres sont attendus",
    "tuple_type": "une liste est attendue",
    "greater_than": "doit être plus grand que {gt}",
    "greater_than_equal": "doit valoir au moins {ge}",
    "less_than_equal": "doit valoir au plus {le}",
    "model_type": "une section est attendue",
    "mapping_type": "une section est attendue",
    "dict_type": "une section est attendue",
    "literal_error": "{expected} est attendu",
    "enum": "{expected} est attendu",
    "missing": "cette clé est obligatoire",
    "too_short": "une valeur au moins est attendue",
    "string_too_short": "un texte est attendu",
    "string_too_long": "au plus {max_length} caractères",
    "value_error": "{error}",
}
"""What pydantic calls a fault → what an operator reads; a fault without a row keeps its English."""


def _sentence(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    return " ; ".join(
        f"{'.'.join(map(str, fault['loc']))} : {_told(fault)}" for fault in error.errors()
    )


def _told(fault: ErrorDetails) -> str:
    sentence = _FAULTS.get(fault["type"])
    # pydantic joins the values it expects in English.
    context = {
        name: str(value).replace(" or ", " ou ") for name, value in fault.get("ctx", {}).items()
    }
    return sentence.format_map(context) if sentence else fault["msg"]


def _anchored(settings: Settings, base: Path) -> Settings:
    """Return the settings with every path absolute."""
    sections: dict[str, Any] = {
        name: _placed(section, base) for name, section in settings if isinstance(section, BaseModel)
    }
    sections["sftp"] = tuple(_placed(server, base) for server in settings.sftp)
    return settings.model_copy(update=sections)


def _placed(section: _Any, base: Path) -> _Any:
    update: dict[str, object] = {}
    for key, value in section:
        if isinstance(value, Path):
            update[key] = (base / value).resolve()
        elif isinstance(value, BaseModel):
            update[key] = _placed(value, base)
    return section.model_copy(update=update)


def _checked(settings: Settings) -> Settings:
    """Refuse folders of which one lies in another: a delivery would be taken for an arrival.

    And servers of one name: what is remembered of one would be taken for the other's.
    """
    names = [server.nom for server in settings.sftp]
    for twice in sorted({name for name in names if names.count(name) > 1}):
        raise ConfigurationError(f"configuration : deux [[sftp]] portent le nom « {twice} »")
    folders = list(settings.folders)
    for name, path in folders:
        for other, outer in folders:
            if name != other and (path == outer or outer in path.parents):
                raise ConfigurationError(
                    f"configuration : le dossier {name} ({path}) est dans le dossier {other}"
                )
    return settings
