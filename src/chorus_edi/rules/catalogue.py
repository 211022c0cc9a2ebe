"""The page that lists every rule, written from the identity cards (docs/generated/rules.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from chorus_edi.domain.scenarios import Profile, RuleSet, Syntax
from chorus_edi.domain.terms import label_of
from chorus_edi.rules import chorus_b2g
from chorus_edi.rules.br_fr import unjudged as br_fr
from chorus_edi.rules.chorus_b2g import Unjudged
from chorus_edi.rules.extended_ctc_fr.profile import changes_of, own_rules
from chorus_edi.rules.registry import Rule
from chorus_edi.rules.sets import RuleSetVersion, profile_version, versions

_HEAD = """# Règles de gestion

Page écrite par le programme depuis le catalogue des règles (`rules/catalogue.py`) : ne pas la
modifier à la main.
"""

_UNJUDGED: Mapping[RuleSet, tuple[Unjudged, ...]] = {
    RuleSet.BR_FR: br_fr.UNJUDGED,
    RuleSet.CHORUS_B2G: chorus_b2g.UNJUDGED,
}


def catalogue_markdown() -> str:
    """Return the page: one section per rule set version, one entry per rule that has terms."""
    sections = ["\n".join(_section(version)) for version in versions()]
    newest = next(v for v in reversed(versions()) if v.name is RuleSet.EN16931)
    return "\n".join([_HEAD, *sections, *_extension(newest)])


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
    if left := _UNJUDGED.get(version.name):
        yield from _unjudged(left)


def _unjudged(left: Iterable[Unjudged]) -> Iterator[str]:
    yield "### Règles non contrôlées\n"
    for rule in left:
        yield f"- {rule.id} : {rule.about.fr} {rule.why}"
    yield ""


def _extension(en16931: RuleSetVersion) -> Iterator[str]:
    """Yield the section of the French extension: what it drops, judges otherwise and adds."""
    version = profile_version(Profile.EXTENDED_CTC_FR, en16931.label)
    held = {rule.id: rule for rule in version.rules}
    dropped = [rule.id for rule in en16931.rules if rule.id not in held]
    own = own_rules()
    yield f"## {version.label}\n"
    yield f"{len(version.rules)} règles, là où BT-24 annonce le profil EXTENDED-CTC-FR, hors du"
    yield "circuit historique : elles prennent la place de celles d'EN 16931.\n"
    yield f"{len(dropped)} règles d'EN 16931 n'y sont pas : {', '.join(dropped)}.\n"
    yield "Les autres y sont, jugées de même sauf ici :\n"
    for (syntax, why), ids in _changes(en16931.rules, held).items():
        yield f"- en {syntax}, {', '.join(ids)} : {why}"
    yield f"\n{len(own)} règles propres :\n"
    for rule in own:
        yield from _entry(rule, french=True)


def _changes(
    rules: Iterable[Rule], held: Mapping[str, Rule]
) -> dict[tuple[Syntax, str], list[str]]:
    """Return the ids of the rules judged otherwise, those together that change alike."""
    changed: dict[tuple[Syntax, str], list[str]] = {}
    for rule in rules:
        if rule.id in held:
            for change in changes_of(rule, held[rule.id]):
                changed.setdefault(change, []).append(rule.id)
    return changed


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
