"""Writes docs/generated/lifecycle.md: statuses, transitions, rights and motives, with diagrams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chorus_edi.domain import statuses
from chorus_edi.domain.actors import ACTOR_LABELS
from chorus_edi.domain.lifecycle import (
    EVENTS,
    FLUX_TRANSITIONS,
    RECIPIENT_EVENTS,
    TRANSITIONS,
    Event,
    Transition,
)
from chorus_edi.domain.processing_motives import PROCESSING_MOTIVES, Use
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.unused_statuses import (
    UNUSED_EDI_NUMBERS,
    UNUSED_FLUX_STATES,
    UNUSED_INVOICE_STATUSES,
    Unused,
)
from chorus_edi.services.pages import labelled, page, table

_PROCESSING = "TRAITEMENT"
_FREE = frozenset(RECIPIENT_EVENTS.values())


def lifecycle() -> str:
    """Return the states and statuses, and what may follow what, with diagrams (Mermaid)."""
    flux = [(a.value if a else "[*]", b.value, "") for a, b in FLUX_TRANSITIONS]
    return page(
        "Cycle de vie",
        "`domain/statuses.py`, `domain/unused_statuses.py`, `domain/lifecycle.py` et "
        "`domain/processing_motives.py`",
        "## États d'un flux\n",
        *_flux_states(),
        *_diagram(flux),
        "États officiels que la plateforme n'emploie pas :\n",
        *_unused(UNUSED_FLUX_STATES.items()),
        "## Ce que devient un document\n",
        *labelled(statuses.DOCUMENT_LABELS.items()),
        "## Statuts d'une facture\n",
        "Le code est aussi celui de l'API. En cotraitance (A12, S6), le second numéro AFNOR.\n",
        *_invoice_statuses(),
        *_shared(),
        *_choices(),
        "Statuts officiels que la plateforme n'emploie pas :\n",
        *_unused(UNUSED_INVOICE_STATUSES.items()),
        "Numéros EDI sans emploi :\n",
        *table(("numéros", "pourquoi"), UNUSED_EDI_NUMBERS.items()),
        "## Qui peut quoi\n",
        "Chacun n'agit que sur les factures où il tient ce rôle.\n",
        *_rights(),
        *(line for circuit in Circuit for line in _circuit(circuit)),
        "## Motifs du traitement\n",
        *_motives(),
    )


def _flux_states() -> Iterator[str]:
    rows = (
        (f"`{code}`", row.label.fr, row.label.en, row.edi or "", str(row.afnor or ""), _end(code))
        for code, row in statuses.FLUX_STATES.items()
    )
    return table(("code", "français", "anglais", "EDI", "AFNOR", "final"), rows)


def _end(state: statuses.FluxState) -> str:
    return "non" if any(before is state for before, _ in FLUX_TRANSITIONS) else "oui"


def _unused(codes: Iterable[tuple[str, Unused]]) -> Iterator[str]:
    rows = ((f"`{code}`", unused.edi or "", unused.reason.fr) for code, unused in codes)
    return table(("code", "EDI", "pourquoi"), rows)


def _invoice_statuses() -> Iterator[str]:
    rows = (
        (
            f"`{code}`",
            row.label.fr,
            row.label.en,
            row.edi or "",
            "/".join(str(n) for n in (row.afnor, row.afnor_cotraitance) if n),
            row.ends.value,
        )
        for code, row in statuses.INVOICE_STATUSES.items()
    )
    return table(("code", "français", "anglais", "EDI", "AFNOR", "final"), rows)


def _shared() -> Iterator[str]:
    yield "Numéros AFNOR de plusieurs statuts :\n"
    rows = ((str(number), why) for number, why in statuses.SHARED_AFNOR.items())
    yield from table(("AFNOR", "ce qui les distingue"), rows)


def _choices() -> Iterator[str]:
    yield "Numéros EDI où les sources se contredisent :\n"
    rows = (
        (f"`{one.status}`", one.said, one.written, ", ".join(one.read), one.reason)
        for one in statuses.CHOICES
    )
    yield from table(("statut", "ce que disent les sources", "écrit", "lu", "raison"), rows)


def _rights() -> Iterator[str]:
    rows = (
        (
            f"`{event}`",
            row.label.fr,
            ", ".join(ACTOR_LABELS[actor].fr for actor in row.actors),
            row.motive.value if row.motive else "",
        )
        for event, row in EVENTS.items()
    )
    return table(("événement", "libellé", "par", "motif exigé"), rows)


def _circuit(circuit: Circuit) -> Iterator[str]:
    rows = TRANSITIONS[circuit]
    any_of = ", ".join(f"`{code}`" for code in _sources(rows))
    yield f"## Transitions du circuit {circuit.value}\n"
    yield (
        "Les statuts du destinataire se suivent dans n'importe quel ordre : dans le tableau et le\n"
        f"diagramme, `{_PROCESSING}` est l'un quelconque de ceux-ci : {any_of}.\n"
    )
    yield from table(("de", "événement", "à", "par", "seulement"), map(_cells, _gathered(rows)))
    yield from _diagram(
        (
            (before or "[*]", after, f"{EVENTS[event].label.fr}{f' ({only})' if only else ''}")
            for before, event, after, only in _gathered(rows)
        ),
        _sources(rows),
    )


def _sources(rows: Iterable[Transition]) -> list[str]:
    """Return the statuses from which a recipient goes wherever he likes."""
    return list(dict.fromkeys(r.source.value for r in rows if r.source and r.event in _FREE))


_Row = tuple[str, Event, str, str]


def _gathered(rows: Iterable[Transition]) -> list[_Row]:
    """Return the rows, those that leave any status of the processing, or hold twice, told once."""
    told: dict[tuple[str, Event, str], dict[str, None]] = {}
    for row in rows:
        source = _PROCESSING if row.event in _FREE else row.source.value if row.source else ""
        only = {row.only.value: None} if row.only else {}
        told.setdefault((source, row.event, row.target.value), {}).update(only)
    return [(*key, ", ".join(only)) for key, only in told.items()]


def _cells(row: _Row) -> tuple[str, ...]:
    source, event, target, only = row
    actors = ", ".join(actor.value for actor in EVENTS[event].actors)
    return f"`{source}`" if source else "", f"`{event}`", f"`{target}`", actors, only


def _diagram(arrows: Iterable[tuple[str, str, str]], within: Iterable[str] = ()) -> Iterator[str]:
    yield "```mermaid\nstateDiagram-v2"
    inner = "".join(f"\n        {code}" for code in within)
    if inner:
        yield f"    state {_PROCESSING} {{{inner}\n    }}"
    for source, target, event in arrows:
        yield f"    {source} --> {target}" + (f" : {event}" if event else "")
    yield "```\n"


def _motives() -> Iterator[str]:
    rows = (
        (
            f"`{code}`",
            row.label.fr,
            row.label.en,
            ", ".join(use.value for use in Use if use in row.uses),
            row.afnor,
        )
        for code, row in PROCESSING_MOTIVES.items()
    )
    return table(("code", "français", "anglais", "pour", "AFNOR"), rows)
