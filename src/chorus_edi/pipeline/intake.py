"""Commits 1 and 2: files of the inbox become flows, flows become documents on their way to workers.

The claimed file is the only stored copy of what came in; what is unpacked from it is scratch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import msgspec
from msgspec.structs import replace

from chorus_edi.domain.findings import Finding, Findings
from chorus_edi.domain.flux import Arrival, DocumentEntry, DocumentRow, Flux
from chorus_edi.domain.interfaces import INTERFACES, Interface, formats_open
from chorus_edi.domain.legal_time import paris
from chorus_edi.domain.partners import Mode, Partner
from chorus_edi.domain.statuses import DocumentState, FluxState
from chorus_edi.errors import Defect, Delayed, Incident
from chorus_edi.formats.archive import Limits
from chorus_edi.pipeline.crashpoints import reach
from chorus_edi.pipeline.reading import Piece, pieces_of
from chorus_edi.pipeline.tasks import Chunk, Mark, Task, gathered
from chorus_edi.ports import Antivirus, Clock, FlowFiles, Store
from chorus_edi.stages import envelope

_STANDS = (FluxState.IN_INTEGRE, FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP)
"""Ends of a flow that is not to be sent again; one in progress is not either."""

_OF_ALL = (None, DocumentState.IRRECEVABLE, DocumentState.ACCOMPAGNEMENT)
"""States of a document that say nothing of it alone: its flow may be refused as a whole."""


class FlowRead(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a flow's documents.

    Attributes:
        flux: the flow.
        found: False where its file was neither in the inbox nor in work.
        failed: why it cannot go on for now; what was read of it does not count.
        findings: faults of the flow itself; with one, none of its documents counts.
        scratch: folder that holds its staged files.
    """

    flux: Flux
    found: bool = True
    failed: OSError | Delayed | Defect | None = None
    findings: Findings = ()
    scratch: str = ""


