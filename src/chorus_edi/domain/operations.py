"""What happens to the installation itself: what whoever runs it has to know, as values.

A flow has its own history; these events are of partners, servers, disks and tasks.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from chorus_edi.domain.labels import Label


class OperationKind(StrEnum):
    """What happened. The code is stored; a kind may be retired, never reused."""

    SFTP_PANNE = "SFTP_PANNE"
    SFTP_RETABLI = "SFTP_RETABLI"
    SILENCE = "SILENCE"
    SILENCE_FINI = "SILENCE_FINI"
    ESPACE_DISQUE = "ESPACE_DISQUE"
    ESPACE_RETABLI = "ESPACE_RETABLI"
    BILAN = "BILAN"
    ECART_BILAN = "ECART_BILAN"
    TACHE_ECHOUEE = "TACHE_ECHOUEE"


OPERATION_LABELS: dict[OperationKind, Label] = {
    OperationKind.SFTP_PANNE: Label("Serveur SFTP injoignable", "SFTP server unreachable"),
    OperationKind.SFTP_RETABLI: Label("Serveur SFTP rétabli", "SFTP server back"),
    OperationKind.SILENCE: Label("Dépôt attendu non reçu", "Expected deposit missing"),
    OperationKind.SILENCE_FINI: Label("Dépôt attendu reçu en retard", "Expected deposit came late"),
    OperationKind.ESPACE_DISQUE: Label("Espace disque insuffisant", "Disk space low"),
    OperationKind.ESPACE_RETABLI: Label("Espace disque rétabli", "Disk space back"),
    OperationKind.BILAN: Label("Bilan de la nuit", "Account of the night"),
    OperationKind.ECART_BILAN: Label("Écart dans le bilan", "Gap in the account"),
    OperationKind.TACHE_ECHOUEE: Label("Tâche en échec", "Task failed"),
}


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the installation.

    Attributes:
        key: what makes it the same event when it is told again; unique for ever.
        kind: what happened.
        subject: whom or what it is about: a partner's code, a source, a folder, a task.
        detail: one French sentence.
        at: when, aware, UTC.
        notified_at: when whoever runs the installation was told; None: not yet.
    """

    key: str
    kind: OperationKind
    subject: str
    detail: str
    at: datetime
    notified_at: datetime | None = None
