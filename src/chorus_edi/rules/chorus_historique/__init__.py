"""Rules of the historic circuit of Chorus Pro, which alone judge its invoices.

An id of the authority stands where one is published: annexe 7 (G1.05 …), annexe EDI (G2.13, S2.05).
The text of the annexe EDI itself was not seen: each rule says where it was read and how sure we
are. The official samples are good by definition, and where one of them breaks a published rule
(a VAT rate of 15 %, an origin invoice on a 380), that rule only warns.

Not here, because judged elsewhere: number and day that are missing or unreadable (CE-ID-01), and a
day in the future (G1.07), for no invoice holds its day of deposit (``stages/check.py``); the
recipient (``stages/resolve.py``); content, type and size of attachments (``stages/parse.py``).
Neither signs nor sums of lines are judged: a 380 may be negative, a net amount too, and lines may
give their gross price without VAT and their net price with it.
"""

from chorus_edi.rules.chorus_historique import (
    amounts,
    attachments,
    cadres,
    dates,
    identity,
    lengths,
    origins,
    parties,
    payment,
)

__all__ = [
    "amounts",
    "attachments",
    "cadres",
    "dates",
    "identity",
    "lengths",
    "origins",
    "parties",
    "payment",
]
