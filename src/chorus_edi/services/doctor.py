"""Says what is in work, half delivered, waiting or inconsistent, and repairs what it can.

Most of what a crash leaves is no illness: the next run finishes it. What is told as wrong is what
no run will mend by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from functools import partial

import msgspec

from chorus_edi.domain.flux import Flux
from chorus_edi.domain.statuses import FluxState
from chorus_edi.ports import FlowFiles, Outbox, Returns, Store, Stray, StrayKind
from chorus_edi.ports.lifecycle import Lives
from chorus_edi.services.rows import Row

COLUMNS = ("gravite", "objet", "constat", "remede")


class Gravity(StrEnum):
    """How much a remark weighs."""

    NORMAL = "normal"
    TO_DO = "à faire"
    WRONG = "anomalie"


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to say of an installation.

    Attributes:
        gravity: ``WRONG`` where no run will mend it by itself.
        subject: flow number or path.
        found: what was found, one French sentence.
        remedy: what mends it, one French sentence.
        repair: mends it; None where somebody else must.
    """

    gravity: Gravity
    subject: str
    found: str
    remedy: str
    repair: Callable[[], None] | None = None


def remarks(
    store: Store,
    files: FlowFiles,
    outbox: Outbox,
    returns: Returns,
    since: datetime | None = None,
    dismissed: Callable[[str], bool] = lambda _: False,
) -> Iterator[Remark]:
    """Yield what there is to say of an installation that is not at work.

    Args:
        store: its database.
        files: its data folder.
        outbox: its outbox.
        returns: what it gave its senders.
        since: of flows that are closed, only those deposited since are looked at: every file that
            they delivered is read. None looks at all of them.
        dismissed: True for the number of a flow whose stored file was purged.
    """
    yield from _in_work(store, files)
    yield from _waiting(store)
    for flux in store.suivi(depuis=since):
        yield from _shelved(flux, files, dismissed)
        yield from _delivered(flux, store, outbox)
    yield from map(_stray, files.strays())
    for path in files.leftovers(since):
        yield _leftover(path, partial(files.discard, path))
    for path in (*outbox.leftovers(), *returns.leftovers()):
        yield _leftover(path, partial(outbox.discard, path))


def owed(lives: Lives) -> Iterator[Remark]:
    """Yield what is to be delivered because something happened to an invoice."""
    for shipment in lives.owed():
        yield Remark(
            gravity=Gravity.NORMAL,
            subject=shipment.numero_flux,
            found=f"Livraison à faire ({shipment.nature.value}) : {shipment.folder}.",
            remedy="Le prochain « chorus-edi run » la fait ; son journal dit ce qui la retient.",
        )


def row_of(remark: Remark, *, repaired: bool) -> Row:
    """Return the row of a remark; keys are ``COLUMNS``."""
    return {
        "gravite": remark.gravity.value,
        "objet": remark.subject,
        "constat": remark.found,
        "remede": "Réparé." if repaired else remark.remedy,
    }


def _in_work(store: Store, files: FlowFiles) -> Iterator[Remark]:
    begun = {flux.numero_flux: flux for flux in store.unfinished()}
    for flux in begun.values():
        yield Remark(
            gravity=Gravity.NORMAL,
            subject=flux.numero_flux,
            found=f"Flux commencé et non terminé ({flux.etat}).{_reason(flux, store)}",
            remedy="Le prochain « chorus-edi run » le termine.",
        )
    for numero in files.in_work():
        known = begun.get(numero) or store.flux(numero)
        if known is None:
            yield Remark(
                gravity=Gravity.WRONG,
                subject=numero,
                found="Dossier de travail d'un flux que la base ne connaît pas.",
                remedy="La base a-t-elle été restaurée ? Remettez le fichier « recu » de ce "
                "dossier de travail dans inbox/, puis supprimez le dossier.",
            )
        elif known.etat.closed:
            yield Remark(
                gravity=Gravity.NORMAL,
                subject=numero,
                found="Flux terminé dont le fichier n'est pas encore rangé.",
                remedy="Le prochain « chorus-edi run » le range.",
            )


def _reason(flux: Flux, store: Store) -> str:
    """Return what the history of a flow says last of it, if anything."""
    told = store.events(flux.numero_flux)[-1].detail
    return f" {told}" if told else ""


def _waiting(store: Store) -> Iterator[Remark]:
    for flux in store.suivi(etat=FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP):
        yield Remark(
            gravity=Gravity.TO_DO,
            subject=flux.numero_flux,
            found="Des documents de ce flux attendent une décision.",
            remedy="Voyez « chorus-edi attente list », puis reprenez ou refusez.",
        )


def _shelved(flux: Flux, files: FlowFiles, dismissed: Callable[[str], bool]) -> Iterator[Remark]:
    lost = flux.etat is not FluxState.IN_INCIDENTE and flux.sha256 and not files.kept(flux)
    if flux.etat.closed and lost and not dismissed(flux.numero_flux):
        yield Remark(
            gravity=Gravity.WRONG,
            subject=flux.numero_flux,
            found=f"Le fichier reçu ({flux.nom_fichier}) n'est ni en archive ni dans les rejets.",
            remedy="Restaurez-le d'une sauvegarde, à son empreinte SHA-256 : "
            f"{flux.sha256 or 'inconnue'}.",
        )


def _delivered(flux: Flux, store: Store, outbox: Outbox) -> Iterator[Remark]:
    """Tell what a closed flow still owes, and what stands under its names that is not its own.

    A file that is no longer there was fetched by its recipient.
    """
    if not flux.etat.closed:
        return
    for intent in store.intents(flux.numero_flux):
        if not intent.delivered:
            yield Remark(
                gravity=Gravity.WRONG,
                subject=flux.numero_flux,
                found=f"Flux terminé qui doit encore livrer {intent.path}.",
                remedy="Signalez-le : un flux ne se termine qu'une fois tout livré.",
            )
        elif outbox.holds(intent.path) and not outbox.has(intent.path, intent.size, intent.sha256):
            yield Remark(
                gravity=Gravity.WRONG,
                subject=intent.path,
                found="Fichier livré dont le contenu a changé depuis.",
                remedy="Restaurez-le de l'archive du flux, et cherchez qui écrit dans outbox/.",
            )


_STRAYS = {
    StrayKind.FOLDER: (
        Gravity.TO_DO,
        "Dossier dans le dépôt d'un partenaire : ce qu'il contient n'est pas pris.",
        "Déplacez ses fichiers dans le dossier du partenaire, et dites-le-lui.",
    ),
    StrayKind.SPECIAL: (
        Gravity.TO_DO,
        "Lien ou fichier spécial dans le dépôt : il n'est pas pris.",
        "Remplacez-le par le fichier lui-même, et dites-le au partenaire.",
    ),
    StrayKind.UNFINISHED: (
        Gravity.NORMAL,
        "Fichier en cours de dépôt, d'après son nom : il n'est pas pris.",
        "S'il ne change plus, demandez au partenaire de le renommer.",
    ),
}


def _stray(stray: Stray) -> Remark:
    gravity, found, remedy = _STRAYS[stray.kind]
    return Remark(gravity=gravity, subject=f"inbox/{stray.path}", found=found, remedy=remedy)


def _leftover(path: str, repair: Callable[[], None]) -> Remark:
    return Remark(
        gravity=Gravity.TO_DO,
        subject=path,
        found="Fichier temporaire laissé par un arrêt brutal.",
        remedy="« chorus-edi doctor » le supprime.",
        repair=repair,
    )
