"""Puts specimens into flows: the demonstration's night, and flows by the thousand."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import msgspec

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Profile
from chorus_edi.domain.settlement import Totals
from chorus_edi.formats.writers import to_cii, to_facturx, to_plain_pdf, to_ubl
from chorus_edi.services.specimens import Recipient, Specimen, Style, specimen

DEFAULT_PARTNER = "ABC123"
_OTHER_PARTNER = "FAC001"
_FASTEST = 1
"""Compression level of made archives: they are read once."""

UNKNOWN_SERVICE = "SERVICE_INCONNU"


def flow_name(interface: str, partner: str, sequence: int) -> str:
    """Return an official flow name (facts chorus-pro 1.4)."""
    return f"{interface}_{partner}_{partner}{interface[3:7]}{sequence:015d}"


def tar_gz(files: Mapping[str, bytes]) -> bytes:
    """Return an archive; the same files give the same bytes."""
    out = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=out, mode="wb", compresslevel=_FASTEST, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def flows(
    count: int, per_flow: int, recipients: Sequence[Recipient], *, seed: int = 1
) -> Iterator[tuple[str, bytes]]:
    """Yield archives of varied invoices, two UBL for one CII: names and bytes.

    Args:
        count: invoices in all.
        per_flow: invoices in each archive, but the last.
        recipients: who receives them.
        seed: another seed gives other invoices.
    """
    for first in range(1, count + 1, per_flow):
        numbers = range(first, min(first + per_flow, count + 1))
        files = {f"facture-{n:06d}.xml": _xml(n, recipients, seed) for n in numbers}
        yield f"lot-{seed:02d}-{first:06d}.tar.gz", tar_gz(files)


def _xml(number: int, recipients: Sequence[Recipient], seed: int) -> bytes:
    made = specimen(number, recipients, seed=seed)
    write = to_cii if number % 3 == 0 else to_ubl
    return write(made.invoice, made.files)


def night(
    inbox: Path, recipients: Sequence[Recipient], *, partner: str = DEFAULT_PARTNER
) -> tuple[Path, ...]:
    """Write a small night of flows into a partner's inbox; return the files, in name order.

    It holds what an operator meets: single invoices in every syntax, an archive under an official
    name, an archive with refused invoices, an irrecevable one, a plain PDF, a file that is no
    invoice, a flow under the name of somebody else, and a file sent again.
    """
    folder = inbox / partner
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(
        _put(folder / name, content) for name, content in sorted(_night(recipients, partner))
    )


def _put(path: Path, content: bytes) -> Path:
    """Write a file under a name no reader takes, then rename it: the inbox may be watched."""
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(content)
    return unfinished.replace(path)


def _night(recipients: Sequence[Recipient], partner: str) -> Iterator[tuple[str, bytes]]:
    yield "01-facture-ubl.xml", _ubl(specimen(1, recipients))
    yield "02-facture-cii.xml", _cii(specimen(2, recipients))
    yield "03-facture-facturx.pdf", _facturx(specimen(3, recipients))
    name = flow_name("FSO1100A", partner, 1)
    yield name, tar_gz(_historic(recipients, name))
    yield "05-lot-partiel.tar.gz", tar_gz(_partly_wrong(recipients))
    yield "06-lot-irrecevable.tar.gz", tar_gz(_irrecevable(recipients))
    yield "07-facture-scannee.pdf", to_plain_pdf("Facture n° 2026-77\nDocument sans données")
    yield "08-lisez-moi.txt", "Ceci n’est pas une facture.\n".encode()
    # Named after the code of somebody else, then the first file once more.
    yield flow_name("FSO1110A", _OTHER_PARTNER, 1), _ubl(specimen(41, recipients))
    yield "10-facture-ubl-renvoyee.xml", _ubl(specimen(1, recipients))


def _historic(recipients: Sequence[Recipient], name: str) -> dict[str, bytes]:
    return {
        f"{name}_{n}.xml": _ubl(specimen(10 + n, recipients, style=Style.HISTORIC_UBL))
        for n in range(1, 7)
    }


def _partly_wrong(recipients: Sequence[Recipient]) -> dict[str, bytes]:
    """Two sound invoices, a wrong total, an unknown service, and the first one again."""
    sound = specimen(21, recipients)
    wrong = specimen(22, recipients)
    lost = specimen(23, [_with_unknown_service(recipients)])
    return {
        "facture-1.xml": _ubl(sound),
        "facture-2.xml": _cii(specimen(24, recipients)),
        "facture-3-total-faux.xml": _ubl(_with(wrong, with_wrong_total(wrong.invoice))),
        "facture-4-service-inconnu.xml": _ubl(lost),
        "facture-5-doublon.xml": _ubl(sound),
    }


def _irrecevable(recipients: Sequence[Recipient]) -> dict[str, bytes]:
    """Two sound invoices and one that its schema refuses: the whole flow is."""
    return {
        "facture-1.xml": _ubl(specimen(31, recipients)),
        "facture-2.xml": _ubl(specimen(32, recipients)),
        "facture-3-invalide.xml": without(_ubl(specimen(33, recipients)), "IssueDate"),
    }


def with_wrong_total(invoice: Invoice) -> Invoice:
    """Return the invoice with one euro too much in BT-112 and BT-115."""
    totals = invoice.totals or Totals()
    more = Decimal(1)
    wrong = msgspec.structs.replace(
        totals,
        with_vat=(totals.with_vat or Decimal(0)) + more,
        due=(totals.due or Decimal(0)) + more,
    )
    return msgspec.structs.replace(invoice, totals=wrong)


def without(xml: bytes, element: str) -> bytes:
    """Return a written file without the first element of that local name (one with text only)."""
    line = rf"[ ]*<(?P<tag>(?:\w+:)?{element})\b[^<]*</(?P=tag)>\n"
    return re.sub(line.encode(), b"", xml, count=1)


def _with_unknown_service(recipients: Sequence[Recipient]) -> Recipient:
    choosy = next((one for one in recipients if one.code_service), recipients[0])
    return msgspec.structs.replace(choosy, code_service=UNKNOWN_SERVICE)


def _with(made: Specimen, invoice: Invoice) -> Specimen:
    return msgspec.structs.replace(made, invoice=invoice)


def _ubl(made: Specimen) -> bytes:
    return to_ubl(made.invoice, made.files)


def _cii(made: Specimen) -> bytes:
    return to_cii(made.invoice, made.files)


def _facturx(made: Specimen) -> bytes:
    return to_facturx(made.invoice, Profile.EN16931, made.files)
