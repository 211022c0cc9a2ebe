"""Reads an XML invoice into the semantic model, in one walk over its tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lxml import etree
from msgspec.structs import replace

from chorus_edi.domain.invoice import (
    Attachment,
    Group,
    Identifier,
    Invoice,
    LineVat,
    Note,
    Odd,
)
from chorus_edi.domain.money import amount
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.terms import DataType
from chorus_edi.formats.attachments import take
from chorus_edi.formats.codes import TAKE, Codes
from chorus_edi.formats.mapping import cii
from chorus_edi.formats.mapping.conditions import child_text
from chorus_edi.formats.mapping.dispatch import (
    ATTACHMENT,
    CATEGORY,
    DATE,
    GROUP,
    HOLDER,
    IDENTIFIER,
    IDENTIFIERS,
    INDICATOR,
    KNOWN,
    NOTE,
    NUMBER,
    OPEN,
    SEARCH,
    STEP,
    SWITCH,
    TEXT,
    WITH_ATTRIBUTES,
    Dispatch,
    Op,
    Scope,
)
from chorus_edi.formats.mapping.syntaxes import MAPPINGS
from chorus_edi.formats.sheet_amounts import service_charges, vat_totals
from chorus_edi.formats.suspects import ANY, suspects_in
from chorus_edi.formats.texts import BLANKS, text_of

MOST = 200
"""Entries kept of ``unmapped``, ``irregular`` and ``repeats``: enough for any report."""

_SCHEME_FIELDS = {
    "schemeID": "scheme",
    "listID": "scheme",
    "schemeVersionID": "scheme_version",
    "listVersionID": "scheme_version",
    "schemeName": "scheme_name",
}
_SUBJECT = re.compile(r"\s*#([^#\s]{3})#(.*)", re.DOTALL)
_FILE_NAME = re.compile(r".+\.[A-Za-z0-9]{2,5}")
_DAY = re.compile(r"[0-9]{4}(?:1[0-2]|0[1-9])(?:3[01]|[12][0-9]|0[1-9])")
# As most numbers are written; at most two decimals.
_PLAIN = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,2})?").fullmatch
_HISTORIC_KINDS = frozenset("1234567")
_NOTHING: Any = object()
_INDICATORS = frozenset({"true", "false"})
_AMOUNT = DataType.AMOUNT
_AMOUNTS = (_AMOUNT, DataType.UNIT_PRICE)
_REGISTRATION = f"{{{cii.PREFIXES['ram']}}}SpecifiedTaxRegistration"
_TAX_TOTAL = f"{{{cii.PREFIXES['ram']}}}TaxTotalAmount"


@dataclass(frozen=True, slots=True)
class _Attached:
    """Where an attachment stands in the tree, and what its invoice says of it."""

    element: Any
    filename: str | None
    mime: str | None

    def take(self) -> tuple[Attachment, bytes]:
        return take(text_of(self.element), filename=self.filename, mime=self.mime)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An invoice, and what reading it showed beside.

    Attributes:
        invoice: the semantic model.
        specification: BT-24, without blanks around it.
        process: BT-23; for UBL without it, the historic CategoryCode.
        dates_without_format: CII whose BT-2 carries no ``format`` attribute.
        historic_fields: UBL with a CategoryCode extension, or ``schemeName`` 1-7 on a party
            identifier.
        unmapped: Clark names of elements that no term is mapped on, each once.
        irregular: addresses of codes, identifiers, numbers and dates with blanks around them, and
            of numbers that cannot be read.
        repeats: addresses of single-valued terms that stand there again.
        suspects: names (Clark or local names of elements, ``@name`` of attributes) that the
            demands on the syntax are to be checked for: they stand otherwise than the binding
            foresees.
    """

    invoice: Invoice
    specification: str | None = None
    process: str | None = None
    dates_without_format: bool = False
    historic_fields: bool = False
    unmapped: tuple[str, ...] = ()
    irregular: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    suspects: frozenset[str] = frozenset()
    attached: tuple[_Attached, ...] = field(default=(), repr=False)

    def attachments(self) -> Iterator[tuple[Attachment, bytes]]:
        """Yield the sound attached files, decoded again from the tree, in document order."""
        for attached in self.attached:
            attachment, content = attached.take()
            if not attachment.fault:
                yield attachment, content


