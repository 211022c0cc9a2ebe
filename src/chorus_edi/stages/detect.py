"""Says what a document is, by its content and never by its name."""

from __future__ import annotations

from msgspec.structs import replace

from chorus_edi.domain.dossier import Detected, Document
from chorus_edi.domain.findings import Finding, Findings, Outcome, Passed, Refused
from chorus_edi.domain.interfaces import FORMAT_NAMES, format_of
from chorus_edi.domain.scenarios import ROOTS, Container, Syntax
from chorus_edi.formats.companions import COMPANIONS
from chorus_edi.formats.facturx import PdfContent, open_pdf
from chorus_edi.formats.faults import RULES, Fault
from chorus_edi.formats.xml import XmlDocument, fault, parse

# Readers of PDF take a file whose header stands within its first bytes.
_PDF_HEAD = 1024
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def detect(document: Document) -> Outcome[Detected]:
    """Say what a document is.

    Returns:
        ``Passed`` for UBL, CII, Factur-X, plain PDF and what comes with invoices (no syntax for the
        last two); ``Refused`` with one finding for anything else, with its line and column where
        the file has such a place.
    """
    content = document.content
    if _looks_like_xml(content):
        return _admitted(_from_xml(document, content, Container.XML, ()))
    if b"%PDF-" in content[:_PDF_HEAD]:
        return _admitted(_from_pdf(document))
    return Refused((_finding(fault("CE-TYPE-02", found=_named(content))),))


def _admitted(outcome: Outcome[Detected]) -> Outcome[Detected]:
    """Refuse what is of another format than its flow may hold."""
    if isinstance(outcome, Refused):
        return outcome
    detected = outcome.value
    if detected.container is Container.COMPANION:
        return outcome
    formats, own = detected.document.formats, format_of(detected.container, detected.syntax)
    if not formats or own in formats:
        return outcome
    wanted = " ou ".join(name for form, name in FORMAT_NAMES.items() if form in formats)
    found = _finding(fault("CE-TYPE-03", found=FORMAT_NAMES[own]))
    return Refused((*outcome.findings, replace(found, expected=wanted)))


def _looks_like_xml(content: bytes) -> bool:
    """True for what starts like XML in any encoding, and for an empty file (the parser says so)."""
    if content.startswith(b"<"):
        return True
    head = content[:_PDF_HEAD]
    for mark in _MARKS:
        head = head.removeprefix(mark)
    start = head.replace(b"\0", b"").lstrip()
    return start.startswith(b"<") or (not start and not content.strip())


def _from_xml(
    document: Document, data: bytes, container: Container, remarks: Findings
) -> Outcome[Detected]:
    parsed = parse(data)
    if not isinstance(parsed, XmlDocument):
        return Refused((*remarks, _finding(parsed)))
    if container is Container.XML and parsed.tree.tag in COMPANIONS:
        return Passed(Detected(document=document, container=Container.COMPANION))
    syntax = ROOTS.get(parsed.tree.tag)
    if syntax is None or (container is Container.FACTUR_X and syntax is not Syntax.CII):
        return Refused((*remarks, _finding(fault("CE-TYPE-01", found=parsed.tree.tag))))
    detected = Detected(
        document=document, container=container, syntax=syntax, xml=parsed.xml, tree=parsed.tree
    )
    return Passed(detected, remarks)


def _from_pdf(document: Document) -> Outcome[Detected]:
    opened = open_pdf(document.content)
    if not isinstance(opened, PdfContent):
        return Refused((_finding(opened),))
    if opened.xml is None:
        return Passed(Detected(document=document, container=Container.PDF))
    remarks = tuple(_finding(remark) for remark in opened.remarks)
    return _from_xml(document, opened.xml, Container.FACTUR_X, remarks)


def _finding(found: Fault) -> Finding:
    row = RULES[found.rule]
    return Finding(
        rule=found.rule,
        severity=row.severity,
        stage=row.stage,
        motive=found.motive,
        message=found.message,
        conseil=row.conseil,
        line=found.line,
        column=found.column,
        found=found.found,
    )


_NAMES = (
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"\x89PNG", "image PNG"),
    (b"\xff\xd8\xff", "image JPEG"),
    (b"II*\x00", "image TIFF"),
    (b"MM\x00*", "image TIFF"),
    (b"GIF8", "image GIF"),
    (b"\xd0\xcf\x11\xe0", "document Office 97"),
    (b"MZ", "programme"),
    (b"\x7fELF", "programme"),
    (b"{", "JSON"),
)


def _named(content: bytes) -> str | None:
    """Name a common type that is sent by mistake; None where it is not known."""
    return next((name for mark, name in _NAMES if content.startswith(mark)), None)
