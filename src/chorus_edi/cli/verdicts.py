"""How one verdict of ``validate`` reads on a screen: the fault, where, and what to change."""

from __future__ import annotations

import shutil
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import typer

from chorus_edi.cli.render import one_line
from chorus_edi.domain.findings import visible

VERDICTS = {
    "valid": ("✓", "valide", "green"),
    "invalid": ("✗", "invalide", "red"),
    "undecided": ("?", "indécis", "yellow"),
    "companion": ("+", "pièce d'accompagnement", "cyan"),
}
"""Verdict → its sign, its word, its colour."""

_SEVERITIES = {"fatal": ("bloquant", "red"), "warning": ("avertissement", "yellow")}
_WIDEST = 100
_MOST_WARNINGS = 10


def verdict_lines(verdict: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of one file; colours are dropped by ``typer.echo`` in a pipe."""
    sign, word, colour = VERDICTS[verdict["verdict"]]
    yield (
        f"{typer.style(sign, fg=colour)} {one_line(verdict['path'])} : "
        + typer.style(word, fg=colour, bold=True)
        + _nature(verdict)
    )
    yield from _findings_lines(verdict["findings"])
    yield from _not_checked_lines(verdict["not_checked"])
    official = verdict.get("official")
    if official == {}:
        yield "  aucune feuille officielle ne juge ce document"
    for sheet, said in (official or {}).items():
        yield from _official_lines(sheet, said)


def _nature(verdict: Mapping[str, Any]) -> str:
    motive = verdict["motif"]
    known = [
        motive,
        verdict["container"],
        verdict["syntax"],
        verdict["profile"],
        verdict["circuit"],
        ", ".join(verdict["rule_sets"]),
    ]
    # Plain XML says nothing that the syntax does not say better.
    told = [one_line(part) for part in known if part and part != "xml"]
    return f" ({' · '.join(told)})" if told else ""


def _findings_lines(findings: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what is fatal, then the first warnings: they must not hide what refuses."""
    warnings = [finding for finding in findings if finding["severity"] == "warning"]
    told, left = warnings[:_MOST_WARNINGS], warnings[_MOST_WARNINGS:]
    for finding in (*(one for one in findings if one["severity"] != "warning"), *told):
        yield from _finding_lines(finding)
    if left:
        rules = ", ".join(dict.fromkeys(one["rule"] for one in left))
        told_by = "le format jsonl les donne en entier"
        yield from _wrapped(f"et {len(left)} autres avertissements ({told_by}) : {rules}", 2)


def _finding_lines(finding: Mapping[str, Any]) -> Iterator[str]:
    word, colour = _SEVERITIES[finding["severity"]]
    head = f"  {typer.style(one_line(finding['rule']), bold=True)} {typer.style(word, fg=colour)}"
    if finding["address"]:
        head += f" · {one_line(finding['address'])}"
    if finding["line"] is not None:
        column = f", colonne {finding['column']}" if finding["column"] else ""
        head += f" · ligne {finding['line']}{column}"
    yield head
    yield from _wrapped(finding["message"]["fr"], 4)
    for term, label in zip(finding["terms"], finding["term_labels"], strict=True):
        yield from _wrapped(f"{term} {label}", 4)
    yield from _values(finding)
    if finding["location"]:
        # Never folded: it is copied into an XML editor.
        yield f"    {one_line(finding['location'])}"
    if finding["conseil"]:
        yield from _wrapped(f"→ {finding['conseil']}", 4)


def _values(finding: Mapping[str, Any]) -> Iterator[str]:
    pairs = (("trouvé", finding["found"]), ("attendu", finding["expected"]))
    told = [f"{name} : {visible(one_line(value))}" for name, value in pairs if value is not None]
    if told:
        yield from _wrapped(" · ".join(told), 4)


def _not_checked_lines(skipped: Iterable[Mapping[str, str]]) -> Iterator[str]:
    by_reason: dict[str, list[str]] = defaultdict(list)
    for entry in skipped:
        by_reason[entry["reason"].rstrip(".")].append(entry["rule"])
    for reason, rules in by_reason.items():
        yield from _wrapped(f"non contrôlé ({reason}) : {', '.join(rules)}", 2)


def _official_lines(sheet: str, said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what one official sheet says; it is a second opinion, so it has no colour of ours."""
    word = VERDICTS[said["verdict"]][1]
    why = ", ".join(said["rules"]) or said["reason"] or ""
    yield from _wrapped(f"feuille officielle {sheet} : {word}{f' ({why})' if why else ''}", 2)


def _wrapped(text: str, margin: int) -> Iterator[str]:
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    indent = " " * margin
    yield from textwrap.wrap(
        one_line(text),
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