def read(tree: Any, syntax: Syntax) -> Reading:
    """Read the root element of an invoice.

    Never fails on content: what cannot be read is None in the model and named in ``irregular``.
    """
    compiled = MAPPINGS[syntax].compiled
    reader = _Reader(tree, Codes(syntax), dated=syntax is Syntax.CII)
    scope = _opened(compiled.scope, ())
    reader.walk(tree[:], compiled.get, scope, "")
    scope[0]["codes"] = reader.codes.all()
    invoice: Any = _closed(compiled.scope, scope)
    if totals := vat_totals(reader.by_currency, invoice):
        invoice = replace(invoice, vat_totals=totals)
    if reader.service_charges:
        invoice = replace(invoice, service_charges=tuple(reader.service_charges))
    process = invoice.process
    cadre = invoice.chorus.cadre if invoice.chorus else None
    return Reading(
        invoice=invoice,
        specification=_bare(process.specification if process else None),
        process=_bare(process.business_process if process else None) or _bare(cadre),
        dates_without_format=syntax is Syntax.CII and _date_without_format(tree),
        historic_fields=syntax is not Syntax.CII and _historic(invoice),
        unmapped=tuple(reader.unmapped),
        irregular=tuple(reader.irregular),
        repeats=tuple(reader.repeats),
        suspects=frozenset(reader.suspects.union(suspects_in(tree, invoice, syntax))),
        attached=tuple(reader.attached),
    )


def date_of(text: str) -> str:
    """Write eight digits (CII format 102) as ``AAAA-MM-JJ``; anything else stays as it is."""
    if len(text) == 8 and text.isascii() and text.isdigit():
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return text


def _bare(text: str | None) -> str | None:
    return text.strip(BLANKS) if text is not None else None


def _opened(scope: Scope, outer: Any) -> list[dict[str, Any]]:
    slots: list[dict[str, Any]] = [{} for _ in range(scope.size)]
    if scope.lent:
        # The document's own dict: slot 0 of the outermost scope, slot -1 of one that borrowed it.
        slots.append(outer[0])
    return slots


def _closed(scope: Scope, slots: list[dict[str, Any]]) -> Group:
    """Make the structs of a scope, innermost first; lists become tuples."""
    for slot, parent, name, cls, tuples, once in scope.singles:
        values, above = slots[slot], slots[parent]
        if values or name in above:
            for repeated in tuples:
                if repeated in values:
                    values[repeated] = tuple(values[repeated])
            group = cls(**values)
            above[name] = (group,) if once else group
    own = slots[0]
    for repeated in scope.tuples:
        if repeated in own:
            own[repeated] = tuple(own[repeated])
    return scope.cls(**own)


def _note(text: str) -> Note:
    """Split a UBL note into its subject code and its text (EN 16931-3-2)."""
    subject = _SUBJECT.fullmatch(text)
    return Note(subject[1], subject[2]) if subject else Note(None, text)


def _date_without_format(root: Any) -> bool:
    entry = MAPPINGS[Syntax.CII].table.of("BT-2")
    element = root
    for step in entry.path if entry else ():
        element = next((child for child in element if child.tag == step.name), None)
        if element is None:
            return False
    return element.get("format") is None


def _historic(invoice: Invoice) -> bool:
    if invoice.chorus is not None and invoice.chorus.cadre is not None:
        return True
    parties = (invoice.seller, invoice.buyer, invoice.payee)
    return any(
        identifier is not None and identifier.scheme_name in _HISTORIC_KINDS
        for party in parties
        if party is not None
        for identifier in (*party.identifiers, party.legal_registration)
    )


