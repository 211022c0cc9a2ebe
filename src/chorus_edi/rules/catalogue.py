"""The page that lists every rule, written from the identity cards (docs/generated/rules.md)."""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.domain.scenarios import RuleSet
from chorus_edi.domain.terms import label_of
from chorus_edi.rules.chorus_b2g import UNJUDGED
from chorus_edi.rules.registry import Rule
from chorus_edi.rules.sets import RuleSetVersion, versions

_HEAD = """# Règles de gestion

Page écrite par le programme depuis le catalogue des règles (`rules/catalogue.py`) : ne pas la
modifier à la main.
"""


def catalogue_markdown() -> str:
    """Return the page: one section per rule set version, one entry per rule that has terms."""
    sections = ["\n".join(_section(version)) for version in versions()]
    return "\n".join([_HEAD, *sections])


def _section(version: RuleSetVersion) -> Iterator[str]:
    until = f" au {version.valid_to:%d/%m/%Y}" if version.valid_to else ""
    yield f"## {version.label}\n"
    yield f"{len(version.rules)} règles, en vigueur du {version.valid_from:%d/%m/%Y}{until}.\n"
    named = [rule for rule in version.rules if rule.terms]
    if others := len(version.rules) - len(named):
        yield f"Dont {others} avertissements sur des éléments sans terme, listés à part :"
        yield "[avertissements](warnings.md).\n"
    for rule in named:
        yield from _entry(rule, french=version.name is not RuleSet.EN16931)
    if version.name is RuleSet.CHORUS_B2G:
        yield from _unjudged()


def _unjudged() -> Iterator[str]:
    yield "### Règles non contrôlées\n"
    for rule in UNJUDGED:
        yield f"- {rule.id} : {rule.about.fr} {rule.why}"
    yield ""


def _entry(rule: Rule, *, french: bool) -> Iterator[str]:
    yield f"### {rule.id}\n"
    yield f"{rule.message.fr}\n"
    yield f"*{rule.message.en}*\n"
    yield f"- Règle : {rule.name}"
    yield f"- Termes : {' ; '.join(f'{term} {label_of(term).fr}' for term in rule.terms)}"
    yield f"- Gravité : {rule.severity}, motif {rule.motive}"
    yield f"- Conseil : {rule.conseil}"
    yield f"- Source : {rule.source}"
    if french:
        yield f"- Certitude : {rule.confidence.label.fr}"
    for syntax, variant in rule.variants.items():
        yield f"- Différence en {syntax} : {variant.why}"
    yield ""
