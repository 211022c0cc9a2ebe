"""The unit that lets systemd run the service: paths and delays put into a template."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

_MARGIN = 30
"""Seconds beyond the delay of ``[service] arret`` before systemd kills what is left."""


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit says of an installation; paths are absolute.

    Attributes:
        command: the program.
        config: the settings.
        folder: where it runs.
        user: as whom.
        writable: folders that it writes in.
        patience: seconds that what was begun may take when it is asked to stop; 0: any.
    """

    command: str
    config: str
    folder: str
    user: str
    writable: Iterable[str]
    patience: int


def unit(template: str, service: Service) -> str:
    """Return the text of a unit."""
    return template.format(
        command=_argument(service.command),
        config=_argument(service.config),
        folder=_plain(service.folder),
        user=service.user,
        writable=" ".join(map(_quoted, service.writable)),
        stop=f"{service.patience + _MARGIN}s" if service.patience else "infinity",
    )


def _plain(text: str) -> str:
    # A percent sign begins a specifier of systemd.
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    escaped = _plain(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _argument(text: str) -> str:
    # In a command line, a dollar begins a variable.
    return _quoted(text).replace("$", "$$")
