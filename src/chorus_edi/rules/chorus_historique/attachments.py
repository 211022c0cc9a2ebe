"""CE-PJ-02 and CE-PJ-03: name and presence of attached files; the rest is CE-PJ-01."""

from __future__ import annotations

import re

from chorus_edi.domain.invoice import Invoice, SupportingDocument
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.registry import Breach, Confidence, rule, unjudged
from chorus_edi.rules.text import BLANKS

_LONGEST_NAME = 50
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
    why="En UBL, le bloc sert aussi à citer un document sans le joindre.",
)
