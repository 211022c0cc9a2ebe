"""Files that mean harm, or have come to it, each with the motive of its refusal."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator

import pikepdf

from chorus_edi.domain.scenarios import Profile
from chorus_edi.formats.writers import to_facturx
from tests.builders import an_invoice, tar_gz, ubl, zip_of

_LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
_ROOT = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">'

Maker = Callable[[], bytes]


def _tar(*entries: tarfile.TarInfo, content: bytes = b"<a/>") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for entry in entries:
            entry.size = len(content) if entry.isfile() else 0
            archive.addfile(entry, io.BytesIO(content) if entry.isfile() else None)
    return out.getvalue()


def _entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, link
    return entry


def _gzip_bomb() -> bytes:
    """Two gigabytes of zeros in an entry of a tar."""
    entry = tarfile.TarInfo("bombe.xml")
    entry.size = 2 << 30
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as zipped:
        zipped.write(entry.tobuf())
        for _ in range(2 << 6):
            zipped.write(bytes(1 << 24))
    return out.getvalue()


def _zip_bomb() -> bytes:
    """An entry within the limit of a document, and with a lying size."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bombe.xml", bytes(400_000_000))
    content = out.getvalue()
    return content.replace((400_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def _announced_without_xml() -> bytes:
    with pikepdf.open(io.BytesIO(to_facturx(an_invoice(), Profile.EN16931))) as pdf:
        for name in list(pdf.attachments):
            del pdf.attachments[name]
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def _duplicates() -> bytes:
    return _tar(_entry("a.xml"), _entry("a.xml"))


HOSTILE: dict[str, tuple[str, Maker]] = {
    "vide.xml": ("IRR_VIDE_F", bytes),
    "blancs.xml": ("IRR_VIDE_F", lambda: b" \n\t" * 10),
    "tronque.xml": ("IRR_SYNTAX", lambda: ubl()[:-200]),
    "encodage-faux.xml": (
        "IRR_SYNTAX",
        lambda: b'<?xml version="1.0" encoding="UTF-8"?><a>\xe9</a>',
    ),
    "encodage-menteur.xml": ("IRR_SYNTAX", lambda: b'<?xml version="1.0" encoding="UTF-16"?><a/>'),
    "entite-externe.xml": (
        "IRR_SYNTAX",
        lambda: (
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + _ROOT + b"&x;</Invoice>"
        ),
    ),
    "milliard.xml": (
        "IRR_SYNTAX",
        lambda: b'<!DOCTYPE a [<!ENTITY l0 "ha">' + _LAUGHS + b"]>" + _ROOT + b"&l11;</Invoice>",
    ),
    "profond.xml": ("IRR_SYNTAX", lambda: b"<a>" * 300_000 + b"</a>" * 300_000),
    "balises-126-mo.xml": ("IRR_TAILLE_F", lambda: b"<r>" + b"<a/>" * 31_500_000 + b"</r>"),
    "balises-100-mo.xml": ("IRR_TAILLE_F", lambda: _ROOT + b"<a/>" * 25_000_000 + b"</Invoice>"),
    "facturx-sans-xml.pdf": ("IRR_TYPE_F", _announced_without_xml),
    "image.png": ("IRR_TYPE_F", lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000)),
    "remonte.tar.gz": ("IRR_NOM_F", lambda: _tar(_entry("../../../evade.xml"))),
    "absolu.tar.gz": ("IRR_NOM_F", lambda: _tar(_entry("/tmp/evade.xml"))),
    "lien.tar.gz": ("IRR_EXTRAC", lambda: _tar(_entry("a.xml", tarfile.SYMTYPE, "/etc/passwd"))),
    "lien-dur.tar.gz": ("IRR_EXTRAC", lambda: _tar(_entry("a.xml", tarfile.LNKTYPE, "b.xml"))),
    "peripherique.tar.gz": ("IRR_EXTRAC", lambda: _tar(_entry("nul", tarfile.CHRTYPE))),
    "doublons.tar.gz": ("IRR_NOM_F", _duplicates),
    "remonte.zip": ("IRR_NOM_F", lambda: zip_of({"../evade.xml": b"<a/>"})),
    "70000-entrees.tar.gz": (
        "IRR_TAILLE",
        lambda: _tar(*(_entry(f"{n}.xml") for n in range(70_000))),
    ),
    "bombe.tar.gz": ("IRR_TAILLE_F", _gzip_bomb),
    "bombe.zip": ("IRR_EXTRAC", _zip_bomb),
    "archive-tronquee.tar.gz": ("IRR_EXTRAC", lambda: tar_gz({"a.xml": ubl()})[:-40]),
    "archive-d-archive.tar.gz": ("IRR_TYPE_F", lambda: tar_gz({"b.tar.gz": tar_gz({"a": b"a"})})),
}
"""File name → official motive, maker."""


def hostile_files() -> Iterator[tuple[str, bytes]]:
    """Yield every file, made one at a time: some are large."""
    for name, (_, make) in HOSTILE.items():
        yield name, make()
