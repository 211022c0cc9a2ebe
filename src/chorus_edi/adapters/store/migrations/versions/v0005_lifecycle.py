"""The lives of invoices: statuses, who acted and why, what people asked, what is owed since.

Both tables of invoices are made anew, the same way on both databases: SQLite cannot change a CHECK.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ACTORS = ("system", "destinataire", "comptable", "fournisseur", "valideur", "exploitant")
INVOICE_STATUSES = (
    "DEPOSEE",
    "A_VALIDER_1",
    "VALIDEE_1",
    "REFUSEE_1",
    "ABSENCE_VALIDATION_1_HORS_DELAI",
    "ERREUR_FOURNISSEUR_SUR_VALIDEUR",
    "A_VALIDER_2",
    "VALIDEE_2",
    "REFUSEE_2",
    "ABSENCE_VALIDATION_2_HORS_DELAI",
    "ERREUR_COTRAITANT_SUR_VALIDEUR",
    "EN_COURS_ACHEMINEMENT",
    "MISE_A_DISPOSITION",
    "A_RECYCLER",
    "SUSPENDUE",
    "COMPLETEE",
    "REJETEE",
    "SERVICE_FAIT",
    "MANDATEE",
    "MISE_A_DISPOSITION_COMPTABLE",
    "COMPTABILISEE",
    "MISE_EN_PAIEMENT",
)
GUARDED = ("status_event", "demande")
UNLOCKED = (
    "EXISTS (SELECT 1 FROM purge WHERE purge.numero_flux = OLD.numero_flux AND purge.unlocked = 1)"
)


def upgrade() -> None:
    """Make the tables of invoices anew around what they hold, then what is new."""
    # The history first: it names the invoices.
    op.execute("CREATE TABLE old_status_event AS SELECT * FROM status_event")
    op.drop_table("status_event")
    op.execute("CREATE TABLE old_facture AS SELECT * FROM facture")
    op.drop_table("facture")
    _facture()
    _status_event()
    op.drop_table("old_status_event")
    op.drop_table("old_facture")
    _demande()
    _envoi()
    _recyclage()
    _guards()


def _codes(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, length=40, native_enum=False, create_constraint=True)


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _facture() -> None:
    document = ["document.numero_flux", "document.rank"]
    op.create_table(
        "facture",
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("statut", _codes(INVOICE_STATUSES, "statut"), nullable=False),
        sa.Column("date_statut", _instant(), nullable=False),
        sa.Column("routing", sa.Text()),
        sa.Column("valideur", sa.Text()),
        sa.Column("second_valideur", sa.Text()),
        sa.Column("deadline", _instant()),
        sa.PrimaryKeyConstraint("numero_flux", "rank", name="pk_facture"),
        sa.ForeignKeyConstraint(["numero_flux", "rank"], document, name="fk_facture_document"),
    )
    op.execute(
        "INSERT INTO facture (numero_flux, rank, statut, date_statut) "
        "SELECT numero_flux, rank, statut, date_statut FROM old_facture"
    )
    op.create_index("ix_facture_statut", "facture", ["statut"])
    op.create_index(
        "ix_facture_deadline",
        "facture",
        ["deadline"],
        sqlite_where=sa.text("deadline IS NOT NULL"),
        postgresql_where=sa.text("deadline IS NOT NULL"),
    )


def _status_event() -> None:
    op.create_table(
        "status_event",
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("statut", _codes(INVOICE_STATUSES, "statut"), nullable=False),
        sa.Column("actor", _codes(ACTORS, "actor"), nullable=False),
        sa.Column("date", _instant(), nullable=False),
        sa.Column("recorded_at", _instant(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("motif", sa.Text()),
        sa.Column("comment", sa.Text()),
        sa.Column("mandate", sa.Text()),
        sa.Column("pieces", sa.Text()),
        sa.Column("routing", sa.Text()),
        sa.Column("valideur", sa.Text()),
        sa.PrimaryKeyConstraint("numero_flux", "rank", "seq", name="pk_status_event"),
        sa.ForeignKeyConstraint(
            ["numero_flux", "rank"],
            ["facture.numero_flux", "facture.rank"],
            name="fk_status_event_facture",
        ),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_status_event_seq")),
    )
    # Until now an invoice had three statuses, and each was entered by one event.
    op.execute(
        "INSERT INTO status_event "
        "(numero_flux, rank, seq, statut, actor, date, recorded_at, event, who) "
        "SELECT numero_flux, rank, seq, statut, actor, date, date, "
        "CASE statut WHEN 'DEPOSEE' THEN 'integrated' "
        "WHEN 'EN_COURS_ACHEMINEMENT' THEN 'routed' ELSE 'delivered' END, '' "
        "FROM old_status_event"
    )


def _demande() -> None:
    op.create_table(
        "demande",
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("at", _instant(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_demande"),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_demande_sequence")),
    )
    op.create_index("ix_demande_document", "demande", ["document"])


def _envoi() -> None:
    op.create_table(
        "envoi",
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("files", sa.Text()),
        sa.Column("delivered_at", _instant()),
        sa.PrimaryKeyConstraint("numero_flux", "rank", "seq", name="pk_envoi"),
        sa.ForeignKeyConstraint(
            ["numero_flux", "rank", "seq"],
            ["status_event.numero_flux", "status_event.rank", "status_event.seq"],
            name="fk_envoi_status_event",
        ),
    )
    op.create_index(
        "ix_envoi_owed",
        "envoi",
        ["numero_flux"],
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )


def _recyclage() -> None:
    op.create_table(
        "recyclage",
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("of_flux", sa.Text(), nullable=False),
        sa.Column("of_rank", sa.Integer(), nullable=False),
        sa.Column("of_seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("numero_flux", "rank", name="pk_recyclage"),
        sa.UniqueConstraint(
            "of_flux", "of_rank", "of_seq", name="uq_recyclage_of_flux_of_rank_of_seq"
        ),
        sa.ForeignKeyConstraint(
            ["numero_flux", "rank"],
            ["document.numero_flux", "document.rank"],
            name="fk_recyclage_document",
        ),
        sa.ForeignKeyConstraint(
            ["of_flux", "of_rank", "of_seq"],
            ["status_event.numero_flux", "status_event.rank", "status_event.seq"],
            name="fk_recyclage_status_event",
        ),
    )


def _guards() -> None:
    """Let nobody change a line, nor delete it but to purge; the old triggers went with it."""
    if op.get_bind().dialect.name == "sqlite":
        for table in GUARDED:
            for verb, unless in (("UPDATE", ""), ("DELETE", f"WHEN NOT {UNLOCKED} ")):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {unless}"
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    for table in GUARDED:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
