"""First schema: flows, documents, findings, invoices and their histories, numbers, the outbox.

The codes are written out: a revision keeps saying what it made when the tables of the domain grow.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ACTORS = ("system",)
CANAUX = ("EDI",)
CIRCUITS = ("historique", "afnor")
CONTAINERS = ("xml", "factur-x", "pdf", "accompagnement")
DOCUMENT_STATES = (
    "INTEGRE",
    "REJETE",
    "IRRECEVABLE",
    "EN_ATTENTE",
    "CONFORME",
    "ACCOMPAGNEMENT",
)
FLUX_STATES = (
    "IN_RECU",
    "IN_EN_COURS_TRAITEMENT_CPP",
    "IN_EN_ATTENTE_RETRAITEMENT_CPP",
    "IN_INCIDENTE",
    "IN_REJETE",
    "IN_INTEGRE",
    "IN_INTEGRE_PARTIEL",
    "QP_RECEVABLE",
    "QP_RECEVABLE_AVEC_ERREUR",
    "QP_IRRECEVABLE",
)
INVOICE_STATUSES = ("DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION")
MODES = ("production", "qualification")
MOTIVES = (
    "IRR_VIDE",
    "IRR_VIDE_F",
    "IRR_VID_PJ",
    "IRR_TAILLE",
    "IRR_TAILLE_F",
    "IRR_TAILLE_PJ",
    "IRR_TYPE",
    "IRR_TYPE_F",
    "IRR_EXT_DOC",
    "IRR_FORM",
    "IRR_NOM_F",
    "IRR_NOM_PJ",
    "IRR_UNICITE",
    "IRR_ANTIVIRUS",
    "IRR_CODE_INTER",
    "IRR_CODE_APP",
    "IRR_EXTRAC",
    "IRR_SYNTAX",
    "REJ_SEMAN",
    "REJ_COH",
    "REJ_UNI",
    "REJ_ADR",
    "ADR_ERR",
    "DEST_INC",
    "REJ_CONT_B2G",
    "REJ_REF_PJ",
    "REJ_ASS_PJ",
    "CALCUL_ERR",
    "MONTANTTOTAL_ERR",
    "CMD_ERR",
    "DOUBLON",
)
PROFILES = (
    "minimum",
    "basicwl",
    "basic",
    "en16931",
    "extended",
    "extended-ctc-fr",
    "xrechnung",
    "peppol",
)
SEVERITIES = ("fatal", "warning")
STAGES = ("unpack", "detect", "parse", "validate", "resolve", "check", "decide")
SYNTAXES = ("UBL-Invoice", "UBL-CreditNote", "CII")

HISTORIES = ("flux_event", "status_event")


def upgrade() -> None:
    """Make every table, and the triggers that keep histories as they were written."""
    _flows()
    _documents()
    _findings()
    _invoices()
    _outbox()
    _inbox()
    _guards()


def _codes(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, length=40, native_enum=False, create_constraint=True)


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _flows() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counter"),
        sa.CheckConstraint("value >= 0", name=op.f("ck_counter_value")),
    )
    op.create_table(
        "flux",
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("nom_fichier", sa.Text(), nullable=False),
        sa.Column("emetteur", sa.Text(), nullable=False),
        sa.Column("interface", sa.Text()),
        sa.Column("canal", _codes(CANAUX, "canal"), nullable=False),
        sa.Column("chemin", sa.Text(), nullable=False),
        sa.Column("date_depot", _instant(), nullable=False),
        sa.Column("etat", _codes(FLUX_STATES, "etat"), nullable=False),
        sa.Column("date_etat", _instant(), nullable=False),
        sa.Column("sha256", sa.Text()),
        sa.Column("taille", sa.BigInteger()),
        sa.Column("motif", _codes(MOTIVES, "motif")),
        sa.Column("factures", sa.Integer(), nullable=False),
        sa.Column("integrees", sa.Integer(), nullable=False),
        sa.Column("rejetees", sa.Integer(), nullable=False),
        sa.Column("premier_flux", sa.Text()),
        sa.Column("mode", _codes(MODES, "mode"), nullable=False),
        sa.PrimaryKeyConstraint("numero_flux", name="pk_flux"),
        sa.UniqueConstraint("sequence", name="uq_flux_sequence"),
        sa.ForeignKeyConstraint(["premier_flux"], ["flux.numero_flux"], name="fk_flux_flux"),
        sa.CheckConstraint("length(numero_flux) = 25", name=op.f("ck_flux_numero_flux")),
        sa.CheckConstraint("integrees + rejetees <= factures", name=op.f("ck_flux_counts")),
    )
    op.create_index(
        "uq_flux_chemin_claimed",
        "flux",
        ["chemin"],
        unique=True,
        sqlite_where=sa.text("etat = 'IN_RECU'"),
        postgresql_where=sa.text("etat = 'IN_RECU'"),
    )
    op.create_index("ix_flux_etat", "flux", ["etat"])
    op.create_index("ix_flux_date_depot", "flux", ["date_depot"])
    op.create_index("ix_flux_emetteur_sha256", "flux", ["emetteur", "sha256"])
    op.create_table(
        "flux_event",
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("etat", _codes(FLUX_STATES, "etat"), nullable=False),
        sa.Column("date", _instant(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("numero_flux", "seq", name="pk_flux_event"),
        sa.ForeignKeyConstraint(["numero_flux"], ["flux.numero_flux"], name="fk_flux_event_flux"),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_flux_event_seq")),
    )


def _documents() -> None:
    op.create_table(
        "document",
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", _codes(DOCUMENT_STATES, "state")),
        sa.Column("decided_at", _instant()),
        sa.Column("motive", _codes(MOTIVES, "motive")),
        sa.Column("container", _codes(CONTAINERS, "container")),
        sa.Column("syntax", _codes(SYNTAXES, "syntax")),
        sa.Column("profile", _codes(PROFILES, "profile")),
        sa.Column("circuit", _codes(CIRCUITS, "circuit")),
        sa.Column("directory_version", sa.Text()),
        sa.Column("rule_sets", sa.Text()),
        sa.Column("not_checked", sa.Text()),
        sa.Column("summary", sa.Text()),
        sa.PrimaryKeyConstraint("numero_flux", "rank", name="pk_document"),
        sa.ForeignKeyConstraint(["numero_flux"], ["flux.numero_flux"], name="fk_document_flux"),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_document_rank")),
        sa.CheckConstraint(
            "(state IS NULL) = (decided_at IS NULL)", name=op.f("ck_document_decided")
        ),
    )
    op.create_table(
        "attempt",
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("numero_flux", "rank", name="pk_attempt"),
        sa.ForeignKeyConstraint(["numero_flux"], ["flux.numero_flux"], name="fk_attempt_flux"),
        sa.CheckConstraint("count >= 1", name=op.f("ck_attempt_count")),
    )


def _findings() -> None:
    op.create_table(
        "finding",
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", _codes(SEVERITIES, "severity"), nullable=False),
        sa.Column("stage", _codes(STAGES, "stage"), nullable=False),
        sa.Column("motive", _codes(MOTIVES, "motive"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("numero_flux", "rank", "ordinal", name="pk_finding"),
        sa.ForeignKeyConstraint(["numero_flux"], ["flux.numero_flux"], name="fk_finding_flux"),
        sa.CheckConstraint("rank >= 0", name=op.f("ck_finding_rank")),
    )


def _invoices() -> None:
    document = ["document.numero_flux", "document.rank"]
    op.create_table(
        "facture",
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("statut", _codes(INVOICE_STATUSES, "statut"), nullable=False),
        sa.Column("date_statut", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("numero_flux", "rank", name="pk_facture"),
        sa.ForeignKeyConstraint(["numero_flux", "rank"], document, name="fk_facture_document"),
    )
    op.create_index("ix_facture_statut", "facture", ["statut"])
    op.create_table(
        "status_event",
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("statut", _codes(INVOICE_STATUSES, "statut"), nullable=False),
        sa.Column("actor", _codes(ACTORS, "actor"), nullable=False),
        sa.Column("date", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("numero_flux", "rank", "seq", name="pk_status_event"),
        sa.ForeignKeyConstraint(
            ["numero_flux", "rank"],
            ["facture.numero_flux", "facture.rank"],
            name="fk_status_event_facture",
        ),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_status_event_seq")),
    )
    op.create_table(
        "numero_reserve",
        sa.Column("annee", sa.Integer(), nullable=False),
        sa.Column("emetteur_cle", sa.Text(), nullable=False),
        sa.Column("numero", sa.Text(), nullable=False),
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("annee", "emetteur_cle", "numero", name="pk_numero_reserve"),
        sa.UniqueConstraint("numero_flux", "rank", name="uq_numero_reserve_numero_flux_rank"),
        sa.ForeignKeyConstraint(
            ["numero_flux", "rank"], document, name="fk_numero_reserve_document"
        ),
    )


def _outbox() -> None:
    op.create_table(
        "intent",
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("delivered_at", _instant()),
        sa.PrimaryKeyConstraint("numero_flux", "rank", "path", name="pk_intent"),
        sa.UniqueConstraint("path", name="uq_intent_path"),
        sa.ForeignKeyConstraint(["numero_flux"], ["flux.numero_flux"], name="fk_intent_flux"),
        sa.CheckConstraint("rank >= 0", name=op.f("ck_intent_rank")),
    )


def _inbox() -> None:
    op.create_table(
        "sighting",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("since", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_sighting"),
    )


def _guards() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in HISTORIES:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in HISTORIES:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
