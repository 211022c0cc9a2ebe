"""Makes faulty invoices from sound ones: the same seed and number always give the same mutant.

A mutation is drawn in two ways. Half of them are aimed: a fatal rule is drawn, a node that it is
tried on, and something that its test looks at is changed or grown, so that rare rules are met as
often as common ones. The others fall anywhere, path by path (not element by element, or long
invoices would get all of them in their lines).
"""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Any, NamedTuple

from lxml import etree

from tests.conformance.aimed import Aimed
from tests.conformance.aims import aims
from tests.conformance.anywhere import Anywhere
from tests.conformance.exceptions import unreachable
from tests.conformance.grouped import KINDS
from tests.conformance.scene import CATEGORY_TAGS, Base, Scene, bases, local_name, path_of
from tests.conformance.values import CATEGORIES

_ATTEMPTS, _AIMED_ATTEMPTS = 20, 6
_CHANGES = (1, 1, 1, 1, 2, 2, 3, 5)
_TRIES = 6
_RICH = 0.3
_HARD = {
    "ubl": (
        "BR-17", "BR-24", "BR-28", "BR-AE-10", "BR-CL-08", "BR-DEC-28", "BR-IC-10", "BR-O-11",
        "UBL-CR-666", "UBL-SR-11", "UBL-SR-14", "UBL-SR-17", "UBL-SR-18", "UBL-SR-25", "UBL-SR-29",
    ),
    "cii": (
        "BR-17", "BR-28", "BR-44", "BR-51", "BR-CL-24", "BR-CO-24", "BR-DEC-16", "BR-DEC-25",
        "CII-DT-033", "CII-SR-090", "CII-SR-440", "CII-SR-465", "CII-SR-467",
    ),
    "ubl-fr": (
        "BR-FR-18", "BR-FR-22", "BR-FR-26", "BR-FR-29", "BR-FR-30", "BR-FR-BD-14", "BR-FR-BD-14",
        "BR-FR-BD-14", "BR-FR-CO-03", "BR-FR-CO-08", "BR-FR-CO-08", "BR-FR-CO-09", "BR-FR-MV-07",
        "BR-FR-MV-07", "BR-FR-MV-11", "BR-FR-MV-12", "BR-FR-MV-13", "BR-FR-MV-14", "BR-FR-MV-14",
        "BR-FR-MV-14", "BR-FR-20", "BR-FR-31",
    ),
    "cii-fr": (
        "BR-FR-22", "BR-FR-31", "BR-FR-31", "BR-FR-DEC-03", "BR-FR-CO-04", "BR-FR-CO-07",
        "BR-FR-18", "BR-FR-26", "BR-FR-29", "BR-FR-BD-14", "BR-FR-CO-03", "BR-FR-CO-08",
        "BR-FR-CO-08", "BR-FR-CO-09", "BR-FR-MV-11", "BR-FR-MV-12",
    ),
    "ubl-ext": (
        "BR-17", "BR-55", "BR-AE-10", "BR-AG-05", "BR-CL-08", "BR-CL-08", "BR-CO-25", "BR-DEC-17",
        "BR-FREXT-04", "BR-FREXT-12", "BR-FREXT-AF-01", "BR-FREXT-CL-20-TAX", "BR-FREXT-CL-27",
        "BR-IC-10", "BR-IC-11", "UBL-CR-666", "UBL-SR-07", "UBL-SR-10", "UBL-SR-11", "UBL-SR-14",
        "UBL-SR-17", "UBL-SR-18", "UBL-SR-29", "UBL-SR-32", "BR-29", "BR-AF-02", "BR-G-09",
        "BR-IC-09",
    ),
    "cii-ext": (
        "BR-42", "BR-51", "BR-CO-03", "BR-CO-23", "BR-CO-25", "BR-DEC-16", "BR-DEC-25", "BR-DEC-27",
        "BR-DEC-28", "BR-FREXT-12", "BR-FREXT-BR-38", "BR-FREXT-BR-44", "BR-FREXT-CL-20-TAX",
        "BR-FREXT-CL-24", "BR-FXEXT-S-09", "CII-DT-033", "CII-SR-090", "CII-SR-460", "CII-SR-462",
        "CII-SR-467", "CII-SR-473", "BR-DEC-13", "BR-DEC-19", "BR-DEC-20", "BR-DEC-24",
        "CII-SR-468",
    ),
}  # fmt: skip
_FAVOURED = {
    "BR-FR-22": ("self-billed",),
    "BR-FR-24": ("routed",),
    "BR-FR-26": ("routed",),
    "BR-FR-29": ("object",),
    "BR-FR-30": tuple(KINDS),
    "BR-FR-BD-14": ("two-way-corrective",),
    "BR-FR-CO-03": ("global-rebate",),
    "BR-FR-CO-08": ("final", "prepayment"),
    "BR-FR-CO-09": ("paid",),
    "BR-FR-DEC-03": ("standard-full", *KINDS),
    "BR-FR-MV-13": ("several-sellers",),
    "BR-FR-MV-14": ("several-corrective",),
    "BR-CO-25": ("no-terms", "no-terms-grouped"),
    "BR-FREXT-04": ("rich-credit",),
    "BR-FREXT-12": ("nested-credit",),
    "BR-FREXT-CL-20-TAX": ("rich",),
    "BR-FREXT-CL-27": ("rich",),
    "cii-ext BR-DEC-19": ("split-payment", "split-payment-grouped", "split-dated"),
    "cii-ext BR-DEC-20": ("split-payment", "split-payment-grouped", "split-dated"),
    "cii-ext BR-CO-03": ("split-dated", "split-dated-grouped"),
    "ubl-ext BR-55": ("credit-full", "exempt-credit"),
    "ubl-ext UBL-SR-07": ("credit-full", "exempt-credit"),
    "ubl-ext UBL-SR-32": ("split-payment", "split-payment-grouped"),
}
_DROPPED = {"BR-FREXT-12": frozenset({"LineExtensionAmount", "LineTotalAmount"})}
"""Rules that speak where one thing is gone of many alike: what most of their mutants lack."""

