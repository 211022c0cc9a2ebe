"""A defect of each rule of ``chorus-b2g`` that is judged without a directory."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import ChorusFields, Delivery, Invoice, PrecedingInvoice
from chorus_edi.domain.lines import LineDelivery, LinePrecedingInvoice
from chorus_edi.domain.parties import BuyerContact, SellerAgent, SellerContact
from chorus_edi.rules.syntax_cases import Edit
from tests.afnor import HOLDER, paid_to, taxed
from tests.defects.changes import (
    PUBLIC,
    Change,
    Defect,
    beside,
    both,
    changed,
    enclosing,
    group,
    identified,
    line,
    noted,
    of,
    reached,
    unsaid,
)
from tests.historic import attached

_PAYEE = "99990777900012"
_ONCE = "la feuille d'EN 16931 le veut une seule fois aussi"
_GATHERED = "EN 16931 ne connaît pas les lignes GROUP"
_EXEMPTION = "Exonération de TVA, article 261 du CGI"


_BELOW = LinePrecedingInvoice(number="F-2026-7", parent="1")
"""How UBL says that a line stands below another; CII says it on the line."""


def _long(most: int) -> str:
    """Return a text of one character too many."""
    return "x" * (most + 1)


def _preceding(many: int) -> Change:
    cited = (
        PrecedingInvoice(number=f"F2026-{n}", issue_date="2026-08-01") for n in range(1, many + 1)
    )
    return changed(preceding_invoices=tuple(cited))


def _exempt(reason: str) -> Change:
    return lambda invoice: taxed(invoice, "E", "0", reason)


def _agent(siret: str | None, siren: str) -> Change:
    known = () if siret is None else (Identifier(value=siret, scheme="0009"),)
    registration = Identifier(value=siren, scheme="0002")
    return changed(
        seller_agent=SellerAgent(
            name="Titulaire Fictif", identifiers=known, legal_registration=registration
        )
    )


def _sold_by_himself(invoice: Invoice) -> Invoice:
    assert invoice.seller is not None
    own = invoice.seller
    agent = SellerAgent(
        name=own.name, identifiers=own.identifiers, legal_registration=own.legal_registration
    )
    return replace(invoice, seller_agent=agent)


def _account(value: str) -> Change:
    def change(invoice: Invoice) -> Invoice:
        (payment,) = invoice.payment
        (transfer,) = payment.credit_transfers
        transfer = replace(transfer, account=Identifier(value=value))
        return replace(invoice, payment=(replace(payment, credit_transfers=(transfer,)),))

    return change


def _addressed(**fields: str) -> Change:
    def change(invoice: Invoice) -> Invoice:
        assert invoice.seller is not None
        assert invoice.seller.address is not None
        return group("seller", address=replace(invoice.seller.address, **fields))(invoice)

    return change


def _attached(name: str) -> Change:
    document = replace(attached(name), reference="PJ", description="DOCUMENT_ANNEXE")
    return changed(supporting_documents=(document,))


def _placed(value: str) -> Change:
    place = Identifier(value=value, scheme="0088")
    return changed(delivery=Delivery(date="2026-09-01", location=place))


def _line_placed(value: str) -> Change:
    return line(delivery=LineDelivery(location=Identifier(value=value, scheme="0088")))


def _malformed(scheme: str, value: str) -> Defect:
    """Return a bad identifier of a seller, who has a SIRET beside it."""
    return Defect(PUBLIC, beside("seller", scheme, value))


DEFECTS: Mapping[str, Defect] = {
    "BR-FR-CPRO-00": Defect(PUBLIC, both(unsaid("ADN"), noted("ADN", "B2B"))),
    "BR-FR-CPRO-01": Defect(
        of("S1", changed(contract="2026-M1", chorus=ChorusFields(contract_type="MARCHE"))),
        changed(chorus=ChorusFields(contract_type="BC")),
    ),
    "BR-FR-CPRO-02": Defect(PUBLIC, changed(number="F" * 21)),
    "BR-FR-CPRO-03": Defect(
        PUBLIC,
        identified("seller", ("0088", "3760000000017")),
        also={("BR-FR-CPRO-09", "both"): "BR-FR-10 veut un SIREN, et il n'a plus de SIRET"},
    ),
    "BR-FR-CPRO-04": _malformed("0223", _long(18)),
    "BR-FR-CPRO-05": _malformed("0226", "DURAND"),
    "BR-FR-CPRO-06": _malformed("0227", _long(18)),
    "BR-FR-CPRO-07": _malformed("0228", "123"),
    "BR-FR-CPRO-08": _malformed("0229", "123"),
    "BR-FR-CPRO-09": Defect(PUBLIC, identified("seller", ("0223", "DE123456789"))),
    "BR-FR-CPRO-10": Defect(PUBLIC, identified("buyer")),
    "BR-FR-CPRO-14": Defect(PUBLIC, changed(contract=_long(50))),
    "BR-FR-CPRO-15": Defect(PUBLIC, changed(purchase_order=_long(50))),
    "BR-FR-CPRO-17": Defect(
        of("S1", lambda invoice: paid_to(invoice, _PAYEE)), identified("payee")
    ),
    "BR-FR-CPRO-18": Defect(of("S3"), _sold_by_himself),
    "BR-FR-CPRO-20": Defect(of("S1", _preceding(1)), _preceding(2)),
    "BR-FR-CPRO-21": Defect(of("S3"), changed(seller_agent=None)),
    "BR-FR-CPRO-23": Defect(of("S3"), reached("buyer", f"{HOLDER[:9]}_{HOLDER}")),
    "BR-FR-CPRO-24": Defect(of("S1"), group("process", business_process="S5")),
    "BR-FR-CPRO-25": Defect(
        PUBLIC,
        edits={
            "ubl": (Edit(double="/*/cac:PaymentTerms"),),
            "cii": (Edit(double="//ram:SpecifiedTradePaymentTerms/ram:Description"),),
        },
        also={("UBL-SR-05", "ubl"): _ONCE},
    ),
    "BR-FR-CPRO-26": Defect(
        of("S1", group("seller", contact=SellerContact(name="Alice"))),
        edits={"cii": (Edit(double="//ram:SellerTradeParty/ram:DefinedTradeContact"),)},
        syntaxes=("cii",),
        also={("CII-SR-455", "cii"): _ONCE},
    ),
    "BR-FR-CPRO-27": Defect(
        of("S1", group("buyer", contact=BuyerContact(name="Alice"))),
        edits={"cii": (Edit(double="//ram:BuyerTradeParty/ram:DefinedTradeContact"),)},
        syntaxes=("cii",),
        also={("CII-SR-456", "cii"): _ONCE},
    ),
    "BR-FR-CPRO-28": Defect(of("S3"), _agent(None, HOLDER[:9])),
    "BR-FR-CPRO-29": Defect(of("S1", _exempt(_EXEMPTION)), _exempt(_long(1024))),
    "BR-FR-CPRO-30": Defect(PUBLIC, enclosing("RIB", reference=_long(50))),
    "BR-FR-CPRO-31": Defect(PUBLIC, line("item", description=_long(1024))),
    "BR-FR-CPRO-32": Defect(PUBLIC, _addressed(line_1=_long(400))),
    "BR-FR-CPRO-33": Defect(PUBLIC, _addressed(city=_long(400))),
    "BR-FR-CPRO-34": Defect(PUBLIC, group("buyer", trading_name=_long(99))),
    "BR-FR-CPRO-35": Defect(PUBLIC, changed(payment_terms=_long(1024))),
    "BR-FR-CPRO-36": Defect(PUBLIC, group("seller", trading_name=_long(99))),
    "BR-FR-CPRO-37": Defect(
        of("S1", lambda invoice: paid_to(invoice, _PAYEE)), group("payee", name=_long(99))
    ),
    "BR-FR-CPRO-38": Defect(of("S1", _placed("LIEU")), _placed(_long(20))),
    "BR-FR-CPRO-39": Defect(PUBLIC, _account("FR76" + "9" * 24)),
    "BR-FR-CPRO-40": Defect(of("S1", _line_placed("LIEU")), _line_placed(_long(20))),
    "BR-FR-CPRO-41": Defect(PUBLIC, _attached("n" * 47 + ".pdf")),
    "BR-FR-CPRO-42": Defect(PUBLIC, noted("AAI", _long(1024))),
    "BR-FR-CPRO-43": Defect(PUBLIC, group("seller", name=_long(99))),
    "BR-FR-CPRO-44": Defect(PUBLIC, group("buyer", name=_long(99))),
    "CE-B2G-01": Defect(PUBLIC, changed(type_code="389")),
    "CE-B2G-02": Defect(
        PUBLIC,
        group("process", business_process="S8"),
        also={
            **{(rule, "both"): _GATHERED for rule in ("BR-CO-10", "BR-S-08", "BR-S-10")},
            ("UBL-SR-52", "ubl"): _GATHERED,
        },
    ),
    "CE-B2G-03": Defect(
        PUBLIC,
        both(changed(number="F-2026-7"), line(parent="1", preceding_invoices=(_BELOW,))),
    ),
}
"""Rule → its defect."""
