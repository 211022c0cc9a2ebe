"""Nights that meet every branch of the pipeline, with their directory and partners."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path

from chorus_edi.domain.scenarios import Profile
from chorus_edi.formats.writers import to_facturx, to_ubl
from chorus_edi.services.nights import flows, night, tar_gz, with_wrong_total, without
from chorus_edi.services.specimens import Recipient, recipients_in, specimen
from tests.crash.one_run import DEADLY

CONFIG = Path(__file__).parents[2] / "config"
STRUCTURES = (CONFIG / "annuaire" / "structures.csv").read_text(encoding="utf-8")
SERVICES = (CONFIG / "annuaire" / "services.csv").read_text(encoding="utf-8")
PARTNERS = (
    (CONFIG / "partenaires.toml").read_text(encoding="utf-8")
    + """
[[partenaire]]
code = "QUA001"
nom = "Éditeur en qualification"
noms_libres = true
mode = "qualification"

[[partenaire]]
code = "TEM001"
nom = "Partenaire à témoin"
noms_libres = true
arrivee = { regle = "temoin" }

[[partenaire]]
code = "MAN001"
nom = "Partenaire à manifeste"
noms_libres = true
arrivee = { regle = "manifeste" }
"""
)
RECIPIENTS: tuple[Recipient, ...] = recipients_in(STRUCTURES, SERVICES)

_DEPOSITED = 1_795_200_000
"""When all of a mixed night was deposited, in seconds since 1970: every such night is the same."""

_PER_FLOW = 50
_STYLE_SHEET = b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/>'


def batch(count: int, *, seed: int, broken: int | None = None, wrong: int | None = None) -> bytes:
    """Return an archive of invoices, one of them XSD-invalid, one with a wrong total."""
    files = {}
    for number in range(1, count + 1):
        made = specimen(number, RECIPIENTS, seed=seed)
        invoice = with_wrong_total(made.invoice) if number == wrong else made.invoice
        content = to_ubl(invoice, made.files)
        files[f"{number:03d}.xml"] = without(content, "IssueDate") if number == broken else content
    return tar_gz(files)


def deposit_night(inbox: Path) -> None:
    """Fill an inbox: the demonstration's night and an archive of two batches."""
    night(inbox, RECIPIENTS)
    (inbox / "ABC123" / "90-lot-de-70.tar.gz").write_bytes(batch(70, seed=9, wrong=66))
    (inbox / "91-a-la-racine.xml").write_bytes(
        to_ubl(specimen(1, RECIPIENTS, seed=10, plain=True).invoice)
    )


def deposit_mixed(inbox: Path, invoices: int = 0) -> None:
    """Fill an inbox with flows of every kind, and archives of so many invoices more."""
    deposit_night(inbox)
    made = [*_kinds(), *_bulk(invoices)]
    for path, content in made:
        target = inbox / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
    for path in filter(Path.is_file, inbox.rglob("*")):
        # The oldest is taken first, and what is not whole is remembered with its time.
        os.utime(path, (_DEPOSITED, _DEPOSITED))


def _kinds() -> Iterator[tuple[str, bytes]]:
    """Yield what the demonstration's night lacks: partners of every kind, odd archives."""
    yield "QUA001/essai.tar.gz", batch(5, seed=21, wrong=4)
    yield "QUA001/essai-invalide.tar.gz", batch(3, seed=22, broken=2)
    lot = batch(4, seed=23)
    yield "TEM001/lot.tar.gz", lot
    yield "TEM001/lot.tar.gz.done", b""
    yield "TEM001/inacheve.tar.gz", lot[:500]
    yield "MAN001/lot.tar.gz", lot
    yield "MAN001/lot.tar.gz.manifest", _manifest(lot)
    yield "MAN001/tronque.tar.gz", lot[:500]
    yield "MAN001/tronque.tar.gz.manifest", _manifest(lot)
    yield "PDP777/gros.tar.gz", tar_gz({"gros.xml": _large(_ubl(1, 24)), "petit.xml": _ubl(2, 24)})
    yield "PDP777/seul-et-gros.xml", _large(_ubl(3, 24))
    yield "PDP777/sous-deux-noms.tar.gz", lot
    yield "PDP777/sous-un-autre-nom.tar.gz", lot
    yield (
        "PDP777/avec-feuille-de-style.tar.gz",
        tar_gz({"facture.xml": _ubl(4, 24), "affichage.xsl": _STYLE_SHEET}),
    )
    yield (
        "PDP777/mortel.tar.gz",
        tar_gz({"1.xml": _ubl(5, 24), f"2-{DEADLY}.xml": _ubl(6, 24), "3.xml": _ubl(7, 24)}),
    )


def _bulk(invoices: int) -> Iterator[tuple[str, bytes]]:
    """Yield archives of UBL and CII; of every ten invoices one alone in its flow, one a Factur-X.

    So many flows that not all are claimed at once.
    """
    tenth = invoices // 10
    for name, content in flows(invoices - 2 * tenth, _PER_FLOW, RECIPIENTS, seed=7):
        yield f"ABC123/{name}", content
    for number in range(1, tenth + 1):
        yield f"ABC123/seule-{number:06d}.xml", _ubl(number, 6)
    for first in range(1, tenth + 1, _PER_FLOW):
        some = range(first, min(first + _PER_FLOW, tenth + 1))
        yield f"ABC123/pdf-{first:06d}.tar.gz", tar_gz({f"{n:06d}.pdf": _pdf(n, 8) for n in some})


def _ubl(number: int, seed: int) -> bytes:
    made = specimen(number, RECIPIENTS, seed=seed)
    return to_ubl(made.invoice, made.files)


def _pdf(number: int, seed: int) -> bytes:
    made = specimen(number, RECIPIENTS, seed=seed)
    return to_facturx(made.invoice, Profile.EN16931, made.files)


def _large(xml: bytes) -> bytes:
    """Return the same invoice, too large to travel to a worker in memory."""
    padding = random.Random(1).randbytes(600_000).hex().encode()
    return xml.replace(b"?>", b"?>\n<!-- " + padding + b" -->", 1)


def _manifest(content: bytes) -> bytes:
    return f"{hashlib.sha256(content).hexdigest()} {len(content)}\n".encode()
