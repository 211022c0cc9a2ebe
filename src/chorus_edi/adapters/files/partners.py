"""The partners file (TOML): reads it and names every mistake in it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from chorus_edi.domain.findings import SEVERITIES_FR, Severity
from chorus_edi.domain.identifiers import compact, is_siret
from chorus_edi.domain.interfaces import INTERFACES, Format
from chorus_edi.domain.partners import (
    CODE,
    PLATFORM_CODE,
    Arriving,
    Bounds,
    Channel,
    Completeness,
    Expected,
    Mode,
    Partner,
    Partners,
    ReturnChannel,
)
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.schedules import Cron, Window, cron_of, window_of
from chorus_edi.errors import ConfigurationError, reason, toml_fault

T = TypeVar("T")

_TOP = frozenset({"defaut", "partenaire"})
_MEGABYTE = 1024 * 1024


class _Mistake(Exception):
    """Why a value is none that is expected there, in French; several lines where it has several."""


def load_partners(path: Path) -> Partners:
    """Read ``partenaires.toml``.

    Args:
        path: a TOML file with ``defaut`` (a code) and one ``[[partenaire]]`` per partner, with the
            keys of ``_FIELDS``, of which ``code`` and ``nom`` must be there. Whether a rule of
            ``gravites`` exists is for who knows the rules.

    Raises:
        ConfigurationError: the file is missing, is no TOML, or has mistakes; all are listed.
    """
    content = _toml(path)
    mistakes = [f"clé inconnue : {key}" for key in sorted(content.keys() - _TOP)]
    by_code: dict[str, Partner] = {}
    for number, entry in enumerate(_entries(content, mistakes), 1):
        where = f"partenaire n° {number}"
        partner = _partner(entry, where, mistakes)
        if partner is None:
            continue
        if partner.code in by_code:
            mistakes.append(f"{where} : le code {partner.code} est déjà pris")
        by_code.setdefault(partner.code, partner)
    default = _default(content, by_code, mistakes)
    if mistakes or default is None:
        raise ConfigurationError("\n  ".join([f"{path} :", *mistakes]))
    return Partners(by_code, default)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            f"fichier des partenaires introuvable : {path} "
            "(« chorus-edi config init DOSSIER » prépare un dossier d'exploitation)"
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{path} illisible : {reason(error)}") from error
    except ValueError as error:  # not UTF-8, or not TOML
        raise ConfigurationError(f"{path} : {toml_fault(error)}") from error


def _entries(content: dict[str, Any], mistakes: list[str]) -> list[dict[str, Any]]:
    entries = content.get("partenaire", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        mistakes.append("partenaire : écrivez un bloc [[partenaire]] par partenaire")
        return []
    if not entries:
        mistakes.append("aucun [[partenaire]]")
    return entries


def _partner(entry: dict[str, Any], where: str, mistakes: list[str]) -> Partner | None:
    """Read one block; None where it has a mistake, all of which are told."""
    found = [f"clé inconnue : {key}" for key in sorted(entry.keys() - _FIELDS.keys())]
    fields: dict[str, Any] = {}
    for key, (field, read) in _FIELDS.items():
        if key not in entry and key not in _NEEDED:
            continue
        try:
            fields[field] = read(entry.get(key))
        except _Mistake as mistake:
            found.extend(str(mistake).splitlines())
    first, last = fields.get("active_from"), fields.get("active_to")
    if first and last and last < first:
        found.append("actif_au précède actif_du")
    mistakes.extend(f"{where} : {mistake}" for mistake in found)
    return None if found else Partner(**fields)


def _code(code: object) -> str:
    if code is None:
        raise _Mistake("code absent")
    if not isinstance(code, str) or CODE.fullmatch(code) is None:
        raise _Mistake(f"code {code!r} : 6 caractères attendus, lettres majuscules et chiffres")
    if code == PLATFORM_CODE:
        raise _Mistake(f"code {code} réservé à la plateforme")
    return code


def _name(name: object) -> str:
    if not isinstance(name, str) or not name.strip():
        raise _Mistake("nom absent")
    return name.strip()


def _sirets(sirets: object) -> tuple[str, ...]:
    written = [compact(siret) for siret in _texts("sirets", sirets)]
    wrong = [f"{siret!r} n'est pas un SIRET valide" for siret in written if not is_siret(siret)]
    twice = {siret for siret in written if written.count(siret) > 1}
    wrong += [f"SIRET {siret} en double" for siret in sorted(twice)]
    if wrong:
        raise _Mistake("\n".join(wrong))
    return tuple(written)


def _severities(severities: object) -> Mapping[str, Severity]:
    if not isinstance(severities, dict):
        raise _Mistake("gravites : une table règle = gravité est attendue")
    wrong = [
        f"gravites, {rule} : {severity!r} : {' ou '.join(SEVERITIES_FR)}"
        for rule, severity in severities.items()
        if not isinstance(severity, str) or severity not in SEVERITIES_FR
    ]
    if wrong:
        raise _Mistake("\n".join(wrong))
    return {rule: SEVERITIES_FR[severity] for rule, severity in severities.items()}


def _interfaces(codes: object) -> frozenset[str]:
    return frozenset(_among("interfaces", one, INTERFACES) for one in _texts("interfaces", codes))


def _formats(formats: object) -> frozenset[Format]:
    known = {form.value: form for form in Format}
    return frozenset(known[_among("formats", one, known)] for one in _texts("formats", formats))


def _one_of(key: str, values: Mapping[str, T]) -> Callable[[object], T]:
    return lambda value: values[_among(key, value, values)]


def _day(key: str) -> Callable[[object], date]:
    def read(value: object) -> date:
        # A time of day would be of some zone: days are meant, those of Europe/Paris.
        if type(value) is not date:
            raise _Mistake(f"{key} : une date est attendue, par exemple 2026-09-01")
        return value

    return read


def _free_names(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Mistake("noms_libres : true ou false est attendu")
    return value


def _arriving(table: object) -> Arriving:
    values = _table("arrivee", table, ("regle", "calme", "abandon"))
    fields: dict[str, Any] = {}
    if "regle" in values:
        fields["rule"] = _one_of("arrivee, regle", _COMPLETENESS)(values["regle"])
    for key, field in (("calme", "quiet"), ("abandon", "patience")):
        if key in values:
            fields[field] = _count(f"arrivee, {key}", values[key])
    return Arriving(**fields)


def _bounds(table: object) -> Bounds:
    values = _table("limites", table, ("factures", "flux_mo", "facture_mo"))
    read = {key: _count(f"limites, {key}", value) for key, value in values.items()}
    return Bounds(
        documents=read.get("factures"),
        flow=read["flux_mo"] * _MEGABYTE if "flux_mo" in read else None,
        document=read["facture_mo"] * _MEGABYTE if "facture_mo" in read else None,
    )


def _returns(table: object) -> ReturnChannel:
    values = _table("retour", table, ("canal", "dossier", "serveur"))
    channel = _one_of("retour, canal", _CHANNELS)(values.get("canal", Channel.FOLDER.value))
    wrong = {Channel.FOLDER: "serveur", Channel.SFTP: "dossier"}[channel]
    if wrong in values:
        raise _Mistake(f"retour, {wrong} : ne va pas avec le canal « {channel} »")
    if channel is Channel.SFTP and "serveur" not in values:
        raise _Mistake("retour, serveur absent : le nom d'un [[sftp]] de la configuration")
    return ReturnChannel(
        channel=channel,
        folder=_named("dossier", "un chemin", values),
        server=_named("serveur", "le nom d'un [[sftp]]", values),
    )


def _named(key: str, expected: str, values: Mapping[str, object]) -> str | None:
    value = values.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise _Mistake(f"retour, {key} : {expected} est attendu")
    return value.strip()


def _expected(table: object) -> Expected:
    values = _table("attendu", table, ("cron", "tolerance"))
    cron = _cron(values.get("cron"))
    if "tolerance" not in values:
        return Expected(cron=cron)
    return Expected(cron=cron, tolerance=_count("attendu, tolerance", values["tolerance"]))


def _cron(text: object) -> Cron:
    try:
        return cron_of(text if isinstance(text, str) else "")
    except ValueError as error:
        raise _Mistake(f"attendu, cron : {error}") from None


def _hours(text: object) -> Window:
    try:
        return window_of(text if isinstance(text, str) else "")
    except ValueError as error:
        raise _Mistake(f"fenetre : {error}") from None


def _texts(key: str, values: object) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _Mistake(f"{key} : une liste de textes est attendue")
    return values


def _among(key: str, value: object, known: Mapping[str, object]) -> str:
    if not isinstance(value, str) or value not in known:
        raise _Mistake(f"{key} {value!r} inconnu : {' ou '.join(known)}")
    return value


def _table(key: str, table: object, known: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise _Mistake(f"{key} : une table est attendue")
    unknown = sorted(table.keys() - set(known))
    if unknown:
        raise _Mistake("\n".join(f"{key}, clé inconnue : {one}" for one in unknown))
    return table


def _count(key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _Mistake(f"{key} : un nombre entier d'au moins 1 est attendu")
    return value


_CIRCUITS = {circuit.value: circuit for circuit in Circuit}
_MODES = {mode.value: mode for mode in Mode}
_CHANNELS = {channel.value: channel for channel in Channel}
_COMPLETENESS = {rule.value: rule for rule in Completeness}
_NEEDED = frozenset({"code", "nom"})
_FIELDS: Mapping[str, tuple[str, Callable[[object], Any]]] = {
    "code": ("code", _code),
    "nom": ("name", _name),
    "sirets": ("sirets", _sirets),
    "circuit": ("default_circuit", _one_of("circuit", _CIRCUITS)),
    "gravites": ("severities", _severities),
    "interfaces": ("interfaces", _interfaces),
    "formats": ("formats", _formats),
    "noms_libres": ("free_names", _free_names),
    "mode": ("mode", _one_of("mode", _MODES)),
    "actif_du": ("active_from", _day("actif_du")),
    "actif_au": ("active_to", _day("actif_au")),
    "arrivee": ("arriving", _arriving),
    "limites": ("bounds", _bounds),
    "canal": ("deposits_by", _one_of("canal", _CHANNELS)),
    "retour": ("returns", _returns),
    "attendu": ("expected", _expected),
    "fenetre": ("hours", _hours),
}
"""Key of the file → field of ``Partner``, and what reads it."""


def _default(
    content: dict[str, Any], by_code: dict[str, Partner], mistakes: list[str]
) -> Partner | None:
    code = content.get("defaut")
    if code is None:
        mistakes.append("defaut absent : à qui sont les fichiers déposés directement dans inbox/ ?")
    elif not isinstance(code, str) or code not in by_code:
        mistakes.append(f"defaut {code!r} : aucun partenaire valable n'a ce code")
    return by_code.get(code) if isinstance(code, str) else None
