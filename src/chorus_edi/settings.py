"""Settings: one TOML file, overridden by the environment, frozen once read.

``CHORUS_EDI_DATABASE__URL`` overrides ``url`` of ``[database]``. Relative paths are relative to
the folder of the TOML file, or to the current folder where there is no file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from typing_extensions import override

from chorus_edi.domain.flux import DeliveryFormat
from chorus_edi.domain.interfaces import Format
from chorus_edi.domain.orders import Recycling
from chorus_edi.domain.recipients import STATE_RECIPIENTS
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.errors import ConfigurationError
from chorus_edi.formats import members

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_BOUNDS = members.Limits()
DEFAULT_FILE = Path("config/chorus_edi.toml")

Siret = Annotated[str, Field(pattern=r"^[0-9]{14}$")]


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
    """The directory: files imported at the first run, and who is routed by code service alone."""

    structures: Path = Path("config/annuaire/structures.csv")
    services: Path = Path("config/annuaire/services.csv")
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
    """How often the inbox is listed while ``run`` stays up (seconds), and files taken each time."""

    interval: float = Field(default=10, gt=0, le=86_400)
    files: int = Field(default=1000, ge=1)


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
    interfaces: Interfaces = Interfaces()

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
    sections = {
        name: section.model_copy(
            update={
                key: (base / value).resolve() for key, value in section if isinstance(value, Path)
            }
        )
        for name, section in settings
        if isinstance(section, BaseModel)
    }
    return settings.model_copy(update=sections)


def _checked(settings: Settings) -> Settings:
    """Refuse folders of which one lies in another: a delivery would be taken for an arrival."""
    folders = list(settings.folders)
    for name, path in folders:
        for other, outer in folders:
            if name != other and (path == outer or outer in path.parents):
                raise ConfigurationError(
                    f"configuration : le dossier {name} ({path}) est dans le dossier {other}"
                )
    return settings
