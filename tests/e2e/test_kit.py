"""``kit``: a vendor finds every case with what it returns, and every code he may meet."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from chorus_edi.domain.motives import Motive
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


def test_every_case_has_what_was_sent_and_what_came_back(kit: Path) -> None:
    cases = sorted((kit / "cas").iterdir())

    assert len(cases) == 10
    for case in cases:
        (sent,) = (case / "depot").iterdir()
        (report,) = (case / "retour").glob("*.json")
        (page,) = (case / "retour").glob("*.html")
        told = json.loads(report.read_text("utf-8"))["flux"]
        assert told["nom_fichier"] == sent.name
        assert told["numero_flux"] in page.read_text("utf-8")


def test_the_cases_show_each_end_a_flow_can_have(kit: Path) -> None:
    ends = [re.sub(r"^\d+-", "", case.name) for case in sorted((kit / "cas").iterdir())]

    assert set(ends) == {
        "in-integre",
        "in-integre-partiel",
        "in-en-attente-retraitement-cpp",
        "irr-syntax",
        "irr-type-f",
        "irr-code-app",
        "irr-unicite",
    }


def test_the_guide_leads_to_every_case(kit: Path) -> None:
    guide = (kit / "LISEZMOI.md").read_text("utf-8")

    links = re.findall(r"\]\((cas/[^)]+)/\)", guide)
    assert sorted(links) == sorted(f"cas/{case.name}" for case in (kit / "cas").iterdir())


def test_every_motive_rule_and_interface_in_use_is_in_a_table(kit: Path) -> None:
    assert [row["motif"] for row in table(kit, "motifs.csv")] == [m.value for m in Motive]
    told = {row["règle"] for row in table(kit, "regles.csv")}
    assert told >= set(platform_rules())
    assert told >= {rule.id for rule in CATALOGUE.values() if rule.terms}
    codes = {row["code"] for row in table(kit, "interfaces.csv")}
    assert codes >= {"FSO1100A", "FSO1117A", "FSO1150A"}
    assert "FSO1102A" not in codes


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("à moi")

    with pytest.raises(ConfigurationError, match="pas vide"):
        bootstrap.write_kit(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
