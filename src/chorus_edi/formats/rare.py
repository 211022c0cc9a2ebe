"""Reads what is seldom met on a walk: identifiers, attachments, what only the sheets test."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from chorus_edi.domain.groups import OTHERS, Attachment, Identifier, Odd
from chorus_edi.domain.invoice import Note
from chorus_edi.domain.lines import LineVat
from chorus_edi.formats.attachments import take
from chorus_edi.formats.mapping.dispatch import (
    ATTACHMENT,
    CATEGORY,
    EXTENSION,
    HOLDER,
    IDENTIFIERS,
    INDICATOR,
    NOTE,
    SEARCH,
    TEXT,
    WITH_ATTRIBUTES,
    Op,
)
from chorus_edi.formats.scopes import Slots, add_further
from chorus_edi.formats.texts import BLANKS, find_below, text_of

if TYPE_CHECKING:
    from chorus_edi.formats.walk import Walk

_SCHEME_FIELDS = {
    "schemeID": "scheme",
    "listID": "scheme",
    "schemeVersionID": "scheme_version",
    "listVersionID": "scheme_version",
    "schemeName": "scheme_name",
}
_VAT_FIELDS = ("tax_scheme", "category", "rate")
_REASONS = ("exemption_reason", "exemption_code")
_SUBJECT = re.compile(r"\s*#([^#\s]{3})#(.*)", re.DOTALL)
_FILE_NAME = re.compile(r".+\.[A-Za-z0-9]{2,5}")
_FILE_KEYS = frozenset({"filename", "mimeCode"})
_INDICATORS = frozenset({"true", "false"})


@dataclass(frozen=True, slots=True)
class Attached:
    """Where an attachment stands in the tree, and what its invoice says of it."""

    element: Any
    filename: str | None
    mime: str | None

    def take(self) -> tuple[Attachment, bytes]:
        """Decode it."""
        return take(text_of(self.element), filename=self.filename, mime=self.mime)


def read_rare(walk: Walk, element: Any, op: Op, scope: Slots, prefix: str) -> None:
    """Read an element by an operation that few elements have."""
    kind, slot, name, argument, _ = op
    target = scope[slot]
    if kind == WITH_ATTRIBUTES:
        walk.descend((element,), argument[0], scope, prefix)
        for attribute, below in argument[1]:
            read_attribute(walk, element.get(attribute), below, scope, prefix)
    elif kind >= HOLDER:
        _for_sheets(walk, element, op, scope, prefix)
    elif kind == IDENTIFIERS:
        values = target.setdefault(name, [])
        values.append(identifier(walk, element, op, prefix, f"[{len(values) + 1}]"))
    elif kind == NOTE:
        text = text_of(element)
        # Its subject stands between two #; a list of codes asks nothing else of a note.
        if "#" in text:
            walk.codes.look(element, argument)
        if element.keys():
            walk.attributed(element)
        target.setdefault(name, []).append(_note(text))
    elif kind == SEARCH:
        _found_below(walk, element, op, prefix, target)
    else:
        assert kind == ATTACHMENT
        # A second file in one block is a repeat: only the one that the model shows is delivered.
        if name in target:
            walk.again(element, op, prefix, target, None)
            walk.codes.take(element)
        else:
            target[name] = _attachment(walk, element, target)


def identifier(walk: Walk, element: Any, op: Op, prefix: str, index: str = "") -> Identifier:
    """Read an identifier with its scheme."""
    text = text_of(element)
    value = text.strip(BLANKS)
    fields: dict[str, Any] = {"value": value}
    if value != text:
        walk.odd(prefix, op, index)
        fields["odd"] = {"value": Odd(written=text)}
    sibling, places = op[3]
    attributes = element.items()
    if attributes:
        walk.codes.look(element, places)
        for attribute, said in attributes:
            _scheme(walk, attribute, said, fields)
    if sibling is not None:
        scheme = walk.beside(element, sibling)
        fields["scheme"] = scheme.strip(BLANKS) if scheme is not None else None
    return Identifier(**fields)


def _scheme(walk: Walk, attribute: str, said: str, fields: dict[str, Any]) -> None:
    if attribute != "schemeID":
        walk.suspects.add(f"@{attribute}")
    name = _SCHEME_FIELDS.get(attribute)
    if name is not None:
        bare = fields[name] = said.strip(BLANKS)
        if bare != said:
            fields.setdefault("odd", {})[name] = Odd(written=said)


def read_further(walk: Walk, element: Any, op: Op, scope: Slots, prefix: str) -> None:
    """Read a further instance of a single group; it is kept beside the first."""
    _, slot, name, (below, own, unless, cls), address = op
    walk.suspect_inside(element)
    inner = scope.copy()
    inner[own] = {}
    walk.descend(element[:], below, inner, prefix)
    if not inner[own] and unless is not None and element.find(unless) is not None:
        return
    note_others(element, inner[own])
    walk.repeated(f"{prefix}{address}")
    add_further(scope[slot], name, cls(**inner[own]))


def note_others(element: Any, fields: dict[str, Any]) -> None:
    """Note that a group without any of its terms is not empty for all that."""
    if not fields and next(element.iterchildren("*"), None) is not None:
        fields["odd"] = {OTHERS: Odd()}


def _for_sheets(walk: Walk, element: Any, op: Op, scope: Slots, prefix: str) -> None:
    """Read what the model hardly needs to know, but the official sheets test."""
    kind, slot, name, _, _ = op
    if kind == HOLDER:
        _held(walk, element, op, scope, prefix)
    elif kind == CATEGORY:
        _category(walk, element, op, scope, prefix)
    elif kind == EXTENSION:
        walk.unknown(element)
        walk.descend((element,), op[3], scope, prefix)
    elif (text := text_of(element)) not in _INDICATORS:
        assert kind == INDICATOR
        scope[slot].setdefault("odd", {})[name] = Odd(written=text)


def _held(walk: Walk, element: Any, op: Op, scope: Slots, prefix: str) -> None:
    """Read a container; where it lacks its term, that term counts as left blank."""
    _, slot, name, (below, blank, repeated), _ = op
    target = scope[slot]
    before = len(target.get(name, ()) if repeated else ())
    walk.descend((element,), below, scope, prefix)
    if not repeated:
        if name not in target and blank == "":
            target.setdefault("odd", {})[name] = Odd(format="")
        target.setdefault(name, blank)
    elif len(target.get(name, ())) == before:
        target.setdefault(name, []).append(blank)


def _category(walk: Walk, element: Any, op: Op, scope: Slots, prefix: str) -> None:
    """Read the VAT category of an allowance or charge, or keep a further one."""
    _, slot, name, (below, fields), _ = op
    if scope[slot].keys().isdisjoint(fields):
        walk.descend(element[:], below, scope, prefix)
        return
    walk.suspect_inside(element)
    inner: Slots = [{} for _ in scope]
    walk.descend(element[:], below, inner, prefix)
    add_further(scope[slot], name, _line_vat(inner[slot], fields))


def _line_vat(values: dict[str, Any], fields: tuple[str, ...]) -> LineVat:
    """Make the VAT of a line of what an allowance or charge holds in its own fields."""
    odd = values.get("odd", {})
    renamed = {own: odd[name] for own, name in zip(_VAT_FIELDS, fields, strict=True) if name in odd}
    vat = LineVat(*(values.get(name) for name in fields), odd=renamed or None)
    # Few have a reason of exemption: the French extension and EXTENDED of Factur-X give one.
    reasons = {name: values[name] for name in _REASONS if name in values}
    return replace(vat, **reasons) if reasons else vat


def _found_below(walk: Walk, element: Any, op: Op, prefix: str, target: dict[str, Any]) -> None:
    """Read the first descendant of a name, wherever it stands (historic extensions of UBL)."""
    walk.unread(element)
    # The steps that lead there are mapped, but not to EN 16931.
    walk.suspects.update(above.tag for above in element.iterancestors())
    found = find_below(element, op[3])
    if found is None:
        return
    value = walk.stripped(text_of(found), op, prefix)
    if op[2] in target:
        walk.again(element, op, prefix, target, value)
    else:
        target[op[2]] = value


def read_attribute(walk: Walk, text: str | None, op: Op, scope: Slots, prefix: str) -> None:
    """Read an attribute that is a term; None where it is not there."""
    kind, slot, name, number, _ = op
    if text is None:
        return
    if isinstance(number, int):
        walk.codes.seen[number][text] = None
    target = scope[slot]
    if name in target:
        return
    target[name] = text if kind == TEXT else walk.stripped(text, op, prefix)
    if target[name] != text:
        target.setdefault("odd", {}).setdefault(name, Odd(written=text))


def _note(text: str) -> Note:
    """Split a UBL note into its subject code and its text (EN 16931-3-2)."""
    subject = _SUBJECT.fullmatch(text) if "#" in text else None
    if subject is None:
        return Note(None, text)
    # The French sheets join the notes as they are written.
    odd = None if text.startswith("#") else {"text": Odd(written=text)}
    return Note(subject[1], subject[2], odd=odd)


def _attachment(walk: Walk, element: Any, target: dict[str, Any]) -> Attachment:
    walk.codes.take(element)
    filename = element.get("filename")
    if filename is None:
        # In the historic formats BT-122 is the file's name (facts 5.4).
        reference = target.get("reference") or ""
        filename = reference if _FILE_NAME.fullmatch(reference) else None
    attached = Attached(element, filename, element.get("mimeCode"))
    if element.get("filename") is None or attached.mime is None:
        walk.suspects.add(element.tag)
    walk.suspects.update(f"@{key}" for key in element.attrib if key not in _FILE_KEYS)
    walk.attached.append(attached)
    return attached.take()[0]
