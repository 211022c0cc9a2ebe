"""BR-CL-01…BR-CL-26: every code is on its list.

The sheets look at codes wherever they stand, so a rule judges the codes that the reader saw, and
finds the places of the wrong ones in the model. A code that the model does not hold as it is
written (it has no term, stands in a repetition, has blanks around it) is told as a stray: whoever
has the XML says where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from chorus_edi.domain.codelists.attachments import MEDIA_TYPES
from chorus_edi.domain.codelists.code_list import CodeList
from chorus_edi.domain.codelists.countries import COUNTRIES, EXTENDED_CTC_COUNTRIES
from chorus_edi.domain.codelists.currencies import CURRENCIES
from chorus_edi.domain.codelists.document_types import (
    DOCUMENT_TYPES,
    UBL_CREDIT_NOTE_TYPES,
    UBL_INVOICE_TYPES,
)
from chorus_edi.domain.codelists.items import ITEM_CLASSIFICATIONS
from chorus_edi.domain.codelists.notes import CII_NOTE_SUBJECTS, NOTE_SUBJECTS
from chorus_edi.domain.codelists.payments import PAYMENT_MEANS
from chorus_edi.domain.codelists.reasons import ALLOWANCE_REASONS, CHARGE_REASONS
from chorus_edi.domain.codelists.references import REFERENCES
from chorus_edi.domain.codelists.schemes import EAS, FACTUR_X_PARTY_SCHEMES, ICD
from chorus_edi.domain.codelists.units import UNITS
from chorus_edi.domain.codelists.vat import (
    CII_TAX_POINTS,
    UBL_TAX_POINTS,
    VAT_CATEGORIES,
    VAT_EXEMPTIONS,
)
from chorus_edi.domain.groups import Attachment, Identifier
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.terms import ROOT, TERMS, addresses_of
from chorus_edi.rules.registry import Breach, Breaches, Check, rule, variant

_SOURCE = "EN 16931-1:2017, 6.4.6 ; artefacts EN 16931 1.3.16"

_NO_BLANKS = "Retirez les blancs qui entourent ce code : sans eux, il est admis."

Allowed = Callable[[str], bool]

_KNOWN, _SHORT = 1024, 16
"""Codes that a rule remembers as allowed, and the characters of the longest of them."""


class _Card(NamedTuple):
    """What is particular of one rule; a sub-term (``BT-30-1``) is the scheme of its term."""

    id: str
    terms: tuple[str, ...]
    codes: CodeList
    fr: str
    en: str
    conseil: str


_CARDS = (
    _Card(
        "BR-CL-01",
        ("BT-3",),
        DOCUMENT_TYPES,
        "Le code du type de facture (BT-3) n'est pas dans la liste UNTDID 1001.",
        "The invoice type code (BT-3) is not on the list UNTDID 1001.",
        "Indiquez en BT-3 un type admis : 380 pour une facture, 381 pour un avoir.",
    ),
    _Card(
        "BR-CL-03",
        ("BT-5", "BT-6"),
        CURRENCIES,
        "La devise indiquée avec un montant n'est pas un code ISO 4217 (devise de facturation : "
        "BT-5).",
        "The currency given with an amount is not an ISO 4217 code (invoice currency: BT-5).",
        "Écrivez avec chaque montant le code de sa devise, EUR pour l'euro.",
    ),
    _Card(
        "BR-CL-04",
        ("BT-5",),
        CURRENCIES,
        "Le code de la devise de facturation (BT-5) n'est pas un code ISO 4217.",
        "The invoice currency code (BT-5) is not an ISO 4217 code.",
        "Indiquez en BT-5 le code ISO de la devise, EUR pour l'euro.",
    ),
    _Card(
        "BR-CL-05",
        ("BT-6",),
        CURRENCIES,
        "Le code de la devise de comptabilisation de la TVA (BT-6) n'est pas un code ISO 4217.",
        "The VAT accounting currency code (BT-6) is not an ISO 4217 code.",
        "Indiquez en BT-6 le code ISO de la devise de la TVA, ou retirez cette information.",
    ),
    _Card(
        "BR-CL-06",
        ("BT-8",),
        UBL_TAX_POINTS,
        "Le code de la date d'exigibilité de la TVA (BT-8) n'est pas dans la liste admise.",
        "The value added tax point date code (BT-8) is not on the allowed list.",
        "Indiquez en BT-8 un code admis : 3, 35 ou 432 en UBL ; 5, 29 ou 72 en CII.",
    ),
    _Card(
        "BR-CL-07",
        ("BT-18-1", "BT-128-1"),
        REFERENCES,
        "Le schéma de l'identifiant d'objet (BT-18-1, BT-128-1) n'est pas dans la liste "
        "UNTDID 1153.",
        "The scheme of the object identifier (BT-18-1, BT-128-1) is not on the list UNTDID 1153.",
        "Indiquez comme schéma de l'objet un code de la liste UNTDID 1153, AVE par exemple.",
    ),
    _Card(
        "BR-CL-08",
        ("BT-21",),
        NOTE_SUBJECTS,
        "Le code sujet d'une note (BT-21) n'est pas dans la liste UNTDID 4451.",
        "The subject code of a note (BT-21) is not on the list UNTDID 4451.",
        "Indiquez en BT-21 un code de la liste UNTDID 4451, AAI par exemple, ou retirez-le.",
    ),
    _Card(
        "BR-CL-10",
        ("BT-29-1", "BT-46-1", "BT-60-1"),
        ICD,
        "Le schéma d'un identifiant de partie (BT-29-1, BT-46-1, BT-60-1) n'est pas dans la liste "
        "ISO 6523.",
        "The scheme of a party identifier (BT-29-1, BT-46-1, BT-60-1) is not on the list ISO 6523.",
        "Indiquez comme schéma un code ICD à quatre chiffres, 0009 pour un SIRET.",
    ),
    _Card(
        "BR-CL-11",
        ("BT-30-1", "BT-47-1", "BT-61-1"),
        ICD,
        "Le schéma d'un identifiant légal (BT-30-1, BT-47-1, BT-61-1) n'est pas dans la liste "
        "ISO 6523.",
        "The scheme of a legal registration (BT-30-1, BT-47-1, BT-61-1) is not on the list "
        "ISO 6523.",
        "Indiquez comme schéma un code ICD à quatre chiffres, 0002 pour un SIREN.",
    ),
    _Card(
        "BR-CL-13",
        ("BT-158-1",),
        ITEM_CLASSIFICATIONS,
        "Le schéma de classification d'un article (BT-158-1) n'est pas dans la liste UNTDID 7143.",
        "The scheme of an item classification (BT-158-1) is not on the list UNTDID 7143.",
        "Indiquez comme schéma un code de la liste UNTDID 7143, STI pour le CPV.",
    ),
    _Card(
        "BR-CL-14",
        ("BT-40", "BT-55", "BT-69", "BT-80"),
        COUNTRIES,
        "Le code pays d'une adresse (BT-40, BT-55, BT-69, BT-80) n'est pas un code ISO 3166-1.",
        "The country code of an address (BT-40, BT-55, BT-69, BT-80) is not an ISO 3166-1 code.",
        "Indiquez le code ISO du pays sur deux lettres majuscules, FR pour la France.",
    ),
    _Card(
        "BR-CL-15",
        ("BT-159",),
        COUNTRIES,
        "Le pays d'origine d'un article (BT-159) n'est pas un code ISO 3166-1.",
        "The country of origin of an item (BT-159) is not an ISO 3166-1 code.",
        "Indiquez en BT-159 le code ISO du pays sur deux lettres majuscules.",
    ),
    _Card(
        "BR-CL-16",
        ("BT-81",),
        PAYMENT_MEANS,
        "Le code du moyen de paiement (BT-81) n'est pas dans la liste UNTDID 4461.",
        "The payment means code (BT-81) is not on the list UNTDID 4461.",
        "Indiquez en BT-81 un code de la liste UNTDID 4461, 30 ou 58 pour un virement.",
    ),
    _Card(
        "BR-CL-17",
        ("BT-118", "BT-95", "BT-102"),
        VAT_CATEGORIES,
        "Le code de catégorie de TVA (BT-118, BT-95, BT-102) n'est pas dans la liste UNTDID 5305.",
        "The VAT category code (BT-118, BT-95, BT-102) is not on the list UNTDID 5305.",
        "Indiquez une catégorie admise, S pour un taux normal ou réduit, E pour une exonération.",
    ),
    _Card(
        "BR-CL-18",
        ("BT-151", "BT-118"),
        VAT_CATEGORIES,
        "Le code de catégorie de TVA d'une ligne (BT-151 ; en CII aussi BT-118) n'est pas dans la "
        "liste UNTDID 5305.",
        "The VAT category of a line (BT-151; in CII also BT-118) is not on the list UNTDID 5305.",
        "Indiquez une catégorie admise, S pour un taux normal ou réduit, E pour une exonération.",
    ),
    _Card(
        "BR-CL-19",
        ("BT-98", "BT-140"),
        ALLOWANCE_REASONS,
        "Le code du motif d'une remise (BT-98, BT-140) n'est pas dans la liste UNTDID 5189.",
        "The reason code of an allowance (BT-98, BT-140) is not on the list UNTDID 5189.",
        "Indiquez un code de la liste UNTDID 5189, 95 pour une remise, ou seulement le motif.",
    ),
    _Card(
        "BR-CL-20",
        ("BT-105", "BT-145"),
        CHARGE_REASONS,
        "Le code du motif de frais (BT-105, BT-145) n'est pas dans la liste UNTDID 7161.",
        "The reason code of a charge (BT-105, BT-145) is not on the list UNTDID 7161.",
        "Indiquez un code de la liste UNTDID 7161, FC pour un transport, ou seulement le motif.",
    ),
    _Card(
        "BR-CL-21",
        ("BT-157-1",),
        ICD,
        "Le schéma de l'identifiant standard d'un article (BT-157-1) n'est pas dans la liste "
        "ISO 6523.",
        "The scheme of an item standard identifier (BT-157-1) is not on the list ISO 6523.",
        "Indiquez comme schéma un code ICD à quatre chiffres, 0160 pour un GTIN.",
    ),
    _Card(
        "BR-CL-22",
        ("BT-121",),
        VAT_EXEMPTIONS,
        "Le code du motif d'exonération de TVA (BT-121) n'est pas dans la liste VATEX.",
        "The VAT exemption reason code (BT-121) is not on the VATEX list.",
        "Indiquez en BT-121 un code VATEX, VATEX-EU-AE par exemple, ou le motif en toutes lettres.",
    ),
    _Card(
        "BR-CL-23",
        ("BT-130", "BT-150"),
        UNITS,
        "Une unité de mesure (BT-130, BT-150) n'est pas dans les recommandations UN/ECE 20 et 21.",
        "A unit of measure (BT-130, BT-150) is not in UN/ECE recommendations 20 and 21.",
        "Indiquez un code d'unité admis : C62 pour une pièce, HUR pour une heure.",
    ),
    _Card(
        "BR-CL-24",
        ("BT-125-1",),
        MEDIA_TYPES,
        "Le type d'un document joint (BT-125-1) n'est pas un type admis.",
        "The media type of an attached document (BT-125-1) is not allowed.",
        "Joignez un PDF, une image PNG ou JPEG, un CSV ou un classeur, avec le type qui convient.",
    ),
    _Card(
        "BR-CL-25",
        ("BT-34-1", "BT-49-1"),
        EAS,
        "Le schéma d'une adresse électronique (BT-34-1, BT-49-1) n'est pas dans la liste EAS.",
        "The scheme of an electronic address (BT-34-1, BT-49-1) is not on the EAS list.",
        "Indiquez un schéma de la liste EAS, 0225 pour une adresse de facturation française.",
    ),
    _Card(
        "BR-CL-26",
        ("BT-71-1",),
        ICD,
        "Le schéma de l'identifiant du lieu de livraison (BT-71-1) n'est pas dans la liste "
        "ISO 6523.",
        "The scheme of the deliver to location (BT-71-1) is not on the list ISO 6523.",
        "Indiquez comme schéma un code ICD à quatre chiffres, 0009 pour un SIRET.",
    ),
)


def code_check(rule_id: str, terms: tuple[str, ...], allowed: Allowed) -> Check:
    """Make the check of a rule on codes: those that the reader saw, told at their terms."""
    # Invoices share a few codes; that one is allowed is asked once.
    known: set[str] = set()

    def check(invoice: Invoice, _: Invoice) -> Breaches:
        if invoice.codes is None:
            seen: Iterable[str] = (code for _, code in _held(invoice, terms))
        else:
            seen = invoice.codes.by_rule.get(rule_id, ())
            if known.issuperset(seen):
                return None
        wrong = {code: _advice(code, allowed) for code in seen if not allowed(code)}
        if len(known) < _KNOWN:
            known.update(code for code in seen if code not in wrong and len(code) <= _SHORT)
        return _breaches(invoice, terms, wrong) if wrong else None

    return check


def _advice(code: str, allowed: Allowed) -> str | None:
    """Say what to do where only the blanks around a code are wrong, of whatever kind."""
    bare = code.strip()
    return _NO_BLANKS if bare != code and allowed(bare) else None


def _breaches(
    invoice: Invoice, terms: tuple[str, ...], wrong: dict[str, str | None]
) -> tuple[Breach, ...]:
    """Tell every place of a wrong code, then the codes that have none in the model."""
    held = _held(invoice, terms)
    told = [_breach(address, code, wrong[code]) for address, code in held if code in wrong]
    placed = {breach.found for breach in told}
    usual, strays = _usual(terms[0]), [one for one in wrong.items() if one[0] not in placed]
    return (*told, *(_breach(usual, *one, stray=True) for one in strays))


def _breach(address: str, code: str, advice: str | None, *, stray: bool = False) -> Breach:
    at, _, last = address.rpartition("/")
    term, _, index = last.partition("[")
    number = int(index[:-1]) if index else None
    return Breach(term, code, at=at, index=number, stray=stray, conseil=advice)


def _held(invoice: Invoice, terms: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield address and code of each of these terms and sub-terms that the model holds."""
    for address, value in addresses_of(invoice):
        group, _, last = address.rpartition("/")
        term, bracket, index = last.partition("[")
        code: Any = value
        if term not in terms:
            term = f"{term}-1"
            if term not in terms:
                continue
            code = _sub_term(value)
        if isinstance(code, str):
            yield f"{group}{'/' if group else ''}{term}{bracket}{index}", code


