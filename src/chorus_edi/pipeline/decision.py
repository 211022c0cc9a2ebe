"""From what was said of each document to what is decided of it. Pure: the store writes it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from chorus_edi.domain.findings import Finding, Findings, Severity, Stage, excerpt
from chorus_edi.domain.flux import Decision, Examination, Holder, Verdict
from chorus_edi.domain.labels import Label
from chorus_edi.domain.legal_time import paris
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.partners import Mode
from chorus_edi.domain.statuses import DocumentState, InvoiceStatus
from chorus_edi.domain.terms import label_of
from chorus_edi.formats.faults import TechnicalRule

DUPLICATE_RULE = "CE-UNI-01"
ALTERED_RULE = "CE-UNI-02"
REFUSAL_RULE = "CE-ATT-01"
RULES: dict[str, TechnicalRule] = {
    DUPLICATE_RULE: TechnicalRule(
        stage=Stage.DECIDE,
        motive=Motive.REJ_UNI,
        message=Label(
            "Un numéro de facture est unique par année et par fournisseur (SIREN).",
            "An invoice number is unique per year and supplier (SIREN).",
        ),
        conseil="Ne renvoyez pas cette facture ; si c'en est une autre, changez son numéro.",
    ),
    ALTERED_RULE: TechnicalRule(
        stage=Stage.DECIDE,
        motive=Motive.REJ_UNI,
        message=Label(
            "D'une facture à recycler, seuls le SIRET du destinataire, le code service et "
            "l'engagement peuvent changer.",
            "Of an invoice to be recycled, only the recipient's SIRET, the code service and the "
            "commitment may change.",
        ),
        conseil="Renvoyez la facture d'origine en n'y changeant que son routage ; pour changer "
        "autre chose, faites-la rejeter et prenez un nouveau numéro.",
    ),
    REFUSAL_RULE: TechnicalRule(
        stage=Stage.DECIDE,
        motive=Motive.REJ_SEMAN,
        message=Label(
            "L'exploitant a refusé un document qui n'avait pas pu être examiné.",
            "The operator refused a document that could not be examined.",
        ),
        conseil="Déposez de nouveau la facture, corrigée selon ce motif.",
    ),
}

_SPENT = Label(
    ", et rejetée : dans le circuit AFNOR, son numéro ne sert plus.",
    ", and rejected: in the AFNOR circuit its number is spent.",
)
_REFUSED = Label(
    ", et refusée depuis : son numéro ne sert plus.",
    ", and refused since: its number is spent.",
)
_RENUMBER = "Donnez un nouveau numéro à la facture corrigée."

_STATES = {
    Verdict.ACCEPTED: DocumentState.INTEGRE,
    Verdict.REFUSED: DocumentState.REJETE,
    Verdict.IRRECEVABLE: DocumentState.IRRECEVABLE,
    Verdict.WAITING: DocumentState.EN_ATTENTE,
    Verdict.UNDECIDED: DocumentState.EN_ATTENTE,
    Verdict.COMPANION: DocumentState.ACCOMPAGNEMENT,
}


MOST_NAMED = 10
"""Terms that a message names; the finding has all of them."""

MOST_WARNINGS = 10
"""Warnings kept of a document, and so reported: some senders fill a hundred elements that nobody
reads, in every invoice of every flow. ``validate`` tells all of them.
"""


def is_irrecevable(examinations: Sequence[Examination]) -> bool:
    """True where one document's technical or schema fault refuses the whole flow (facts 1.8)."""
    return any(examination.verdict is Verdict.IRRECEVABLE for examination in examinations)


def decisions_of(
    examinations: Sequence[Examination], mode: Mode, *, irrecevable: bool
) -> tuple[Decision, ...]:
    """Decide every document of a flow, ranks ascending.

    In an irrecevable flow every document is irrecevable; only those with a technical fault keep
    findings, because the others were not judged: they share their flow's fate. In qualification a
    sound document is not integrated: no number is taken, nobody receives it.
    """
    ordered = sorted(examinations, key=lambda examination: examination.rank)
    return tuple(_irrecevable(e) if irrecevable else _decision(e, mode) for e in ordered)


def _decision(examination: Examination, mode: Mode) -> Decision:
    state = _STATES[examination.verdict]
    if mode is Mode.QUALIFICATION and state is DocumentState.INTEGRE:
        state = DocumentState.CONFORME
    return Decision(
        rank=examination.rank,
        state=state,
        examination=examination,
        motive=examination.motive,
        findings=_kept(examination.findings),
    )