class _Reader:
    """One walk: what it meets beside the model gathers here."""

    def __init__(self, root: Any, codes: Codes, *, dated: bool) -> None:
        self._root = root
        self.codes = codes
        self._currencies: set[str | None] = set()
        self._amounts = _AMOUNTS if codes.every_amount else ()
        self._dated = dated
        # Without comments the first piece of an element's text is all of it.
        comments = root.iter(etree.Comment, etree.ProcessingInstruction)
        self._whole_text = next(comments, None) is None
        self.unmapped: dict[str, None] = {}
        self.irregular: list[str] = []
        self.repeats: list[str] = []
        self.suspects: set[str] = set()
        self.attached: list[_Attached] = []
        self.by_currency: list[Any] = []
        self.service_charges: list[Decimal] = []

    def walk(  # noqa: C901, PLR0912, PLR0915 - once per element: calls would cost as much as its work
        self, elements: Any, get: Dispatch, scope: list[dict[str, Any]], prefix: str
    ) -> None:
        """Put what these elements and those below carry into the dicts of the scope.

        ``prefix`` is the address of the scope.
        """
        whole_text, currencies, codes = self._whole_text, self._currencies, self.codes.seen
        amounts, dated = self._amounts, self._dated
        last = None
        for element in elements:
            op = get(element.tag)
            if op is None:
                self._unknown(element)
                continue
            kind, slot, name, argument, address = op
            if kind == STEP:
                below = element[:]
                if op is last or len(below) < slot:
                    self.suspects.add(element.tag)
                last = op
                self.walk(below, argument, scope, prefix)
            elif kind <= DATE:
                text = element.text if whole_text else text_of(element)
                value: Any = text or ""
                target = scope[slot]
                if kind == NUMBER:
                    if argument in amounts and element.get("currencyID") not in currencies:
                        currencies.add(element.get("currencyID"))
                        self.codes.take(element)
                    if dated and element.keys():
                        self._attributed(element)
                    if _PLAIN(value) is None:
                        value = self._number(element, op, prefix, target, value)
                    else:
                        value = Decimal(value)
                else:
                    if kind != TEXT and value:
                        value = value.strip(BLANKS)
                        if value is not text:
                            self._padded(element, op, prefix, target, text)
                    if dated and kind != DATE and element.keys():
                        self._attributed(element)
                    if argument is not None:
                        if argument.__class__ is int and argument >= 0:
                            codes[argument][text or ""] = None
                        elif argument == TAKE or element.get(argument) is not None:
                            self.codes.take(element)
                    elif kind == DATE:
                        if element.keys() and _DAY.fullmatch(value) is None:
                            self.suspects.add(element.tag)
                        if dated and element.get("format") != "102":
                            self._other_format(op, target, element)
                        value = date_of(value)
                if name in target:
                    self.suspects.add(element.tag)
                    self._again(op, prefix, target, value)
                else:
                    target[name] = value
            elif kind == IDENTIFIER:
                value, target = self._identifier(element, op, prefix, ""), scope[slot]
                if name in target:
                    self.suspects.add(element.tag)
                    self._again(op, prefix, target, value)
                else:
                    target[name] = value
            elif kind == GROUP:
                done = scope[slot].setdefault(name, [])
                inner = _opened(argument.scope, scope)
                self.walk(element[:], argument.get, inner, f"{prefix}{address}[{len(done) + 1}]/")
                done.append(_closed(argument.scope, inner))
            elif kind == OPEN:
                below, own, unless, several = argument
                if op is last:
                    self.suspects.update(inside.tag for inside in element.iter("*"))
                elif scope[own] or name in scope[slot]:
                    self.suspects.add(element.tag)
                last = op
                if several is not None and (scope[own] or name in scope[slot]):
                    self._further(element, op, scope, prefix)
                    continue
                self.walk(element[:], below, scope, prefix)
                if not scope[own] and (unless is None or element.find(unless) is None):
                    scope[slot].setdefault(name, None)
            elif kind == SWITCH:
                choose, dispatches, otherwise = argument
                if op is last and not slot:
                    self.suspects.add(element.tag)
                last = op
                if name:
                    self.by_currency.append(element)
                    self.codes.take(element)
                below = dispatches.get(choose(element, self._root), otherwise)
                self.walk((element,), below, scope, prefix)
            elif kind != KNOWN:
                if op is last:
                    self.suspects.add(element.tag)
                last = op
                self._rare(element, op, scope, prefix)
            else:
                text = element.text
                if text and text.strip(BLANKS) is not text:
                    self.suspects.add(element.tag)
                if dated and element.keys():
                    self._attributed(element)
                if argument is not None:
                    self.codes.take(element)

    def _rare(self, element: Any, op: Op, scope: list[dict[str, Any]], prefix: str) -> None:
        kind, slot, name, argument, _ = op
        target = scope[slot]
        if kind == WITH_ATTRIBUTES:
            self.walk((element,), argument[0], scope, prefix)
            for attribute, below in argument[1]:
                self._attribute(element.get(attribute), below, scope, prefix)
        elif kind >= HOLDER:
            self._for_sheets(element, op, scope, prefix)
        elif kind == IDENTIFIERS:
            values = target.setdefault(name, [])
            values.append(self._identifier(element, op, prefix, f"[{len(values) + 1}]"))
        elif kind == NOTE:
            self.codes.take(element)
            target.setdefault(name, []).append(_note(text_of(element)))
        else:
            value = self._single(element, op, prefix, target)
            if name in target and value is not _NOTHING:
                self.suspects.add(element.tag)
                self._again(op, prefix, target, value)
            elif value is not _NOTHING:
                target[name] = value

    def _for_sheets(self, element: Any, op: Op, scope: list[dict[str, Any]], prefix: str) -> None:
        """Read what the model hardly needs to know, but the official sheets test."""
        kind, slot, name, _, _ = op
        if kind == HOLDER:
            self._held(element, op, scope, prefix)
        elif kind == CATEGORY:
            self._category(element, op, scope, prefix)
        elif (text := text_of(element)) not in _INDICATORS:
            assert kind == INDICATOR
            scope[slot].setdefault("odd", {})[name] = Odd(written=text)

    def _category(self, element: Any, op: Op, scope: list[dict[str, Any]], prefix: str) -> None:
        """Read the VAT category of an allowance or charge, or keep a further one."""
        _, slot, name, (below, fields), _ = op
        if scope[slot].keys().isdisjoint(fields):
            self.walk(element[:], below, scope, prefix)
            return
        inner: list[dict[str, Any]] = [{} for _ in scope]
        self.walk(element[:], below, inner, prefix)
        _add_further(scope[slot], name, LineVat(*(inner[slot].get(field) for field in fields)))

    def _held(self, element: Any, op: Op, scope: list[dict[str, Any]], prefix: str) -> None:
        """Read a container; where it lacks its term, that term counts as left blank."""
        _, slot, name, (below, blank, repeated), _ = op
        target = scope[slot]
        before = len(target.get(name, ()) if repeated else ())
        self.walk((element,), below, scope, prefix)
        if not repeated:
            if name not in target and op[3][1] == "":
                target.setdefault("odd", {})[name] = Odd(format="")
            target.setdefault(name, blank)
        elif len(target.get(name, ())) == before:
            target.setdefault(name, []).append(blank)

    def _further(self, element: Any, op: Op, scope: list[dict[str, Any]], prefix: str) -> None:
        """Read a further instance of a single group; it is kept beside the first."""
        _, slot, name, (below, own, _, cls), address = op
        inner: list[dict[str, Any]] = [{} for _ in scope]
        self.walk(element[:], below, inner, prefix)
        if len(self.repeats) < MOST:
            self.repeats.append(f"{prefix}{address}")
        _add_further(scope[slot], name, cls(**inner[own]))

    def _single(self, element: Any, op: Op, prefix: str, target: dict[str, Any]) -> Any:
        kind, _, name, argument, _ = op
        if kind == SEARCH:
            self._suspect_below(element)
            self.codes.take_below(element)
            found = find_below(element, argument)
            return _NOTHING if found is None else self._stripped(text_of(found), op, prefix)
        assert kind == ATTACHMENT
        # A second file in one block is a repeat: only the one that the model shows is delivered.
        return self._attachment(element, target) if name not in target else None

    def _attribute(
        self, text: str | None, op: Op, scope: list[dict[str, Any]], prefix: str
    ) -> None:
        kind, slot, name, _, _ = op
        if text is not None and op[3] is not None:
            self.codes.seen[op[3]][text] = None
        if text is not None and name not in scope[slot]:
            scope[slot][name] = text if kind == TEXT else self._stripped(text, op, prefix)

    def _identifier(self, element: Any, op: Op, prefix: str, index: str) -> Identifier:
        text = text_of(element)
        value = self._stripped(text, op, prefix, index)
        fields: dict[str, Any] = {"value": value}
        if value != text:
            fields["odd"] = {"value": Odd(written=text)}
        attributes = element.items()
        if attributes:
            self.codes.take(element)
        for attribute, text in attributes:
            if attribute != "schemeID":
                self.suspects.add(f"@{attribute}")
            name = _SCHEME_FIELDS.get(attribute)
            if name is not None:
                bare = fields[name] = text.strip(BLANKS)
                if bare != text:
                    fields.setdefault("odd", {})[name] = Odd(written=text)
        if op[3] is not None:
            scheme = child_text(element.getparent(), (op[3],))
            fields["scheme"] = _bare(scheme)
        return Identifier(**fields)

    def _attachment(self, element: Any, target: dict[str, Any]) -> Attachment:
        self.codes.take(element)
        filename = element.get("filename")
        if filename is None:
            # In the historic formats BT-122 is the file's name (facts 5.4).
            reference = target.get("reference") or ""
            filename = reference if _FILE_NAME.fullmatch(reference) else None
        attached = _Attached(element, filename, element.get("mimeCode"))
        if element.get("filename") is None or attached.mime is None:
            self.suspects.add(element.tag)
        self.attached.append(attached)
        return attached.take()[0]

    def _other_format(self, op: Op, target: dict[str, Any], element: Any) -> None:
        """Note the format of a date that is not 102; of several dates, all count as such."""
        odd = target.setdefault("odd", {})
        odd[op[2]] = replace(odd.get(op[2]) or Odd(), format=element.get("format") or "")

    def _number(
        self, element: Any, op: Op, prefix: str, target: dict[str, Any], text: str
    ) -> Decimal | None:
        """Read a number that is not written as most are; an amount of three decimals is suspect."""
        bare = text.strip(BLANKS)
        if bare != text:
            self._padded(element, op, prefix, target, text)
        value = amount(bare)
        if value is None:
            self._odd(prefix, op)
        if op[3] is _AMOUNT:
            self.suspects.add(element.tag)
        return value

    def _padded(self, element: Any, op: Op, prefix: str, target: dict[str, Any], text: str) -> None:
        """Note the text of a value that has blanks around it."""
        self.suspects.add(element.tag)
        self._odd(prefix, op)
        if op[2] not in target:
            target.setdefault("odd", {})[op[2]] = Odd(written=text)

    def _stripped(self, text: str, op: Op, prefix: str, index: str = "") -> str:
        bare = text.strip(BLANKS)
        if bare != text:
            self._odd(prefix, op, index)
        return bare

    def _odd(self, prefix: str, op: Op, index: str = "") -> None:
        address = f"{prefix if op[1] >= 0 else ''}{op[4]}{index}"
        if len(self.irregular) < MOST and address not in self.irregular:
            self.irregular.append(address)

    def _again(self, op: Op, prefix: str, target: dict[str, Any], value: Any) -> None:
        """Note a further value. Both syntaxes repeat a lent term (BT-8, BT-83) with one value."""
        lent, name = op[1] < 0, op[2]
        if lent and target[name] == value:
            return
        if len(self.repeats) < MOST:
            self.repeats.append(f"{'' if lent else prefix}{op[4]}")
        _add_further(target, name, value)

    def _unknown(self, element: Any) -> None:
        # Comments and processing instructions have a function for a tag.
        self._suspect_below(element)
        self.codes.take_below(element)
        if isinstance(element.tag, str) and len(self.unmapped) < MOST:
            self.unmapped[element.tag] = None
        self.service_charges += service_charges(element)

    def _attributed(self, element: Any) -> None:
        """Suspect the attributes of a value of CII, but those that the binding uses there."""
        if element.tag == _TAX_TOTAL:
            usual = "currencyID"
        elif element.getparent().tag == _REGISTRATION:
            usual = "schemeID"
        else:
            usual = "unitCode"
        self.suspects.update(f"@{name}" for name in element.attrib if name != usual)

    def _suspect_below(self, element: Any) -> None:
        """Suspect all that stands in a part of the tree that is not read, and what holds it."""
        self.suspects.add(element.getparent().tag)
        for below in element.iter("*"):
            self.suspects.add(below.tag)
            self.suspects.update(f"@{name}" for name in below.attrib)
        if len(self.suspects) > MOST:
            self.suspects = {ANY}


def _add_further(target: dict[str, Any], name: str, value: Any) -> None:
    """Keep a further occurrence beside the first; a hostile document may have any number."""
    odd = target.setdefault("odd", {})
    known = odd.get(name) or Odd()
    if len(known.further) < MOST:
        odd[name] = replace(known, further=(*known.further, value))


def find_below(element: Any, local_name: str) -> Any:
    """Return the first descendant of a local name, whatever its namespace; None where none is."""
    return next(element.iterdescendants(f"{{*}}{local_name}"), None)
