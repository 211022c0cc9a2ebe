"""Rules of EN 16931 that only the sheets of some profiles hold."""

from __future__ import annotations

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.settlement import CreditTransfer, PaymentInstructions
from chorus_edi.rules.registry import Breach, rule
from chorus_edi.rules.text import BLANKS

_SOURCE = "EN 16931-1:2017 ; Factur-X 1.09"
_TRANSFERS = frozenset({"30", "58"})


@rule(
    "BR-CO-25",
    "BT-9",
    "BT-20",
    fr="Un montant reste à payer, mais il n'y a ni échéance (BT-9) ni conditions de paiement.",
    en="An amount is due, but there is neither a due date (BT-9) nor payment terms (BT-20).",
    conseil="Indiquez la date d'échéance en BT-9, ou les conditions de paiement en BT-20.",
    source=f"{_SOURCE}, profil EXTENDED",
)
def an_amount_due_has_a_due_date_or_terms(invoice: Invoice, _: Invoice) -> Breach | None:
    """An empty date or text is there all the same."""
    due = invoice.totals.due if invoice.totals else None
    if due is None or due <= 0:
        return None
    said = invoice.due_date is not None or invoice.payment_terms is not None
    return None if said else Breach("BT-9")


@rule(
    "BR-CO-27",
    "BT-84",
    each=PaymentInstructions,
    given=("BT-81",),
    fr="Un virement doit indiquer un seul compte (BT-84) : son IBAN, ou un autre identifiant.",
    en="A credit transfer names one account (BT-84): by its IBAN, or by another identifier.",
    conseil="Indiquez en BT-84 l'IBAN du compte à créditer, ou son identifiant s'il n'en a pas.",
    source=f"{_SOURCE}, profil BASIC",
)
def a_credit_transfer_names_one_account(payment: PaymentInstructions, _: Invoice) -> Breach | None:
    """An empty identifier is there all the same; two are told at the first."""
    if (payment.means_code or "").strip(BLANKS) not in _TRANSFERS:
        return None
    accounts = [count for transfer in payment.credit_transfers if (count := _accounts(transfer))]
    return None if accounts == [1] else Breach("BG-17")


def _accounts(transfer: CreditTransfer) -> int:
    # The reader gives an account without identifier where it stands there without one.
    if transfer.account is None or transfer.account.value is None:
        return 0
    odd = (transfer.odd or {}).get("account")
    return 1 + (len(odd.further) if odd is not None else 0)
