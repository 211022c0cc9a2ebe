"""The page that lists the rules of the Factur-X profiles (docs/generated/facturx.md)."""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.domain.scenarios import Profile, RuleSet
from chorus_edi.rules.facturx.profiles import PROFILES, names_of, own_rules
from chorus_edi.rules.registry import registered_in
from chorus_edi.rules.sets import RuleSetVersion, profile_version, versions

_HEAD = """# Profils Factur-X

Page écrite par le programme depuis les tables des profils (`rules/facturx/`) : ne pas la modifier
à la main. Un profil garde des règles d'EN 16931, décrites dans [rules.md](rules.md), et y ajoute
des règles décrites ici, puis ce qu'il fait des éléments de CII.
"""


def facturx_markdown() -> str:
    """Return the page: the rules that profiles add, then a section per profile, a rule a line."""
    newest = next(v for v in reversed(versions()) if v.name is RuleSet.EN16931)
    sections = ["\n".join(_section(profile, newest)) for profile in PROFILES]
    return "\n".join([_HEAD, *_added(), *sections])


def _added() -> Iterator[str]:
    """Yield what profiles add to the rules of EN 16931, beside their tables."""
    yield "## Règles ajoutées à EN 16931\n"
    for rule in registered_in(__package__ or ""):
        names = ", ".join(names_of(rule.id))
        yield f"- **{rule.id}** ({names}) {rule.message.fr} *{rule.message.en}*"
        yield f"  Conseil : {rule.conseil} Termes : {', '.join(rule.terms)}."
    yield ""


def _section(profile: Profile, newest: RuleSetVersion) -> Iterator[str]:
    version = profile_version(profile, newest.label)
    own = own_rules(profile)
    kept = version.rules[: len(version.rules) - len(own)]
    yield f"## {version.label}\n"
    yield f"{len(kept)} règles gardées : {', '.join(rule.id for rule in kept)}."
    yield f"\n{len(own)} règles propres :\n"
    for rule in own:
        yield f"- **{rule.id}** {rule.message.fr} *{rule.message.en}*"
    yield ""
