"""The bilan: for each partner and night, what came in and what became of it must be the same.

A night is dated by the day on which it begins. Files seen = accepted + refused + duplicates + in
progress + vanished; invoices = integrated + rejected + waiting + in progress + in qualification.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from msgspec.structs import replace

from chorus_edi.domain.accounts import Account, Night
from chorus_edi.domain.labels import counted
from chorus_edi.domain.legal_time import PARIS, paris, short
from chorus_edi.domain.operations import Operation, OperationKind
from chorus_edi.ports import FlowFiles
from chorus_edi.ports.counting import Counts
from chorus_edi.ports.operations import Journal
from chorus_edi.services.rows import Row

COLUMNS = (
    "nuit",
    "emetteur",
    "fichiers",
    "acceptes",
    "refuses",
    "doublons",
    "fichiers_en_cours",
    "disparus",
    "factures",
    "integrees",
    "rejetees",
    "en_attente",
    "factures_en_cours",
    "qualification",
    "ecart",
)
KEPT = timedelta(days=7)
"""Age of a night whose stored copies are looked for; those of older ones may have been purged."""

_MOST_NAMED = 10
"""Partners whose figures stand in the event of a night; all are in the list."""


def night_of(day: date, begin: time) -> Night:
    """Return the night that begins on a day in Paris, and ends when the next one begins."""
    bounds = (datetime.combine(one, begin, PARIS) for one in (day, day + timedelta(days=1)))
    return Night(*(bound.astimezone(UTC) for bound in bounds))


def last_night(now: datetime, begin: time) -> Night:
    """Return the latest night that is over."""
    today = paris(now).date()
    night = night_of(today - timedelta(days=1), begin)
    return night if night.end <= now else night_of(today - timedelta(days=2), begin)


def accounts(counts: Counts, files: FlowFiles, night: Night, now: datetime) -> Sequence[Account]:
    """Return the accounts of a night by partner; of a recent one, stored copies are looked for."""
    found = counts.accounts(night)
    if now - night.end > KEPT:
        return found
    missing = Counter(flux.emetteur for flux in counts.closed(night) if not files.kept(flux))
    return [replace(account, unkept=missing[account.emetteur]) for account in found]


def signal(journal: Journal, night: Night, found: Sequence[Account], now: datetime) -> str:
    """Tell of a night and of every gap in it, each once; return the account in one sentence."""
    for account in found:
        if not account.sound:
            journal.signal(_gap(night, account, now))
    summary = told(night, found)
    journal.signal(
        Operation(
            key=f"bilan:{_date(night)}",
            kind=OperationKind.BILAN,
            subject=_date(night),
            detail=summary,
            at=now,
        )
    )
    return summary


def rows(night: Night, found: Sequence[Account]) -> Iterator[Row]:
    """Yield one row per partner; keys are ``COLUMNS``."""
    for one in found:
        yield {
            "nuit": _date(night),
            "emetteur": one.emetteur,
            "fichiers": one.seen,
            "acceptes": one.accepted,
            "refuses": one.refused,
            "doublons": one.duplicates,
            "fichiers_en_cours": one.in_progress,
            "disparus": one.vanished,
            "factures": one.invoices,
            "integrees": one.integrated,
            "rejetees": one.rejected,
            "en_attente": one.waiting,
            "factures_en_cours": one.undecided,
            "qualification": one.trial,
            "ecart": " ; ".join(gaps(one)) or None,
        }


def gaps(account: Account) -> Iterator[str]:
    """Yield what does not add up, with its figures, in French."""
    if account.files_gap:
        seen = counted(account.seen, "fichier vu", "fichiers vus")
        yield f"{seen}, {counted(account.seen - account.files_gap, 'retrouvé')}"
    if account.astray:
        yield f"{account.astray} flux d'un autre état que la fin de leur historique"
    if account.invoices_gap:
        counted_in = counted(account.invoices, "facture reçue", "factures reçues")
        yield f"{counted_in}, {counted(account.invoices - account.invoices_gap, 'retrouvée')}"
    if account.unkept:
        lost = counted(account.unkept, "fichier reçu introuvable", "fichiers reçus introuvables")
        yield f"{lost} dans l'archive et les rejets"


def told(night: Night, found: Sequence[Account]) -> str:
    """Return the account of a night in one sentence."""
    period = f"Du {short(night.begin)} au {short(night.end)}"
    if not found:
        return f"{period} : aucun dépôt."
    wrong = [one.emetteur for one in found if not one.sound]
    verdict = f"ÉCART pour {', '.join(wrong)}" if wrong else "aucun écart"
    named = [f"{one.emetteur} : {_figures(one)}" for one in found[:_MOST_NAMED]]
    rest = len(found) - len(named)
    more = f". Et {counted(rest, 'autre partenaire', 'autres partenaires')}" if rest else ""
    return f"{period} : {verdict}. {'. '.join(named)}{more}."


def _figures(one: Account) -> str:
    files = _listed(
        counted(one.accepted, "accepté"),
        counted(one.refused, "refusé"),
        counted(one.duplicates, "doublon"),
        f"{one.in_progress} en cours" if one.in_progress else "",
        counted(one.vanished, "disparu") if one.vanished else "",
    )
    invoices = _listed(
        counted(one.integrated, "intégrée"),
        counted(one.rejected, "rejetée"),
        f"{one.waiting} en attente",
        f"{one.undecided} en cours" if one.undecided else "",
        f"{one.trial} en qualification" if one.trial else "",
    )
    return (
        f"{counted(one.seen, 'fichier')} ({files}), {counted(one.invoices, 'facture')} ({invoices})"
    )


def _listed(*told: str) -> str:
    return ", ".join(filter(None, told))


def _gap(night: Night, account: Account, now: datetime) -> Operation:
    return Operation(
        key=f"ecart-bilan:{account.emetteur}:{_date(night)}",
        kind=OperationKind.ECART_BILAN,
        subject=account.emetteur,
        detail=f"Nuit du {_date(night)} : {' ; '.join(gaps(account))}. "
        f"Détail : {_figures(account)}.",
        at=now,
    )


def _date(night: Night) -> str:
    return paris(night.begin).date().isoformat()
