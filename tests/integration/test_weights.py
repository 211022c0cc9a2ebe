"""Severities and motives of the configuration, up to the verdict on a document."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from chorus_edi.bootstrap import ExaminerSpec, build_examiner, check_config, load_settings
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.flux import DocumentEntry, Verdict
from chorus_edi.domain.invoice import Note
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Circuit, RuleSet
from chorus_edi.domain.weighing import Weighing, Weights
from chorus_edi.pipeline.tasks import Task
from tests.builders import an_invoice, ubl

TOO_LONG = "FACTURE-2026-00000000001"
RESOURCES = Path(__file__).parents[2] / "config"
SOFT = {"BR-FR-CPRO-02": Severity.WARNING}


def examined(weights, *, partner=None, interface=None, requested=(RuleSet.CHORUS_B2G,)):
    """Examine a B2G invoice whose number has 24 characters."""
    notes = (Note(subject_code="ADN", text="B2G"),)
    content = ubl(msgspec.structs.replace(an_invoice(), number=TOO_LONG, notes=notes))
    entry = DocumentEntry(rank=1, name="f.xml", size=len(content), sha256="0" * 64)
    task = Task(
        flux="f",
        entry=entry,
        deposited=date(2026, 11, 21),
        data=content,
        interface=interface,
        default_circuit=Circuit.AFNOR,
        partner=partner,
    )
    spec = ExaminerSpec(requested=requested, weights=weights)
    return build_examiner(spec)(task)


def test_a_rule_that_is_not_softened_refuses_with_the_motive_of_its_circuit():
    answer = examined(Weights())

    assert (answer.verdict, answer.motive) == (Verdict.REFUSED, Motive.REJ_CONT_B2G)
    assert [finding.rule for finding in answer.findings if finding.fatal] == ["BR-FR-CPRO-02"]
    assert "=" not in "".join(answer.rule_sets)


@pytest.mark.parametrize(
    ("weights", "partner"),
    [
        (Weights({Circuit.AFNOR: Weighing(SOFT)}), None),
        (Weights(partners={"PDP777": SOFT}), "PDP777"),
    ],
)
def test_a_softened_rule_is_told_and_the_verdict_says_that_it_was(weights, partner):
    answer = examined(weights, partner=partner)

    assert (answer.verdict, answer.motive) == (Verdict.ACCEPTED, None)
    assert [f.severity for f in answer.findings if f.rule in SOFT] == [Severity.WARNING]
    assert answer.rule_sets[-1].endswith("+BR-FR-CPRO-02=warning")


def test_the_verdict_names_a_softened_rule_that_no_set_holds():
    weights = Weights({Circuit.HISTORIQUE: Weighing({"CE-EJ-01": Severity.WARNING})})

    answer = examined(weights, interface="FSO1117A", requested=(RuleSet.CHORUS_HISTORIQUE,))

    (label,) = answer.rule_sets
    assert label.endswith("+CE-EJ-01=warning")


def test_a_partner_s_severity_is_his_alone():
    answer = examined(Weights(partners={"PDP777": SOFT}), partner="ABC123")

    assert answer.verdict is Verdict.REFUSED


def test_the_motive_of_a_circuit_is_configured():
    motives = {"BR-FR-CPRO-*": Motive.REJ_COH}

    assert examined(Weights({Circuit.AFNOR: Weighing(motives=motives)})).motive is Motive.REJ_COH


def configured(folder, *, settings="", partners=""):
    """Return the settings of a folder like the one that comes with the program, and its text."""
    for name, more in (("chorus_edi.toml", settings), ("partenaires.toml", partners)):
        text = (RESOURCES / name).read_text(encoding="utf-8")
        (folder / "config").mkdir(exist_ok=True)
        (folder / "config" / name).write_text(f"{text}\n{more}", encoding="utf-8")
    annuaire = folder / "config" / "annuaire"
    annuaire.mkdir()
    for name in ("structures.csv", "services.csv"):
        (annuaire / name).write_bytes((RESOURCES / "annuaire" / name).read_bytes())
    return load_settings(folder / "config" / "chorus_edi.toml")


def test_a_sound_configuration_of_severities_has_no_fault(tmp_path):
    settings = configured(
        tmp_path,
        settings='[regles.gravites.afnor]\n"BR-FR-CPRO-02" = "avertissement"\n'
        '[regles.motifs.afnor]\n"BR-*" = "REJ_COH"\n',
        partners='[partenaire.gravites]\n"CE-EJ-01" = "avertissement"\n',
    )

    assert check_config(settings) == []


def test_an_unknown_rule_is_a_fault_of_the_configuration(tmp_path):
    settings = configured(
        tmp_path, partners='[partenaire.gravites]\n"BR-FR-99" = "avertissement"\n'
    )

    (fault,) = check_config(settings)

    assert "partenaire PDP777 : règle inconnue : BR-FR-99" in fault
