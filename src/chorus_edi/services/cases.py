"""The cases of the kit: what vendors send, well and badly, and under which code.

Each is a file and a sentence; what becomes of it is for the pipeline to say. The partners are those
of ``resources/kit/partenaires.toml``.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from chorus_edi.domain.scenarios import Profile
from chorus_edi.formats.writers import to_cii, to_facturx, to_plain_pdf, to_ubl
from chorus_edi.services.nights import (
    UNKNOWN_SERVICE,
    flow_name,
    tar_gz,
    with_wrong_total,
    without,
)
from chorus_edi.services.specimens import Recipient, Specimen, Style, specimen

FREE, STRICT, ONE_ISSUER, CLOSED = "ABC123", "STR001", "SIR001", "FIN001"
MANIFEST, TRIAL = "MAN001", "QUA001"

VIRUS = b"VIRUS FICTIF DU KIT"
"""What the stand-in for an antivirus command of the kit finds."""

_SHEET = b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/>\n'
_TOO_LARGE = 10 * 1024 * 1024 + 1
_PDF = b"%PDF-1.7\n%%EOF\n"


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a partner sends, those that go with it, and what it shows, in French."""

    partner: str
    name: str
    content: bytes
    shows: str
    beside: Mapping[str, bytes] = {}


class Cases:
    """Makes the cases, in the order of the kit.

    Args:
        recipients: who invoices may be sent to.
    """

    def __init__(self, recipients: Sequence[Recipient]) -> None:
        self._recipients = recipients
        self._number = 0

    def first(self) -> list[Sent]:
        """Return what is sent first."""
        return [
            *self._sound(),
            *self._partly(),
            *self._envelopes(),
            *self._contents(),
            *self._attachments(),
            *self._trials(),
        ]

    def then(self, earlier: Sequence[Sent]) -> list[Sent]:
        """Return what is sent once the first were processed: again, and mended."""
        whole = earlier[0]
        broken = next(one for one in earlier if one.shows == _BROKEN)
        return [
            msgspec.structs.replace(
                whole,
                shows="Le même flux, envoyé une seconde fois : le premier compte rendu est "
                "redonné.",
            ),
            msgspec.structs.replace(
                broken,
                content=self._ubl(),
                shows="Un flux irrecevable, corrigé et redéposé sous le même nom.",
            ),
        ]

    # -- what passes -----------------------------------------------------------------------------

    def _sound(self) -> Iterator[Sent]:
        yield self._named("FSO1150A", self._ubl(), "Une facture UBL seule, sans extension.")
        yield self._named(
            "FSO1150A",
            self._archive(3),
            "Une archive de trois factures UBL et leur feuille de style.",
            ending=".tar.gz",
        )
        yield self._named("FSO1151A", self._cii(), "Une facture CII.", ending=".xml")
        yield self._named("FSO1152A", self._facturx(), "Une facture Factur-X.")
        yield self._named("FSO1100A", self._historic(), "Des factures E1 du circuit historique.")
        yield self._free(
            "factures du 21 novembre.zip",
            _zip({"lot/a.XML": self._ubl(), "lot/b.pdf": self._facturx()}),
            "Une archive zip sous un nom libre, les "
            "fichiers dans un dossier, les formats mélangés.",
        )

    def _partly(self) -> Iterator[Sent]:
        sound, wrong = self._ubl(), self._made()
        files = {
            "facture-1.xml": sound,
            "facture-2-total-faux.xml": to_ubl(with_wrong_total(wrong.invoice), wrong.files),
            "facture-3-service-inconnu.xml": self._to(code_service=UNKNOWN_SERVICE),
            "facture-4-destinataire-inconnu.xml": self._to(siret="99990009900017"),
            "facture-5-doublon.xml": sound,
        }
        yield self._named(
            "FSO1150A",
            tar_gz(files),
            "Une facture bonne et quatre rejetées : total, service, destinataire, doublon.",
        )
        yield self._free(
            "facture-scannee.pdf",
            to_plain_pdf("Facture n° 2026-77\nSans données"),
            "Un PDF sans données structurées.",
        )

    # -- what is refused for its envelope --------------------------------------------------------

    def _envelopes(self) -> Iterator[Sent]:
        send = self._named
        yield Sent(
            partner=STRICT,
            name="facture-2026.xml",
            content=self._ubl(),
            shows="Un nom libre, pour un partenaire qui n'y a pas droit.",
        )
        yield self._free("facture n°1 & 2.xml", self._ubl(), "Un nom qui contient « & ».")
        yield Sent(
            partner=FREE,
            name=flow_name("FSO1150A", STRICT, 90),
            content=self._ubl(),
            shows="Un flux nommé d'après le code d'un autre.",
        )
        yield send("FSO1150A", self._ubl(), "Un raccordement qui n'est plus ouvert.", by=CLOSED)
        yield send(
            "FSO1150A",
            self._ubl(),
            "Une facture d'un émetteur pour qui le partenaire ne peut pas déposer.",
            by=ONE_ISSUER,
        )
        yield send("FSO9999A", self._ubl(), "Une interface qui n'existe pas.")
        yield send("FSO1100A", self._ubl(), "Une interface sans abonnement.", by=STRICT)
        yield send(
            "FSO1101A",
            self._cii(),
            "Une interface dont le format n'est pas ouvert au partenaire.",
            by=STRICT,
        )
        yield send("FSO1150A", _virus(self._ubl()), "Un fichier où l'antivirus trouve un virus.")
        manifest = {".manifest": b"0" * 64 + b" 12\n"}
        sent = send(
            "FSO1150A", self._ubl(), "Un manifeste qui annonce un autre fichier.", by=MANIFEST
        )
        yield msgspec.structs.replace(
            sent, beside={f"{sent.name}{end}": content for end, content in manifest.items()}
        )

    def _contents(self) -> Iterator[Sent]:
        send = self._named
        yield send("FSO1150A", self._archive(2)[:-30], "Une archive dont le transfert a été coupé.")
        yield send("FSO1150A", tar_gz({}), "Une archive vide.")
        yield send("FSO1150A", tar_gz({"vue.xsl": _SHEET}), "Une feuille de style sans facture.")
        yield send("FSO1150A", b"", "Un fichier vide.")
        yield send(
            "FSO1150A",
            self._archive(3),
            "Plus de factures que le partenaire ne peut en déposer par flux.",
            by=STRICT,
        )
        yield send(
            "FSO1150A",
            self._ubl().replace(b"<cbc:ID>", b" " * 1_100_000 + b"<cbc:ID>", 1),
            "Une facture plus grande que ce que le partenaire peut déposer.",
            by=STRICT,
        )
        yield send(
            "FSO1150A",
            tar_gz({"a.xml": self._ubl(), "a&b.xml": self._ubl()}),
            "Un nom interdit dans l'archive.",
        )
        yield send(
            "FSO1150A",
            tar_gz({"a.xml": self._ubl(), "b.xml": self._cii()}),
            "Deux formats dans un flux nommé.",
        )
        yield send("FSO1100A", self._cii(), "Une facture CII sous une interface UBL.")
        yield self._free("lisez-moi.txt", "Ceci n’est pas une facture.\n".encode(), "Un texte.")
        yield send("FSO1150A", without(self._ubl(), "IssueDate"), _BROKEN)

    def _attachments(self) -> Iterator[Sent]:
        zipped = _zip({"plans.pdf": _PDF + bytes(_TOO_LARGE)})
        for name, content, shows in (
            ("vide.pdf", b"", "Une pièce jointe vide."),
            ("plans.zip", zipped, "Une pièce jointe de plus de 10 Mo, une fois décompressée."),
            ("programme.exe", b"MZ" + bytes(200), "Une pièce jointe d'un type non admis."),
            ("devis & plan.pdf", _PDF, "Un nom de pièce jointe qui contient « & »."),
        ):
            yield self._named("FSO1150A", _attached(self._ubl(), name, content), shows)

    def _trials(self) -> Iterator[Sent]:
        wrong = self._made()
        for content, shows in (
            (self._archive(2), "En qualification, un flux conforme."),
            (
                to_ubl(with_wrong_total(wrong.invoice), wrong.files),
                "En qualification, un total faux.",
            ),
            (b"<Invoice/>\n", "En qualification, un fichier qui n'est pas une facture."),
        ):
            yield self._named("FSO1150A", content, shows, by=TRIAL)

    # -- makers ----------------------------------------------------------------------------------

    def _named(
        self, interface: str, content: bytes, shows: str, *, by: str = FREE, ending: str = ""
    ) -> Sent:
        self._number += 1
        name = f"{flow_name(interface, by, self._number)}{ending}"
        return Sent(partner=by, name=name, content=content, shows=shows)

    def _free(self, name: str, content: bytes, shows: str) -> Sent:
        return Sent(partner=FREE, name=name, content=content, shows=shows)

    def _made(self, style: Style = Style.AFNOR, recipients: Sequence[Recipient] = ()) -> Specimen:
        self._number += 1
        return specimen(self._number, recipients or self._recipients, seed=5, style=style)

    def _ubl(self) -> bytes:
        made = self._made()
        return to_ubl(made.invoice, made.files)

    def _to(self, **changed: str) -> bytes:
        """Return an invoice to somebody whom the directory does not know so."""
        choosy = next((one for one in self._recipients if one.code_service), self._recipients[0])
        made = self._made(recipients=[msgspec.structs.replace(choosy, **changed)])
        return to_ubl(made.invoice, made.files)

    def _cii(self) -> bytes:
        made = self._made()
        return to_cii(made.invoice, made.files)

    def _facturx(self) -> bytes:
        made = self._made()
        return to_facturx(made.invoice, Profile.EN16931, made.files)

    def _archive(self, count: int) -> bytes:
        invoices = {f"facture-{n}.xml": self._ubl() for n in range(1, count + 1)}
        return tar_gz({"vue.xsl": _SHEET, **invoices})

    def _historic(self) -> bytes:
        made = [self._made(Style.HISTORIC_UBL) for _ in range(2)]
        return tar_gz({f"{n}.xml": to_ubl(one.invoice, one.files) for n, one in enumerate(made, 1)})


_BROKEN = "Une facture à laquelle son schéma trouve une faute : la date manque."


def _virus(xml: bytes) -> bytes:
    return xml.rstrip() + b"\n<!-- " + VIRUS + b" -->\n"


def _zip(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _attached(xml: bytes, name: str, content: bytes) -> bytes:
    """Return a written UBL invoice with one more attachment."""
    block = (
        "<cac:AdditionalDocumentReference><cbc:ID>PJ</cbc:ID><cac:Attachment>"
        '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" '
        f'filename="{name.replace("&", "&amp;")}">{base64.b64encode(content).decode()}'
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>\n"
    ).encode()
    supplier = b"<cac:AccountingSupplierParty>"
    return xml.replace(supplier, block + supplier, 1)
