"""One small made-up night, as rows: what screens and reports are tested with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from chorus_edi.domain.findings import Finding, NotChecked, Severity, Stage
from chorus_edi.domain.flux import (
    Canal,
    Deliverable,
    DocumentRow,
    Flux,
    FluxEvent,
    InvoiceRow,
    InvoiceSummary,
    Rejection,
)
from chorus_edi.domain.labels import Label
from chorus_edi.domain.legal_time import paris
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import DocumentState, FluxState, InvoiceStatus

NUMERO = "AAA9990000000000000000001"
DEPOSITED = datetime(2026, 11, 20, 23, 30, 5, tzinfo=UTC)
ENDED = datetime(2026, 11, 20, 23, 31, tzinfo=UTC)
TOWN = "21070042900018"

FLUX = Flux(
    numero_flux=NUMERO,
    sequence=1,
    nom_fichier=f"FSO1116A_AAA999_{NUMERO}.tar.gz",
    emetteur="AAA999",
    interface="FSO1116A",
    canal=Canal.EDI,
    chemin="AAA999/flux.tar.gz",
    date_depot=DEPOSITED,
    etat=FluxState.IN_INTEGRE_PARTIEL,
    date_etat=ENDED,
    sha256="ab" * 32,
    taille=20480,
    factures=4,
    integrees=2,
    rejetees=2,
)
IRRECEVABLE = Flux(
    numero_flux="CPP0010000000000000000002",
    sequence=2,
    nom_fichier="factures <nuit> & co.zip",
    emetteur="AAA999",
    interface=None,
    canal=Canal.EDI,
    chemin="factures.zip",
    date_depot=DEPOSITED,
    etat=FluxState.IN_REJETE,
    date_etat=ENDED,
    sha256="cd" * 32,
    taille=99,
    motif=Motive.IRR_EXTRAC,
)
FLUXES = (FLUX, IRRECEVABLE)


def summary(number: str, **changed: str) -> InvoiceSummary:
    """Return the summary of an invoice to the town."""
    base = InvoiceSummary(
        number=number,
        year=2026,
        issue_date="2026-11-19",
        type_code="380",
        seller_key="123456782",
        seller="12345678200010",
        seller_name="Menuiserie Lefèvre & Fils",
        recipient=TOWN,
        recipient_name="Commune de Valmont-sur-Loire",
        code_service="URBA",
        engagement="EJ-2026-17",
        amount="1250.40",
        currency="EUR",
        cadre="A1",
    )
    return msgspec.structs.replace(base, **changed)


def document(rank: int, state: DocumentState, **changed: Any) -> DocumentRow:
    """Return a document of the first flow."""
    base = DocumentRow(
        numero_flux=NUMERO,
        rank=rank,
        name=f"facture-{rank}.xml",
        size=7000 + rank,
        sha256=f"{rank:064x}",
        state=state,
        circuit=Circuit.HISTORIQUE,
        rule_sets=("chorus-historique@4.21-1+CE-EJ-01=warning",),
        directory_version="0a1b2c3d4e5f6071",
        summary=summary(f"F-2026-{rank:03d}"),
    )
    return msgspec.structs.replace(base, **changed)


DOCUMENTS = (
    document(1, DocumentState.INTEGRE),
    document(2, DocumentState.REJETE, motive=Motive.CALCUL_ERR),
    document(3, DocumentState.INTEGRE),
    document(
        4,
        DocumentState.REJETE,
        motive=Motive.DEST_INC,
        circuit=None,
        rule_sets=("en16931@1.3.16-2",),
        not_checked=(NotChecked("br-fr", "Aucun signe d'un <circuit>."),),
    ),
)

TOTAL = Finding(
    rule="BR-CO-10",
    severity=Severity.FATAL,
    stage=Stage.CHECK,
    motive=Motive.CALCUL_ERR,
    message=Label(
        "Le total des lignes (BT-106) n'est pas la somme des montants nets des lignes.",
        "The sum of invoice line net amounts is wrong.",
    ),
    conseil="Corrigez BT-106 ou les montants des lignes.",
    terms=("BT-106", "BT-131"),
    address="BG-22/BT-106",
    location=(
        "/*:Invoice[namespace-uri()='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'][1]"
        "/*:LegalMonetaryTotal[1]/*:LineExtensionAmount[1]"
    ),
    line=142,
    column=7,
    found="1042.00",
    expected="1040.00",
)
REMARK = Finding(
    rule="BR-CL-23",
    severity=Severity.WARNING,
    stage=Stage.CHECK,
    motive=Motive.REJ_SEMAN,
    message=Label("L'unité « X<1> » n'est pas dans la liste.", "Unknown unit code."),
    terms=("BT-130",),
    address="BG-25[2]/BT-130",
    line=88,
    found="X<1>",
)
UNKNOWN_RECIPIENT = Finding(
    rule="CE-DEST-03",
    severity=Severity.FATAL,
    stage=Stage.RESOLVE,
    motive=Motive.DEST_INC,
    message=Label("Le SIRET n'est pas dans l'annuaire.", "The SIRET is not in the directory."),
    conseil="Vérifiez le SIRET du destinataire.",
    terms=("BT-46",),
    address="BG-7/BT-46[1]",
    line=60,
    column=3,
    found="99999999900018",
)
BROKEN_ARCHIVE = Finding(
    rule="CE-ARCHIVE-01",
    severity=Severity.FATAL,
    stage=Stage.UNPACK,
    motive=Motive.IRR_EXTRAC,
    message=Label("L'archive est tronquée.", "The archive is cut short."),
    conseil="Refaites l'archive et redéposez-la.",
)


def rejection(flux: Flux, document: DocumentRow | None, finding: Finding) -> Rejection:
    """Return a finding as the store gives it back; no document is the flow itself."""
    return Rejection(
        numero_flux=flux.numero_flux,
        rank=document.rank if document else 0,
        document=document.name if document else "",
        emetteur=flux.emetteur,
        nom_fichier=flux.nom_fichier,
        date_depot=flux.date_depot,
        summary=document.summary if document else None,
        motive=document.motive if document else flux.motif,
        finding=finding,
    )


FINDINGS = (
    rejection(FLUX, DOCUMENTS[1], TOTAL),
    rejection(FLUX, DOCUMENTS[1], REMARK),
    rejection(FLUX, DOCUMENTS[2], REMARK),
    rejection(FLUX, DOCUMENTS[3], UNKNOWN_RECIPIENT),
)
OF_THE_FLOW = rejection(IRRECEVABLE, None, BROKEN_ARCHIVE)

FILES = (
    Deliverable(name="0001_facture-1.xml", kind="original", size=7001, sha256="01" * 32),
    Deliverable(name="0001_PJ1_devis.pdf", kind="attachment", size=900, sha256="02" * 32),
)


class NightStore:
    """The questions of people, answered from the rows above."""

    def suivi(
        self,
        *,
        etat: FluxState | None = None,
        emetteur: str | None = None,
        depuis: datetime | None = None,
    ) -> Iterator[Flux]:
        for flux in reversed(FLUXES):
            right_state = etat is None or flux.etat is etat
            right_sender = emetteur is None or flux.emetteur == emetteur
            if right_state and right_sender and (depuis is None or flux.date_depot >= depuis):
                yield flux

    def flux(self, numero_flux: str) -> Flux | None:
        return next((flux for flux in FLUXES if flux.numero_flux == numero_flux), None)

    def events(self, numero_flux: str) -> Sequence[FluxEvent]:
        states = (
            (FluxState.IN_RECU, DEPOSITED, ""),
            (FluxState.IN_INTEGRE_PARTIEL, ENDED, "2 intégrée(s), 2 rejetée(s)"),
        )
        return [
            FluxEvent(numero_flux=numero_flux, seq=n, etat=etat, date=at, detail=detail)
            for n, (etat, at, detail) in enumerate(states, 1)
        ]

    def documents(self, numero_flux: str) -> Sequence[DocumentRow]:
        return [document for document in DOCUMENTS if document.numero_flux == numero_flux]

    def factures(
        self, *, numero_flux: str | None = None, statut: str | None = None
    ) -> Iterator[InvoiceRow]:
        for row in DOCUMENTS:
            wanted = numero_flux in (None, row.numero_flux) and statut in (None, "DEPOSEE")
            if wanted and row.state is DocumentState.INTEGRE and row.summary:
                yield InvoiceRow(
                    id=row.id,
                    numero_flux=row.numero_flux,
                    rank=row.rank,
                    summary=row.summary,
                    statut=InvoiceStatus.DEPOSEE,
                    date_statut=ENDED,
                    date_depot=DEPOSITED,
                    emetteur="AAA999",
                )

    def rejets(
        self, *, jour: date | None = None, emetteur: str | None = None
    ) -> Iterator[Rejection]:
        for row in (*FINDINGS, OF_THE_FLOW):
            right_day = jour is None or paris(row.date_depot).date() == jour
            if row.finding.fatal and right_day and emetteur in (None, row.emetteur):
                yield row

    def __enter__(self) -> NightStore:
        return self

    def __exit__(self, *_: object) -> None:
        return None
