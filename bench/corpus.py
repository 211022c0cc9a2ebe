"""The benchmark's input: made invoices, long ones, a night, the real ones beside the project."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree
from msgspec.structs import replace

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.money import CENT, EXACT, round_half_up
from chorus_edi.domain.scenarios import Profile
from chorus_edi.formats.writers import to_cii, to_facturx, to_ubl
from chorus_edi.services.nights import UNKNOWN_SERVICE, flows, tar_gz, with_wrong_total
from chorus_edi.services.specimens import Recipient, Specimen, recipients_in, specimen

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "config"
SAMPLES = ROOT.parent / "shared" / "samples"
PER_FLOW = 500
"""Invoices per flow: the most that Chorus Pro takes (facts chorus-pro 1.6)."""

_WRONG_TOTAL, _NO_SUCH_SERVICE, _SENT_TWICE = 33, 66, 99
"""Which of a hundred invoices of a night are refused, and why."""

_SHORT = (0, 3)
"""Which of seven invoices of a night have one line."""

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


def night(count: int, seed: int) -> Iterator[tuple[str, Mapping[str, bytes], bytes]]:
    """Yield the flows of a night: name, invoices by name, archive.

    A twentieth are Factur-X, a third CII, the others UBL; two in seven have one line, which makes
    the median 7 KB; three in a hundred are refused.

    Args:
        count: invoices in all; a multiple of 100 makes the share of faulty ones exact.
        seed: another seed gives other invoices.
    """
    for first in range(1, count + 1, PER_FLOW):
        numbers = range(first, min(first + PER_FLOW, count + 1))
        files = dict(_of_night(number, seed) for number in numbers)
        yield f"lot-{seed:02d}-{first:06d}.tar.gz", files, tar_gz(files)


def _of_night(number: int, seed: int) -> tuple[str, bytes]:
    made = _specimen(number, seed)
    if number % 20 == 0:
        return f"facture-{number:06d}.pdf", to_facturx(made.invoice, Profile.EN16931, made.files)
    write = to_cii if number % 3 == 0 else to_ubl
    return f"facture-{number:06d}.xml", write(made.invoice, made.files)


def _specimen(number: int, seed: int) -> Specimen:
    to, plain, of_hundred = recipients(), number % 7 in _SHORT, number % 100
    if of_hundred == _SENT_TWICE:
        return _specimen(number - 1, seed)
    if of_hundred == _NO_SUCH_SERVICE:
        choosy = next(one for one in to if one.code_service)
        to = (replace(choosy, code_service=UNKNOWN_SERVICE),)
    made = specimen(number, to, seed=seed, plain=plain)
    wrong = of_hundred == _WRONG_TOTAL
    return replace(made, invoice=with_wrong_total(made.invoice)) if wrong else made


def is_refused(number: int) -> bool:
    """Tell whether an invoice of a night is refused."""
    return number % 100 in (_WRONG_TOTAL, _NO_SUCH_SERVICE, _SENT_TWICE)


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
