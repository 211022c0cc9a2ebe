"""Walks a tree once by a compiled mapping; gathers values, and notes what stands otherwise.

This is the hot path of the whole program: ``_descending`` runs once per element, so it is one long
function over local names. What is seldom met is read by ``rare``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from lxml import etree
from msgspec.structs import replace

from chorus_edi.domain.groups import Group, Odd
from chorus_edi.domain.money import amount
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.formats.codes import Codes
from chorus_edi.formats.mapping import cii, ubl
from chorus_edi.formats.mapping.conditions import Declared, child_text
from chorus_edi.formats.mapping.dispatch import (
    AMOUNT,
    DATE,
    GROUP,
    IDENTIFIER,
    KNOWN,
    LISTED,
    LOOKED,
    MEASURE,
    NOTE,
    NUMBER,
    OPEN,
    STEP,
    SWITCH,
    TEXT,
    Compiled,
    Dispatch,
    Op,
)
from chorus_edi.formats.rare import (
    identifier,
    note_others,
    read_attribute,
    read_further,
    read_rare,
)
from chorus_edi.formats.scopes import MOST, Slots, add_further
from chorus_edi.formats.strays import Strays
from chorus_edi.formats.suspects import ANY
from chorus_edi.formats.texts import BLANKS, text_of
from chorus_edi.formats.values import Values, date_of

if TYPE_CHECKING:
    from chorus_edi.formats.rare import Attached

Descend: TypeAlias = Callable[[Any, Dispatch, Slots, str], None]
"""(elements, dispatch, scope, address of the scope): puts what these elements and those below carry
into the dicts of the scope."""

_DAY = re.compile(r"[0-9]{4}(?:1[0-2]|0[1-9])(?:3[01]|[12][0-9]|0[1-9])").fullmatch
# As most numbers are written, and most prices: see ``SeenNumbers.others``.
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,2})?").fullmatch
_FINE = re.compile(r"-?(?:0|[1-9][0-9]{0,11})\.[0-9]{3,10}").fullmatch
_INDICATOR = f"{{{cii.PREFIXES['udt']}}}Indicator"
_FORMAT_102 = [("format", "102")]
_MOST_CURRENCIES = 8
"""Attributes of amounts remembered: one or two, but in a hostile document."""
_MEANS_CODE = f"{{{ubl.PREFIXES['cbc']}}}PaymentMeansCode"
_REGISTRATION = f"{{{cii.PREFIXES['ram']}}}SpecifiedTaxRegistration"
_TAX_TOTAL = f"{{{cii.PREFIXES['ram']}}}TaxTotalAmount"


class Walk:
    """One walk over one document: what it meets beside the model gathers here.

    Attributes:
        root: the root element.
        codes: codes met, for the rules on code lists.
        values: numbers and dates met, for the rules on how they are written.
        dated: True for CII: its dates carry a format, and few of its values another attribute.
        unmapped: as ``irregular``, ``repeats`` and ``suspects`` in ``reader.Reading``.
        attached: attachments met, not decoded.
        by_currency: total VAT amounts, of whatever currency.
        strays: what the official sheets count where no term is mapped.
        descend: reads elements.
    """

    def __init__(self, root: Any, syntax: Syntax) -> None:
        self.root = root
        self.codes = Codes(syntax)
        self.values = Values()
        self.dated = syntax is Syntax.CII
        self.unmapped: dict[str, None] = {}
        self.irregular: list[str] = []
        self.repeats: list[str] = []
        self.suspects: set[str] = set()
        self.attached: list[Attached] = []
        self.by_currency: list[Any] = []
        self.strays = Strays(syntax)
        self._beside: tuple[Any, str, str | None] = (None, "", None)
        self.descend = _descending(self)

    def run(self, compiled: Compiled) -> Group:
        """Read the whole document."""
        slots: Slots = [{} for _ in range(compiled.scope.size)]
        self.descend(self.root[:], compiled.get, slots, "")
        # It holds this walk, which holds it: undone here, the tree is not left to the collector.
        del self.descend
        slots[0]["codes"] = self.codes.all()
        slots[0]["values"] = self.values.all()
        return compiled.scope.close(slots)

    def beside(self, element: Any, name: str) -> str | None:
        """Return the text of an element's sibling, looked up once for all that stand beside it."""
        parent = element.getparent()
        known, called, text = self._beside
        if known is not parent or called != name:
            text = child_text(parent, (name,))
            self._beside = (parent, name, text)
        return text

    def unknown(self, element: Any) -> None:
        """Note an element that the mapping does not know, with all that is in it."""
        self.unread(element)
        # Comments and processing instructions have a function for a tag.
        if isinstance(element.tag, str) and len(self.unmapped) < MOST:
            self.unmapped[element.tag] = None

    def unread(self, element: Any) -> None:
        """Note what the official sheets may see in a part of the tree that is not read."""
        self.suspect_below(element)
        self.codes.take_below(element)
        self.strays.take_below(element)

    def suspect_inside(self, element: Any) -> None:
        """Suspect an element and all elements in it."""
        self.suspects.update(inside.tag for inside in element.iter("*"))

    def suspect_below(self, element: Any) -> None:
        """Suspect all that stands in a part of the tree that is not read, and what holds it."""
        self.suspects.add(element.getparent().tag)
        for below in element.iter("*"):
            self.suspects.add(below.tag)
            self.suspects.update(f"@{name}" for name in below.attrib)
        if len(self.suspects) > MOST:
            self.suspects.clear()
            self.suspects.add(ANY)

    def attributed(self, element: Any) -> None:
        """Suspect the attributes of a value, but those that the binding uses there."""
        if not self.dated:
            usual = "name" if element.tag == _MEANS_CODE else ""
        elif element.tag == _TAX_TOTAL:
            usual = "currencyID"
        elif element.getparent().tag == _REGISTRATION:
            usual = "schemeID"
        else:
            usual = "unitCode"
        for name, _ in element.items():
            if name != usual:
                self.suspects.add(f"@{name}")

    def again(self, element: Any, op: Op, prefix: str, target: dict[str, Any], value: Any) -> None:
        """Note a further value, a code with the blanks around it.

        Both syntaxes repeat a lent term (BT-8, BT-83) with one value.
        """
        self.suspects.add(element.tag)
        lent, name = op[1] < 0, op[2]
        if lent and target[name] == value:
            return
        self.repeated(f"{'' if lent else prefix}{op[4]}")
        text = text_of(element)
        if isinstance(value, Decimal) and f"{value:f}" != text:
            add_further(target, name, value, text)
        else:
            add_further(target, name, text if op[0] <= LOOKED else value)

    def repeated(self, address: str) -> None:
        """Note the address of a single-valued term that stands there again."""
        if len(self.repeats) < MOST:
            self.repeats.append(address)

    def padded(self, element: Any, op: Op, prefix: str, target: dict[str, Any], text: str) -> None:
        """Note the text of a value that has blanks around it."""
        self.suspects.add(element.tag)
        self.odd(prefix, op)
        if op[2] not in target:
            target.setdefault("odd", {})[op[2]] = Odd(written=text)

    def stripped(self, text: str, op: Op, prefix: str, index: str = "") -> str:
        """Return a text without the blanks around it, and note where it had some."""
        bare = text.strip(BLANKS)
        if bare != text:
            self.odd(prefix, op, index)
        return bare

    def odd(self, prefix: str, op: Op, index: str = "") -> None:
        """Note the address of a value that is written otherwise, or cannot be read."""
        address = f"{prefix if op[1] >= 0 else ''}{op[4]}{index}"
        if len(self.irregular) < MOST and address not in self.irregular:
            self.irregular.append(address)

    def number(
        self, element: Any, op: Op, prefix: str, target: dict[str, Any], text: str
    ) -> Decimal | None:
        """Read a number that is not written as most are; an amount of three decimals is suspect."""
        self.values.take(op[0], text)
        bare = text.strip(BLANKS)
        if bare != text:
            self.padded(element, op, prefix, target, text)
        value = amount(bare)
        if value is None:
            self.odd(prefix, op)
        elif f"{value:f}" != bare and op[2] not in target:
            # A plus sign, leading zeros, a bare point: the French sheets look at the text.
            target.setdefault("odd", {})[op[2]] = Odd(written=text)
        if op[0] == AMOUNT:
            self.suspects.add(element.tag)
        return value

    def priced(self, element: Any, attributes: list[Any], known: list[Any]) -> None:
        """Note the attributes of an amount, where they are not those of the amounts before."""
        if self.dated:
            self.attributed(element)
            return
        if len(known) < _MOST_CURRENCIES:
            known.append(attributes)
        if [name for name, _ in attributes] != ["currencyID"]:
            self.attributed(element)
        self.codes.take(element)

    def odd_day(self, element: Any, op: Op, target: dict[str, Any]) -> None:
        """Note how a date is written that is not eight digits of format 102 of CII."""
        form, name = element.get("format"), op[2]
        if self.dated:
            self.suspects.add(element.tag)
            odd = target.setdefault("odd", {})
            known = odd.get(name) or Odd()
            if form != "102":
                # Of several dates, all count as written in that format.
                known = odd[name] = replace(known, format=form or "")
            if name not in target and not _DAY(text_of(element).strip(BLANKS)):
                odd[name] = replace(known, written=text_of(element))
        elif element.keys():
            self.suspects.add(element.tag)
            self.attributed(element)


