"""Commits 1 and 2: files of the inbox become flows, flows become documents on their way to workers.

The claimed file is the only stored copy of what came in; what is unpacked from it is scratch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import msgspec

from chorus_edi.domain.findings import Finding, Findings, Severity, Stage
from chorus_edi.domain.flux import Arrival, DocumentEntry, Flux
from chorus_edi.domain.labels import Label
from chorus_edi.domain.legal_time import paris
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.partners import Partner
from chorus_edi.domain.statuses import FluxState
from chorus_edi.formats.archive import Limits
from chorus_edi.pipeline.crashpoints import reach
from chorus_edi.pipeline.reading import Piece, pieces_of
from chorus_edi.pipeline.tasks import Chunk, Mark, Task, gathered
from chorus_edi.ports import Clock, FlowFiles, Store

UNIQUE_RULE = "CE-FLUX-01"
PARTNER_RULE = "CE-FLUX-02"
RULES: dict[str, Label] = {
    UNIQUE_RULE: Label(
        "Ce numéro de flux a déjà été reçu.", "This flow number was already received."
    ),
    PARTNER_RULE: Label(
        "Aucun partenaire n'est déclaré sous ce code.", "No partner is declared under this code."
    ),
}

_REFUSED_BEFORE = (FluxState.IN_REJETE, FluxState.IN_INTEGRE_PARTIEL, FluxState.IN_INCIDENTE)


class FlowRead(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a flow's documents.

    Attributes:
        flux: the flow.
        found: False where its file was neither in the inbox nor in work.
        findings: faults of the flow itself; with one, none of its documents counts.
        scratch: folder that holds its staged files.
    """

    flux: Flux
    found: bool = True
    findings: Findings = ()
    scratch: str = ""


class Intake:
    """Claims arrivals and reads claimed flows."""

    def __init__(
        self,
        store: Store,
        files: FlowFiles,
        clock: Clock,
        partners: Mapping[str, Partner],
        limits: Limits,
    ) -> None:
        self._store = store
        self._files = files
        self._clock = clock
        self._partners = partners
        self._limits = limits

    def claim(self, arrivals: Sequence[Arrival]) -> Sequence[Flux]:
        """Commit 1 for some arrivals, then take their files."""
        reach("claim")
        fluxes = self._store.claim(arrivals, self._clock.now())
        reach("claimed")
        return fluxes

    def documents(self, flux: Flux) -> Iterator[Chunk | Mark]:
        """Yield a claimed flow's documents in chunks, then a mark with its ``FlowRead``.

        Commit 2 comes at the end of the stream, when the flow's last document is known.
        """
        if not self._files.take(flux):
            yield Mark(FlowRead(flux=flux, found=False))
            return
        reach("taken")
        read = FlowRead(flux=flux, findings=self._refusals(flux), scratch=self._files.scratch(flux))
        entries: list[DocumentEntry] = []
        faults: list[Finding] = list(read.findings)
        if not faults:
            yield from gathered(self._tasks(read, entries, faults))
        self._register(flux, [] if faults else entries)
        yield Mark(msgspec.structs.replace(read, findings=tuple(faults)))

    def _tasks(
        self, read: FlowRead, entries: list[DocumentEntry], faults: list[Finding]
    ) -> Iterator[Task]:
        flux = read.flux
        partner = self._partners[flux.emetteur]
        promised = {i.rank for i in self._store.intents(flux.numero_flux, pending=True)}
        task = partial(
            Task,
            flux=flux.numero_flux,
            deposited=paris(flux.date_depot).date(),
            interface=flux.interface,
            default_circuit=partner.default_circuit,
            partner=partner.code,
            stage=read.scratch,
        )
        with self._files.open(flux) as file:
            path = self._files.path(flux)
            for item in pieces_of(file, flux.nom_fichier, path, self._limits, read.scratch):
                if not isinstance(item, Piece):
                    faults.append(item)
                    return
                entries.append(item.entry)
                yield task(
                    entry=item.entry,
                    data=item.data,
                    path=item.path,
                    stage_always=item.entry.rank in promised,
                )

    def _register(self, flux: Flux, entries: Sequence[DocumentEntry]) -> None:
        with self._files.open(flux) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.seek(0, 2)
        self._store.register(
            flux.numero_flux, sha256=digest, size=size, documents=entries, at=self._clock.now()
        )
        reach("registered")

    def _refusals(self, flux: Flux) -> Findings:
        """Return why a flow is refused before it is opened."""
        if flux.emetteur not in self._partners:
            conseil = "Déposez sous votre code application, ou demandez un raccordement."
            return (_finding(PARTNER_RULE, Motive.IRR_CODE_APP, conseil, flux.emetteur),)
        first = self._store.flux(flux.premier_flux) if flux.premier_flux else None
        if first is None or first.etat in _REFUSED_BEFORE:
            return ()
        conseil = f"Voyez le compte rendu du premier flux, {first.numero_flux}."
        return (_finding(UNIQUE_RULE, Motive.IRR_UNICITE, conseil, first.numero_flux),)


def _finding(rule: str, motive: Motive, conseil: str, found: str) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.FATAL,
        stage=Stage.UNPACK,
        motive=motive,
        message=RULES[rule],
        conseil=conseil,
        found=found,
    )
