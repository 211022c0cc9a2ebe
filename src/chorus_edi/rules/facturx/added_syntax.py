"""BR-FXEXT rules on the XML itself, which only EXTENDED has: line notes, tax numbers, moments."""

from __future__ import annotations

from chorus_edi.rules.inspection import CII, Ask, Text, ask

_SOURCE = "Factur-X 1.09, profil EXTENDED"

ask(
    "BR-FXEXT-02",
    "BT-127",
    asks=(
        Ask(
            each="//ram:AssociatedDocumentLineDocument/ram:IncludedNote[ram:SubjectCode]",
            counted="ram:ContentCode|ram:Content",
            least=1,
            suspects=("SubjectCode",),
        ),
    ),
    syntaxes=CII,
    text=Text(
        name="a line note with a subject code says something",
        fr="Une note de ligne porte un code sujet, mais ni texte (BT-127) ni code de note.",
        en="A line note has a subject code, but neither a text (BT-127) nor a note code.",
        conseil="Donnez le texte de la note en BT-127, ou retirez son code sujet.",
    ),
    source=_SOURCE,
    module=__name__,
)
ask(
    "BR-FXEXT-03",
    "BT-48",
    "BT-63",
    asks=(
        Ask(
            each="//ram:SpecifiedTaxRegistration/ram:ID[not(ancestor::ram:SellerTradeParty)]",
            counted="@schemeID[. = 'VA']",
            least=1,
            suspects=("SpecifiedTaxRegistration", "ID"),
        ),
    ),
    syntaxes=CII,
    text=Text(
        name="parties other than the seller have no tax number but that of the VAT",
        fr="Un numéro fiscal d'une autre partie que le vendeur n'est pas un numéro de TVA (BT-48, "
        "BT-63).",
        en="A tax number of a party other than the seller is no VAT identifier (BT-48, BT-63).",
        conseil="Donnez le numéro de TVA (BT-48 pour l'acheteur) avec schemeID VA, ou retirez-le.",
    ),
    source=_SOURCE,
    module=__name__,
)
ask(
    "BR-FXEXT-CII-DT-097a",
    "BT-2",
    "BT-9",
    "BT-72",
    asks=(
        Ask(
            each="//udt:DateTimeString[@format='205']",
            counted=r"self::*[not(re:test(string(.), '^[ \t\r\n]*\d{4}(1[0-2]|0[1-9])"
            r"(3[01]|[12][0-9]|0[1-9])([01][0-9]|2[0-3])[0-5][0-9][ \t\r\n]*$'))]",
            most=0,
            suspects=("DateTimeString",),
        ),
    ),
    syntaxes=CII,
    text=Text(
        name="a moment of the format 205 is a day, an hour and a minute",
        fr="Une date annoncée au format 205 (BT-2, par exemple) n'est pas un jour suivi de "
        "l'heure, AAAAMMJJHHMM.",
        en="A date said to be of the format 205 (BT-2, for instance) is not a day followed by the "
        "time, YYYYMMDDHHMM.",
        conseil="Écrivez la date AAAAMMJJHHMM, ou donnez-lui le format 102 et AAAAMMJJ.",
    ),
    source=_SOURCE,
    module=__name__,
)
