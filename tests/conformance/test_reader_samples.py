"""Every sample is read and every term in it found again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.scenarios import ROOTS
from chorus_edi.domain.terms import addresses_of
from chorus_edi.formats.locate import Locator
from chorus_edi.formats.reader import Reading, read
from tests.outside import SAMPLES, needs_samples

FILES = sorted(
    path for folder in ("ubl", "cii", "aife") for path in (SAMPLES / folder).glob("*.xml")
)

pytestmark = needs_samples


def loaded(path: Path) -> tuple[Any, bytes, Reading]:
    content = path.read_bytes()
    root = etree.fromstring(content, etree.XMLParser(huge_tree=True, resolve_entities=False))
    return root, content, read(root, ROOTS[root.tag])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_sample_is_read_and_nothing_that_matters_is_left_unmapped(path: Path) -> None:
    _, _, reading = loaded(path)

    assert reading.invoice.issue_date
    assert reading.invoice.seller is not None
    assert reading.irregular == ()
    assert {name.rpartition("}")[2] for name in reading.unmapped} <= {"UBLVersionID"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_term_of_a_sample_is_found_again(path: Path) -> None:
    root, content, reading = loaded(path)
    addresses = [address for address, _ in addresses_of(reading.invoice)]
    lines = content.decode("utf-8-sig").splitlines()
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}

    for place in Locator(root, content, ROOTS[root.tag]).places(addresses):
        (element,) = root.xpath(place.location, namespaces=prefixes)
        assert place.line is not None
        assert place.column is not None
        tag = f"{element.prefix}:" if element.prefix else ""
        start = f"<{tag}{etree.QName(element).localname}"
        assert lines[place.line - 1].startswith(start, place.column - 1)


def test_the_values_of_an_official_historic_sample_are_right() -> None:
    _, _, reading = loaded(SAMPLES / "aife" / "FSO1116A_P08.xml")
    invoice = reading.invoice

    assert (invoice.number, invoice.issue_date) == ("JMRPOR1116000108", "2018-01-01")
    assert reading.process == "A1"
    assert reading.dates_without_format
    assert invoice.seller is not None
    assert invoice.seller.legal_registration == Identifier("81034732800017", "1")
    assert [line.net_amount for line in invoice.lines] == [
        Decimal(t) for t in ("100.00", "-20", "20")
    ]
    assert [(a.filename, a.media_type) for a, _ in reading.attachments()] == [
        ("aa.pdf", "application/pdf")
    ]


def test_the_values_of_an_official_ubl_example_are_right() -> None:
    _, _, reading = loaded(SAMPLES / "ubl" / "cen-en16931--ubl-tc434-example2.xml")
    invoice = reading.invoice

    assert (invoice.number, invoice.currency, len(invoice.lines)) == ("TOSL108", "NOK", 5)
    assert len(invoice.allowances) + len(invoice.charges) == 2
