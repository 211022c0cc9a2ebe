"""Writes the pages of docs/generated from the tables of the domain and of the syntaxes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from chorus_edi.domain import motives
from chorus_edi.domain.demands import Demand
from chorus_edi.domain.labels import Label
from chorus_edi.domain.terms import SUB_TERMS, TERMS, label_of
from chorus_edi.domain.weighing import MOTIVES
from chorus_edi.formats.mapping.syntaxes import MAPPINGS
from chorus_edi.formats.mapping.table import written
from chorus_edi.formats.refusals import is_refusal
from chorus_edi.rules.catalogue import catalogue_markdown
from chorus_edi.rules.facturx.page import facturx_markdown
from chorus_edi.rules.registry import Rule
from chorus_edi.rules.sets import RuleSetVersion, versions
from chorus_edi.services.explain import Card, platform_rules
from chorus_edi.services.lifecycle_page import lifecycle
from chorus_edi.services.pages import labelled, page, table
from chorus_edi.services.places import places_of
from chorus_edi.services.rule_details import SEVERITY_NAMES


def motive_list() -> str:
    """Return the official motives, those of a whole flow first."""
    whole = {motive: label for motive, label in motives.LABELS.items() if motive.irrecevable}
    single = {motive: label for motive, label in motives.LABELS.items() if not motive.irrecevable}
    return page(
        "Motifs",
        "`domain/motives.py` et `domain/weighing.py`",
        "## Irrecevabilité : tout le flux est refusé\n",
        *labelled(whole.items()),
        "## Rejet : la facture seule est refusée\n",
        *labelled(single.items()),
        "## Motif d'une règle, selon le circuit\n",
        "Une étoile désigne une famille ; la plus longue l'emporte. Le motif d'une règle sans\n"
        "ligne est celui de sa fiche ([rules.md](rules.md)). La configuration peut les changer.\n",
        *_motives_by_circuit(),
    )


def _motives_by_circuit() -> Iterator[str]:
    rows = (
        (circuit.value, f"`{rule}`", f"`{motive}`")
        for circuit, table in MOTIVES.items()
        for rule, motive in table.items()
    )
    return table(("circuit", "règle", "motif"), rows)


def platform_rule_list() -> str:
    """Return the rules that the steps and the pipeline apply outside the rule sets."""
    rows = (_platform_row(code, card) for code, card in sorted(platform_rules().items()))
    return page(
        "Règles de la plateforme",
        "les tables `RULES` de `formats/faults.py`, `rules/recipient.py`, `stages/` et `pipeline/`",
        "Elles s'appliquent quels que soient les jeux de règles, sauf celles qui nomment leur\n"
        "circuit ; celles du destinataire, là où un annuaire le fait connaître. Sans motif ni\n"
        "conseil fixe : le compte rendu donne ceux du cas. Sans source : la plateforme les\n"
        "demande pour elle-même.\n",
        *table(
            ("règle", "ce qu'elle dit", "gravité", "motif", "que faire", "source", "certitude"),
            rows,
        ),
    )


def _platform_row(code: str, card: Card) -> tuple[str, ...]:
    where = f" Circuit {card.circuit} seulement." if card.circuit else ""
    named = f" Dans le circuit AFNOR : `{card.in_afnor}`." if card.in_afnor else ""
    return (
        f"`{code}`",
        f"{card.message.fr}{where}{named}",
        SEVERITY_NAMES[card.severity] if card.severity else "",
        f"`{card.motive}`" if card.motive else "",
        card.conseil,
        card.source,
        card.confidence.label.fr if card.confidence else "",
    )


def mapping() -> str:
    """Return where each term stands in each syntax; where it has no place, why."""
    return page(
        "Où se trouve chaque donnée",
        "`domain/terms.py` et `formats/mapping/`",
        "Les chemins partent de la racine du document.\n",
        *(line for term in TERMS.values() for line in _term(term.id, term.label)),
    )


def warning_list() -> str:
    """Return the warnings on what carries no term, one row per rule."""
    return page(
        "Avertissements",
        "les tables `rules/en16931/warnings_ubl.py` et `warnings_cii.py`",
        "Ce que la syntaxe permet et qu'EN 16931 n'utilise pas. Un avertissement ne refuse rien :\n"
        "il dit que le destinataire peut ne pas lire l'information. Les chemins partent de la\n"
        "racine du document, ou de n'importe où (`//`).\n",
        *(line for version in versions() for line in _warnings(version)),
    )


PAGES: Mapping[str, Callable[[], str]] = {
    "facturx.md": facturx_markdown,
    "lifecycle.md": lifecycle,
    "mapping.md": mapping,
    "motives.md": motive_list,
    "platform-rules.md": platform_rule_list,
    "rules.md": catalogue_markdown,
    "warnings.md": warning_list,
}
"""File name in docs/generated → what writes it."""


def _warnings(version: RuleSetVersion) -> Iterator[str]:
    yield f"## {version.label}\n"
    rows = (
        (rule.id, ", ".join(sorted(inspection.syntaxes)), _unexpected(rule, inspection.demands))
        for rule in version.rules
        if not rule.terms and (inspection := rule.inspection)
    )
    yield from table(("règle", "syntaxes", "ce qui n'est pas attendu"), rows)


def _unexpected(rule: Rule, demands: Iterable[Demand]) -> str:
    """Return the path that a rule refuses; the sentence of the others."""
    paths = [one.counted.partition(" | ")[0] for one in demands if is_refusal(one)]
    return f"`{paths[0]}`" if paths else rule.message.fr


def _term(term: str, label: Label) -> Iterator[str]:
    """Yield the places of a term, then those of what qualifies it (its scheme, a file's name)."""
    yield f"### {term} {label.fr}\n"
    yield f"*{label.en}*\n"
    for syntax, known in MAPPINGS.items():
        paths = known.table.paths_of(term)
        if paths:
            yield from (f"- {syntax} : `{written(path)}`" for path in paths)
        else:
            yield f"- {syntax} : pas de place ({known.table.absent.get(term, '')})"
    yield ""
    for sub_term in (one for one, of in SUB_TERMS.items() if of.id == term):
        yield f"{sub_term} {label_of(sub_term).fr} :\n"
        yield from (f"- {syntax} : `{path}`" for syntax, path in places_of(sub_term))
        yield ""