def _descending(walk: Walk) -> Descend:  # noqa: C901, PLR0915 - see the head of the module
    """Make the function that reads elements of one document: what it needs is local to it."""
    root, suspect = walk.root, walk.suspects.add
    declared = Declared(root)
    codes = walk.codes
    take, look, seen = codes.take, codes.look, codes.seen
    date_format = _FORMAT_102 if walk.dated else []
    # Without comments the first piece of an element's text is all of it.
    comments = root.iter(etree.Comment, etree.ProcessingInstruction)
    whole_text = next(comments, None) is None
    priced: list[Any] = [[]] if walk.dated else []
    numbers, dates = walk.values.numbers, walk.values.dates

    def descend(  # noqa: C901, PLR0912, PLR0915
        elements: Any, get: Dispatch, scope: Slots, prefix: str
    ) -> None:
        last = None
        for element in elements:
            op = get(element.tag)
            if op is None:
                walk.unknown(element)
                continue
            kind, slot, name, argument, address = op
            if kind <= DATE:
                text = element.text if whole_text else text_of(element)
                target = scope[slot]
                value: Any = text or ""
                # One call for all attributes: asking for one of them costs as much.
                attributes = element.items()
                if kind <= LOOKED:
                    if text:
                        value = text.strip(BLANKS)
                        if value is not text:
                            walk.padded(element, op, prefix, target, text)
                    if attributes:
                        walk.attributed(element)
                    if kind == LISTED:
                        seen[argument][text or ""] = None
                    elif kind == LOOKED:
                        look(element, argument)
                elif kind <= AMOUNT:
                    known = numbers[kind]
                    plain = known.get(text)
                    if plain is not None:
                        value = plain
                    elif _PLAIN(value):
                        value = known[text] = Decimal(value)
                    elif kind != AMOUNT and _FINE(value):
                        walk.values.take(kind, value)
                        value = known[text] = Decimal(value)
                    else:
                        value = walk.number(element, op, prefix, target, value)
                    if kind == MEASURE:
                        unit, below = argument
                        for attribute, said in attributes:
                            if attribute == unit:
                                read_attribute(walk, said, below, scope, prefix)
                            else:
                                suspect(f"@{attribute}")
                    elif kind == NUMBER:
                        if attributes:
                            walk.attributed(element)
                    elif attributes not in priced:
                        walk.priced(element, attributes, priced)
                elif kind == TEXT:
                    if attributes:
                        walk.attributed(element)
                        look(element, argument)
                else:
                    dates[value] = None
                    bare = value.strip(BLANKS)
                    if bare != value:
                        walk.padded(element, op, prefix, target, value)
                    if attributes != date_format or (attributes and not _DAY(bare)):
                        walk.odd_day(element, op, target)
                    value = date_of(bare)
                if name in target:
                    walk.again(element, op, prefix, target, value)
                else:
                    target[name] = value
            elif kind == STEP:
                inside = element[:]
                if op is last or len(inside) < slot:
                    suspect(element.tag)
                last = op
                walk.descend(inside, argument, scope, prefix)
            elif kind == OPEN:
                below, own, unless, several = argument
                # Another element may hold terms of the group: then only this one's name counts.
                again = name in scope[slot] or (several is not None and scope[own])
                if op is last:
                    walk.suspect_inside(element)
                elif again:
                    suspect(element.tag)
                last = op
                if again and several is not None:
                    read_further(walk, element, op, scope, prefix)
                    continue
                walk.descend(element[:], below, scope, prefix)
                if scope[own]:
                    scope[slot].setdefault(name, None)
                elif unless is None or element.find(unless) is None:
                    scope[slot].setdefault(name, None)
                    if several is not None:
                        note_others(element, scope[own])
            elif kind == GROUP:
                below, size, lent, close = argument
                target = scope[slot]
                done = target.get(name)
                if done is None:
                    done = target[name] = []
                slots: Slots = [{}] if size == 1 else [{} for _ in range(size)]
                if lent:
                    # Such a scope stands in the document's own.
                    slots.append(scope[0])
                walk.descend(element[:], below, slots, f"{prefix}{address}[{len(done) + 1}]/")
                done.append(close(slots))
            elif kind == IDENTIFIER:
                value, target = identifier(walk, element, op, prefix), scope[slot]
                if name in target:
                    walk.again(element, op, prefix, target, value)
                else:
                    target[name] = value
            elif kind == SWITCH:
                choose, dispatches, otherwise = argument
                if op is last and not slot:
                    suspect(element.tag)
                last = op
                if name:
                    walk.by_currency.append(element)
                    take(element)
                below = dispatches.get(choose(element, declared), otherwise)
                walk.descend((element,), below, scope, prefix)
            elif kind != KNOWN:
                if op is last and kind != NOTE:
                    suspect(element.tag)
                last = op
                read_rare(walk, element, op, scope, prefix)
            else:
                text = element.text
                if not text or text.strip(BLANKS) is not text:
                    suspect(element.tag)
                elif walk.dated and text != "false" and element.tag == _INDICATOR:
                    suspect(_INDICATOR)
                if element.keys():
                    walk.attributed(element)
                if argument != ():
                    take(element)

    return descend
