"""What every section of the settings is, and how a text in one is checked."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import (
    BaseModel,
    ConfigDict,
)


def sound(read: Callable[[str], object], *, empty: bool = False) -> Callable[[str], str]:
    """Return what checks a text that is kept as it is written; ``empty``: it may say nothing."""

    def check(text: str) -> str:
        if text or not empty:
            read(text)
        return text

    return check


class Section(BaseModel):
    """A section: frozen once read, an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")
