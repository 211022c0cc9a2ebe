"""Reads an XML invoice into the semantic model, in one walk over its tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from chorus_edi.domain.invoice import Attachment, Group, Identifier, Invoice, Note
from chorus_edi.domain.money import amount
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.formats.attachments import take
from chorus_edi.formats.mapping.conditions import child_text
from chorus_edi.formats.mapping.dispatch import (
    ATTACHMENT,
    DATE,
    GROUP,
    IDENTIFIER,
    IDENTIFIERS,
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
_HISTORIC_KINDS = frozenset("1234567")
_NOTHING: Any = object()


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
    """

    invoice: Invoice
    specification: str | None = None
    process: str | None = None
    dates_without_format: bool = False
    historic_fields: bool = False
    unmapped: tuple[str, ...] = ()
    irregular: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
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
    reader = _Reader(tree)
    scope = _opened(compiled.scope, ())
    reader.walk(tree[:], compiled.get, scope, "")
    invoice: Any = _closed(compiled.scope, scope)
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
        attached=tuple(reader.attached),
    )


def text_of(element: Any) -> str:
    """Return all the text of an element; comments in it do not cut it."""
    if len(element):
        return "".join(element.itertext(element.tag))
    return element.text or ""


def date_of(text: str) -> str:
    """Write eight digits (CII format 102) as ``AAAA-MM-JJ``; anything else stays as it is."""
    if len(text) == 8 and text.isascii() and text.isdigit():
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return text


def _bare(text: str | None) -> str | None:
    return text.strip() if text is not None else None


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

    def __init__(self, root: Any) -> None:
        self._root = root
        # Without comments the first piece of an element's text is all of it.
        comments = root.iter(etree.Comment, etree.ProcessingInstruction)
        self._whole_text = next(comments, None) is None
        self.unmapped: dict[str, None] = {}
        self.irregular: list[str] = []
        self.repeats: list[str] = []
        self.attached: list[_Attached] = []

    def walk(  # noqa: C901, PLR0912 - runs once per element: calls would cost as much as its work
        self, elements: Any, get: Dispatch, scope: list[dict[str, Any]], prefix: str
    ) -> None:
        """Put what these elements and those below carry into the dicts of the scope.

        ``prefix`` is the address of the scope.
        """
        whole_text = self._whole_text
        for element in elements:
            op = get(element.tag)
            if op is None:
                self._unknown(element)
                continue
            kind, slot, name, argument, address = op
            if kind == STEP:
                self.walk(element[:], argument, scope, prefix)
            elif kind <= DATE:
                text = element.text if whole_text else text_of(element)
                value: Any = text or ""
                if kind != TEXT and value:
                    value = value.strip()
                    if value != text:
                        self._odd(prefix, op)
                if kind == NUMBER:
                    value = amount(value)
                    if value is None:
                        self._odd(prefix, op)
                elif kind == DATE:
                    value = date_of(value)
                target = scope[slot]
                if name in target:
                    self._again(op, prefix, target, value)
                else:
                    target[name] = value
            elif kind == GROUP:
                done = scope[slot].setdefault(name, [])
                inner = _opened(argument.scope, scope)
                self.walk(element[:], argument.get, inner, f"{prefix}{address}[{len(done) + 1}]/")
                done.append(_closed(argument.scope, inner))
            elif kind == OPEN:
                below, own, unless = argument
                self.walk(element[:], below, scope, prefix)
                if not scope[own] and (unless is None or element.find(unless) is None):
                    scope[slot].setdefault(name, None)
            elif kind == SWITCH:
                choose, dispatches, otherwise = argument
                below = dispatches.get(choose(element, self._root), otherwise)
                self.walk((element,), below, scope, prefix)
            elif kind != KNOWN:
                self._rare(element, op, scope, prefix)

    def _rare(self, element: Any, op: Op, scope: list[dict[str, Any]], prefix: str) -> None:
        kind, slot, name, argument, _ = op
        target = scope[slot]
        if kind == WITH_ATTRIBUTES:
            self.walk((element,), argument[0], scope, prefix)
            for attribute, below in argument[1]:
                self._attribute(element.get(attribute), below, scope, prefix)
        elif kind == IDENTIFIERS:
            values = target.setdefault(name, [])
            values.append(self._identifier(element, op, prefix, f"[{len(values) + 1}]"))
        elif kind == NOTE:
            target.setdefault(name, []).append(_note(text_of(element)))
        else:
            value = self._single(element, op, prefix, target)
            if name in target and value is not _NOTHING:
                self._again(op, prefix, target, value)
            elif value is not _NOTHING:
                target[name] = value

    def _single(self, element: Any, op: Op, prefix: str, target: dict[str, Any]) -> Any:
        kind, _, name, argument, _ = op
        if kind == IDENTIFIER:
            return self._identifier(element, op, prefix, "")
        if kind == SEARCH:
            found = find_below(element, argument)
            return _NOTHING if found is None else self._stripped(text_of(found), op, prefix)
        assert kind == ATTACHMENT
        # A second file in one block is a repeat: only the one that the model shows is delivered.
        return self._attachment(element, target) if name not in target else None

    def _attribute(
        self, text: str | None, op: Op, scope: list[dict[str, Any]], prefix: str
    ) -> None:
        kind, slot, name, _, _ = op
        if text is not None and name not in scope[slot]:
            scope[slot][name] = text if kind == TEXT else self._stripped(text, op, prefix)

    def _identifier(self, element: Any, op: Op, prefix: str, index: str) -> Identifier:
        fields: dict[str, Any] = {"value": self._stripped(text_of(element), op, prefix, index)}
        for attribute, text in element.items():
            name = _SCHEME_FIELDS.get(attribute)
            if name is not None:
                fields[name] = text.strip()
        if op[3] is not None:
            scheme = child_text(element.getparent(), (op[3],))
            fields["scheme"] = _bare(scheme)
        return Identifier(**fields)

    def _attachment(self, element: Any, target: dict[str, Any]) -> Attachment:
        filename = element.get("filename")
        if filename is None:
            # In the historic formats BT-122 is the file's name (facts 5.4).
            reference = target.get("reference") or ""
            filename = reference if _FILE_NAME.fullmatch(reference) else None
        attached = _Attached(element, filename, element.get("mimeCode"))
        self.attached.append(attached)
        return attached.take()[0]

    def _stripped(self, text: str, op: Op, prefix: str, index: str = "") -> str:
        bare = text.strip()
        if bare != text:
            self._odd(prefix, op, index)
        return bare

    def _odd(self, prefix: str, op: Op, index: str = "") -> None:
        address = f"{prefix if op[1] >= 0 else ''}{op[4]}{index}"
        if len(self.irregular) < MOST and address not in self.irregular:
            self.irregular.append(address)

    def _again(self, op: Op, prefix: str, target: dict[str, Any], value: Any) -> None:
        """Note a further value. Both syntaxes repeat a lent term (BT-8, BT-83) with one value."""
        lent = op[1] < 0
        if lent and target[op[2]] == value:
            return
        if len(self.repeats) < MOST:
            self.repeats.append(f"{'' if lent else prefix}{op[4]}")

    def _unknown(self, element: Any) -> None:
        # Comments and processing instructions have a function for a tag.
        if isinstance(element.tag, str) and len(self.unmapped) < MOST:
            self.unmapped[element.tag] = None


def find_below(element: Any, local_name: str) -> Any:
    """Return the first descendant of a local name, whatever its namespace; None where none is."""
    return next(element.iterdescendants(f"{{*}}{local_name}"), None)
