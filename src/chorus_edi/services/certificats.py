"""Certificates of deposit: shows one, writes its PDF, and verifies what somebody holds.

A number is never looked up: it is computed again from the stored original, and compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path

import msgspec

from chorus_edi.domain.deposits import (
    Deposit,
    certificate_number,
    looks_like_certificate,
    place_of,
    recipe_of,
)
from chorus_edi.errors import ConfigurationError, Delayed, ExitCode
from chorus_edi.formats.archive import Limits
from chorus_edi.formats.certificates import LARGEST, claim_of, shows
from chorus_edi.pipeline.reading import Piece, pieces_of
from chorus_edi.ports import FlowFiles, Store
from chorus_edi.ports.deposits import Deposits
from chorus_edi.services.rows import Row

COLUMNS = (
    "certificat",
    "id",
    "numero_flux",
    "numero_facture",
    "fournisseur",
    "destinataire",
    "montant_ttc",
    "devise",
    "date_depot",
    "sha256",
)
VERIFIED_COLUMNS = (
    "objet",
    "resultat",
    "certificat",
    "id",
    "numero_facture",
    "date_depot",
    "detail",
)


class Answer(StrEnum):
    """What a verification says."""

    VALID = "valide"
    INVALID = "non valide"
    UNDECIDED = "indéterminé"


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of one number, certificate or invoice.

    Attributes:
        subject: what was asked.
        answer: what is said of it.
        detail: why, one French sentence.
        deposit: the invoice it is of; None where there is none.
    """

    subject: str
    answer: Answer
    detail: str
    deposit: Deposit | None = None