_GROUPED = ("BR-FR-MV-", "BR-FR-BD-")
_FAVOURED_SHARE, _DROPPED_SHARE = 0.8, 0.9
"""Bases that a rule has something to say of, and how many of its mutants are made from them."""

_HARD_TURNS = 4
"""Rules that few aimed mutants hit, because several things must come together: more turns each."""


_DATES = tuple(
    f"{{urn:un:unece:uncefact:data:standard:{kind}:100}}DateTimeString"
    for kind in ("UnqualifiedDataType", "QualifiedDataType")
)
_EIGHT_DIGITS = re.compile(r"[0-9]{8}").match
_SPARED = 0.85
"""Of the mutants that the French sheet of CII cannot judge, how many are made anew."""


class Mutant(NamedTuple):
    """A faulty document.

    Attributes:
        number: its number under the seed.
        base: name of the sound document it was made from.
        changes: what was done to it.
        xml: its bytes.
    """

    number: int
    base: str
    changes: tuple[str, ...]
    xml: bytes


def mutant(syntax: str, seed: int, number: int, aimed_at: str = "") -> Mutant | None:
    """Make a mutant that obeys its schema; None where none of many attempts does.

    Args:
        syntax: ``ubl`` or ``cii``.
        seed: another seed gives other mutants.
        number: from 0; every other one is aimed at the next rule (of the French ones, seven of
            eight: few changes break them).
        aimed_at: beginnings of ids, comma-separated: aim at these rules only, nearly always.
    """
    maker = _Maker(syntax, random.Random(f"{syntax}/{seed}/{number}"), aimed_at)
    free = 8 if syntax.endswith("-fr") else 2
    turn = number - number // free
    rule = None if number % free == free - 1 else maker.turns[turn % len(maker.turns)]
    for attempt in range(_ATTEMPTS):
        # What cannot be made for a rule after some attempts is made without an aim.
        made = maker.made(number, rule if attempt < _AIMED_ATTEMPTS else None)
        if made is not None:
            return made
    return None


