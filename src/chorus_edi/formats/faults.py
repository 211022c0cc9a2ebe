"""The technical faults of files: one table, whence their motive, sentence and advice.

``RULES`` is what ``explain`` shows. Ids are ours (``CE-``); an id may be retired, never reused.
Motives: facts reform-2026, annexe 7 G7.18.
"""

from __future__ import annotations

import msgspec

from chorus_edi.domain.findings import Severity, Stage
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive


class TechnicalRule(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a file must not be.

    Attributes:
        stage: the step that finds it.
        motive: what it gives a refusal.
        message: what is wrong, in both languages.
        conseil: what to do, one French sentence.
        severity: fatal, save for remarks.
    """

    stage: Stage
    motive: Motive
    message: Label
    conseil: str
    severity: Severity = Severity.FATAL


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A fault of a file, as a value.

    Attributes:
        rule: id in ``RULES``.
        motive: official motive.
        message: what is wrong, in both languages.
        found: what stands there, fit for display.
        line: line from 1, where there is one.
        column: column from 1, where there is one.
    """

    rule: str
    motive: Motive
    message: Label
    found: str | None = None
    line: int | None = None
    column: int | None = None


def displayed(text: str, limit: int = 120) -> str:
    """Return hostile text fit for a report: one short line without control characters."""
    shown = "".join(
        c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: limit + 1]
    )
    return shown if len(shown) <= limit else f"{shown[:limit]}…"


def _row(stage: Stage, motive: Motive, fr: str, en: str, conseil: str) -> TechnicalRule:
    return TechnicalRule(stage=stage, motive=motive, message=Label(fr, en), conseil=conseil)


