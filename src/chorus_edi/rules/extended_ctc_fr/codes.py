"""BR-FREXT-04 and BR-FREXT-CL-*: code lists that the extension adds, or widens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from msgspec.structs import replace

from chorus_edi.domain.codelists.attachments import EXTENDED_CTC_MEDIA
from chorus_edi.domain.codelists.code_list import CodeList
from chorus_edi.domain.codelists.extended import DELIVERY_TERMS, ITEM_ATTRIBUTES
from chorus_edi.domain.codelists.reasons import ALLOWANCE_REASONS, CHARGE_REASONS
from chorus_edi.domain.codelists.schemes import EXTENDED_PARTY_SCHEMES
from chorus_edi.domain.codelists.vat import CHARGE_TAX_TYPES
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.seen import SeenCodes
from chorus_edi.rules.en16931.codelists import Allowed, code_check
from chorus_edi.rules.extended_ctc_fr.cards import SOURCE, cii_only, same_as, ubl_only
from chorus_edi.rules.figures import INDICATOR
from chorus_edi.rules.inspection import UBL, Ask, ask_also
from chorus_edi.rules.registry import Breaches, Check, rule, variant
from chorus_edi.rules.text import BLANKS, every

_REASONS = ("BT-105", "BT-145")


class _Card(NamedTuple):
    """What is particular of one rule; a sub-term (``BT-29-1``) is the scheme of its term."""

    id: str
    terms: tuple[str, ...]
    codes: CodeList
    fr: str
    en: str
    conseil: str
    severity: Severity = Severity.FATAL


_ATTRIBUTE = (
    ("BT-X-11",),
    ITEM_ATTRIBUTES,
    "Le code d'une caractéristique d'article (BT-X-11) n'est pas dans la liste UNTDID 6313 "
    "étendue.",
    "The code of an item attribute (BT-X-11) is not on the extended list UNTDID 6313.",
    "Indiquez en BT-X-11 un code admis, ou nommez la caractéristique en BT-160.",
)

_CARDS = (
    _Card("BR-FREXT-04", *_ATTRIBUTE),
    # In CII the same is only a warning, under its id in Factur-X.
    _Card("BR-FXEXT-04", *_ATTRIBUTE, Severity.WARNING),
    _Card(
        "BR-FREXT-CL-10",
        ("BT-29-1", "BT-46-1", "BT-60-1"),
        EXTENDED_PARTY_SCHEMES,
        "Le schéma d'un identifiant de partie (BT-29-1, BT-46-1, BT-60-1) n'est ni dans la liste "
        "ISO 6523, ni BY, ni SE.",
        "The scheme of a party identifier (BT-29-1, BT-46-1, BT-60-1) is neither on the list "
        "ISO 6523, nor BY, nor SE.",
        "Indiquez comme schéma un code ICD à quatre chiffres, 0009 pour un SIRET.",
    ),
    _Card(
        "BR-FREXT-CL-19-GP",
        ("BT-147",),
        ALLOWANCE_REASONS,
        "Le code du motif d'une remise sur le prix (BT-147) n'est pas dans la liste UNTDID 5189.",
        "The reason code of a discount on the price (BT-147) is not on the list UNTDID 5189.",
        "Indiquez un code de la liste UNTDID 5189, 95 pour une remise, ou retirez-le.",
    ),
    _Card(
        "BR-FREXT-CL-20-TAX",
        _REASONS,
        CHARGE_TAX_TYPES,
        "Le code de la taxe facturée comme frais (BT-105, BT-145) n'est pas dans la liste UNTDID "
        "5153, TVA exclue.",
        "The code of the tax that is a charge (BT-105, BT-145) is not on the list UNTDID 5153 "
        "without the VAT.",
        "Indiquez un code de la liste UNTDID 5153, ENV pour une taxe environnementale.",
    ),
    _Card(
        "BR-FREXT-CL-24",
        ("BT-125-1",),
        EXTENDED_CTC_MEDIA,
        "Le type d'un document joint (BT-125-1) n'est pas un type admis.",
        "The media type of an attached document (BT-125-1) is not allowed.",
        "Joignez un PDF, une image PNG ou JPEG, un CSV, un classeur ou un XML, avec le type qui "
        "convient.",
    ),
    _Card(
        "BR-FREXT-CL-27",
        ("BG-13",),
        DELIVERY_TERMS,
        "Le code des conditions de livraison (BG-13) n'est ni un Incoterm, ni 1 ou 2.",
        "The code of the delivery terms (BG-13) is neither an Incoterm nor 1 or 2.",
        "Indiquez un Incoterm de trois lettres, DAP par exemple, ou retirez les conditions.",
    ),
)


def _delivery_terms(code: str) -> bool:
    """In the list of the sheets two blanks follow each other: no code is on it."""
    return DELIVERY_TERMS.holds(code) or not code.strip(BLANKS)


_ALLOWED: dict[str, Allowed] = {
    "BR-FREXT-CL-24": EXTENDED_CTC_MEDIA.codes.__contains__,
    "BR-FREXT-CL-27": _delivery_terms,
}
"""How a code is allowed, where it is not that it be on the list, blanks aside."""


def _register(card: _Card) -> None:
    check = code_check(card.id, card.terms, _ALLOWED.get(card.id, card.codes.holds))
    kept = _as_read(check) if card.codes is CHARGE_TAX_TYPES else same_as(check)
    rule(
        card.id,
        *card.terms,
        fr=card.fr,
        en=card.en,
        conseil=card.conseil,
        source=f"{SOURCE} ; {card.codes.id}",
        severity=card.severity,
        name=f"every code judged by {card.id} is on the list {card.codes.id}",
    )(kept)


def _as_read(check: Check) -> Check:
    """Judge what the reader saw: the model does not hold which list a code is of."""

    def judged(invoice: Invoice, whole: Invoice) -> Breaches:
        return None if invoice.codes is None else check(invoice, whole)

    return judged


for _card in _CARDS:
    _register(_card)


def _is_a_list(_: str) -> bool:
    """The reader leaves out the two lists and a list that is not named."""
    return False


rule(
    "BR-FREXT-CL-20-LISTID",
    *_REASONS,
    fr="La liste du code de motif de frais (BT-105, BT-145) n'est ni 7161, ni 5153.",
    en="The list of the reason code of a charge (BT-105, BT-145) is neither 7161 nor 5153.",
    conseil="Indiquez en listID 7161 (frais) ou 5153 (taxes), ou retirez cet attribut.",
    source=SOURCE,
    name="the reason code of a charge is of one of two lists",
)(_as_read(code_check("BR-FREXT-CL-20-LISTID", _REASONS, _is_a_list)))


@rule(
    "BR-FREXT-CL-20",
    *_REASONS,
    fr="Le code du motif de frais (BT-105, BT-145) n'est pas dans la liste UNTDID 7161.",
    en="The reason code of a charge (BT-105, BT-145) is not on the list UNTDID 7161.",
    conseil="Indiquez un code de la liste UNTDID 7161, FC pour un transport ; le code d'une taxe "
    "va avec listID 5153.",
    source=f"{SOURCE} ; {CHARGE_REASONS.id}",
)
def the_reason_of_a_charge_is_on_the_list(invoice: Invoice, _: Invoice) -> Breaches:
    """A code that is also written as one of another list is asked of the XML."""
    if invoice.codes is None:
        return _of_charges(invoice, invoice)
    seen = invoice.codes.by_rule
    others = seen.get("BR-FREXT-CL-20", ())
    return _judged(invoice, (one for one in seen.get("BR-CL-20", ()) if one not in others))


@variant(
    "BR-FREXT-CL-20",
    Syntax.CII,
    why="La feuille CII prend pour frais ce qui l'est par « 1 » comme par « true ».",
)
def the_reason_of_a_charge_of_cii_is_on_the_list(invoice: Invoice, _: Invoice) -> Breaches:
    """That of a charge which EN 16931 does not know is in the model alone."""
    if invoice.codes is None:
        return _of_charges(invoice, invoice)
    seen = invoice.codes.by_rule
    codes = (*seen.get("BR-CL-20", ()), *seen.get("BR-FREXT-CL-20", ()))
    return _judged(invoice, (*codes, *_of_odd_charges(invoice)))


def _of_odd_charges(invoice: Invoice) -> Iterator[str]:
    charges = chain(invoice.charges, *(line.charges for line in invoice.lines))
    for charge in charges:
        if charge.odd is not None and INDICATOR in charge.odd:
            yield from (code for code in every(charge, "reason_code") if code is not None)


_of_charges = code_check("BR-FREXT-CL-20", _REASONS, CHARGE_REASONS.holds)


def _judged(invoice: Invoice, codes: Iterable[str]) -> Breaches:
    gathered = SeenCodes({"BR-FREXT-CL-20": tuple(dict.fromkeys(codes))})
    return _of_charges(replace(invoice, codes=gathered), invoice)


_LISTED = f" {' '.join(sorted(CHARGE_REASONS.codes))} "
ask_also(
    "BR-FREXT-CL-20",
    Ask(
        each="//cac:AllowanceCharge[normalize-space(cbc:ChargeIndicator) = 'true' or "
        "normalize-space(cbc:ChargeIndicator) = '1']"
        "/cbc:AllowanceChargeReasonCode[not(@listID)]",
        counted=f"self::*[contains(normalize-space(.), ' ') or not(contains('{_LISTED}', "
        "concat(' ', normalize-space(.), ' ')))]",
        most=0,
        suspects=("@listID",),
    ),
    UBL,
    __name__,
)
ubl_only("BR-FREXT-04")
cii_only("BR-FXEXT-04")
cii_only("BR-FREXT-CL-19-GP")