def _irrecevable(examination: Examination) -> Decision:
    faulty = examination.verdict is Verdict.IRRECEVABLE
    companion = examination.verdict is Verdict.COMPANION
    return Decision(
        rank=examination.rank,
        state=DocumentState.ACCOMPAGNEMENT if companion else DocumentState.IRRECEVABLE,
        examination=examination,
        motive=examination.motive if faulty else None,
        findings=_kept(examination.findings) if faulty else (),
    )


def _kept(findings: Findings) -> Findings:
    """Return what is fatal and the first warnings, in their order."""
    number = count(1)
    return tuple(f for f in findings if f.fatal or next(number) <= MOST_WARNINGS)


def duplicate(decision: Decision, holder: Holder) -> Decision:
    """Refuse a document whose number another one holds, or has spent, naming the first."""
    day = paris(holder.date_depot).strftime("%d/%m/%Y")
    recyclable = holder.statut is InvoiceStatus.A_RECYCLER
    if recyclable and decision.continues == holder.id and decision.differing:
        return _refused(decision, _altered(decision, holder, day))
    return _refused(decision, _repeated(decision, holder, day))


def _repeated(decision: Decision, holder: Holder, day: str) -> Finding:
    shown = _shown(decision)
    told = Label(
        f"La facture « {shown} » a déjà été déposée le {day}, flux {holder.numero_flux}",
        f"Invoice '{shown}' was already deposited on {day}, flow {holder.numero_flux}",
    )
    after = Label(".", ".")
    if holder.refused:
        after = _SPENT if holder.statut is None else _REFUSED
    return _of_number(
        decision,
        DUPLICATE_RULE,
        Label(f"{told.fr}{after.fr}", f"{told.en}{after.en}"),
        conseil=_RENUMBER if holder.refused else RULES[DUPLICATE_RULE].conseil,
        found=shown,
    )


def _altered(decision: Decision, holder: Holder, day: str) -> Finding:
    """Say what a document changes of the invoice to be recycled whose number it bears."""
    shown, terms = _shown(decision), decision.differing
    labels = [label_of(term) for term in terms[:MOST_NAMED]]
    fr = ", ".join(f"{t} {label.fr}" for t, label in zip(terms, labels, strict=False))
    en = ", ".join(f"{t} {label.en}" for t, label in zip(terms, labels, strict=False))
    more = len(terms) - MOST_NAMED
    if more > 0:
        fr, en = f"{fr}, et {more} de plus", f"{en}, and {more} more"
    return _of_number(
        decision,
        ALTERED_RULE,
        Label(
            f"La facture « {shown} » (déposée le {day}, flux {holder.numero_flux}) est à recycler, "
            f"et ce dépôt change autre chose que son routage : {fr}.",
            f"Invoice '{shown}' (deposited on {day}, flow {holder.numero_flux}) is to be recycled, "
            f"and this deposit changes more than its routing: {en}.",
        ),
        conseil=RULES[ALTERED_RULE].conseil,
        terms=terms,
        found=shown,
    )


def _of_number(
    decision: Decision,
    rule: str,
    message: Label,
    *,
    conseil: str,
    found: str,
    terms: tuple[str, ...] = ("BT-1",),
) -> Finding:
    """Return a finding on the number of a document."""
    place = decision.examination.number_place
    return Finding(
        rule=rule,
        severity=Severity.FATAL,
        stage=Stage.DECIDE,
        motive=Motive.REJ_UNI,
        message=message,
        conseil=conseil,
        terms=terms,
        address="BT-1",
        location=place.location,
        line=place.line,
        column=place.column,
        found=found,
    )


def _shown(decision: Decision) -> str:
    summary = decision.examination.summary
    return excerpt(summary.number if summary else "")


def _refused(decision: Decision, finding: Finding) -> Decision:
    return Decision(
        rank=decision.rank,
        state=DocumentState.REJETE,
        examination=decision.examination,
        motive=Motive.REJ_UNI,
        findings=(*decision.findings, finding),
    )


def refused_by_operator(reason: str) -> Finding:
    """Say of a document that waited why an operator refuses it, in his words."""
    return Finding(
        rule=REFUSAL_RULE,
        severity=Severity.FATAL,
        stage=Stage.DECIDE,
        motive=Motive.REJ_SEMAN,
        message=Label(
            f"L'exploitant a refusé ce document : {reason}",
            f"The operator refused this document: {reason}",
        ),
        conseil=RULES[REFUSAL_RULE].conseil,
    )