class Certificates(msgspec.Struct, frozen=True):
    """What certificates are made of and verified against.

    Attributes:
        store: flows.
        deposits: integrated invoices.
        files: stored originals.
        limits: what a flow may hold.
        scratch: gives a folder for large documents, which is removed afterwards.
    """

    store: Store
    deposits: Deposits
    files: FlowFiles
    limits: Limits
    scratch: Callable[[], AbstractContextManager[str]]

    def find(self, identity: str) -> Deposit:
        """Return the invoice that an id names.

        Raises:
            ConfigurationError: there is no such integrated invoice.
        """
        place = place_of(identity)
        if place is None:
            raise ConfigurationError(
                f"« {identity} » n'est pas un identifiant de facture (numéro de flux-rang, "
                "colonne id de « chorus-edi factures »)"
            )
        deposit = self.deposits.deposit(*place)
        if deposit is None:
            raise ConfigurationError(f"aucune facture intégrée n'a l'identifiant {identity}")
        return deposit

    def verify(self, subject: str) -> Iterator[Verified]:
        """Yield what is to be said of a number, or of a file: a certificate or an invoice.

        An invoice may have been deposited more than once: each deposit has its certificate.

        Raises:
            ConfigurationError: neither a number nor a file.
        """
        if looks_like_certificate(subject):
            yield self._verify_number(subject)
            return
        path = Path(subject)
        if not path.is_file():
            raise ConfigurationError(
                f"« {subject} » n'est ni un numéro de certificat (44 caractères) ni un fichier"
            )
        claim = claim_of(path.read_bytes()) if path.stat().st_size <= LARGEST else None
        if claim is None:
            yield from self._verify_original(subject, path)
        else:
            yield self._verify_pdf(subject, path.read_bytes(), *claim)

    def _verify_number(self, number: str) -> Verified:
        found = (one for one in self.deposits.deposits() if one.certificate == number)
        deposit = next(found, None)
        if deposit is None:
            detail = "aucune facture intégrée ici n'a ce certificat"
            return Verified(subject=number, answer=Answer.INVALID, detail=detail)
        return self._recomputed(number, deposit)

    def _verify_pdf(self, subject: str, content: bytes, number: str, identity: str) -> Verified:
        place = place_of(identity)
        deposit = self.deposits.deposit(*place) if place else None
        if deposit is None:
            detail = "la facture que ce certificat désigne n'est pas intégrée ici"
            return Verified(subject=subject, answer=Answer.INVALID, detail=detail)
        told = self._recomputed(subject, deposit)
        if told.answer is Answer.INVALID:
            return told
        if deposit.certificate != number:
            fault = "le numéro de ce certificat n'est pas celui de la facture qu'il désigne"
        elif not shows(content, deposit):
            fault = "la page n'est pas celle du certificat de cette facture : elle a été modifiée"
        else:
            return told
        return msgspec.structs.replace(told, answer=Answer.INVALID, detail=fault)

    def _verify_original(self, subject: str, path: Path) -> Iterator[Verified]:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        nothing = True
        for deposit in self.deposits.deposits(sha256=sha256):
            nothing = False
            yield self._recomputed(subject, deposit)
        if nothing:
            detail = "aucune facture intégrée ici n'a ces octets, et ce n'est pas un certificat"
            yield Verified(subject=subject, answer=Answer.INVALID, detail=detail)

    def _recomputed(self, subject: str, deposit: Deposit) -> Verified:
        """Compute the number of a deposit again from the original that is stored."""
        try:
            sha256 = self._original(deposit)
        except Delayed:
            answer, detail = Answer.UNDECIDED, "le numéro est connu, l'original n'est plus ici"
        else:
            recipe = recipe_of(deposit.id, sha256 or "", deposit.date_depot)
            if certificate_number(recipe) == deposit.certificate:
                answer, detail = Answer.VALID, "recalculé à partir de l'original conservé"
            else:
                answer, detail = Answer.INVALID, "l'original conservé a été modifié ou abîmé"
        return Verified(subject=subject, answer=answer, detail=detail, deposit=deposit)

    def _original(self, deposit: Deposit) -> str | None:
        """Return the digest of the stored original; None where it cannot be taken out any more.

        Raises:
            Delayed: it is no longer kept.
        """
        flux = self.store.flux(deposit.numero_flux)
        if flux is None:
            raise Delayed(f"le flux {deposit.numero_flux} est inconnu")
        with self.files.open(flux) as file, self.scratch() as scratch:
            path = self.files.path(flux)
            for piece in pieces_of(file, flux.nom_fichier, path, self.limits, scratch):
                if not isinstance(piece, Piece):
                    return None
                if piece.entry.rank == deposit.rank:
                    return piece.entry.sha256
        return None


def row_of(deposit: Deposit) -> Row:
    """Return the row of a certificate; keys are ``COLUMNS``."""
    told = deposit.summary
    return {
        "certificat": deposit.certificate,
        "id": deposit.id,
        "numero_flux": deposit.numero_flux,
        "numero_facture": told.number or None,
        "fournisseur": told.seller or told.seller_name or None,
        "destinataire": told.recipient or told.recipient_name or None,
        "montant_ttc": told.amount or None,
        "devise": told.currency or None,
        "date_depot": deposit.date_depot,
        "sha256": deposit.sha256,
    }


def verified_row(told: Verified) -> Row:
    """Return the row of a verification; keys are ``VERIFIED_COLUMNS``."""
    deposit = told.deposit
    return {
        "objet": told.subject,
        "resultat": told.answer.value,
        "certificat": deposit.certificate if deposit else None,
        "id": deposit.id if deposit else None,
        "numero_facture": (deposit.summary.number or None) if deposit else None,
        "date_depot": deposit.date_depot if deposit else None,
        "detail": told.detail,
    }


def exit_code(told: Sequence[Verified]) -> ExitCode:
    """Return what verifications come to: one that is not valid makes the whole not valid."""
    answers = {one.answer for one in told}
    if Answer.INVALID in answers:
        return ExitCode.INVALID
    return ExitCode.UNDECIDED if Answer.UNDECIDED in answers else ExitCode.OK
