"""CE-PAIE-01, S2.05, CE-IBAN-01 and CE-IBAN-02: how and where to pay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum.iso7064 import mod_97_10

from chorus_edi.domain.codelists.countries import COUNTRIES
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.identifiers import compact
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import PaymentInstructions
from chorus_edi.rules.chorus_historique.origins import is_credit_note
from chorus_edi.rules.registry import Breach, Breaches, Confidence, rule, variant
from chorus_edi.rules.text import BLANKS, has_text

_MEANS = frozenset({"1", "10", "20", "30", "31", "42", "48", "49", "58", "59", "97"})
"""UNTDID 4461, as Chorus Pro takes it; ``01`` is written with its zero."""

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_LIKE_AN_IBAN = re.compile(r"([A-Z]{2})[0-9]{2}[A-Z0-9]+")
_TRANSFERS = frozenset({"30", "31", "42", "58"})
_ACCOUNTS = "Annexe EDI V4.21 de Chorus Pro, G1.16 à G1.19 (titres seuls lus) ; ISO 13616"
_ANNEX = "Annexe EDI V4.20 de Chorus Pro, lue chez un tiers"


@rule(
    "CE-PAIE-01",
    "BT-81",
    fr="Le mode de paiement (BT-81) est absent.",
    en="The payment means (BT-81) is missing.",
    conseil="Indiquez en BT-81 le code du mode de paiement : 30 pour un virement.",
    source="Contrôle EDI de Chorus Pro : « TypeCode … est obligatoire », lu dans les tickets d'un "
    "client libre",
    confidence=Confidence.RENDERED,
)
def an_invoice_says_how_it_is_paid(invoice: Invoice, _: Invoice) -> Breach | None:
    """Not asked of a credit note: clients that are accepted leave it out there."""
    if is_credit_note(invoice) or any(has_text(one.means_code) for one in invoice.payment):
        return None
    return Breach(
        "BT-81", found=invoice.payment[0].means_code if invoice.payment else None, at="BG-16[1]"
    )


@rule(
    "S2.05",
    "BT-81",
    each=PaymentInstructions,
    given=("BT-81",),
    fr="Chorus Pro ne connaît pas ce mode de paiement (BT-81).",
    en="Chorus Pro does not know this payment means (BT-81).",
    conseil="Indiquez en BT-81 un code admis : 30 virement, 20 chèque, 10 espèces, 48 carte, 49 "
    "prélèvement, 97 report.",
    source=f"{_ANNEX}, S2.05 (CII 16B et Factur-X)",
    confidence=Confidence.RENDERED,
)
def a_payment_means_is_known_to_chorus_pro(
    payment: PaymentInstructions, _: Invoice
) -> Breach | None:
    """97, carried over to another invoice, is sample P18; 10, cash, is P13."""
    code = (payment.means_code or "").strip(BLANKS)
    return Breach("BT-81", found=code) if code and code.lstrip("0") not in _MEANS else None


variant(
    "S2.05",
    Syntax.UBL_INVOICE,
    Syntax.UBL_CREDIT_NOTE,
    each=PaymentInstructions,
    given=("BT-81",),
    severity=Severity.WARNING,
    why="La liste n'est connue que pour le CII ; en UBL, un autre code devient un virement.",
)(a_payment_means_is_known_to_chorus_pro)


@rule(
    "CE-IBAN-01",
    "BT-84",
    "BT-81",
    fr="Le compte à créditer (BT-84) n'est pas un IBAN valable.",
    en="The account to pay to (BT-84) is not a sound IBAN.",
    conseil="Recopiez en BT-84 l'IBAN du relevé d'identité bancaire : sa clé ne correspond pas.",
    source=_ACCOUNTS,
    confidence=Confidence.RENDERED,
    apart=True,
)
def an_iban_has_its_key(invoice: Invoice, _: Invoice) -> Breaches:
    """Blanks between its digits do not count."""
    return tuple(_unsound(invoice, by_iban=True)) or None


@rule(
    "CE-IBAN-02",
    "BT-84",
    "BT-81",
    fr="Le compte à créditer (BT-84) n'est pas un IBAN : Chorus Pro ne paie par virement que sur "
    "un IBAN.",
    en="The account to pay to (BT-84) is not an IBAN: Chorus Pro only transfers to an IBAN.",
    conseil="Pour être payé par virement, indiquez en BT-84 l'IBAN du compte, sinon retirez BT-84.",
    source=f"{_ACCOUNTS} ; un compte hors de la zone IBAN, ou un autre mode de paiement, ne peut "
    "pas en avoir : elle ne fait qu'avertir",
    confidence=Confidence.INFERRED,
    severity=Severity.WARNING,
    apart=True,
)
def an_account_is_an_iban(invoice: Invoice, _: Invoice) -> Breaches:
    """A supplier from elsewhere has an account of another kind."""
    return tuple(_unsound(invoice, by_iban=False)) or None


def _unsound(invoice: Invoice, *, by_iban: bool) -> Iterator[Breach]:
    """Yield accounts that are no sound IBAN: those meant to be paid as one, or the others."""
    for n, payment in enumerate(invoice.payment, 1):
        for k, transfer in enumerate(payment.credit_transfers, 1):
            written = transfer.account.value if transfer.account else None
            account = compact(written or "").upper()
            if not account or _is_iban(account):
                continue
            if by_iban is (_transfers(payment) and _like_an_iban(account)):
                yield Breach("BT-84", found=written, at=f"BG-16[{n}]/BG-17[{k}]")


def _is_iban(account: str) -> bool:
    fits = _IBAN.fullmatch(account) is not None
    return fits and bool(mod_97_10.is_valid(account[4:] + account[:4]))


def _like_an_iban(account: str) -> bool:
    like = _LIKE_AN_IBAN.fullmatch(account)
    return like is not None and COUNTRIES.holds(like[1])


def _transfers(payment: PaymentInstructions) -> bool:
    """True for a credit transfer; without a means there is nothing else an account could be for."""
    code = (payment.means_code or "").strip(BLANKS)
    return not code or code in _TRANSFERS
