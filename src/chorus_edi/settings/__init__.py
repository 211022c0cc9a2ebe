"""Settings: one TOML file, overridden by the environment, frozen once read.

``CHORUS_EDI_DATABASE__URL`` overrides ``url`` of ``[database]``. Relative paths are relative to
the folder of the TOML file, or to the current folder where there is no file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from typing_extensions import override

from chorus_edi.domain.schedules import schedule_of
from chorus_edi.errors import ConfigurationError, toml_fault
from chorus_edi.settings.section import sound
from chorus_edi.settings.sections import (
    Annuaire,
    Antivirus,
    Bilan,
    Conservation,
    CycleDeVie,
    Database,
    Espace,
    Folders,
    Interfaces,
    Limits,
    Livraison,
    Metriques,
    Notification,
    PartnersFile,
    Regles,
    Sauvegarde,
    Scan,
    Service,
    Workers,
)
from chorus_edi.settings.servers import Sftp

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_Any = TypeVar("_Any", bound=BaseModel)

DEFAULT_FILE = Path("config/chorus_edi.toml")


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
    planning: Mapping[str, Annotated[str, AfterValidator(sound(schedule_of, empty=True))]] = {}
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
            values = _values_in(chosen)
        settings = Settings(**values)
    except (ValidationError, ValueError) as error:
        raise ConfigurationError(f"configuration : {_sentence(error)}") from error
    return _checked(_anchored(settings, (chosen.parent if chosen else Path()).absolute()))


def _values_in(file: Path) -> dict[str, Any]:
    try:
        return TomlConfigSettingsSource(Settings, toml_file=file)()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"configuration : {file} : {toml_fault(error)}") from error


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
