"""What EXTENDED-CTC-FR is made of: the rules of EN 16931 that it keeps, and its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.extended_ctc_fr import kept
from chorus_edi.rules.extended_ctc_fr.changed import as_in_extended_ctc
from chorus_edi.rules.inspection import UBL
from chorus_edi.rules.registry import CATALOGUE, Rule, Variant, registered_in

SHARED: Final = ("BR-CO-25", "BR-FXEXT-G-08")
"""Rules under an id that a sheet of Factur-X uses too."""

_CII = frozenset({Syntax.CII})
_LEFT_OUT = (
    (UBL, frozenset(kept.UBL.split())),
    (_CII, frozenset(kept.CII.split())),
)
_WHY = "L'extension française n'a pas cette règle dans cette syntaxe."


def rules_of(en16931: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules of the extension, in both syntaxes.

    Args:
        en16931: the rules of the version of EN 16931 that it extends.
    """
    return (*kept_of(en16931), *own_rules())


def kept_of(en16931: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules of EN 16931 that it keeps, as it judges them, in the order given.

    A rule that it keeps in one syntax only is judged in that one.
    """
    held = (_where_kept(rule) for rule in en16931)
    return tuple(as_in_extended_ctc(rule) for rule in held if rule is not None)


def own_rules() -> tuple[Rule, ...]:
    """Return the rules that it adds."""
    shared = (as_in_extended_ctc(CATALOGUE[rule]) for rule in SHARED)
    return (*shared, *registered_in(__package__ or ""))


def changes_of(rule: Rule, held: Rule) -> Iterator[tuple[Syntax, str]]:
    """Yield why the extension judges a rule of EN 16931 otherwise, in the syntaxes where it does.

    Args:
        rule: the rule as EN 16931 has it.
        held: the same in the extension.
    """
    for syntax, variant in held.variants.items():
        if variant != rule.variants.get(syntax):
            yield syntax, variant.why


def _where_kept(rule: Rule) -> Rule | None:
    """Return a rule for the syntaxes that keep it; None where none does."""
    without = frozenset(s for syntaxes, ids in _LEFT_OUT if rule.id in ids for s in syntaxes)
    if not without:
        return rule
    if without == frozenset(Syntax):
        return None
    variants = {**rule.variants, **dict.fromkeys(without, Variant(None, _WHY))}
    inspection = rule.inspection
    if inspection is not None:
        left = inspection.syntaxes - without
        inspection = msgspec.structs.replace(inspection, syntaxes=left) if left else None
    if inspection is None and rule.judgement is None:
        return None
    return msgspec.structs.replace(rule, variants=variants, inspection=inspection)
