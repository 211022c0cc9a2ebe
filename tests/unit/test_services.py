"""The lists people and programs ask for: their columns are a contract."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import cast

import pytest

from chorus_edi.domain.cadres import CADRES
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.processing_motives import ProcessingMotive
from chorus_edi.domain.statuses import DocumentState, FluxState, InvoiceStatus
from chorus_edi.domain.terms import TERMS
from chorus_edi.domain.unused_statuses import UNUSED_FLUX_STATES, UNUSED_INVOICE_STATUSES
from chorus_edi.ports import Store
from chorus_edi.rules.br_fr.codes import FRAMEWORKS
from chorus_edi.rules.recipient import RULES
from chorus_edi.rules.sets import versions
from chorus_edi.services import factures, rejets, suivi
from chorus_edi.services.explain import explain, near
from chorus_edi.services.reference import PAGES
from tests.unit import night


@pytest.fixture
def store() -> Store:
    return cast("Store", night.NightStore())


def test_the_columns_of_every_list_are_those_of_the_contract() -> None:
    assert " ".join(suivi.COLUMNS) == (
        "numero_flux nom_fichier emetteur interface canal date_depot etat etat_libelle date_etat "
        "factures integrees rejetees sha256 motif"
    )
    assert " ".join(factures.COLUMNS) == (
        "id numero_flux numero_facture fournisseur destinataire code_service engagement "
        "montant_ttc devise cadre statut date_statut"
    )
    assert " ".join(rejets.COLUMNS) == (
        "numero_flux numero_facture date_depot emetteur fournisseur destinataire motif rule "
        "message location line conseil"
    )


def test_every_row_has_just_the_columns_in_their_order(store: Store) -> None:
    for rows, columns in (
        (suivi.rows(store), suivi.COLUMNS),
        (factures.rows(store), factures.COLUMNS),
        (rejets.rows(store), rejets.COLUMNS),
    ):
        found = list(rows)
        assert found
        assert all(tuple(row) == columns for row in found)


def test_the_suivi_shows_state_label_counts_and_motive(store: Store) -> None:
    irrecevable, partial = suivi.rows(store)
    assert irrecevable["etat"] == "IN_REJETE"
    assert irrecevable["motif"] == "IRR_EXTRAC"
    assert irrecevable["interface"] is None
    assert partial["etat_libelle"] == "Intégré partiellement"
    assert (partial["factures"], partial["integrees"], partial["rejetees"]) == (4, 2, 2)


def test_the_suivi_is_narrowed_by_state_sender_and_day(store: Store) -> None:
    late = datetime(2027, 1, 1, tzinfo=UTC)
    rejected = list(suivi.rows(store, etat=FluxState.IN_REJETE))
    assert [row["numero_flux"] for row in rejected] == [night.IRRECEVABLE.numero_flux]
    assert list(suivi.rows(store, emetteur="ZZZ000")) == []
    assert list(suivi.rows(store, depuis=late)) == []


def test_the_detail_of_a_flow_has_its_events_and_documents(store: Store) -> None:
    detail = suivi.detail(store, night.NUMERO)
    assert detail is not None
    assert detail.flux["numero_flux"] == night.NUMERO
    assert [tuple(row) for row in detail.events] == [suivi.EVENT_COLUMNS] * 2
    assert [tuple(row) for row in detail.documents] == [suivi.DOCUMENT_COLUMNS] * 4
    assert detail.documents[1]["motif"] == "CALCUL_ERR"


def test_the_detail_of_a_flow_says_by_which_rules_each_document_was_judged(store: Store) -> None:
    detail = suivi.detail(store, night.NUMERO)
    assert detail is not None
    last = detail.documents[3]
    assert last["jeux_regles"] == "en16931@1.3.16-2"
    assert last["version_annuaire"] == "0a1b2c3d4e5f6071"
    assert last["non_controle"] == "br-fr : Aucun signe d'un <circuit>"

    historic, other = suivi.rules_applied(detail.documents)
    assert tuple(historic) == suivi.RULE_COLUMNS
    assert historic["documents"] == "1, 2, 3"
    assert other["documents"] == "4"


def test_many_documents_judged_alike_are_counted_and_those_nobody_judged_are_left_out() -> None:
    judged = {"jeux_regles": "en16931@1", "version_annuaire": None, "non_controle": None}
    unjudged = dict.fromkeys(judged)

    (row,) = suivi.rules_applied(
        [{"rang": 9, **unjudged}, *({"rang": rank, **judged} for rank in range(1, 8))]
    )

    assert row["documents"] == "1, 2, 3, 4, 5 … (7 en tout)"


def test_a_flow_that_does_not_exist_has_no_detail(store: Store) -> None:
    assert suivi.detail(store, "X" * 25) is None


def test_an_invoice_keeps_its_amount_as_decimal_text(store: Store) -> None:
    first = next(factures.rows(store, statut=InvoiceStatus.DEPOSEE))
    assert first["montant_ttc"] == "1250.40"
    assert first["id"] == f"{night.NUMERO}-0001"
    assert list(factures.rows(store, statut=InvoiceStatus.MISE_A_DISPOSITION)) == []


def test_a_rejection_says_what_to_change_and_where(store: Store) -> None:
    rows = list(rejets.rows(store, jour=date(2026, 11, 21)))
    assert [row["rule"] for row in rows] == ["BR-CO-10", "CE-DEST-03", "CE-ARCHIVE-01"]
    assert rows[0]["conseil"] == "Corrigez BT-106 ou les montants des lignes."
    assert rows[0]["line"] == 142
    assert rows[0]["fournisseur"] == "12345678200010"


def test_a_rejected_flow_has_no_invoice_to_name(store: Store) -> None:
    row = list(rejets.rows(store))[-1]
    assert row["numero_facture"] is None
    assert row["motif"] == "IRR_EXTRAC"


def test_a_day_of_deposit_is_a_day_in_paris(store: Store) -> None:
    """23:30 UTC on the 20th is half past midnight on the 21st."""
    assert list(rejets.rows(store, jour=date(2026, 11, 20))) == []


def test_a_rule_is_explained_by_its_card_and_its_sets() -> None:
    told = explain("br-co-10")
    assert told is not None
    details = dict(told.details)
    assert (told.code, told.nature) == ("BR-CO-10", "règle de gestion")
    assert details["Jeux de règles"].startswith("en16931@")
    assert {"En anglais", "Que faire", "Donnée", "Gravité", "Motif", "Source"} <= details.keys()


@pytest.mark.parametrize(
    ("official", "rule"),
    [
        ("BR-FR-15_BT-95_BT-118", "BR-FR-15"),
        ("BR-FR-32-LEGALID", "BR-FR-32"),
        ("br-fr-08_bt-151-2", "BR-FR-15"),
        ("BR-FR-MV-14-EXT-FR-FE-136", "BR-FR-MV-14"),
    ],
)
def test_the_id_of_one_control_of_a_sheet_is_explained_by_its_rule(
    official: str, rule: str
) -> None:
    told = explain(official)
    assert told is not None
    assert told.code == rule


def test_a_french_rule_that_no_sheet_judges_is_explained_with_the_reason() -> None:
    told = explain("BR-FR-19")
    assert told is not None
    assert told.nature == "règle de gestion non contrôlée"
    assert "120 Mo" in dict(told.details)["Pourquoi"]


def test_every_cadre_that_the_rules_know_is_explained_with_its_circuit() -> None:
    historic, demand = explain("A9"), explain("s3")
    assert historic is not None
    assert demand is not None
    assert dict(historic.details)["Circuit"] == "historique"
    assert (demand.nature, dict(demand.details)["Circuit"]) == ("cadre de facturation", "afnor")
    assert {*FRAMEWORKS, *(f"A{n}" for n in range(1, 26))} == set(CADRES)


def test_a_rule_of_a_step_is_explained_too_and_its_motive_names_it() -> None:
    told = explain("CE-DEST-03")
    assert told is not None
    assert told.nature == "règle de la plateforme"
    motive = explain(dict(told.details)["Motif"].partition(" ")[0])
    assert motive is not None
    assert "CE-DEST-03" in dict(motive.details)["Règles"]


def test_a_demand_of_the_recipient_says_its_source_and_its_name_in_the_other_circuit() -> None:
    told = explain("CE-EJ-01")
    assert told is not None
    details = dict(told.details)
    assert details["Dans le circuit AFNOR"] == "BR-FR-CPRO-12"
    assert details["Gravité"] == "bloquante"
    assert "GestionEngagement" in details["Source"]
    assert details["Certitude"] == "lue chez un tiers, texte officiel non vu"


@pytest.mark.parametrize("code", [*(rule.id for rule in RULES), "G1.07"])
def test_a_rule_outside_the_sets_shows_weight_source_and_confidence(code: str) -> None:
    (row,) = (line for line in PAGES["platform-rules.md"]().splitlines() if f"| `{code}` |" in line)

    assert all(cell.strip() for cell in row.split("|")[1:-1]), row
    assert "facts" not in row


def test_the_page_says_where_a_rule_outside_the_sets_holds_in_one_circuit_only() -> None:
    page = PAGES["platform-rules.md"]()

    assert "Circuit historique seulement." in page
    assert "Dans le circuit AFNOR : `BR-FR-CPRO-13`." in page


def test_a_motive_says_how_far_it_reaches() -> None:
    flow, invoice = explain("IRR_SYNTAX"), explain("DEST_INC")
    assert flow is not None
    assert invoice is not None
    assert dict(flow.details)["Effet"].startswith("irrecevabilité")
    assert dict(invoice.details)["Effet"].startswith("rejet")


def test_a_status_gives_its_numbers_and_what_follows() -> None:
    deposited, available = explain("DEPOSEE"), explain("MISE_A_DISPOSITION")
    assert deposited is not None
    assert available is not None
    details = dict(deposited.details)
    assert details["Numéro AFNOR (CDAR)"] == "202"
    assert details["Numéro EDI (CPPStatut)"] == "01"
    assert details["Ensuite"] == "EN_COURS_ACHEMINEMENT, A_VALIDER_1"
    assert "SUSPENDUE" in dict(available.details)["Ensuite"]
    rejected = explain("REJETEE")
    assert rejected is not None
    assert dict(rejected.details)["Ensuite"].startswith("rien")


def test_a_flow_state_and_a_document_state_are_told_apart() -> None:
    flux, document = explain("IN_REJETE"), explain("REJETE")
    assert flux is not None
    assert document is not None
    assert (flux.nature, document.nature) == (
        "état d'un flux",
        "état d'un document d'un flux",
    )


def test_a_term_says_where_it_stands_in_every_syntax() -> None:
    told = explain("BT-131")
    assert told is not None
    details = dict(told.details)
    assert details["UBL-Invoice"] == "cac:InvoiceLine/cbc:LineExtensionAmount"
    assert details["CII"].endswith("ram:LineTotalAmount")
    assert details["Dans"] == "BG-25 Ligne de facture, une fois au plus"


def test_a_group_and_a_term_without_a_place_are_explained() -> None:
    group, placeless = explain("BG-25"), explain("CE-VALIDEUR")
    assert group is not None
    assert placeless is not None
    assert group.nature == "groupe de données"
    assert dict(placeless.details)["UBL-Invoice"] == "pas de place dans cette syntaxe"


def test_every_official_code_has_an_explanation() -> None:
    enums = (Motive, ProcessingMotive, FluxState, InvoiceStatus, DocumentState)
    codes = [str(member.value) for enum in enums for member in enum]
    codes += [*TERMS, *UNUSED_FLUX_STATES, *UNUSED_INVOICE_STATUSES]
    codes += [rule.id for version in versions() for rule in version.rules]
    assert [code for code in codes if explain(code) is None] == []


def test_an_unknown_code_brings_those_that_look_like_it() -> None:
    assert explain("BRCO10") is None
    assert "BR-CO-10" in near("brco10")
