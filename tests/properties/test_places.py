"""The place of every term that was read is the element it was read from."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from chorus_edi.domain.groups import Attachment, Identifier
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.terms import TERMS, addresses_of, beyond_en16931
from chorus_edi.formats.locate import Locator
from chorus_edi.formats.mapping.syntaxes import MAPPINGS
from chorus_edi.formats.reader import read
from tests.properties.documents import Writer

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
relaxed = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def prefixes(root: Any) -> dict[str, str]:
    return {prefix: uri for prefix, uri in root.nsmap.items() if prefix}


def says(element: Any, value: Any) -> bool:
    """True where an element is what a value was read from."""
    if isinstance(value, Attachment):
        return element.text == "JVBERi0xLjQK"
    if value == Identifier() or (value == "" and len(element)):
        return True  # the container of a term that it lacks
    text = str(value.value if isinstance(value, Identifier) else value)
    written = [element.text or "", *element.attrib.values()]
    day = text.replace("-", "")
    return text in written or day in written or f"#AAB#{text}" in written or text == "AAB"


@pytest.mark.parametrize("syntax", Syntax)
@relaxed
@given(data=st.data())
def test_the_place_of_a_term_is_the_element_it_was_read_from(syntax: Syntax, data: Any) -> None:
    # given an invoice with any terms, in any order, with any prefixes
    pretty = data.draw(st.booleans())
    written = Writer(data, syntax).root
    xml = etree.tostring(written, encoding="UTF-8", xml_declaration=True, pretty_print=pretty)
    root = etree.fromstring(xml, _PARSER)

    # when it is read, and each of its terms is located
    reading = read(root, syntax)
    present = list(addresses_of(reading.invoice))
    places = Locator(root, xml, syntax).places([address for address, _ in present])

    # then each XPath selects one element, which says the value, where line and column say
    lines = xml.decode().split("\n")
    for (address, value), place in zip(present, places, strict=True):
        selected = root.xpath(place.location, namespaces=prefixes(root))
        assert len(selected) == 1, (address, place)
        assert says(selected[0], value), (address, value, place)
        assert place.line is not None
        assert place.column is not None
        start = re.match(r"<(?:\w+:)?(\w+)", lines[place.line - 1][place.column - 1 :])
        assert start is not None, (address, place)
        assert start[1] == etree.QName(selected[0]).localname
    # What only EXTENDED has is read, and is not mapped to EN 16931 all the same.
    entries = MAPPINGS[syntax].table.entries
    extended = {e.path[-1].name for e in entries if beyond_en16931(e.term.id)}
    assert set(reading.unmapped) <= extended
    assert not reading.irregular


@pytest.mark.parametrize("syntax", Syntax)
@relaxed
@given(data=st.data())
def test_an_absent_term_has_a_well_formed_xpath_and_the_line_of_something_there(
    syntax: Syntax, data: Any
) -> None:
    written = Writer(data, syntax).root
    xml = etree.tostring(written, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    root = etree.fromstring(xml, _PARSER)

    places = Locator(root, xml, syntax).places(list(TERMS))

    for place in places:
        root.xpath(place.location, namespaces=prefixes(root))
        assert place.line is not None
        assert place.column is not None
