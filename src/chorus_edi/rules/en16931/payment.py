"""BR-50, BR-51 and BR-61: how an invoice says where to pay."""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import CreditTransfer, PaymentCard
from chorus_edi.rules.registry import Breach, Breaches, rule, variant
from chorus_edi.rules.text import BLANKS, as_written, every, has_text

_SOURCE = "EN 16931-1:2017, 6.4.1 ; artefacts EN 16931 1.3.16"
_TRANSFERS = frozenset({"30", "58"})
"""UNTDID 4461: credit transfer, SEPA credit transfer."""

_LONGEST_CARD = 10


def _transfers(invoice: Invoice) -> Iterator[tuple[str, CreditTransfer]]:
    """Yield the transfers of a payment by transfer, with their addresses.

    The code must be that of a transfer without blanks around it.
    """
    for n, payment in enumerate(invoice.payment, 1):
        codes = (as_written(payment, "means_code"), *every(payment, "means_code")[1:])
        if not _TRANSFERS.isdisjoint(codes):
            for index, transfer in enumerate(payment.credit_transfers, 1):
                yield f"BG-16[{n}]/BG-17[{index}]", transfer


def _has_number(account: Identifier | None) -> bool:
    return account is not None and has_text(account.value)


def _account(at: str, transfer: CreditTransfer) -> Breach:
    return Breach("BT-84", found=transfer.account.value if transfer.account else None, at=at)


@rule(
    "BR-50",
    "BT-84",
    fr="Le compte à créditer (BT-84) est absent ou vide, alors que le paiement se fait par "
    "virement.",
    en="The account to pay to (BT-84) is missing or blank, although payment is by transfer.",
    conseil="Indiquez en BT-84 l'IBAN du compte à créditer.",
    source=_SOURCE,
)
def a_credit_transfer_has_an_account(invoice: Invoice, _: Invoice) -> Breaches:
    """Only where the block of the transfer is there."""
    breaches = [
        _account(at, transfer)
        for at, transfer in _transfers(invoice)
        if not _has_number(transfer.account)
    ]
    return tuple(breaches) or None


@variant(
    "BR-50",
    Syntax.CII,
    why="La banque peut figurer sans le bloc du compte.",
)
def a_credit_transfer_with_an_account_gives_its_number(invoice: Invoice, _: Invoice) -> Breaches:
    """IBAN or another number."""
    breaches = [
        _account(at, transfer)
        for at, transfer in _transfers(invoice)
        if (accounts := every(transfer, "account")) and not any(map(_has_number, accounts))
    ]
    return tuple(breaches) or None


@rule(
    "BR-51",
    "BT-87",
    each=PaymentCard,
    given=("BT-87",),
    fr="Le numéro de carte de paiement (BT-87) a plus de dix caractères.",
    en="The payment card number (BT-87) has more than ten characters.",
    conseil="N'écrivez en BT-87 que les quatre à six derniers chiffres de la carte.",
    source=_SOURCE,
)
def a_card_number_is_cut(card: PaymentCard, _: Invoice) -> Breach | None:
    """The whole number must not travel with an invoice, nor with a finding."""
    number = " ".join((card.account or "").split())
    return Breach("BT-87") if len(number) > _LONGEST_CARD else None


variant(
    "BR-51",
    Syntax.UBL_INVOICE,
    Syntax.UBL_CREDIT_NOTE,
    each=PaymentCard,
    given=("BT-87",),
    severity=Severity.WARNING,
    why="La feuille UBL n'en fait qu'un avertissement.",
)(a_card_number_is_cut)


@rule(
    "BR-61",
    "BT-84",
    fr="Le paiement se fait par virement, mais le compte à créditer (BT-84) est absent.",
    en="Payment is by transfer, but the account to pay to (BT-84) is missing.",
    conseil="Indiquez en BT-84 l'IBAN du compte à créditer, ou corrigez BT-81.",
    source=_SOURCE,
)
def a_payment_by_transfer_has_an_account(invoice: Invoice, _: Invoice) -> Breaches:
    """Blank is there; blanks around the code do not matter."""
    breaches = [
        Breach("BT-84", at=f"BG-16[{n}]/BG-17[1]")
        for n, payment in enumerate(invoice.payment, 1)
        if (payment.means_code or "").strip(BLANKS) in _TRANSFERS
        and all(transfer.account is None for transfer in payment.credit_transfers)
    ]
    return tuple(breaches) or None


@variant(
    "BR-61",
    Syntax.CII,
    why="La feuille CII ne le demande que si le bloc du compte est présent.",
)
def an_account_of_a_transfer_has_a_number(invoice: Invoice, _: Invoice) -> Breaches:
    """Blank is there."""
    breaches = [
        Breach("BT-84", at=at)
        for at, transfer in _transfers(invoice)
        if transfer.account is not None and transfer.account.value is None
    ]
    return tuple(breaches) or None
