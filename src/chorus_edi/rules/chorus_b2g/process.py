"""BR-FR-CPRO on what the invoice is: its perimeter, number, contract type and cadre."""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.identifiers import ADDRESS_SCHEME, SIRET_SCHEME
from chorus_edi.domain.invoice import ChorusFields, Invoice, Note, ProcessControl
from chorus_edi.domain.motives import Motive
from chorus_edi.rules.chorus_b2g.lengths import too_long
from chorus_edi.rules.chorus_b2g.sources import GOBL, PAGERO, SPEC
from chorus_edi.rules.registry import Breach, Confidence, rule

_LONGEST_NUMBER = 20
_SIREN_DIGITS = 9
_CONTRACT_TYPES = ("MARCHE", "CONTRAT", "GC", "CT")
SUBCONTRACTING = "S3"
"""Cadre of a subcontractor's request for direct payment."""


@rule(
    "BR-FR-CPRO-00",
    "BT-22",
    "BT-21",
    each=Note,
    given=("BT-21", "BT-22"),
    fr="La note ADN (BT-21) d'une facture à un destinataire public ne dit pas B2G (BT-22).",
    en="The note ADN (BT-21) of an invoice to a public body does not say B2G (BT-22).",
    conseil="Écrivez B2G dans la note de code ADN, ou retirez cette note.",
    source=f"{PAGERO} ; une note d'une autre valeur : notre lecture",
    name="a note ADN says B2G",
    severity=Severity.WARNING,
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.INFERRED,
)
def a_note_adn_says_b2g(note: Note, _: Invoice) -> Breach | None:
    """Without the note the directory says that the recipient is public: nothing is missing."""
    if (note.subject_code or "").strip() != "ADN" or (note.text or "").strip() == "B2G":
        return None
    return Breach("BT-22", found=note.text, expected="B2G")


@rule(
    "BR-FR-CPRO-01",
    "CE-TYPE-MARCHE",
    each=ChorusFields,
    given=("CE-TYPE-MARCHE",),
    fr="Le type de contrat (CE-TYPE-MARCHE) n'est ni MARCHE ni CONTRAT.",
    en="The contract type (CE-TYPE-MARCHE) is neither MARCHE nor CONTRAT.",
    conseil="Écrivez MARCHE pour un marché public ou CONTRAT pour un contrat, ou retirez ce type.",
    source=f"{GOBL} (EXT-FR-FE-01) ; note explicative FNFE v1.4.0 : GC et CT doivent les "
    "remplacer, admis aussi",
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.RENDERED,
)
def a_contract_type_is_one_of_the_two(chorus: ChorusFields, _: Invoice) -> Breach | None:
    """The norm's EXT-FR-FE-01 stands where the historic formats have the type of marché."""
    if (chorus.contract_type or "").strip() in _CONTRACT_TYPES:
        return None
    return Breach("CE-TYPE-MARCHE", chorus.contract_type, "MARCHE ou CONTRAT")


@rule(
    "BR-FR-CPRO-02",
    "BT-1",
    "BT-25",
    "EXT-FR-FE-136",
    fr="Un numéro de facture a plus de 20 caractères (BT-1, BT-25 ou EXT-FR-FE-136).",
    en="An invoice number has more than 20 characters (BT-1, BT-25 or EXT-FR-FE-136).",
    conseil="Numérotez en 20 caractères au plus les factures adressées au secteur public.",
    source=f"{GOBL} ; {SPEC}, 2.2.3",
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.RENDERED,
    apart=True,
)
def invoice_numbers_have_at_most_20_characters(
    invoice: Invoice, _: Invoice
) -> tuple[Breach, ...] | None:
    """Judge the invoice's own number and those of the invoices it follows."""
    faults = (
        too_long(term, text or "", _LONGEST_NUMBER, at=at) for term, text, at in _numbers(invoice)
    )
    return tuple(fault for fault in faults if fault) or None


def _numbers(invoice: Invoice) -> Iterator[tuple[str, str | None, str]]:
    """Yield each invoice number: its term, itself, the address of its group."""
    yield "BT-1", invoice.number, ""
    for n, one in enumerate(invoice.preceding_invoices, 1):
        yield "BT-25", one.number, f"BG-3[{n}]"
    for n, line in enumerate(invoice.lines, 1):
        for k, of_line in enumerate(line.preceding_invoices, 1):
            yield "EXT-FR-FE-136", of_line.number, f"BG-25[{n}]/EXT-FR-FE-BG-06[{k}]"


@rule(
    "BR-FR-CPRO-24",
    "BT-23",
    each=ProcessControl,
    given=("BT-23",),
    fr="Le cadre S5 (BT-23) n'existe qu'entre entreprises : Chorus Pro ne le reçoit pas.",
    en="The framework S5 (BT-23) is for invoices between companies: Chorus Pro does not take it.",
    conseil="Utilisez S3 pour la demande de paiement direct d'un sous-traitant.",
    source=f"{GOBL} ; {SPEC}, 6",
    name="the framework is not S5",
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.RENDERED,
)
def the_framework_is_not_s5(process: ProcessControl, _: Invoice) -> Breach | None:
    """Refuse the subcontractor's invoice of private markets."""
    if (process.business_process or "").strip() != "S5":
        return None
    return Breach("BT-23", found=process.business_process, expected=SUBCONTRACTING)


@rule(
    "BR-FR-CPRO-23",
    "BT-49",
    "BT-46",
    fr="Sous-traitance (S3) : l'adresse de destination (BT-49) n'est pas celle de l'acheteur "
    "public (BT-46).",
    en="Subcontracting (S3): the address of the recipient (BT-49) is not the public buyer's "
    "(BT-46).",
    conseil="Adressez la demande de paiement à l'acheteur public lui-même, non au titulaire.",
    source=f"{GOBL} ; comparer les SIREN de BT-49 et BT-46, un autre établissement étant admis : "
    "lecture la plus large",
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.RENDERED,
)
def a_subcontractor_writes_to_the_buyer_himself(invoice: Invoice, _: Invoice) -> Breach | None:
    """Compare the SIREN of the address with that of the buyer's SIRET, where both are given."""
    buyer = invoice.buyer
    if buyer is None or not is_subcontracting(invoice):
        return None
    addressed = _siren_in(buyer.electronic_address)
    own = {
        (one.value or "").strip()[:_SIREN_DIGITS]
        for one in buyer.identifiers
        if (one.scheme or "").strip() == SIRET_SCHEME
    }
    if addressed is None or not own or addressed in own:
        return None
    return Breach("BT-49", found=addressed, expected=min(own))


def _siren_in(address: Identifier | None) -> str | None:
    """Return the SIREN that a French electronic address begins with."""
    if address is None or (address.scheme or "").strip() != ADDRESS_SCHEME:
        return None
    siren = (address.value or "").strip()[:_SIREN_DIGITS]
    return siren if len(siren) == _SIREN_DIGITS and siren.isdecimal() else None


def is_subcontracting(invoice: Invoice) -> bool:
    """True for the request of direct payment of a subcontractor (cadre S3)."""
    process = invoice.process.business_process if invoice.process else None
    return (process or "").strip() == SUBCONTRACTING
