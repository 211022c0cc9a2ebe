"""Rules that ask a group for a term or a reason: one table, a rule per group (BR-24, BR-31…BR-49).

Whether the term says something is for other rules: blank is there.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any, NamedTuple

from chorus_edi.domain.groups import Group
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import InvoiceLine, LineAllowance, LineCharge
from chorus_edi.domain.settlement import (
    DocumentAllowance,
    DocumentCharge,
    PaymentInstructions,
    VatBreakdown,
)
from chorus_edi.rules.registry import Breach, rule

_SOURCE = "EN 16931-1:2017, 6.4.1 ; artefacts EN 16931 1.3.16"


class _Card(NamedTuple):
    """A rule: the group must have one of the fields."""

    id: str
    each: type[Group]
    terms: tuple[str, ...]
    fields: tuple[str, ...]
    name: str
    fr: str
    en: str
    conseil: str


_ALLOWANCE = ("la remise du document (BG-20)", "the document level allowance (BG-20)")
_CHARGE = ("les frais du document (BG-21)", "the document level charge (BG-21)")
_LINE_ALLOWANCE = ("la remise de ligne (BG-27)", "the line allowance (BG-27)")
_LINE_CHARGE = ("les frais de ligne (BG-28)", "the line charge (BG-28)")


def _amount(rule_id: str, each: type[Group], term: str, of: tuple[str, str]) -> _Card:
    return _Card(
        rule_id,
        each,
        (term,),
        ("amount",),
        f"{of[1].removeprefix('the ')} has an amount",
        f"Le montant manque pour {of[0]} : {term} est absent.",
        f"The amount of {of[1]} is missing: no {term}.",
        f"Indiquez en {term} le montant hors TVA, ou supprimez le bloc.",
    )


def _reason(rule_id: str, each: type[Group], first: int, of: tuple[str, str]) -> _Card:
    reason, code = f"BT-{first}", f"BT-{first + 1}"
    return _Card(
        rule_id,
        each,
        (reason, code),
        ("reason", "reason_code"),
        f"{of[1].removeprefix('the ')} has a reason",
        f"Le motif manque pour {of[0]} : ni texte ({reason}), ni code ({code}).",
        f"The reason of {of[1]} is missing: neither text ({reason}) nor code ({code}).",
        f"Indiquez le motif en toutes lettres en {reason}, ou son code en {code}.",
    )


_CARDS = (
    _Card(
        "BR-24", InvoiceLine, ("BT-131",), ("net_amount",), "a line has a net amount",
        "Le montant net de la ligne (BT-131) est absent.",
        "The line net amount (BT-131) is missing.",
        "Indiquez en BT-131 le montant de la ligne hors TVA.",
    ),
    _amount("BR-31", DocumentAllowance, "BT-92", _ALLOWANCE),
    _reason("BR-33", DocumentAllowance, 97, _ALLOWANCE),
    _amount("BR-36", DocumentCharge, "BT-99", _CHARGE),
    _reason("BR-38", DocumentCharge, 104, _CHARGE),
    _amount("BR-41", LineAllowance, "BT-136", _LINE_ALLOWANCE),
    _reason("BR-42", LineAllowance, 139, _LINE_ALLOWANCE),
    _amount("BR-43", LineCharge, "BT-141", _LINE_CHARGE),
    _reason("BR-44", LineCharge, 144, _LINE_CHARGE),
    _Card(
        "BR-45", VatBreakdown, ("BT-116",), ("taxable_amount",),
        "a VAT breakdown has a taxable amount",
        "La base d'imposition (BT-116) de la ventilation de TVA est absente.",
        "The taxable amount (BT-116) of the VAT breakdown is missing.",
        "Indiquez en BT-116 la base d'imposition de cette catégorie de TVA.",
    ),
    _Card(
        "BR-46", VatBreakdown, ("BT-117",), ("tax_amount",), "a VAT breakdown has a VAT amount",
        "Le montant de TVA (BT-117) de la ventilation est absent.",
        "The VAT amount (BT-117) of the VAT breakdown is missing.",
        "Indiquez en BT-117 le montant de TVA de cette catégorie, 0.00 s'il n'y en a pas.",
    ),
    _Card(
        "BR-49", PaymentInstructions, ("BT-81",), ("means_code",),
        "payment instructions name their means",
        "Le code du moyen de paiement (BT-81) est absent.",
        "The payment means type code (BT-81) is missing.",
        "Indiquez en BT-81 le moyen de paiement, par exemple 30 pour un virement.",
    ),
    _reason("BR-CO-21", DocumentAllowance, 97, _ALLOWANCE),
    _reason("BR-CO-22", DocumentCharge, 104, _CHARGE),
    _reason("BR-CO-23", LineAllowance, 139, _LINE_ALLOWANCE),
    _reason("BR-CO-24", LineCharge, 144, _LINE_CHARGE),
)  # fmt: skip


def _register(card: _Card) -> None:
    first, last = attrgetter(card.fields[0]), attrgetter(card.fields[-1])

    def check(group: Any, _: Invoice) -> Breach | None:
        if first(group) is not None or last(group) is not None:
            return None
        return Breach(card.terms[0])

    rule(
        card.id, *card.terms, each=card.each, fr=card.fr, en=card.en, conseil=card.conseil,
        source=_SOURCE, name=card.name,
    )(check)  # fmt: skip


for _card in _CARDS:
    _register(_card)
