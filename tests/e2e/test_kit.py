"""``kit``: a vendor finds every case with what it returns, and every code he may meet."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from chorus_edi import bootstrap
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.statuses import FluxState
from chorus_edi.errors import ConfigurationError
from chorus_edi.rules.registry import CATALOGUE
from chorus_edi.services.explain import platform_rules


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kit") / "kit"
    bootstrap.write_kit(folder)
    return folder


def table(kit: Path, name: str) -> list[dict[str, str]]:
    with (kit / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def reports(case: Path) -> list[dict[str, Any]]:
    """Return the reports of a case, its own first: that of the flow that was sent last."""
    told = [
        json.loads(path.read_text("utf-8"))["flux"] for path in (case / "retour").glob("*.json")
    ]
    return sorted(told, key=lambda flux: flux["date_depot"], reverse=True)


def test_every_case_has_what_was_sent_and_what_came_back(kit: Path) -> None:
    cases = sorted((kit / "cas").iterdir())

    for number, case in enumerate(cases, 1):
        assert case.name.startswith(f"{number:02d}-")
        sent = {path.name for path in (case / "depot").iterdir()}
        told, *_ = reports(case)
        assert told["nom_fichier"] in sent
        page = case / "retour" / f"{told['numero_flux']}_compte-rendu.html"
        assert told["numero_flux"] in page.read_text("utf-8")


def test_every_motive_that_refuses_a_flow_is_shown(kit: Path) -> None:
    shown = {reports(case)[0]["motif"] for case in (kit / "cas").iterdir()}

    assert shown >= {motive.value for motive in Motive if motive.irrecevable}


def test_the_cases_show_each_end_that_a_flow_can_have_but_a_lost_file(kit: Path) -> None:
    shown = {reports(case)[0]["etat"] for case in (kit / "cas").iterdir()}

    ends = {etat.value for etat in FluxState if etat.closed}
    assert ends - shown == {"IN_INCIDENTE"}


def test_what_is_sent_again_comes_back_with_the_report_of_the_first(kit: Path) -> None:
    (case,) = (kit / "cas").glob("*-irr-unicite")

    again, first = reports(case)

    assert again["premier_flux"] == first["numero_flux"]
    assert first["etat"] == "IN_INTEGRE"


def test_every_rule_of_a_case_is_explained_in_the_tables(kit: Path) -> None:
    guide = (kit / "LISEZMOI.md").read_text("utf-8")
    cases = [line.split(" | ") for line in guide.splitlines() if line.startswith("| [")]

    told = {code for row in cases for code in row[-1].strip(" |").split(", ") if code}
    assert told <= {row["règle"] for row in table(kit, "regles.csv")}
    assert len(told) > 25
    assert "{{" not in guide


def test_the_guide_leads_to_every_case(kit: Path) -> None:
    guide = (kit / "LISEZMOI.md").read_text("utf-8")

    links = re.findall(r"\]\((cas/[^)]+)/\)", guide)
    assert sorted(links) == sorted(f"cas/{case.name}" for case in (kit / "cas").iterdir())


def test_every_motive_rule_and_interface_in_use_is_in_a_table(kit: Path) -> None:
    assert [row["motif"] for row in table(kit, "motifs.csv")] == [m.value for m in Motive]
    told = {row["règle"] for row in table(kit, "regles.csv")}
    assert told >= set(platform_rules())
    assert told >= {rule.id for rule in CATALOGUE.values() if rule.terms}
    told_nothing = {row["règle"] for row in table(kit, "regles.csv") if not row["conseil"]}
    assert told_nothing == {"CE-EXAM-01"}  # its sender has nothing to do
    codes = {row["code"] for row in table(kit, "interfaces.csv")}
    assert codes >= {"FSO1100A", "FSO1117A", "FSO1150A"}
    assert "FSO1102A" not in codes
    inferred = {row["code"] for row in table(kit, "interfaces.csv") if row["source"] != "publié"}
    assert inferred == {f"FSO115{digit}A" for digit in range(10)}


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("à moi")

    with pytest.raises(ConfigurationError, match="pas vide"):
        bootstrap.write_kit(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
