"""The benchmark's input: made invoices, long ones, and the real ones beside the project."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree
from msgspec.structs import replace

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.money import CENT, EXACT, round_half_up
from chorus_edi.formats.writers import to_cii, to_ubl
from chorus_edi.services.nights import flows
from chorus_edi.services.specimens import Recipient, recipients_in, specimen

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "config"
SAMPLES = ROOT.parent / "shared" / "samples"
PER_FLOW = 500
"""Invoices per flow: the most that Chorus Pro takes (facts chorus-pro 1.6)."""

ORDINARY = 100_000
"""Bytes of the longest of the real invoices that is not called long."""


@cache
def recipients() -> tuple[Recipient, ...]:
    """Return who can be sent an invoice, by the directory in ``config/annuaire``."""
    annuaire = CONFIG / "annuaire"
    return recipients_in(
        (annuaire / "structures.csv").read_text("utf-8"),
        (annuaire / "services.csv").read_text("utf-8"),
    )


def archives(count: int, seed: int) -> list[tuple[str, bytes]]:
    """Return flows of at most 500 invoices."""
    return list(flows(count, PER_FLOW, recipients(), seed=seed))


def documents(made: list[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Yield every invoice of every flow, in order."""
    for _, content in made:
        with tarfile.open(fileobj=BytesIO(content)) as archive:
            for member in archive:
                stream = archive.extractfile(member)
                if stream is not None:
                    yield member.name, stream.read()


def real_invoices() -> Iterator[bytes]:
    """Yield the ordinary XML files of the samples; nothing where there are none."""
    for path in sorted(SAMPLES.rglob("*.xml")):
        content = path.read_bytes()
        if len(content) <= ORDINARY:
            yield content


def long_invoice(lines: int, *, cii: bool) -> bytes:
    """Return an invoice of so many lines that keeps every rule."""
    invoice = _lengthened(specimen(1, recipients(), plain=True).invoice, lines)
    return to_cii(invoice) if cii else to_ubl(invoice)


def _lengthened(invoice: Invoice, lines: int) -> Invoice:
    """Repeat the one line of a plain invoice, and add it up."""
    (line,), (vat,) = invoice.lines, invoice.vat_breakdown
    assert invoice.totals is not None
    assert line.net_amount is not None
    assert vat.rate is not None
    net = EXACT.multiply(line.net_amount, lines)
    tax = round_half_up(EXACT.multiply(EXACT.multiply(net, vat.rate), CENT))
    whole = EXACT.add(net, tax)
    amounts: dict[str, Any] = {"line_net": net, "without_vat": net, "vat": tax}
    return replace(
        invoice,
        lines=tuple(replace(line, identifier=str(n)) for n in range(1, lines + 1)),
        vat_breakdown=(replace(vat, taxable_amount=net, tax_amount=tax),),
        totals=replace(invoice.totals, **amounts, with_vat=whole, due=whole),
    )


def root_name(content: bytes) -> str | None:
    """Return the local name of a document's root; None where it is no XML."""
    try:
        return str(etree.QName(etree.fromstring(content)).localname)
    except etree.XMLSyntaxError:
        return None
