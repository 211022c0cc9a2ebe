"""Warnings of the sheets, as tables: what a syntax has, and EN 16931 does not use.

A table is a tree of names, two blanks per step: a line that begins with a number holds what is not
used there, with the number of its rule; another line opens an element::

    001 ext:UBLExtensions, 003 ProfileExecutionID
    cac:InvoicePeriod
      012 StartTime

A warning is told once per document, at its first place: an element too many is too many in each
of ten thousand lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.inspection import Ask, Text, ask

_INDENT = 2
_ROOTS = ("rsm:SupplyChainTradeTransaction/", "//")


def read_table(table: str, prefix: str) -> Iterator[tuple[str, str]]:
    """Yield the number and the path (from the root element) of each entry of a table.

    Args:
        table: as above.
        prefix: of the names that are written without one.
    """
    above: list[str] = []
    for line in table.strip("\n").splitlines():
        said = line.lstrip()
        del above[(len(line) - len(said)) // _INDENT :]
        if said[0].isdigit():
            for number, _, name in (entry.partition(" ") for entry in said.split(", ")):
                yield number, "/".join((*above, qualified(name, prefix)))
        else:
            above.append(qualified(said, prefix))


def qualified(path: str, prefix: str) -> str:
    """Write a prefix before each name of a path that has none."""
    return "/".join(
        step if not step or step[0] == "@" or ":" in step else f"{prefix}:{step}"
        for step in path.split("/")
    )


def warn_unused(
    rows: Iterable[tuple[str, str]], syntaxes: frozenset[Syntax], source: str, module: str
) -> None:
    """Register a warning per row: its id, and the path that may not be there.

    Args:
        rows: the path starts at the root element, or anywhere (``//``); several are joined by
            ``|``, the one to name first.
        syntaxes: the only ones it speaks of.
        source: where they are published.
        module: the module that registers them.
    """
    for rule, path in rows:
        shown = path.partition(" | ")[0]
        for root in _ROOTS:
            shown = shown.removeprefix(root)
        asked = Ask(each="/*", counted=path, most=0)
        text = unused(shown)
        warn(rule, asked=asked, syntaxes=syntaxes, text=text, source=source, module=module)


def warn(
    rule: str,
    *terms: str,
    asked: Ask,
    syntaxes: frozenset[Syntax],
    text: Text,
    source: str,
    module: str,
) -> None:
    """Register one warning; see ``rules.inspection.ask``."""
    ask(
        rule,
        *terms,
        asks=(asked,),
        syntaxes=syntaxes,
        text=text,
        source=source,
        module=module,
        severity=Severity.WARNING,
    )


def unused(path: str) -> Text:
    """Return the sentences of a rule on an element or an attribute that the norm does not use."""
    fr, en = ("L'attribut", "attribute") if "@" in path else ("L'élément", "element")
    return Text(
        name=f"{path} is not there",
        fr=f"{fr} « {path} » n'est pas utilisé par EN 16931 : le destinataire peut l'ignorer.",
        en=f"EN 16931 does not use the {en} '{path}': the recipient may ignore it.",
        conseil="Retirez-le, ou portez cette information là où la norme la prévoit.",
    )
