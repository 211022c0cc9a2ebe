"""Documents that wait for an operator: which they are, resumed, refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from chorus_edi.domain.findings import excerpt
from chorus_edi.domain.flux import InvoiceSummary
from chorus_edi.domain.statuses import DocumentState, FluxState
from chorus_edi.errors import ConfigurationError
from chorus_edi.pipeline.decision import refused_by_operator
from chorus_edi.ports import Clock, Store
from chorus_edi.services.rows import Row

COLUMNS = (
    "numero_flux",
    "rang",
    "nom",
    "emetteur",
    "date_depot",
    "numero_facture",
    "cause",
    "taille",
    "nom_fichier",
)
_PLAIN_PDF = "PDF sans données structurées"
_LONGEST = 500


def rows(store: Store) -> Iterator[Row]:
    """Yield one row per waiting document, the oldest flow first; keys are ``COLUMNS``."""
    flows = list(store.suivi(etat=FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP))
    for flux in reversed(flows):
        causes = {row.rank: row.finding.found for row in store.findings(flux.numero_flux)}
        for document in store.documents(flux.numero_flux):
            if document.state is not DocumentState.EN_ATTENTE:
                continue
            summary = document.summary or InvoiceSummary()
            yield {
                "numero_flux": flux.numero_flux,
                "rang": document.rank,
                "nom": document.name,
                "emetteur": flux.emetteur,
                "date_depot": flux.date_depot,
                "numero_facture": summary.number or None,
                "cause": _CAUSES.get(causes.get(document.rank) or "", causes.get(document.rank))
                or _PLAIN_PDF,
                "taille": document.size,
                "nom_fichier": flux.nom_fichier,
            }


_CAUSES = {
    "worker": "le processus d'examen a été perdu trois fois",
    "deadline": "l'examen a dépassé son délai trois fois",
}
"""Why a document could not be examined → what people read."""


def resume(store: Store, clock: Clock, numero_flux: str, ranks: Collection[int] = ()) -> int:
    """Let waiting documents of a flow be examined again by the next run; return how many.

    Raises:
        ConfigurationError: none of them waits.
    """
    count = store.resume(numero_flux, ranks, detail="Repris par l'exploitant.", at=clock.now())
    return _some(count, numero_flux)


def refuse(
    store: Store, clock: Clock, numero_flux: str, reason: str, ranks: Collection[int] = ()
) -> int:
    """Refuse waiting documents of a flow; the next run writes its report. Return how many.

    Args:
        store: where they are.
        clock: now.
        numero_flux: the flow.
        reason: one French sentence, which its sender reads.
        ranks: which of its documents; none means all that wait.

    Raises:
        ConfigurationError: none of them waits, or no reason is given.
    """
    said = " ".join(reason.split())
    if not said or len(said) > _LONGEST:
        raise ConfigurationError(f"--raison : une phrase d'au plus {_LONGEST} caractères")
    count = store.resume(
        numero_flux,
        ranks,
        refusal=refused_by_operator(said),
        detail=f"Refusé par l'exploitant : {excerpt(said)}",
        at=clock.now(),
    )
    return _some(count, numero_flux)


def _some(count: int, numero_flux: str) -> int:
    if not count:
        raise ConfigurationError(f"aucun document à reprendre ou refuser dans {numero_flux}")
    return count