class Intake:
    """Claims arrivals and reads claimed flows."""

    def __init__(
        self,
        store: Store,
        files: FlowFiles,
        clock: Clock,
        *,
        partners: Mapping[str, Partner],
        limits: Limits,
        antivirus: Antivirus,
        interfaces: Mapping[str, Interface] = INTERFACES,
    ) -> None:
        self._store = store
        self._files = files
        self._clock = clock
        self._partners = partners
        self._limits = limits
        self._antivirus = antivirus
        self._interfaces = interfaces

    def claim(self, arrivals: Sequence[Arrival]) -> Sequence[Flux]:
        """Commit 1 for some arrivals, then take their files."""
        reach("claim")
        fluxes = self._store.claim([*map(self._as_sent, arrivals)], self._clock.now())
        reach("claimed")
        return fluxes

    def _as_sent(self, arrival: Arrival) -> Arrival:
        """Return an arrival in the mode of its partner, which its flow keeps."""
        partner = self._partners.get(arrival.partner)
        return arrival if partner is None else replace(arrival, mode=partner.mode)

    def documents(self, flux: Flux) -> Iterator[Chunk | Mark]:
        """Yield a claimed flow's documents in chunks, then a mark with its ``FlowRead``.

        Commit 2 comes at the end of the stream, when the flow's last document is known. Where the
        environment or our own code fails for this flow, the mark says so.
        """
        try:
            yield from self._read(flux)
        except (OSError, Delayed, Defect) as error:
            yield Mark(FlowRead(flux=flux, failed=error))
        except Incident:
            raise
        except Exception as error:  # noqa: BLE001 - strangers' bytes: a defect stops one flow
            defect = Defect(f"{type(error).__name__}: {error}")
            yield Mark(FlowRead(flux=flux, failed=defect.with_traceback(error.__traceback__)))

    def _read(self, flux: Flux) -> Iterator[Chunk | Mark]:
        if not self._files.take(flux):
            yield Mark(FlowRead(flux=flux, found=False))
            return
        reach("taken")
        digest, size = self._measured(flux)
        first = self._first(flux, digest)
        scan = self._antivirus.scan(self._files.path(flux))
        # What a run before this one let in is not judged at the door again; a virus may be known
        # since, and without its partner nobody can say how a flow is to be read.
        rows = self._store.documents(flux.numero_flux) if flux.sha256 is not None else ()
        faults: list[Finding] = [*envelope.judge_virus(scan.virus)]
        if not rows or flux.emetteur not in self._partners:
            faults += self._refusals(flux, first)
            faults += self._arrived(flux, digest, size)
        read = FlowRead(flux=flux, scratch=self._files.scratch(flux))
        entries: list[DocumentEntry] = []
        if not faults:
            yield from gathered(self._tasks(read, rows, entries, faults))
        if faults and _begun(rows):
            raise Delayed(_too_late(faults[0]))
        self._store.register(
            flux.numero_flux,
            sha256=digest,
            size=size,
            documents=[] if faults else entries,
            first=first.numero_flux if first else flux.premier_flux,
            detail=scan.told,
            at=self._clock.now(),
        )
        reach("registered")
        yield Mark(replace(read, findings=tuple(faults)))

    def _tasks(
        self,
        read: FlowRead,
        rows: Sequence[DocumentRow],
        entries: list[DocumentEntry],
        faults: list[Finding],
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
            # In qualification nobody is to receive anything.
            stage=read.scratch if flux.mode is Mode.PRODUCTION else None,
        )
        limits = limits_of(partner, self._limits)
        formats = formats_open(self._interfaces.get(flux.interface or ""), partner.formats)
        cleared = self._cleared(flux, rows)
        with self._files.open(flux) as file:
            path = self._files.path(flux)
            for item in pieces_of(file, flux.nom_fichier, path, limits, read.scratch):
                if not isinstance(item, Piece):
                    faults.append(item)
                    return
                entries.append(item.entry)
                rank = item.entry.rank
                yield task(
                    entry=item.entry,
                    data=item.data,
                    path=item.path,
                    formats=frozenset() if rank in cleared else formats,
                    senders=() if rank in cleared else partner.sirets,
                    stage_always=rank in promised,
                )

    def _cleared(self, flux: Flux, rows: Sequence[DocumentRow]) -> frozenset[int]:
        """Return the ranks whose format and sender a run before this one found to be right.

        All are examined before the first is decided. Only what waited since, and was resumed, is
        examined for the first time, perhaps: nobody may have come as far as its sender.
        """
        if not _begun(rows):
            return frozenset()
        events = self._store.events(flux.numero_flux)
        waited = any(event.etat is FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP for event in events)
        return frozenset(row.rank for row in rows if row.state is not None or not waited)

    def _measured(self, flux: Flux) -> tuple[str, int]:
        """Return the SHA-256 and the size of what was received."""
        with self._files.open(flux) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return digest, file.seek(0, 2)

    def _first(self, flux: Flux, digest: str) -> Flux | None:
        """Return the flow that this one repeats: one that stands before one that was refused."""
        earlier = self._store.repeated(flux, digest)
        standing = (one for one in earlier if _stands(one, flux))
        return next(standing, earlier[0] if earlier else None)

    def _refusals(self, flux: Flux, first: Flux | None) -> Findings:
        """Return why a flow is refused before it is opened."""
        return envelope.judge(
            flux,
            self._partners.get(flux.emetteur),
            self._interfaces,
            paris(flux.date_depot).date(),
            first if first is not None and _stands(first, flux) else None,
        )

    def _arrived(self, flux: Flux, digest: str, size: int) -> Findings:
        partner = self._partners.get(flux.emetteur)
        if partner is None:
            return ()
        rule, witness = partner.arriving.rule, self._files.witness(flux)
        return envelope.judge_arrival(rule, witness, digest, size)


def limits_of(partner: Partner, all_: Limits) -> Limits:
    """Return what a flow of a partner may hold: never more than those of all."""
    own = partner.bounds
    return all_._replace(
        documents=min(own.documents or all_.documents, all_.documents),
        total=min(own.flow or all_.total, all_.total),
        entry=min(own.document or all_.entry, all_.entry),
    )


def _stands(first: Flux, again: Flux) -> bool:
    """True where a flow was in progress when another came, or has not been refused since.

    Asked of the rows, not of the present state: after a crash the answer is the same.
    """
    ended_before = first.etat.closed and first.date_etat < again.date_depot
    return first.etat in _STANDS or not ended_before


def _begun(rows: Sequence[DocumentRow]) -> bool:
    """True where documents of a flow were decided one by one: it cannot be refused any more."""
    return any(row.state not in _OF_ALL for row in rows)


def _too_late(fault: Finding) -> str:
    """Say what keeps a flow from being ended that cannot be refused any more."""
    found = f" ({fault.found})" if fault.found else ""
    return (
        f"{fault.rule}{found} après l'admission de ce flux : {fault.message.fr} Des documents en "
        "sont déjà décidés, et rien de plus n'est livré. Rétablissez ce qui a changé depuis "
        "(partenaire, limites), ou vérifiez l'alerte de l'antivirus."
    )
