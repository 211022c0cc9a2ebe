"""Short makers of what the store is given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chorus_edi.domain.findings import Finding, Findings, NotChecked, Severity, Stage
from chorus_edi.domain.flux import (
    Arrival,
    Decision,
    Deliverable,
    DocumentEntry,
    Examination,
    Holder,
    InvoiceSummary,
    Verdict,
)
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Circuit, Container, Syntax
from chorus_edi.domain.statuses import DocumentState
from chorus_edi.ports import Store

AT = datetime(2026, 11, 20, 22, 59, 59, 123456, tzinfo=UTC)
TOWN = "21800019800018"
SHA = "ab" * 32


def later(minutes: int) -> datetime:
    return AT + timedelta(minutes=minutes)


def arrival(name: str, partner: str = "AAA999") -> Arrival:
    return Arrival(partner=partner, filename=name, path=f"{partner}/{name}")


def entry(rank: int) -> DocumentEntry:
    return DocumentEntry(rank=rank, name=f"f{rank}.xml", size=rank, sha256=SHA)


def registered(store: Store, documents: int = 1, *, name: str = "a.xml", at: datetime = AT) -> str:
    """Claim and register one flow; return its number."""
    numero = store.claim([arrival(name)], at)[0].numero_flux
    entries = [entry(rank) for rank in range(1, documents + 1)]
    store.register(numero, sha256=SHA, size=100, documents=entries, at=at)
    return numero


def finding(
    rule: str = "BR-01",
    *,
    severity: Severity = Severity.FATAL,
    motive: Motive = Motive.REJ_SEMAN,
    stage: Stage = Stage.CHECK,
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        stage=stage,
        motive=motive,
        message=Label("C'est écrit « à côté ».", "It is written elsewhere."),
        conseil="Corriger puis renvoyer.",
        terms=("BT-24",),
        address="BT-24",
        location="/Invoice/cbc:CustomizationID",
        line=70_000,
        column=3,
        found="",
    )


def summary(
    number: str, *, year: int | None = 2026, seller: str | None = "732829320"
) -> InvoiceSummary:
    return InvoiceSummary(
        number=number, year=year, seller_key=seller, recipient=TOWN, amount="12.50", currency="EUR"
    )


def examination(
    rank: int, found: InvoiceSummary | None, verdict: Verdict, files: int = 1
) -> Examination:
    names = (f"{rank:04d}_{n}.xml" for n in range(1, files + 1))
    return Examination(
        rank=rank,
        name=f"f{rank}.xml",
        size=rank,
        sha256=SHA,
        verdict=verdict,
        container=Container.XML,
        syntax=Syntax.CII,
        circuit=Circuit.AFNOR,
        rule_sets=("en16931@1",),
        directory_version="2026-11",
        not_checked=(NotChecked("BR-FR-12", "Règle pas encore écrite."),),
        summary=found,
        deliverables=tuple(
            Deliverable(name=name, kind="original", size=rank, sha256=SHA) for name in names
        ),
    )


def accepted(
    rank: int,
    number: str,
    *,
    year: int | None = 2026,
    seller: str | None = "732829320",
    files: int = 1,
    findings: Findings = (),
) -> Decision:
    found = summary(number, year=year, seller=seller)
    return Decision(
        rank=rank,
        state=DocumentState.INTEGRE,
        examination=examination(rank, found, Verdict.ACCEPTED, files),
        findings=findings,
    )


def refused(rank: int, *findings: Finding, state: DocumentState = DocumentState.REJETE) -> Decision:
    return Decision(
        rank=rank,
        state=state,
        examination=examination(rank, summary(f"R{rank}"), Verdict.REFUSED),
        motive=findings[0].motive if findings else None,
        findings=findings,
    )


def duplicate(decision: Decision, holder: Holder) -> Decision:
    """Refuse, and say in the finding who holds the number."""
    found = Finding(
        rule="CE-UNI-01",
        severity=Severity.FATAL,
        stage=Stage.DECIDE,
        motive=Motive.REJ_UNI,
        message=Label("Doublon.", "Duplicate."),
        found=f"{holder.numero_flux}/{holder.rank}/{holder.date_depot.isoformat()}",
    )
    return Decision(
        rank=decision.rank,
        state=DocumentState.REJETE,
        examination=decision.examination,
        motive=Motive.REJ_UNI,
        findings=(*decision.findings, found),
    )


def states(decisions: object) -> list[DocumentState]:
    return [decision.state for decision in decisions]  # type: ignore[attr-defined]
