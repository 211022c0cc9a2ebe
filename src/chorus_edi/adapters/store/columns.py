"""How values of the domain stand in a column, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import DateTime, Dialect, Enum, Text, TypeDecorator
from typing_extensions import override

from chorus_edi.errors import Defect


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware when it goes in, aware and in UTC when it comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time that does not say where it is read.

        Raises:
            Defect: the time is naive.
        """
        if value is None:
            return None
        if value.utcoffset() is None:
            raise Defect(f"naive time {value.isoformat()} on its way to the database")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Give the zone back: SQLite forgets it, PostgreSQL answers in its session's."""
        if value is None:
            return None
        at: datetime = value
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


class Encoded(TypeDecorator[Any]):
    """A value of the domain as JSON text, its fields always in the same order.

    Text and not the server's own JSON: bytes are kept as written, and a person can read them with
    either database's shell.
    """

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        """``kind`` is the type that is decoded: a struct, or a tuple of something."""
        super().__init__()
        self.kind = kind

    @override
    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        """Encode."""
        return None if value is None else msgspec.json.encode(value).decode()

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:
        """Decode."""
        return None if value is None else msgspec.json.decode(value, type=self.kind)


class Kind(TypeDecorator[StrEnum]):
    """A code of a domain table whose rows may grow without a migration: text, without a CHECK."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        """``kind`` is the table of codes."""
        super().__init__()
        self.kind = kind

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> StrEnum | None:
        """Return the member."""
        return None if value is None else self.kind(value)


_PRIVATE = 0x100000
"""Unicode's last private plane: where code points that no database accepts are put meanwhile."""
_MOVED = {0: _PRIVATE, **{code: _PRIVATE + code for code in range(0xD800, 0xE000)}}
_AS_IT_IS = chr(_PRIVATE + 0xE000)
"""Stands before a character of that plane that the sender wrote himself."""
_OWN = {code: f"{_AS_IT_IS}{chr(code)}" for code in (*_MOVED.values(), ord(_AS_IT_IS))}
_UNFIT: Mapping[int, int | str] = {**_MOVED, **_OWN}
_FIT = {chr(stored): chr(code) for code, stored in _MOVED.items()}
# As ranges: a class that lists two thousand characters takes 100 µs a name.
_STORED = re.compile(
    f"{_AS_IT_IS}(.)|([{chr(_PRIVATE)}{chr(_PRIVATE + 0xD800)}-{chr(_PRIVATE + 0xDFFF)}])"
)


class FileName(TypeDecorator[str]):
    """A name or path as the sender wrote it, also where it is not valid Unicode.

    Python gives undecodable bytes of a file name as lone surrogates (PEP 383), which neither
    database stores; the name must come back unchanged, or the file is not found again.
    """

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Move unfit code points to the private plane."""
        return None if value is None else value.translate(_UNFIT)

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Move them back."""
        return None if value is None else _STORED.sub(_as_written, str(value))


def _as_written(found: re.Match[str]) -> str:
    return found[1] or _FIT[found[2]]


def code(kind: type[StrEnum], name: str) -> Enum:
    """Return the type of a column that holds one code of a domain table, and a CHECK that says so.

    Not the server's own enum type: adding a code to one is not transactional.
    """
    return Enum(
        kind,
        name=name,
        length=40,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
    )
