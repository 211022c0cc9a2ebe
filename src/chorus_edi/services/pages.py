"""How a page of docs/generated is laid out: its title and origin, its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chorus_edi.domain.labels import Label

_ORIGIN = """\
Page écrite par le programme depuis {origin} : ne pas la modifier à la main (`make docs`).
"""


def page(title: str, origin: str, *lines: str) -> str:
    """Return a page: title, where it comes from, then its lines."""
    text = "\n".join((f"# {title}\n", _ORIGIN.format(origin=origin), *lines))
    return text.rstrip("\n") + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, and an empty one."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
    yield ""


def labelled(labels: Iterable[tuple[str, Label]]) -> Iterator[str]:
    """Yield a table of codes with both their labels."""
    rows = ((f"`{code}`", label.fr, label.en) for code, label in labels)
    return table(("code", "français", "anglais"), rows)
