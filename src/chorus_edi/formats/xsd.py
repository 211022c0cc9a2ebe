"""Validates a parsed document against one XSD and tells every fault with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from lxml import etree

from chorus_edi.domain.dossier import Place
from chorus_edi.formats.xsd_faults import FaultKind, RawFault, SchemaFault, local, tell, tell_more
from chorus_edi.formats.xsd_flood import cut_short, screened

if TYPE_CHECKING:
    from chorus_edi.formats.xsd_second import SecondReader

MAX_FAULTS = 1_000
"""Faults told per document; one more says how many were left out."""

PlaceOf = Callable[[Sequence[Any]], tuple[Place, ...]]
"""Elements of the tree → their places, in one pass over the file."""


class Schema:
    """One official schema, compiled once; not for use by two threads at the same time."""

    def __init__(self, id: str, path: str) -> None:
        """Compile the schema.

        Args:
            id: id of the artefact in the manifest.
            path: path of its entry file; what it includes is read from beside it, never from
                the network.
        """
        self.id = id
        self._path = path
        self._schema = etree.XMLSchema(file=path)

    @cached_property
    def _second(self) -> SecondReader:
        # Imported where it is asked for: it would cost every worker a third of its start.
        from chorus_edi.formats.xsd_second import SecondReader  # noqa: PLC0415

        return SecondReader(self._path)

    def accepts(self, tree: Any) -> bool:
        """True where the tree (element or element tree) is valid."""
        return bool(self._schema.validate(tree))

    def faults(
        self,
        tree: Any,
        xml: bytes,
        place_of: PlaceOf,
        *,
        without_delivery: bool = False,
        thorough: bool = False,
    ) -> tuple[SchemaFault, ...]:
        """Tell what makes a document invalid; empty for a valid one.

        libxml2 reports one content fault per parent and reads nothing after it. ``thorough``
        adds what a second engine finds in the rest; it cannot change the verdict, since it is
        asked only where the first one found faults.

        Args:
            tree: the document, an element or an element tree; it is left as it was.
            xml: the bytes it was parsed from, in UTF-8.
            place_of: finds the places of elements.
            without_delivery: accept a CII that lacks ``ApplicableHeaderTradeDelivery``.
            thorough: ask the second engine too.

        Returns:
            The faults in the order of the file, at most ``MAX_FAULTS`` and one that says how many
            others were met.
        """
        root = tree.getroot() if hasattr(tree, "getroot") else tree
        seen = screened(xml, self._schema, MAX_FAULTS)
        if seen.valid or (seen.part is None and self.accepts(root)):
            return ()
        if seen.part is not None:
            raws, more = self._faults_of_part(seen.part, root)
        elif without_delivery:
            with _delivery_in_place(root):
                raws, more = ([], 0) if self.accepts(root) else self._all_faults(root, thorough)
        else:
            raws, more = self._all_faults(root, thorough)
        if not raws:
            return ()
        faults = sorted(map(tell, raws, place_of([raw.element for raw in raws])), key=_position)
        return (*faults, tell_more(more, local(root.tag))) if more else tuple(faults)

    def _all_faults(self, root: Any, thorough: bool) -> tuple[list[RawFault], int]:
        """Return the faults to tell, and how many are left out; the log is that of ``root``."""
        elements = _ElementsByPath(root)
        raws, more = _distinct(_read(entry, elements) for entry in self._schema.error_log)
        if thorough and not more:
            raws, more = _distinct(chain(raws, self._second.faults(root)))
        return raws, more

    def _faults_of_part(self, part: Any, root: Any) -> tuple[list[RawFault], int]:
        """Return the faults of the first part of a document, on the elements of the whole."""
        self.accepts(part)
        unfinished, elements = cut_short(part), _ElementsByPath(root)
        return _distinct(
            raw
            for entry in self._schema.error_log
            if (raw := _read(entry, elements)).kind not in _ENDS or entry.path not in unfinished
        )


_ENDS = frozenset({FaultKind.MISSING_CHILD, FaultKind.BAD_VALUE})
"""What an element cut short may be reproached for wrongly."""


def _position(fault: SchemaFault) -> tuple[int, int]:
    return fault.place.line or 0, fault.place.column or 0


def _distinct(raws: Iterable[RawFault]) -> tuple[list[RawFault], int]:
    """Keep the first of each fault, and no consequence of one already told.

    Returns:
        At most ``MAX_FAULTS``, and how many there are beyond.
    """
    kept: dict[tuple[int, FaultKind, str], RawFault] = {}
    rest = iter(raws)
    for raw in rest:
        if raw.key not in kept and not _follows(raw, kept):
            kept[raw.key] = raw
            if len(kept) == MAX_FAULTS:
                break
    return list(kept.values()), sum(1 for raw in rest if raw.key not in kept)


def _follows(raw: RawFault, kept: dict[tuple[int, FaultKind, str], RawFault]) -> bool:
    """True for what a fault already told explains.

    An element that may hold no element: its empty value, the elements in it. An element that is
    not expected: that it is not declared.
    """
    match raw.kind:
        case FaultKind.BAD_VALUE:
            cause = (id(raw.element), FaultKind.CONTENT_NOT_ALLOWED, "")
        case FaultKind.UNEXPECTED_ELEMENT:
            cause = (id(raw.element.getparent()), FaultKind.CONTENT_NOT_ALLOWED, "")
        case FaultKind.UNDECLARED:
            cause = (id(raw.element), FaultKind.UNEXPECTED_ELEMENT, "")
        case _:
            return False
    return cause in kept


class _ElementsByPath:
    """Finds elements by the paths that libxml2 writes, each parent's children being read once.

    Evaluating each path as XPath counts siblings again for each fault: quadratic on an invoice
    whose every line is wrong. Elements found are kept, so that their identity lasts.
    """

    def __init__(self, root: Any) -> None:
        self._root = root
        self._children: dict[str, dict[str, Any]] = {}

    def find(self, path: str) -> Any:
        """Return the element of a path such as ``/*/cac:TaxTotal[2]/*[3]``.

        The root stands in for a path that leads nowhere.
        """
        steps = path.split("/")[2:]
        element, walked = self._root, ""
        for step in steps:
            if walked not in self._children:
                self._children[walked] = _steps_of(element)
            child = self._children[walked].get(step)
            if child is None:
                return element
            element, walked = child, f"{walked}/{step}"
        return element


def _steps_of(parent: Any) -> dict[str, Any]:
    """Name each child element the way ``xmlGetNodePath`` does.

    ``prefix:name`` or ``name`` counts the siblings of that name, ``*`` (an element in a default
    namespace) counts all siblings; the number is left out where there is one only.
    """
    steps: dict[str, Any] = {}
    counts: dict[str, int] = {}
    for position, child in enumerate(parent.iterchildren("*"), 1):
        name = f"{child.prefix}:{local(child.tag)}" if child.prefix else local(child.tag)
        counts[name] = counts.get(name, 0) + 1
        steps[f"{name}[{counts[name]}]"] = steps[f"*[{position}]"] = child
        steps.setdefault(name, child)
        steps.setdefault("*", child)
    return steps


_MESSAGE = re.compile(r"Element '[^']*'(?:, attribute '(?P<attribute>[^']*)')?: (?P<text>.*)", re.S)
_EXPECTED = re.compile(r"Expected is (?:one of )?\( (?P<names>.*) \)\.\s*$", re.S)
_REQUIRED = re.compile(r"The attribute '(?P<name>[^']*)' is required")
_TYPE = re.compile(r" type '(?:xs:)?(?P<type>[^']*)'\.\s*$")
_CODES = re.compile(r"is not an element of the set \{'(?P<codes>.*)'\}\.\s*$", re.S)
_BOUND = re.compile(r"'(?P<bound>[^']*)'\)?\.\s*$")

_KINDS: dict[str, FaultKind] = {
    # libxml2's error types, named for the clauses of XML Schema part 1.
    "ELEMENT_CONTENT": FaultKind.UNEXPECTED_ELEMENT,
    "CVC_ELT_1": FaultKind.UNDECLARED,
    "CVC_TYPE_3_1_1": FaultKind.UNKNOWN_ATTRIBUTE,
    "CVC_TYPE_3_1_2": FaultKind.CONTENT_NOT_ALLOWED,
    "CVC_COMPLEX_TYPE_2_1": FaultKind.CONTENT_NOT_ALLOWED,
    "CVC_COMPLEX_TYPE_2_2": FaultKind.CONTENT_NOT_ALLOWED,
    "CVC_COMPLEX_TYPE_2_3": FaultKind.TEXT_NOT_ALLOWED,
    "CVC_COMPLEX_TYPE_3_2_1": FaultKind.UNKNOWN_ATTRIBUTE,
    "CVC_COMPLEX_TYPE_3_2_2": FaultKind.UNKNOWN_ATTRIBUTE,
    "CVC_COMPLEX_TYPE_4": FaultKind.MISSING_ATTRIBUTE,
    "CVC_DATATYPE_VALID_1_2_1": FaultKind.BAD_VALUE,
    "CVC_DATATYPE_VALID_1_2_2": FaultKind.BAD_VALUE,
    "CVC_DATATYPE_VALID_1_2_3": FaultKind.BAD_VALUE,
}
_FACETS: dict[str, str] = {
    "CVC_LENGTH_VALID": "length",
    "CVC_MINLENGTH_VALID": "minLength",
    "CVC_MAXLENGTH_VALID": "maxLength",
    "CVC_TOTALDIGITS_VALID": "totalDigits",
    "CVC_FRACTIONDIGITS_VALID": "fractionDigits",
    "CVC_MININCLUSIVE_VALID": "minInclusive",
    "CVC_MAXINCLUSIVE_VALID": "maxInclusive",
    "CVC_MINEXCLUSIVE_VALID": "minExclusive",
    "CVC_MAXEXCLUSIVE_VALID": "maxExclusive",
    "CVC_PATTERN_VALID": "pattern",
    "CVC_ENUMERATION_VALID": "enumeration",
    "CVC_ELT_5_2_2_2_1": "fixed",
    "CVC_ELT_5_2_2_2_2": "fixed",
    "CVC_AU": "fixed",
}


def _read(entry: Any, elements: _ElementsByPath) -> RawFault:
    """Turn one entry of libxml2's log into a raw fault."""
    element = elements.find(entry.path or "")
    code = entry.type_name.removeprefix("SCHEMAV_")
    match = _MESSAGE.fullmatch(entry.message)
    attribute, text = (match["attribute"] or "", match["text"]) if match else ("", "")
    if code in _FACETS:
        return _broken_facet(element, attribute, _FACETS[code], text)
    kind = _KINDS.get(code, FaultKind.OTHER)
    match kind:
        case FaultKind.BAD_VALUE:
            return RawFault(kind, element, attribute, constraint=_group(_TYPE, "type", text))
        case FaultKind.MISSING_ATTRIBUTE:
            return RawFault(kind, element, _group(_REQUIRED, "name", text))
        case FaultKind.UNEXPECTED_ELEMENT:
            kind = FaultKind.MISSING_CHILD if text.startswith("Missing") else kind
            return RawFault(kind, element, expected=_names(text))
        case FaultKind.CONTENT_NOT_ALLOWED if text.startswith("Character"):
            return RawFault(FaultKind.TEXT_NOT_ALLOWED, element)
        case _:
            return RawFault(kind, element, attribute)


def _broken_facet(element: Any, attribute: str, facet: str, text: str) -> RawFault:
    if facet == "enumeration":
        codes = tuple(_group(_CODES, "codes", text).split("', '"))
        return RawFault(FaultKind.BAD_VALUE, element, attribute, codes if codes[0] else (), facet)
    bound = _group(_BOUND, "bound", text)
    return RawFault(FaultKind.BAD_VALUE, element, attribute, constraint=facet, bound=bound)


def _names(text: str) -> tuple[str, ...]:
    names = _group(_EXPECTED, "names", text).split(", ")
    return tuple(name for name in names if name and not name.startswith("##"))


def _group(pattern: re.Pattern[str], group: str, text: str) -> str:
    match = pattern.search(text)
    return match[group] if match else ""


_RSM = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}"
_RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"


@contextmanager
def _delivery_in_place(root: Any) -> Iterator[None]:
    """Hold an empty ``ApplicableHeaderTradeDelivery`` where a CII has none.

    The official sample FSO1116A_P01 lacks it, so the historic circuit accepts its absence.
    """
    transaction = root.find(f"{_RSM}SupplyChainTradeTransaction")
    place = None if transaction is None else _delivery_index(transaction)
    if place is None:
        yield
        return
    delivery = etree.Element(f"{_RAM}ApplicableHeaderTradeDelivery")
    # insert() puts it after the blanks before its successor, so that it takes none away.
    transaction.insert(place, delivery)
    try:
        yield
    finally:
        transaction.remove(delivery)


def _delivery_index(transaction: Any) -> int | None:
    """Return where the missing element belongs; None where it is there.

    None as well without the group it follows: then it would be at fault itself.
    """
    agreement = transaction.find(f"{_RAM}ApplicableHeaderTradeAgreement")
    if agreement is None:
        return None
    if transaction.find(f"{_RAM}ApplicableHeaderTradeDelivery") is not None:
        return None
    return int(transaction.index(agreement)) + 1