def _sub_term(value: Any) -> str | None:
    if isinstance(value, Identifier):
        return value.scheme
    return value.mime if isinstance(value, Attachment) else None


def _usual(term: str) -> str:
    """Return the address where a term stands first."""
    steps = [term]
    group = TERMS[term if term in TERMS else term.rpartition("-")[0]].group
    while group != ROOT:
        steps.append(f"{group}[1]" if TERMS[group].repeated else group)
        group = TERMS[group].group
    return "/".join(reversed(steps))


def _as_written(codes: CodeList) -> Allowed:
    """The sheet of the profile takes a code as it is written, and nothing for a code."""
    return lambda code: code in codes.codes or code == ""


def _any_case(code: str) -> bool:
    return VAT_EXEMPTIONS.holds(code.upper())


_SUBJECTS = f" {' '.join(sorted(NOTE_SUBJECTS.codes))} "


def _ubl_subject(code: str) -> bool:
    """The sheet looks for the three characters anywhere in the list, spaces counting."""
    return code in _SUBJECTS


_NORM: dict[str, Allowed] = {
    "BR-CL-08": _ubl_subject,
    "BR-CL-22": _any_case,
    "BR-CL-24": MEDIA_TYPES.codes.__contains__,
}
"""How the rules of the UBL sheet allow a code, where it is not that it be on the list."""