RULES: dict[str, TechnicalRule] = {
    # -- archives ----------------------------------------------------------------------------------
    "CE-ARC-01": _row(
        Stage.UNPACK,
        Motive.IRR_EXTRAC,
        "L'archive est tronquée, abîmée ou d'un format non admis.",
        "The archive is truncated, damaged or of a format that is not accepted.",
        "Refaites l'archive (.tar.gz ou .zip) et vérifiez qu'elle s'ouvre avant de la renvoyer.",
    ),
    "CE-ARC-02": _row(
        Stage.UNPACK,
        Motive.IRR_EXTRAC,
        "L'archive est chiffrée ou protégée par un mot de passe.",
        "The archive is encrypted or protected by a password.",
        "Refaites l'archive sans mot de passe.",
    ),
    "CE-ARC-03": _row(
        Stage.UNPACK,
        Motive.IRR_VIDE,
        "L'archive ne contient aucun fichier.",
        "The archive holds no file.",
        "Placez au moins une facture dans l'archive.",
    ),
    "CE-ARC-04": _row(
        Stage.UNPACK,
        Motive.IRR_TAILLE,
        "L'archive contient plus de fichiers que le nombre admis pour un flux.",
        "The archive holds more files than one flow may have.",
        "Répartissez les factures sur plusieurs flux de 500 au plus.",
    ),
    "CE-ARC-05": _row(
        Stage.UNPACK,
        Motive.IRR_TAILLE,
        "Le contenu de l'archive dépasse la taille admise pour un flux.",
        "The content of the archive exceeds the size that one flow may have.",
        "Répartissez les factures sur plusieurs flux de 1 Go au plus, une fois décompressés.",
    ),
    "CE-ARC-06": _row(
        Stage.UNPACK,
        Motive.IRR_TAILLE_F,
        "Un fichier de l'archive dépasse la taille admise de 120 Mo.",
        "A file of the archive exceeds the accepted size of 120 MB.",
        "Allégez les pièces jointes de cette facture.",
    ),
    "CE-ARC-07": _row(
        Stage.UNPACK,
        Motive.IRR_NOM_F,
        "Le nom d'un fichier de l'archive n'est pas admis.",
        "The name of a file of the archive is not accepted.",
        "Utilisez des noms relatifs d'au plus 256 caractères, sans « .. », ni caractère de "
        "contrôle, ni aucun de % $ ! & \\ : ; « » # @.",
    ),
    "CE-ARC-08": _row(
        Stage.UNPACK,
        Motive.IRR_NOM_F,
        "Deux fichiers de l'archive portent le même nom.",
        "Two files of the archive have the same name.",
        "Donnez à chaque fichier de l'archive un nom différent.",
    ),
    "CE-ARC-09": _row(
        Stage.UNPACK,
        Motive.IRR_EXTRAC,
        "L'archive contient un lien ou un fichier spécial.",
        "The archive holds a link or a special file.",
        "Placez dans l'archive les fichiers eux-mêmes, sans liens.",
    ),
    "CE-ARC-10": _row(
        Stage.UNPACK,
        Motive.IRR_EXTRAC,
        "Des données précèdent ou suivent l'archive.",
        "Data stand before or behind the archive.",
        "Refaites une seule archive avec tous les fichiers.",
    ),
    "CE-ARC-11": _row(
        Stage.UNPACK,
        Motive.IRR_EXTRAC,
        "L'archive n'a pas pu être décompressée dans le temps accordé.",
        "The archive could not be unpacked in the time allowed.",
        "Répartissez les factures sur plusieurs flux, et refaites l'archive avec un outil courant.",
    ),
    # -- XML ---------------------------------------------------------------------------------------
    "CE-XML-01": _row(
        Stage.DETECT,
        Motive.IRR_VIDE_F,
        "Le fichier est vide.",
        "The file is empty.",
        "Vérifiez l'export de votre logiciel et renvoyez le fichier complet.",
    ),
    "CE-XML-02": _row(
        Stage.DETECT,
        Motive.IRR_TAILLE_F,
        "Le fichier dépasse la taille admise de 120 Mo.",
        "The file exceeds the accepted size of 120 MB.",
        "Allégez les pièces jointes de cette facture.",
    ),
    "CE-XML-03": _row(
        Stage.DETECT,
        Motive.IRR_SYNTAX,
        "Le fichier XML déclare un encodage qui n'est pas admis.",
        "The XML file declares an encoding that is not accepted.",
        "Enregistrez le fichier en UTF-8.",
    ),
    "CE-XML-04": _row(
        Stage.DETECT,
        Motive.IRR_SYNTAX,
        "Le fichier n'est pas écrit dans l'encodage qu'il annonce.",
        "The file is not written in the encoding it announces.",
        "Enregistrez le fichier en UTF-8 et annoncez cet encodage en tête du fichier.",
    ),
    "CE-XML-05": _row(
        Stage.DETECT,
        Motive.IRR_SYNTAX,
        "Le fichier XML contient une déclaration DOCTYPE, qui n'est pas admise.",
        "The XML file has a DOCTYPE declaration, which is not accepted.",
        "Retirez la déclaration DOCTYPE et les entités qu'elle définit.",
    ),
    "CE-XML-06": _row(
        Stage.DETECT,
        Motive.IRR_TAILLE_F,
        "Le fichier XML contient trop d'éléments ou d'attributs pour sa taille.",
        "The XML file has too many elements or attributes for its size.",
        "Vérifiez l'export de votre logiciel : le fichier est presque entièrement fait de balises.",
    ),
    "CE-XML-07": _row(
        Stage.DETECT,
        Motive.IRR_SYNTAX,
        "Le fichier XML emboîte plus de 256 éléments.",
        "The XML file nests more than 256 elements.",
        "Vérifiez l'export de votre logiciel : aucune facture n'a cette profondeur.",
    ),
    "CE-XML-08": _row(
        Stage.DETECT,
        Motive.IRR_SYNTAX,
        "Le fichier n'est pas un XML bien formé.",
        "The file is not well-formed XML.",
        "Corrigez le fichier à l'endroit indiqué, puis vérifiez-le avec un outil XML.",
    ),
    # -- type --------------------------------------------------------------------------------------
    "CE-TYPE-01": _row(
        Stage.DETECT,
        Motive.IRR_TYPE_F,
        "Ce fichier XML n'est ni une facture UBL 2.1, ni un avoir UBL 2.1, ni une facture CII.",
        "This XML file is no UBL 2.1 invoice or credit note and no CII invoice.",
        "Envoyez une facture au format UBL 2.1, CII ou Factur-X.",
    ),
    "CE-TYPE-02": _row(
        Stage.DETECT,
        Motive.IRR_TYPE_F,
        "Ce fichier n'est ni un XML, ni un PDF.",
        "This file is neither XML nor PDF.",
        "Envoyez une facture au format UBL 2.1, CII ou Factur-X.",
    ),
    "CE-TYPE-03": _row(
        Stage.DETECT,
        Motive.IRR_TYPE_F,
        "Ce format n'est pas celui de l'interface du flux, ou n'est pas ouvert à l'émetteur.",
        "This format is not that of the flow's interface, or is not open to the sender.",
        "Déposez ce document sous l'interface de son format, ou demandez à y être abonné.",
    ),
    # -- PDF ---------------------------------------------------------------------------------------
    "CE-PDF-01": _row(
        Stage.DETECT,
        Motive.IRR_SYNTAX,
        "Le fichier PDF est tronqué ou abîmé.",
        "The PDF file is truncated or damaged.",
        "Refaites le PDF et vérifiez qu'il s'ouvre avant de le renvoyer.",
    ),
    "CE-PDF-02": _row(
        Stage.DETECT,
        Motive.IRR_SYNTAX,
        "Le fichier PDF est chiffré ou protégé par un mot de passe.",
        "The PDF file is encrypted or protected by a password.",
        "Refaites le PDF sans mot de passe ni restriction.",
    ),
    "CE-PDF-03": _row(
        Stage.DETECT,
        Motive.IRR_TYPE_F,
        "Le PDF s'annonce comme Factur-X mais ne contient pas le fichier XML de la facture.",
        "The PDF announces itself as Factur-X but does not hold the XML file of the invoice.",
        "Refaites le Factur-X avec sa pièce jointe factur-x.xml.",
    ),
    "CE-PDF-04": _row(
        Stage.DETECT,
        Motive.IRR_TYPE_F,
        "Le PDF contient plusieurs fichiers XML de facture.",
        "The PDF holds several XML files of an invoice.",
        "Ne laissez dans le PDF qu'une facture, nommée factur-x.xml.",
    ),
    "CE-PDF-05": _row(
        Stage.DETECT,
        Motive.IRR_TAILLE_F,
        "Le fichier XML contenu dans le PDF dépasse la taille admise.",
        "The XML file inside the PDF exceeds the accepted size.",
        "Vérifiez l'outil qui fabrique vos Factur-X.",
    ),
    "CE-PDF-06": TechnicalRule(
        stage=Stage.DETECT,
        motive=Motive.IRR_TYPE_F,
        message=Label(
            "Le fichier XML contenu dans le PDF ne porte pas le nom normalisé factur-x.xml.",
            "The XML file inside the PDF does not have the standard name factur-x.xml.",
        ),
        conseil="Nommez factur-x.xml la pièce jointe du PDF.",
        severity=Severity.WARNING,
    ),
}
"""Rule id → what it says."""
