"""CE-PJ-02 to CE-PJ-04: name, presence and total size of attached files; the rest is CE-PJ-01."""

from __future__ import annotations

import re

from chorus_edi.domain.invoice import Invoice, SupportingDocument
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.registry import Breach, Confidence, rule, unjudged
from chorus_edi.rules.text import BLANKS

_LONGEST_NAME = 50
_MOST_BYTES = 120 * 1024 * 1024
_MEGABYTE = 1024 * 1024
_EXTENSION = re.compile(r".+\.[A-Za-z0-9]{1,5}")


@rule(
    "CE-PJ-02",
    "BT-122",
    "BT-125",
    each=SupportingDocument,
    given=("BT-125",),
    fr="Le nom de la pièce jointe (BT-122) a plus de 50 caractères, ou n'a pas d'extension.",
    en="The name of the attachment (BT-122) has more than 50 characters, or no extension.",
    conseil="Nommez la pièce jointe en BT-122 en 50 caractères au plus, extension comprise : "
    "facture.pdf.",
    source="Communauté Chorus Pro, bonnes pratiques ; XSD du format pivot (NomPJ)",
    motive=Motive.REJ_REF_PJ,
)
def an_attachment_has_a_short_name_with_its_extension(
    document: SupportingDocument, _: Invoice
) -> Breach | None:
    """The file name, or the reference where the formats of Chorus Pro write it."""
    name = (document.attachment and document.attachment.filename) or document.reference or ""
    name = name.strip(BLANKS)
    if len(name) > _LONGEST_NAME:
        return Breach("BT-122", found=name, expected="50 caractères au plus")
    if _EXTENSION.fullmatch(name) is None:
        return Breach("BT-122", found=name, expected="une extension")
    return None


@rule(
    "CE-PJ-03",
    "BT-125",
    "BT-122",
    each=SupportingDocument,
    fr="La pièce jointe (BT-125) est annoncée, mais son contenu n'est pas là.",
    en="The attachment (BT-125) is announced, but its content is not there.",
    conseil="Joignez le fichier en BT-125, encodé en base64, ou retirez le bloc.",
    source="Contrôle EDI de Chorus Pro : « AttachmentBinaryObject … est obligatoire », lu dans les "
    "modules d'un client libre",
    confidence=Confidence.RENDERED,
    motive=Motive.REJ_REF_PJ,
)
def an_announced_attachment_is_there(document: SupportingDocument, _: Invoice) -> Breach | None:
    """Content that is there but empty, too large or of another type is told by CE-PJ-01."""
    if document.attachment is not None:
        return None
    return Breach("BT-125")


unjudged(
    "CE-PJ-03",
    Syntax.UBL_INVOICE,
    Syntax.UBL_CREDIT_NOTE,
    why="Le bloc sert aussi à citer un document sans le joindre.",
)


@rule(
    "CE-PJ-04",
    "BT-125",
    fr="Les pièces jointes (BT-125) font ensemble plus de 120 Mo.",
    en="The attachments (BT-125) together have more than 120 MB.",
    conseil="Allégez les pièces jointes, ou répartissez-les sur plusieurs factures.",
    source="Limite d'une facture et de ses pièces jointes, lue dans les modules d'un client libre",
    confidence=Confidence.RENDERED,
)
def attachments_have_at_most_120_megabytes_together(invoice: Invoice, _: Invoice) -> Breach | None:
    """Decoded and unzipped; the limit of the file itself is not a rule of this set."""
    sizes = {
        n: one.attachment.size
        for n, one in enumerate(invoice.supporting_documents, 1)
        if one.attachment is not None
    }
    total = sum(sizes.values())
    if total <= _MOST_BYTES:
        return None
    found = f"{-(-total // _MEGABYTE)} Mo"
    return Breach("BT-125", found=found, expected="120 Mo au plus", at=f"BG-24[{max(sizes)}]")
