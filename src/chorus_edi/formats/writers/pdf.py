"""Writes small PDF files with one readable page, plain or as Factur-X.

The same input gives the same bytes: dates and ids are fixed. The page uses a standard font that is
not embedded, so these files are PDF 1.7 and make no claim to PDF/A.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Profile
from chorus_edi.formats.writers.cii import to_cii

_FILE_NAME = "factur-x.xml"
_FIXED_DATE = "D:20260101000000Z"
_WIDTH, _HEIGHT, _MARGIN, _LEADING = 595, 842, 56, 16

_LEVELS: dict[Profile, str] = {
    Profile.MINIMUM: "MINIMUM",
    Profile.BASIC_WL: "BASIC WL",
    Profile.BASIC: "BASIC",
    Profile.EN16931: "EN 16931",
    Profile.EXTENDED: "EXTENDED",
}
"""Profile → ``fx:ConformanceLevel`` (Factur-X 1.0, XMP)."""

_DATA_ONLY = frozenset({Profile.MINIMUM, Profile.BASIC_WL})
"""Profiles whose XML is not the whole invoice: their AFRelationship is Data (Factur-X 6.2.2)."""

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
  <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about=""
        xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">
      <fx:DocumentType>INVOICE</fx:DocumentType>
      <fx:DocumentFileName>{name}</fx:DocumentFileName>
      <fx:Version>1.0</fx:Version>
      <fx:ConformanceLevel>{level}</fx:ConformanceLevel>
    </rdf:Description>
  </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def to_plain_pdf(text: str) -> bytes:
    """Write a PDF of one page that shows a text; lines beyond the page are left out."""
    with _page(text.splitlines()) as pdf:
        return _bytes(pdf)


def to_facturx(
    invoice: Invoice,
    profile: Profile = Profile.EN16931,
    files: Mapping[str, bytes] | None = None,
    *,
    historic: bool = False,
) -> bytes:
    """Write an invoice as a Factur-X PDF: a readable page with its CII attached.

    Args:
        invoice: what to write; its BT-24 is written as it is.
        profile: what the XMP claims; one of the five Factur-X profiles.
        files: bytes of the attachments, as for ``to_cii``.
        historic: as for ``to_cii``.
    """
    return embed(to_cii(invoice, files, historic=historic), profile, _summary(invoice))


def embed(xml: bytes, profile: Profile, lines: Sequence[str]) -> bytes:
    """Write a Factur-X PDF around any invoice data, valid or not."""
    relation = Name.Data if profile in _DATA_ONLY else Name.Alternative
    with _page(lines) as pdf:
        attached = AttachedFileSpec(
            pdf,
            xml,
            description="Factur-X",
            filename=_FILE_NAME,
            mime_type="text/xml",
            creation_date=_FIXED_DATE,
            mod_date=_FIXED_DATE,
        )
        attached.obj.AFRelationship = relation
        pdf.attachments[_FILE_NAME] = attached
        pdf.Root.AF = Array([attached.obj])
        metadata = pdf.make_stream(_XMP.format(name=_FILE_NAME, level=_LEVELS[profile]).encode())
        metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
        pdf.Root.Metadata = metadata
        return _bytes(pdf)


def _summary(invoice: Invoice) -> list[str]:
    totals = invoice.totals
    facts = [
        ("Facture n°", invoice.number),
        ("Date", invoice.issue_date),
        ("Fournisseur", invoice.seller and invoice.seller.name),
        ("Client", invoice.buyer and invoice.buyer.name),
        ("Engagement", invoice.purchase_order),
        ("Montant TTC", totals and totals.with_vat),
        ("Net à payer", totals and totals.due),
    ]
    return [f"{label} : {value}" for label, value in facts if value is not None]


def _page(lines: Sequence[str]) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type1,
        BaseFont=Name.Helvetica,
        Encoding=Name.WinAnsiEncoding,
    )
    page = pdf.add_blank_page(page_size=(_WIDTH, _HEIGHT))
    page.obj.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
    page.obj.Contents = pdf.make_stream(_content(lines))
    return pdf


def _content(lines: Sequence[str]) -> bytes:
    room = (_HEIGHT - 2 * _MARGIN) // _LEADING
    shown = b" T*\n".join(_literal(line) + b" Tj" for line in lines[:room])
    start = f"BT /F1 11 Tf {_LEADING} TL {_MARGIN} {_HEIGHT - _MARGIN} Td\n"
    return start.encode() + shown + b"\nET\n"


def _literal(text: str) -> bytes:
    """Write a PDF string in WinAnsi; what the encoding lacks becomes a question mark."""
    raw = text.encode("cp1252", "replace")
    for special in (b"\\", b"(", b")"):
        raw = raw.replace(special, b"\\" + special)
    return b"(" + raw + b")"


def _bytes(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, min_version="1.7")
    return out.getvalue()
