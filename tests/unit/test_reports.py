"""The integration report and the delivery note: what they say, and that they never vary.

The golden files are what senders and recipients get. After a wanted change, write them anew with
``GOLDEN=write pytest tests/unit/test_reports.py`` and read the difference before committing it.
"""

from __future__ import annotations

import json
import os
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus_edi.domain.findings import Finding
from chorus_edi.domain.flux import delivery_note_path, report_names
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.statuses import DocumentState, FluxState
from chorus_edi.formats.reports import (
    Delivered,
    delivery_note,
    finding_object,
    integration_html,
    integration_json,
    integration_report,
    json_bytes,
)
from tests.unit import night

GOLDEN = Path(__file__).parent / "golden"


def golden(name: str, content: bytes) -> bytes:
    if os.environ.get("GOLDEN") == "write":
        (GOLDEN / name).write_bytes(content)
    return (GOLDEN / name).read_bytes()


class Reader(HTMLParser):
    """Reads a page as a person does, and checks that every tag is closed in its turn."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def page_of(*arguments: object) -> Reader:
    return Reader(integration_html(*arguments))  # type: ignore[arg-type]


def test_the_json_report_is_the_golden_one() -> None:
    content = integration_json(night.FLUX, night.DOCUMENTS, night.FINDINGS)
    assert content == golden("compte-rendu.json", content)


def test_the_html_report_is_the_golden_one() -> None:
    content = integration_html(night.FLUX, night.DOCUMENTS, night.FINDINGS)
    assert content == golden("compte-rendu.html", content)


def test_the_delivery_note_is_the_golden_one() -> None:
    rows = [Delivered(night.DOCUMENTS[0], night.FILES), Delivered(night.DOCUMENTS[2], ())]
    content = delivery_note(night.FLUX, night.TOWN, rows)
    assert content == golden("livraison.json", content)


def test_the_report_gives_every_finding_of_a_refused_invoice_with_its_place() -> None:
    report = integration_report(night.FLUX, night.DOCUMENTS, night.FINDINGS)
    refused = report["documents"][1]
    assert [finding["rule"] for finding in refused["anomalies"]] == ["BR-CO-10", "BR-CL-23"]
    total = refused["anomalies"][0]
    assert (total["line"], total["column"], total["motif"]) == (142, 7, "CALCUL_ERR")
    assert total["term_labels"] == [
        "Somme du montant net des lignes de facture",
        "Montant net de ligne de facture",
    ]


def test_the_report_says_by_which_rules_each_invoice_was_judged() -> None:
    report = integration_report(night.FLUX, night.DOCUMENTS, night.FINDINGS)

    last = report["documents"][3]
    assert last["jeux_regles"] == ["en16931@1.3.16-2"]
    assert last["version_annuaire"] == "0a1b2c3d4e5f6071"
    assert last["non_controle"] == [{"regle": "br-fr", "raison": "Aucun signe d'un <circuit>."}]
    page = page_of(night.FLUX, night.DOCUMENTS, night.FINDINGS)
    assert "Règles appliquées Documents 3 Jeux de règles chorus-historique@4.21-1+CE" in page.text
    assert "Non contrôlé br-fr : Aucun signe d'un <circuit>." in page.text


def test_a_finding_has_the_keys_of_the_command_line_in_their_order() -> None:
    assert list(finding_object(night.TOTAL)) == [
        "rule",
        "severity",
        "stage",
        "terms",
        "term_labels",
        "address",
        "location",
        "line",
        "column",
        "found",
        "expected",
        "message",
        "conseil",
    ]


def test_a_stored_finding_on_a_term_unknown_today_keeps_its_code_as_label() -> None:
    old: Finding = msgspec.structs.replace(night.TOTAL, terms=("BT-9999",))
    assert finding_object(old)["term_labels"] == ["BT-9999"]


def test_a_flow_that_could_not_be_opened_reports_its_own_fault() -> None:
    report = integration_report(night.IRRECEVABLE, (), [night.OF_THE_FLOW])
    assert report["flux"]["motif_libelle"] == "Archive illisible"
    assert [finding["rule"] for finding in report["anomalies_flux"]] == ["CE-ARCHIVE-01"]
    page = page_of(night.IRRECEVABLE, (), [night.OF_THE_FLOW])
    assert "Anomalies du flux L'archive est tronquée." in page.text
    assert "À faire : Refaites l'archive et redéposez-la." in page.text


def test_times_are_shown_in_paris_with_their_offset() -> None:
    page = page_of(night.FLUX, night.DOCUMENTS, night.FINDINGS)
    assert "Déposé le 21/11/2026 00:30:05 (UTC+01:00)" in page.text
    report = integration_report(night.FLUX, night.DOCUMENTS, night.FINDINGS)
    assert report["flux"]["date_depot"] == "2026-11-21T00:30:05+01:00"


def test_the_page_is_french_closed_and_asks_nothing_of_the_network() -> None:
    page = page_of(night.FLUX, night.DOCUMENTS, night.FINDINGS)
    assert page.open == []
    assert ("html", {"lang": "fr"}) in page.seen
    tags = {tag for tag, _ in page.seen}
    assert not tags & {"script", "link", "img", "iframe"}
    assert not any(name in ("src", "href") for _, attributes in page.seen for name in attributes)


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "A & B <c>"]
)
def test_what_a_supplier_wrote_is_text_never_markup(hostile: str) -> None:
    summary = night.summary(
        hostile, seller_name=hostile, recipient_name=hostile, currency=hostile, seller=hostile
    )
    document = night.document(1, DocumentState.REJETE, name=hostile, summary=summary)
    finding = msgspec.structs.replace(
        night.TOTAL, found=hostile, expected=hostile, location=hostile, rule=hostile
    )
    flux = msgspec.structs.replace(night.FLUX, nom_fichier=hostile)
    page = page_of(flux, [document], [night.rejection(flux, document, finding)])
    assert page.open == []
    assert not {tag for tag, _ in page.seen} & {"script", "img", "c"}
    assert " ".join(hostile.split()) in page.text


def test_a_file_name_that_is_not_utf8_breaks_neither_report() -> None:
    flux = msgspec.structs.replace(night.FLUX, nom_fichier="fact\udce9.xml")
    written = integration_json(flux, night.DOCUMENTS, night.FINDINGS)
    assert json.loads(written)["flux"]["nom_fichier"] == "fact\udce9.xml"
    assert b"fact\\udce9.xml" in integration_html(flux, night.DOCUMENTS, night.FINDINGS)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(0, 2**63 - 1) | st.text(st.characters()),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    )
)
def test_any_value_is_written_as_pythons_own_indented_json(value: Any) -> None:
    text = json.dumps({"valeur": value}, ensure_ascii=False, indent=2)

    assert json_bytes({"valeur": value}) == f"{text}\n".encode(errors="backslashreplace")


def test_documents_refused_with_their_flow_are_told_apart_from_the_faulty_one() -> None:
    faulty = night.document(1, DocumentState.IRRECEVABLE, motive=Motive.IRR_SYNTAX, summary=None)
    dragged = night.document(2, DocumentState.IRRECEVABLE)
    flux = msgspec.structs.replace(night.FLUX, etat=FluxState.IN_REJETE, motif=Motive.IRR_SYNTAX)
    page = page_of(flux, [faulty, dragged], [night.rejection(flux, faulty, night.TOTAL)])
    corrected, _, alone = page.text.partition("Factures refusées avec le flux")
    assert "Factures à corriger facture-1.xml" in corrected
    assert "Sans anomalie propre" in alone
    assert "F-2026-002" in alone


def test_waiting_documents_are_counted_and_listed() -> None:
    waiting = night.document(5, DocumentState.EN_ATTENTE, summary=None)
    flux = msgspec.structs.replace(
        night.FLUX, etat=FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP, factures=1, integrees=0
    )
    report = integration_report(flux, [waiting], ())
    assert report["comptes"]["en_attente"] == 1
    text = page_of(flux, [waiting], ()).text
    assert "1 facture, 0 intégrée, 2 rejetées, 1 en attente" in text
    assert "Documents en attente" in text


def test_a_document_not_decided_yet_has_no_state() -> None:
    document = msgspec.structs.replace(night.DOCUMENTS[0], state=None)
    report = integration_report(night.FLUX, [document], ())
    assert report["documents"][0]["etat"] is None


def test_an_integrated_invoice_with_a_title_only_by_its_file_still_shows_its_remark() -> None:
    document = night.document(1, DocumentState.INTEGRE, summary=None)
    page = page_of(night.FLUX, [document], [night.rejection(night.FLUX, document, night.REMARK)])
    assert "Avertissements facture-1.xml" in page.text


def test_reports_and_notes_stand_under_names_made_of_their_flow() -> None:
    assert report_names(night.FLUX) == (
        f"{night.NUMERO}_compte-rendu.json",
        f"{night.NUMERO}_compte-rendu.html",
    )
    assert delivery_note_path(night.TOWN, night.NUMERO) == (
        f"{night.TOWN}/{night.NUMERO}/livraison.json"
    )
