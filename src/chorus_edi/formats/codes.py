"""Which codes a document writes where the official sheets look, mapped on a term or not.

The sheets judge a code list on elements of a name wherever they stand, and on every repetition of
them; the model holds one value of each term. So the codes are gathered beside it: the distinct
values under each rule of a code list, as written. ``code_places`` says where a rule looks; judging
is for the rules. The reader gathers on its walk: it knows at compile time what most elements are
(``place_of``), and lets ``Codes`` look at the others. Where a code stands is nobody's business
until it is a wrong one: then it is looked for again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.seen import SeenCodes
from chorus_edi.formats.code_places import GATHERED_FOR, SITES, Beside, Site
from chorus_edi.formats.texts import text_of

_FEW = 8
"""Children of an element that are looked through again rather than the answer remembered."""


class Codes:
    """Gathers the codes of one document.

    Attributes:
        seen: the values met so far, by the number of the rule.
        every_amount: True where the currency of every amount is a code, False where only that of
            total VAT amounts is.
    """

    def __init__(self, syntax: Syntax) -> None:
        self._sites = SITES[syntax]
        self.every_amount = syntax is not Syntax.CII
        self.seen: list[dict[str, None]] = [{} for _ in self._sites.rules]
        self._said: dict[tuple[Any, Beside], bool] = {}

    def take(self, element: Any) -> None:
        """Gather the codes of an element."""
        sites = self._sites_of(element)
        if sites:
            self.look(element, sites)

    def look(self, element: Any, sites: tuple[Site, ...]) -> None:
        """Gather the codes of an element at the places that it may be one of."""
        for site in sites:
            slot, _, attribute, absent, _, _ = site
            value = text_of(element) if attribute is None else element.get(attribute, absent)
            seen = self.seen[slot]
            # Most codes were seen before: then where this one stands does not matter.
            if value is None or value in seen:
                continue
            value = self._judged(element, site, value)
            if value is not None:
                seen[value] = None

    def where(self, root: Any, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Any]:
        """Find where codes of a document stand first.

        Args:
            root: the document.
            wanted: id of a rule and value to judge, as gathered.

        Returns:
            What is wanted → its element: the one that holds the code, or the attribute.
        """
        left, found = set(wanted), {}
        for element in root.iter(*self._sites.by_tag):
            for said in self._said_by(element):
                if said in left:
                    left.remove(said)
                    found[said] = element
            if not left:
                break
        return found

    def _said_by(self, element: Any) -> Iterator[tuple[str, str]]:
        for site in self._sites_of(element):
            attribute = site.attribute
            value = text_of(element) if attribute is None else element.get(attribute, site.absent)
            judged = None if value is None else self._judged(element, site, value)
            if judged is not None:
                rule = self._sites.rules[site.slot]
                yield rule, judged
                if rule in GATHERED_FOR:
                    yield GATHERED_FOR[rule], judged

    def _sites_of(self, element: Any) -> tuple[Site, ...]:
        places = self._sites.by_tag.get(element.tag)
        if places is None:
            return ()
        if not places.below:
            return places.anywhere
        return places.below.get(element.getparent().tag, places.anywhere)

    def _judged(self, element: Any, site: Site, value: str) -> str | None:
        """Return the value to judge; None where the element is not of the place after all."""
        if site.above and not _below(element.getparent(), site.above):
            return None
        if site.beside is not None and not self._says(element.getparent(), site.beside):
            return None
        return value if site.pick is None else site.pick(element, value)

    def _says(self, parent: Any, beside: Beside) -> bool:
        """Ask a parent once: a hostile one has thousands of children that speak of each other."""
        known = self._said.get((parent, beside))
        if known is None:
            known = beside(parent)
            if len(parent) > _FEW:
                self._said[parent, beside] = known
        return known

    def take_below(self, element: Any) -> None:
        """Gather the codes of an element and of all that stands in it."""
        for one in element.iter(*self._sites.by_tag):
            self.take(one)

    def all(self) -> SeenCodes:
        """Return what was gathered."""
        return SeenCodes(dict(zip(self._sites.rules, self.seen, strict=True)))


def _below(element: Any, above: tuple[str, ...]) -> bool:
    for tag in above:
        element = element.getparent()
        if element is None or element.tag != tag:
            return False
    return True
