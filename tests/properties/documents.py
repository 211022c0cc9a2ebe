"""Random invoices written from the mapping tables: any choice of rows, any order, any prefixes."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from chorus_edi.domain.scenarios import ROOTS, Syntax
from chorus_edi.domain.terms import ROOT, DataType
from chorus_edi.formats.mapping.syntaxes import MAPPINGS
from chorus_edi.formats.mapping.table import Entry, Step, Table, repeats, resolve

_TAGS = {syntax: tag for tag, syntax in ROOTS.items()}
_CONDITION = re.compile(r"([^=]+)==?(?:'([^'|]*)[^']*'|(BT-\d+))")
_CURRENCIES = {"BT-5": "EUR", "BT-6": "USD"}


class Writer:
    """Writes one document; every value in it is another one, so that a place cannot be mistaken."""

    def __init__(self, data: Any, syntax: Syntax) -> None:
        self._data = data
        self._table: Table = MAPPINGS[syntax].table
        self._serial = 0
        self._made: dict[tuple[Any, str, str], Any] = {}
        nsmap = {
            prefix if data.draw(st.booleans()) else f"{prefix}x": uri
            for prefix, uri in self._table.prefixes.items()
            if data.draw(st.booleans())
        }
        if data.draw(st.booleans()):
            nsmap[None] = _TAGS[syntax][1:].partition("}")[0]
        self.root = etree.Element(_TAGS[syntax], nsmap=nsmap)
        for term in _CURRENCIES:
            entry = self._table.of(term)
            assert entry is not None
            self._leaf(self.root, entry)
        self._fill(ROOT, self.root, depth=0)

    def _fill(self, scope: str, element: Any, depth: int) -> None:
        entries = [e for e in self._table.entries if e.scope == scope]
        chosen = st.lists(st.sampled_from(entries), min_size=3, max_size=40 - 10 * depth)
        for entry in self._data.draw(chosen):
            if entry.term.id in _CURRENCIES or entry.row.path == ".":
                continue
            if entry.term.opens is None:
                self._leaf(element, entry)
            elif repeats(entry.row):
                group = self._path(element, entry, fresh=True)
                if entry.term.id == "BG-1" and len(entry.path) == 1:
                    group.text = self._data.draw(st.sampled_from(["", "#AAB#"])) + self._next()
                self._fill(entry.term.id, group, depth + 1)
            else:
                self._path(element, entry, fresh=False)

    def _leaf(self, element: Any, entry: Entry) -> None:
        found = self._path(element, entry, fresh=entry.term.repeated)
        last = entry.path[-1].name
        if last.startswith("@"):
            found.set(last[1:], self._value(entry))
            found.text = found.text or "1.5"
        elif last.startswith("descendant::"):
            inner = etree.SubElement(found, "{urn:any}wrapper")
            etree.SubElement(inner, last.partition("::")[2]).text = self._value(entry)
        elif found.text is None and not len(found):
            found.text = self._value(entry)

    def _path(self, element: Any, entry: Entry, *, fresh: bool) -> Any:
        within = [step for step in entry.within if step.name[0] == "{"]
        for step in within:
            last = step is within[-1]
            element = self._child(element, step, fresh=fresh and last)
        return element

    def _child(self, parent: Any, step: Step, *, fresh: bool) -> Any:
        key = (parent, step.name, step.condition)
        if fresh or key not in self._made:
            child = etree.Element(step.name)
            at = self._data.draw(st.integers(0, len(parent)))
            parent.insert(at, child)
            self._meet(child, step)
            self._made[key] = child
        return self._made[key]

    def _meet(self, element: Any, step: Step) -> None:
        """Make the condition of a step true."""
        condition = _CONDITION.fullmatch(step.condition)
        if condition is None:
            return
        selector, value, term = condition.groups()
        said = _CURRENCIES[term] if term else value
        if selector.startswith("@"):
            element.set(selector[1:], said)
            return
        for below in resolve((), selector, self._table.prefixes):
            element = etree.SubElement(element, below.name)
        element.text = said

    def _next(self) -> str:
        self._serial += 1
        return f"v{self._serial}é"

    def _value(self, entry: Entry) -> str:
        if entry.term.id in _CURRENCIES:
            return _CURRENCIES[entry.term.id]
        self._serial += 1
        data_type = entry.term.data_type
        assert data_type is not None
        if data_type.number:
            return f"{self._serial}.50"
        if data_type is DataType.DATE:
            return f"2026{self._serial:04d}"
        if data_type is DataType.BINARY:
            return "JVBERi0xLjQK"
        return self._next()
