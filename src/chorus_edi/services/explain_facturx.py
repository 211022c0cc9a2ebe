"""What the ids of the Factur-X profiles mean: one number, another meaning in each profile."""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.rules.facturx.cards import sentences
from chorus_edi.rules.facturx.profiles import Meaning, meanings, names_of
from chorus_edi.services.rule_details import motive_text

_ROOT = "/rsm:CrossIndustryInvoice"
_MOST_TOLD = 12
"""Places told of one profile; what a profile does not use stands in hundreds of them."""


def profile_ids() -> tuple[str, ...]:
    """Return the ids that the tables of the profiles hold, which are not in the catalogue."""
    return tuple(meanings())


def title_of(rule_id: str) -> str:
    """Return in French what an id means: its message, or that each profile has another."""
    held = meanings()[rule_id]
    messages = {one.rule.message.fr for one in held}
    if len(messages) == 1:
        return held[0].rule.message.fr
    return "Contrôle d'un profil Factur-X : le même numéro a un autre sens dans chaque profil."


def details_of(rule_id: str) -> Iterator[tuple[str, str]]:
    """Yield what it asks in each profile, and where; see ``Explanation``."""
    held = meanings()[rule_id]
    for meaning in held:
        yield f"Profil {meaning.profile}", "\n".join(_lines(meaning))
    advice = {sentences(demand)[1] for meaning in held for demand in meaning.demands}
    if len(advice) == 1:
        yield "Que faire", advice.pop()
    yield "Motif", motive_text(held[0].rule.motive)
    yield "Source", "Factur-X 1.09"


def profiles_of(rule_id: str) -> list[str]:
    """Return the profiles that hold a rule of the catalogue, as people write them."""
    return [f"Factur-X {name}" for name in names_of(rule_id)]


def _lines(meaning: Meaning) -> Iterator[str]:
    """Yield a line per demand: where it is asked, and what."""
    count = len(meaning.demands)
    yield "1 contrôle" if count == 1 else f"{count} contrôles"
    for demand in meaning.demands[:_MOST_TOLD]:
        path = demand.each.removeprefix(_ROOT).removeprefix("/") or "rsm:CrossIndustryInvoice"
        if demand.most == 0:
            yield f"{path}/{demand.counted}"
        else:
            yield f"{path} : {sentences(demand)[0].fr}"
    if count > _MOST_TOLD:
        yield f"et {count - _MOST_TOLD} autres"
