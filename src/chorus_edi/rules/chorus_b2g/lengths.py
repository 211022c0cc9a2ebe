"""BR-FR-CPRO on lengths: what Chorus Pro has no room for. One table, a rule per term."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, NamedTuple

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.groups import Attachment, Group, Identifier
from chorus_edi.domain.identifiers import compact
from chorus_edi.domain.invoice import Delivery, Invoice, Note, SupportingDocument
from chorus_edi.domain.lines import Item, LineDelivery
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.parties import Buyer, Payee, Seller, SellerAddress
from chorus_edi.domain.settlement import CreditTransfer, VatBreakdown
from chorus_edi.domain.terms import label_of
from chorus_edi.rules.chorus_b2g.sources import GOBL
from chorus_edi.rules.registry import Breach, Confidence, rule

_NOT_SEEN = f"{GOBL} (longueur non vue ; celle des autres textes libres est prise)"


class _Bound(NamedTuple):
    """A row: the rule, the group and the term it bounds, and how many characters it may have.

    ``path`` leads to the text from the group; ``seen`` is False where the number is our own.
    """

    rule: str
    each: type[Group]
    term: str
    path: str
    most: int
    seen: bool = True


_BOUNDS = (
    _Bound("BR-FR-CPRO-14", Invoice, "BT-12", "contract", 50),
    _Bound("BR-FR-CPRO-15", Invoice, "BT-13", "purchase_order", 50),
    _Bound("BR-FR-CPRO-29", VatBreakdown, "BT-120", "exemption_reason", 1024, seen=False),
    _Bound("BR-FR-CPRO-30", SupportingDocument, "BT-122", "reference", 50),
    _Bound("BR-FR-CPRO-31", Item, "BT-154", "description", 1024),
    _Bound("BR-FR-CPRO-32", SellerAddress, "BT-35", "line_1", 400),
    _Bound("BR-FR-CPRO-33", SellerAddress, "BT-37", "city", 400),
    _Bound("BR-FR-CPRO-34", Buyer, "BT-45", "trading_name", 99),
    _Bound("BR-FR-CPRO-35", Invoice, "BT-20", "payment_terms", 1024),
    _Bound("BR-FR-CPRO-36", Seller, "BT-28", "trading_name", 99),
    _Bound("BR-FR-CPRO-37", Payee, "BT-59", "name", 99),
    _Bound("BR-FR-CPRO-38", Delivery, "BT-71", "location", 20),
    _Bound("BR-FR-CPRO-39", CreditTransfer, "BT-84", "account", 27),
    _Bound("BR-FR-CPRO-40", LineDelivery, "EXT-FR-FE-146", "location", 20),
    _Bound("BR-FR-CPRO-41", SupportingDocument, "BT-125", "attachment", 50),
    _Bound("BR-FR-CPRO-42", Note, "BT-22", "text", 1024),
    _Bound("BR-FR-CPRO-43", Seller, "BT-27", "name", 99),
    _Bound("BR-FR-CPRO-44", Buyer, "BT-44", "name", 99),
)


def _register(bound: _Bound) -> None:
    label = label_of(_named(bound))
    field = attrgetter(bound.path)

    @rule(
        bound.rule,
        bound.term,
        each=bound.each,
        given=(bound.term,),
        fr=f"Texte trop long pour Chorus Pro : {label.fr} ({_named(bound)}).",
        en=f"A text is too long for Chorus Pro: {label.en} ({_named(bound)}).",
        conseil=f"Ramenez {_named(bound)} à {bound.most} caractères au plus.",
        source=GOBL if bound.seen else _NOT_SEEN,
        name=f"{label.en} has at most {bound.most} characters",
        severity=Severity.FATAL if bound.seen else Severity.WARNING,
        motive=Motive.REJ_CONT_B2G,
        confidence=Confidence.RENDERED if bound.seen else Confidence.INFERRED,
    )
    def _is_short_enough(group: Any, _invoice: Invoice) -> Breach | None:
        value = field(group)
        text = value if isinstance(value, str) else _text_of(value)
        if bound.term == "BT-84":
            # People write an IBAN in groups of four.
            text = compact(text)
        return None if len(text) <= bound.most else too_long(bound.term, text, bound.most)


def _named(bound: _Bound) -> str:
    """Return the term that people know: of a file it is its name."""
    return "BT-125-2" if bound.term == "BT-125" else bound.term


def _text_of(value: Identifier | Attachment) -> str:
    held = value.value if isinstance(value, Identifier) else value.filename
    return held or ""


def too_long(term: str, text: str, most: int, *, at: str | None = None) -> Breach | None:
    """Return the breach of a text of more than some characters."""
    if len(text) <= most:
        return None
    return Breach(term, found=text, expected=f"{most} caractères au plus", at=at)


for _bound in _BOUNDS:
    _register(_bound)
