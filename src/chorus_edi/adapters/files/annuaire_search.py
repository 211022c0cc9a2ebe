"""Finds recipients, services and suppliers in a version of the directory by words of theirs.

Every row is looked at, so that no second copy of the names has to be kept; answers come as they are
found.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from chorus_edi.adapters.files.annuaire import connect
from chorus_edi.domain.identifiers import IdentifierKind
from chorus_edi.domain.recipients import Match
from chorus_edi.errors import Incident

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})

_MATCHES = """
SELECT 'structure', kind, identifier, name, NULL, NULL, active FROM (
    SELECT * FROM structure ORDER BY identifier, kind)
    WHERE has_all(identifier || ' ' || name)
UNION ALL
SELECT 'service', s.kind, s.structure, ifnull(t.name, ''), s.code, s.name, s.active FROM (
    SELECT * FROM service ORDER BY structure, code, kind) s
    LEFT JOIN structure t ON t.identifier = s.structure AND t.kind = s.kind
    WHERE has_any(s.code || ' ' || s.name)
    AND has_all(s.structure || ' ' || ifnull(t.name, '') || ' ' || s.code || ' ' || s.name)
UNION ALL
SELECT 'fournisseur', kind, identifier, name, NULL, NULL, active FROM (
    SELECT * FROM supplier ORDER BY identifier, kind)
    WHERE has_all(identifier || ' ' || name)
"""
"""A service is found by what it is itself: its structure alone would bring all of its services."""


def fold(text: str) -> str:
    """Return a text without accents and capitals, as it is compared."""
    apart = unicodedata.normalize("NFKD", text).translate(_LIGATURES)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def search(path: Path, text: str) -> Iterator[Match]:
    """Yield structures, services, then suppliers that have every word of a text, by identifier.

    Args:
        path: a version of the directory.
        text: words, or an identifier with or without blanks; accents and capitals do not count.

    Raises:
        ConfigurationError: the version cannot be used.
        Incident: it cannot be read.
    """
    words = _words(text)
    with closing(connect(path)) as database:
        database.create_function("has_all", 1, _asking(all, words), deterministic=True)
        database.create_function("has_any", 1, _asking(any, words), deterministic=True)
        try:
            for nature, kind, identifier, name, code, service, active in database.execute(_MATCHES):
                yield Match(
                    nature=nature,
                    kind=IdentifierKind(kind),
                    identifier=identifier,
                    name=name,
                    code=code,
                    service=service,
                    active=bool(active),
                )
        except sqlite3.Error as error:
            raise Incident(f"annuaire : lecture de {path} impossible : {error}") from error


def _words(text: str) -> Sequence[str]:
    """Return what is looked for; digits with blanks between them are one identifier."""
    words = fold(text).split()
    return ["".join(words)] if all(word.isdigit() for word in words) else words


def _asking(how: Callable[[Iterator[bool]], bool], words: Sequence[str]) -> Callable[[str], bool]:
    def asked(text: str) -> bool:
        folded = fold(text)
        return how(word in folded for word in words)

    return asked
