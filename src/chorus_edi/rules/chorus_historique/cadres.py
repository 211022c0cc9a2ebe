"""CE-CADRE-02 to CE-CADRE-04: the cadre de facturation and what follows from it."""

from __future__ import annotations

from decimal import Decimal

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.money import EXACT, ZERO
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Circuit, Syntax, cadre_family
from chorus_edi.domain.settlement import Totals
from chorus_edi.rules.chorus_historique.amounts import near
from chorus_edi.rules.registry import Breach, Confidence, rule, unjudged, variant
from chorus_edi.rules.text import BLANKS, has_text

_UBL = (Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE)
_DEFAULT = "A1"
_ALREADY_PAID = "A2"

_WITH_VALIDEUR = frozenset({"A4", "A7", "A9", "A10", "A11", "A12", "A13", "A14", "A22"})
"""Sub-contractor's and co-contractor's cadres, and works cadres of whoever holds the contract."""


def _cadre_of(invoice: Invoice) -> tuple[str, str]:
    """Return the term that gives the cadre, and its code; absent or blank means A1."""
    own = invoice.chorus.cadre if invoice.chorus else None
    process = invoice.process.business_process if invoice.process else None
    for term, code in (("CE-CADRE", own), ("BT-23", process)):
        if bare := (code or "").strip(BLANKS):
            return term, bare
    return "BT-23", _DEFAULT


@rule(
    "CE-CADRE-02",
    "BT-23",
    "CE-CADRE",
    fr="Le cadre de facturation (BT-23) n'est pas l'un de ceux du circuit historique, A1 à A25.",
    en="The billing framework (BT-23) is none of the historic circuit, A1 to A25.",
    conseil="Indiquez un cadre de A1 à A25, A1 par exemple, ou déposez la facture sous une "
    "interface du circuit AFNOR.",
    source="Contrôle EDI de Chorus Pro : cadre hors de A1 à A25, lu chez un client libre",
    confidence=Confidence.RENDERED,
)
def a_cadre_is_of_the_historic_list(invoice: Invoice, _: Invoice) -> Breach | None:
    """Samples P01, P02 and P55 of FSO1117A have none, which means A1."""
    term, code = _cadre_of(invoice)
    return None if cadre_family(code) is Circuit.HISTORIQUE else Breach(term, found=code)


@variant(
    "CE-CADRE-02",
    *_UBL,
    why="Le cadre a sa place dans une extension ; BT-23 peut nommer un processus (urn:…).",
)
def a_cadre_in_ubl_is_of_the_historic_list(invoice: Invoice, _: Invoice) -> Breach | None:
    """The name of a process is no cadre."""
    term, code = _cadre_of(invoice)
    if term == "BT-23" and code.lower().startswith("urn:"):
        return None
    return None if cadre_family(code) is Circuit.HISTORIQUE else Breach(term, found=code)


@rule(
    "CE-CADRE-03",
    "BT-115",
    "BT-113",
    fr="Une facture déjà payée (cadre A2) doit avoir un net à payer (BT-115) nul, et le montant "
    "déjà versé (BT-113) égal au total TTC.",
    en="An invoice already paid (framework A2) must have nothing left to pay (BT-115), and the "
    "amount paid (BT-113) equal to the total with VAT.",
    conseil="Mettez BT-115 à zéro et BT-113 au montant TTC, ou choisissez le cadre A1.",
    source="Échantillon P83 de FSO1117A ; extension fr-choruspro de GOBL, règle 06",
    confidence=Confidence.RENDERED,
    motive=Motive.MONTANTTOTAL_ERR,
)
def an_invoice_already_paid_has_nothing_left_to_pay(invoice: Invoice, _: Invoice) -> Breach | None:
    """What is not there is told by CE-TOTAL-01, save the amount paid, which is this rule's."""
    totals = invoice.totals
    if totals is None or _cadre_of(invoice)[1] != _ALREADY_PAID:
        return None
    if totals.due is not None and not near(totals.due, ZERO):
        return Breach("BT-115", found=totals.due, expected=ZERO)
    if totals.with_vat is None or _paid_in_full(totals, totals.with_vat):
        return None
    return Breach("BT-113", found=totals.paid, expected=totals.with_vat)


def _paid_in_full(totals: Totals, with_vat: Decimal) -> bool:
    """Say it as CE-TOTAL-03 does: a global allowance on the total with VAT may be taken off."""
    paid = ZERO if totals.paid is None else totals.paid
    allowances = ZERO if totals.allowances is None else totals.allowances
    return near(paid, with_vat) or near(paid, EXACT.subtract(with_vat, allowances))


@rule(
    "CE-CADRE-04",
    "CE-VALIDEUR",
    "BT-23",
    fr="Ce cadre de facturation (BT-23) demande un valideur, et la facture n'en donne pas.",
    en="This billing framework (BT-23) needs a validating party, and the invoice names none.",
    conseil="Indiquez le SIRET du valideur (CE-VALIDEUR) : titulaire du marché, mandataire ou "
    "maître d'œuvre.",
    source="Annexe API de Chorus Pro, lue dans deux clients (A9 à A14) ; échantillons P57, P58, "
    "P74 à P77, P87 et P88 (A4, A7, A10, A13, A14, A22, A9, A12)",
    confidence=Confidence.RENDERED,
    motive=Motive.REJ_CONT_B2G,
)
def a_cadre_that_needs_a_valideur_has_one(invoice: Invoice, _: Invoice) -> Breach | None:
    """Statements that the MOE or the MOA deposit have none."""
    if _cadre_of(invoice)[1] not in _WITH_VALIDEUR:
        return None
    valideur = invoice.chorus.valideur if invoice.chorus else None
    if valideur is not None and has_text(valideur.value):
        return None
    return Breach("CE-VALIDEUR", found=valideur.value if valideur else None)


unjudged(
    "CE-CADRE-04",
    *_UBL,
    why="On ne sait pas où le format UBL historique écrit le valideur.",
)
