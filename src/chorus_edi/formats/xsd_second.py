"""Second reading of an invalid document, by ``xmlschema``: finds the faults libxml2 stops before.

It is slow (seconds to compile, then about a millisecond per kilobyte), so it reads invalid
documents only, and small ones only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import xmlschema
from xmlschema.validators import XsdFacet, XsdPatternFacets

from chorus_edi.formats.xsd_faults import FaultKind, RawFault, local

MAX_ELEMENTS = 10_000
"""Largest document read, in elements (an invoice of about 300 lines)."""

_QUOTED = re.compile(r"'([^']*)'")

_REASONS: tuple[tuple[str, FaultKind], ...] = (
    ("missing required attribute", FaultKind.MISSING_ATTRIBUTE),
    ("attribute not allowed", FaultKind.UNKNOWN_ATTRIBUTE),
    ("is not an attribute of", FaultKind.UNKNOWN_ATTRIBUTE),
    ("is prohibited", FaultKind.UNKNOWN_ATTRIBUTE),
    ("character data", FaultKind.TEXT_NOT_ALLOWED),
    ("can't have child elements", FaultKind.CONTENT_NOT_ALLOWED),
    ("not an element of the schema", FaultKind.UNDECLARED),
    ("unavailable namespace", FaultKind.UNDECLARED),
    ("fixed value", FaultKind.BAD_VALUE),
)


class SecondReader:
    """The second engine for one schema, compiled at the first document that needs it."""

    def __init__(self, path: str) -> None:
        """Remember the schema's entry file."""
        self._path = path

    @cached_property
    def _schema(self) -> Any:
        return xmlschema.XMLSchema10(self._path, allow="local")

    def faults(self, root: Any) -> Iterator[RawFault]:
        """Find faults of a document, in no order; none for a large one.

        What the engine itself fails on ends the reading early: the verdict stands already.
        """
        if _larger_than(root, MAX_ELEMENTS):
            return
        try:
            for error in self._schema.iter_errors(root):
                if error.elem is not None:
                    yield _raw(error)
        except (xmlschema.XMLSchemaException, RecursionError, ValueError, LookupError, TypeError):
            return


def _larger_than(root: Any, limit: int) -> bool:
    return any(n > limit for n, _ in enumerate(root.iter("*"), 1))


def _raw(error: Any) -> RawFault:
    if isinstance(error, xmlschema.XMLSchemaChildrenValidationError):
        return _content(error)
    reason = error.reason or ""
    if hasattr(error.obj, "items"):  # an element or its attributes, not a value
        kind = next((kind for words, kind in _REASONS if words in reason), FaultKind.OTHER)
        return RawFault(kind, error.elem, _attribute(kind, reason))
    attribute = re.match(r"attribute ([^=\s]+)=", reason)
    return RawFault(
        FaultKind.BAD_VALUE,
        error.elem,
        attribute[1] if attribute else "",
        _codes(error.validator),
        *_constraint(error.validator),
    )


def _content(error: Any) -> RawFault:
    names = tuple(expected.name for expected in error.expected or () if expected.name)
    if error.invalid_tag is None:
        return RawFault(FaultKind.MISSING_CHILD, error.elem, expected=names)
    return RawFault(FaultKind.UNEXPECTED_ELEMENT, error.invalid_child, expected=names)


def _attribute(kind: FaultKind, reason: str) -> str:
    if kind not in (FaultKind.MISSING_ATTRIBUTE, FaultKind.UNKNOWN_ATTRIBUTE):
        return ""
    quoted = _QUOTED.search(reason)
    return quoted[1] if quoted else ""


def _codes(validator: Any) -> tuple[str, ...]:
    codes = getattr(validator, "enumeration", None) or ()
    return tuple(str(code) for code in codes)


def _constraint(validator: Any) -> tuple[str, str]:
    """Return the facet and its figure, or the type, that a value breaks."""
    if isinstance(validator, XsdPatternFacets):
        return "pattern", str(next(iter(validator.regexps), ""))
    if isinstance(validator, XsdFacet):
        return local(validator.elem.tag), str(validator.value)
    return str(getattr(validator, "local_name", None) or ""), ""