_NORM_TERMS = {"BR-CL-18": ("BT-151",)}
_CII_TERMS = {"BR-CL-17": ("BT-95", "BT-102")}
"""The terms that a sheet looks at, where it is not all that the card names."""

_CII: dict[str, tuple[Allowed, str]] = {
    "BR-CL-06": (CII_TAX_POINTS.holds, "CII prend les codes de la liste UNTDID 2475."),
    "BR-CL-07": (_as_written(REFERENCES), "Le profil prend le code tel qu'il est écrit."),
    "BR-CL-08": (CII_NOTE_SUBJECTS.holds, "La feuille CII connaît dix-huit sujets de plus."),
    "BR-CL-10": (
        _as_written(FACTUR_X_PARTY_SCHEMES),
        "Le profil ne connaît pas encore huit schémas récents.",
    ),
    "BR-CL-14": (EXTENDED_CTC_COUNTRIES.holds, "La feuille CII connaît AN, mais pas SS."),
    "BR-CL-15": (EXTENDED_CTC_COUNTRIES.holds, "La feuille CII connaît AN, mais pas SS."),
    "BR-CL-17": (VAT_CATEGORIES.holds, "La ventilation (BT-118) relève de BR-CL-18."),
    "BR-CL-18": (VAT_CATEGORIES.holds, "La règle porte aussi sur BT-118."),
    "BR-CL-20": (_as_written(CHARGE_REASONS), "Le profil prend le code tel qu'il est écrit."),
    "BR-CL-24": (_as_written(MEDIA_TYPES), "Le profil laisse passer un type vide."),
}
_UBL = {
    Syntax.UBL_INVOICE: (UBL_INVOICE_TYPES, "Cet élément porte les types de factures."),
    Syntax.UBL_CREDIT_NOTE: (
        UBL_CREDIT_NOTE_TYPES,
        "Les types d'avoirs ont leur propre élément.",
    ),
}


def _register(card: _Card) -> None:
    identity: Callable[[Check], Check] = rule(
        card.id,
        *card.terms,
        fr=card.fr,
        en=card.en,
        conseil=card.conseil,
        source=f"{_SOURCE} ; {card.codes.id} ({card.codes.version})",
        name=f"every code of {', '.join(card.terms)} is on the list {card.codes.id}",
    )
    terms = _NORM_TERMS.get(card.id, card.terms)
    identity(code_check(card.id, terms, _NORM.get(card.id, card.codes.holds)))
    if card.id in _CII:
        _vary(card, Syntax.CII, *_CII[card.id])


def _vary(card: _Card, syntax: Syntax, allowed: Allowed, why: str) -> None:
    varied: Callable[[Check], Check] = variant(card.id, syntax, why=why)
    terms = _CII_TERMS.get(card.id, card.terms)
    varied(code_check(card.id, terms, allowed))


for _card in _CARDS:
    _register(_card)
for _syntax, (_types, _why) in _UBL.items():
    _vary(_CARDS[0], _syntax, _types.holds, _why)
