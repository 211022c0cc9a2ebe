"""The partners file (TOML): reads it and names every mistake in it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from chorus_edi.domain.findings import SEVERITIES_FR
from chorus_edi.domain.identifiers import compact, is_siret
from chorus_edi.domain.partners import CODE, PLATFORM_CODE, Partner, Partners
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.errors import ConfigurationError

_TOP = frozenset({"defaut", "partenaire"})
_KEYS = frozenset({"code", "nom", "sirets", "circuit", "gravites"})
_CIRCUITS = {circuit.value: circuit for circuit in Circuit}


def load_partners(path: Path) -> Partners:
    """Read ``partenaires.toml``.

    Args:
        path: a TOML file with ``defaut`` (a code) and one ``[[partenaire]]`` per partner: ``code``,
            ``nom``, ``sirets``, ``circuit``, ``gravites`` (the last three may be left out). Whether
            a rule of ``gravites`` exists is for who knows the rules.

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
            "(« chorus-edi demo » en écrit un modèle dans demo/config)"
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{path} illisible : {error.strerror}") from error
    except ValueError as error:  # not UTF-8, or not TOML
        raise ConfigurationError(f"{path} n'est pas un fichier TOML : {error}") from error


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
    found = [
        *(f"clé inconnue : {key}" for key in sorted(entry.keys() - _KEYS)),
        *_mistakes_of_code(entry.get("code")),
        *_mistakes_of_name(entry.get("nom")),
        *_mistakes_of_sirets(entry.get("sirets", [])),
        *_mistakes_of_circuit(entry.get("circuit")),
        *_mistakes_of_severities(entry.get("gravites", {})),
    ]
    mistakes.extend(f"{where} : {mistake}" for mistake in found)
    if found:
        return None
    return Partner(
        code=entry["code"],
        name=entry["nom"].strip(),
        sirets=tuple(compact(siret) for siret in entry.get("sirets", [])),
        default_circuit=_CIRCUITS.get(entry.get("circuit", "")),
        severities={
            rule: SEVERITIES_FR[severity] for rule, severity in entry.get("gravites", {}).items()
        },
    )


def _mistakes_of_code(code: object) -> list[str]:
    if code is None:
        return ["code absent"]
    if not isinstance(code, str) or CODE.fullmatch(code) is None:
        return [f"code {code!r} : 6 caractères attendus, lettres majuscules et chiffres"]
    return [f"code {code} réservé à la plateforme"] if code == PLATFORM_CODE else []


def _mistakes_of_name(name: object) -> list[str]:
    named = isinstance(name, str) and name.strip()
    return [] if named else ["nom absent"]


def _mistakes_of_sirets(sirets: object) -> list[str]:
    if not isinstance(sirets, list) or not all(isinstance(siret, str) for siret in sirets):
        return ["sirets : une liste de textes est attendue"]
    written = [compact(siret) for siret in sirets]
    wrong = [f"{siret!r} n'est pas un SIRET valide" for siret in written if not is_siret(siret)]
    twice = {siret for siret in written if written.count(siret) > 1}
    return wrong + [f"SIRET {siret} en double" for siret in sorted(twice)]


def _mistakes_of_circuit(circuit: object) -> list[str]:
    if circuit is None or (isinstance(circuit, str) and circuit in _CIRCUITS):
        return []
    return [f"circuit {circuit!r} inconnu : {' ou '.join(_CIRCUITS)}"]


def _mistakes_of_severities(severities: object) -> list[str]:
    if not isinstance(severities, dict):
        return ["gravites : une table règle = gravité est attendue"]
    return [
        f"gravites, {rule} : {severity!r} : {' ou '.join(SEVERITIES_FR)}"
        for rule, severity in severities.items()
        if not isinstance(severity, str) or severity not in SEVERITIES_FR
    ]


def _default(
    content: dict[str, Any], by_code: dict[str, Partner], mistakes: list[str]
) -> Partner | None:
    code = content.get("defaut")
    if code is None:
        mistakes.append("defaut absent : à qui sont les fichiers déposés directement dans inbox/ ?")
    elif not isinstance(code, str) or code not in by_code:
        mistakes.append(f"defaut {code!r} : aucun partenaire valable n'a ce code")
    return by_code.get(code) if isinstance(code, str) else None
