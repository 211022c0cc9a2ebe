"""Commit 5: a flow gets its last state from its documents, its sender the report, its file a shelf.

The commit comes first; the report is then written from the rows, so that doing it again after a
crash writes the same bytes. A closed flow that still has a work folder is one whose end was cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from chorus_edi.domain.findings import Findings
from chorus_edi.domain.flux import DocumentRow, Flux, Rejection, report_names
from chorus_edi.domain.lifecycle import flux_state_of
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.statuses import DocumentState, FluxState
from chorus_edi.errors import Defect
from chorus_edi.formats.reports import integration_html, integration_json
from chorus_edi.pipeline.crashpoints import reach
from chorus_edi.ports import Clock, FlowFiles, Returns, Store


class Closing:
    """Ends flows."""

    def __init__(self, store: Store, files: FlowFiles, returns: Returns, clock: Clock) -> None:
        self._store = store
        self._files = files
        self._returns = returns
        self._clock = clock

    def close(
        self, flux: Flux, documents: Sequence[DocumentRow], findings: Findings = ()
    ) -> FluxState:
        """Close a flow whose documents are all decided and delivered; return its last state.

        Args:
            flux: the flow, to be finished next.
            documents: its own.
            findings: faults of the flow itself; the first fatal one gives the flow its motive.
        """
        states = Counter(document.state for document in documents if document.state)
        etat = flux_state_of(states, flux.mode)
        self._store.close(
            flux.numero_flux,
            etat=etat,
            motif=_motive(documents, findings) if etat in _REFUSED else None,
            detail=_detail(states, findings, sum(d.continues is not None for d in documents)),
            findings=findings,
            at=self._clock.now(),
        )
        reach("closed")
        return etat

    def vanish(self, flux: Flux) -> None:
        """Close a flow whose file is gone from inbox and work: somebody took it away."""
        self._store.close(
            flux.numero_flux,
            etat=FluxState.IN_INCIDENTE,
            detail="Le fichier a disparu avant d'être pris en charge. Déposez-le de nouveau.",
            at=self._clock.now(),
        )

    def finish(self, numero_flux: str, documents: Sequence[DocumentRow] | None = None) -> None:
        """Write the report of a closed flow and put its stored copy on its shelf.

        ``documents`` are its own, where they were just read.
        """
        flux = self._store.flux(numero_flux)
        if flux is None:
            raise Defect(f"no flow {numero_flux}")
        findings = self._report(flux, documents)
        repeats = any(row.finding.motive is Motive.IRR_UNICITE for row in findings)
        told = [flux.emetteur]
        if repeats and flux.premier_flux is not None:
            told += self._report_again(flux.premier_flux)
        self._returns.settle(told)
        reach("reported")
        self._files.shelve(flux, refused=flux.etat in _REFUSED)
        reach("shelved")

    def _report_again(self, numero_flux: str) -> list[str]:
        """Give the report of a flow that was sent again: its sender, returned, may not have it."""
        first = self._store.flux(numero_flux)
        if first is None or not first.etat.closed:
            return []
        self._report(first, give=self._returns.repeat)
        return [first.emetteur]

    def _report(
        self,
        flux: Flux,
        documents: Sequence[DocumentRow] | None = None,
        *,
        give: Callable[[str, str, bytes], None] | None = None,
    ) -> Sequence[Rejection]:
        """Give the report of a flow; return what was found in it."""
        if documents is None:
            documents = self._store.documents(flux.numero_flux)
        findings = self._store.findings(flux.numero_flux)
        as_json, as_html = report_names(flux)
        told = partial(give or self._returns.give, flux.emetteur)
        told(as_json, integration_json(flux, documents, findings))
        told(as_html, integration_html(flux, documents, findings))
        return findings


def _motive(documents: Iterable[DocumentRow], findings: Findings) -> Motive | None:
    """Return the first fault of the flow itself, else the motive of its first refused document."""
    for finding in findings:
        if finding.fatal:
            return finding.motive
    return next((document.motive for document in documents if document.motive), None)


_REFUSED = (FluxState.IN_REJETE, FluxState.QP_IRRECEVABLE)


_COUNTED: tuple[tuple[DocumentState, str, str], ...] = (
    (DocumentState.INTEGRE, "intégrée", "intégrées"),
    (DocumentState.CONFORME, "conforme", "conformes"),
    (DocumentState.REJETE, "rejetée", "rejetées"),
    (DocumentState.IRRECEVABLE, "irrecevable", "irrecevables"),
    (DocumentState.EN_ATTENTE, "en attente", "en attente"),
    (DocumentState.ACCOMPAGNEMENT, "pièce d'accompagnement", "pièces d'accompagnement"),
)


def _detail(states: Counter[DocumentState], findings: Findings, recycled: int) -> str:
    if findings:
        return findings[0].message.fr
    counts = ((states[state], one, many) for state, one, many in _COUNTED)
    told = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    if recycled:
        told.append(f"dont {recycled} {'recyclage' if recycled == 1 else 'recyclages'}")
    return ", ".join(told)