class _Maker:
    """Makes mutants of one syntax from one source of chance."""

    def __init__(self, syntax: str, chance: random.Random, aimed_at: str) -> None:
        self.syntax = syntax
        self.chance = chance
        self.aims = aims(syntax, aimed_at)
        self.rules = tuple(rule for rule in self.aims if rule not in unreachable(syntax))
        hard = tuple(rule for rule in _HARD.get(syntax, ()) if rule in self.rules)
        self.turns = self.rules + hard * _HARD_TURNS
        french = syntax.endswith("-fr")
        self.aimed_share = 0.9 if aimed_at else 0.8 if french else 0.5

    def made(self, number: int, rule: str | None) -> Mutant | None:
        """Make one attempt, its first change aimed at a rule if one is given."""
        base = self._base(rule)
        scene = Scene(self.syntax, base, self.chance)
        changes = self._changes(scene, rule)
        if not changes or not base.grammar.valid(scene.root):
            return None
        if (
            self.syntax == "cii-fr"
            and _stops_the_sheet(scene.root)
            and self.chance.random() < _SPARED
        ):
            return None
        xml = etree.tostring(scene.root, encoding="UTF-8", pretty_print=True)
        return Mutant(number, base.name, changes, xml)

    def _base(self, rule: str | None) -> Base:
        """Draw a base; for an aim, often a rich one, or one with the VAT category it speaks of."""
        known = bases(self.syntax)
        drawn = self.chance.sample(known, len(known))
        favoured = _favoured(self.syntax, rule or "")
        if favoured and self.chance.random() < _FAVOURED_SHARE:
            return next(base for base in drawn if base.name in favoured)
        if rule and self.chance.random() < _RICH:
            return max(drawn[: len(drawn) // 2], key=lambda base: _size(base.tree))
        wanted = set(self.aims[rule][0].literals) & set(CATEGORIES) if rule else set()
        if not wanted or self.chance.random() < 0.2:
            return drawn[0]
        return next((base for base in drawn if wanted & _categories_of(base)), drawn[0])

    def _changes(self, scene: Scene, rule: str | None) -> tuple[str, ...]:
        """Make some changes, fewer where nothing fits; return what was done."""
        aimed, anywhere = Aimed(scene), Anywhere(scene)
        wanted = self.chance.choice(_CHANGES)
        done: list[str] = []
        for tries in range(wanted * 3):
            if rule in _DROPPED and not done and self.chance.random() < _DROPPED_SHARE:
                said = _dropped(scene, _DROPPED[rule])
            elif rule is not None and not done:
                said = aimed.change(self.chance.choice(self.aims[rule]))
            elif self.chance.random() < self.aimed_share:
                said = aimed.change(self.chance.choice(self.aims[self.chance.choice(self.rules)]))
            else:
                said = anywhere.change()
            if said is not None:
                done.append(said)
            if len(done) == wanted or (tries >= _TRIES and not done):
                break
        return tuple(done)


def _stops_the_sheet(root: Any) -> bool:
    """True where a date has not eight digits: the French sheet of CII ends in an error on it."""
    return any(not _EIGHT_DIGITS(one.text or "") for one in root.iter(*_DATES))


def _dropped(scene: Scene, names: frozenset[str]) -> str | None:
    """Drop an element of one of some names."""
    element = scene.draw(lambda one: local_name(one) in names)
    if element is None:
        return None
    said = f"drop {path_of(element)}"
    element.getparent().remove(element)
    return said


def _favoured(syntax: str, rule: str) -> tuple[str, ...]:
    usual = _FAVOURED.get(rule, tuple(KINDS) if rule.startswith(_GROUPED) else ())
    return _FAVOURED.get(f"{syntax} {rule}", usual)


@cache
def _size(tree: Any) -> int:
    return sum(1 for _ in tree.iter())


@cache
def _categories_of(base: Base) -> frozenset[str]:
    return frozenset(one.text for one in base.tree.iter(*CATEGORY_TAGS))
