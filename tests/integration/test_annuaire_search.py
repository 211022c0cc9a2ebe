"""The directory as people use it: searched by words, and written as CSV files."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chorus_edi.adapters.files.annuaire import current_directory
from chorus_edi.adapters.files.annuaire_export import export_annuaire
from chorus_edi.adapters.files.annuaire_import import import_annuaire
from chorus_edi.adapters.files.annuaire_search import fold, search
from chorus_edi.errors import ConfigurationError, Incident

CONFIG = Path(__file__).parents[2] / "config" / "annuaire"
FILES = (CONFIG / "structures.csv", CONFIG / "services.csv")
TOWN, WATER, SOCIAL = "21990001600011", "21990001600029", "26990002300012"
SUPPLIERS = (
    "TypeIdentifiant;Identifiant;RaisonSociale;StructureActive\n"
    "SIRET;99990001200017;Éditions Œuvre du Papier;true\n"
    "RIDET;0123456789;Nickel fictif;false\n"
)
ENGAGEMENTS = f"SIRET;Numero;Ouvert\n{TOWN};EJ 1;true\n{TOWN};EJ2;false\n"


@pytest.fixture
def version(tmp_path):
    """The directory that comes with the program, with both lists."""
    lists = {"fournisseurs.csv": SUPPLIERS, "engagements.csv": ENGAGEMENTS}
    for name, text in lists.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    import_annuaire(*FILES, tmp_path / "annuaire", *(tmp_path / name for name in lists))
    return current_directory(tmp_path / "annuaire")


def found(version, text):
    return [(one.nature, one.identifier, one.code) for one in search(version, text)]


# -- search --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("montrepapier eau", [("structure", WATER, None), ("service", TOWN, "FLUIDES")]),
        ("BÂTIMENTS", [("service", TOWN, "BATI")]),
        ("batiments et TRAVAUX", [("service", TOWN, "BATI")]),
        ("montrepapier afin", [("service", TOWN, "AFIN")]),
        ("oeuvre editions", [("fournisseur", "99990001200017", None)]),
        ("nickel", [("fournisseur", "0123456789", None)]),
        (WATER, [("structure", WATER, None)]),
        ("219 900 016 00029", [("structure", WATER, None)]),
        ("2699000", [("structure", SOCIAL, None)]),
        ("nulle part", []),
        ("100% _", []),
    ],
)
def test_words_are_found_whatever_accents_and_capitals(version, text, expected):
    assert found(version, text) == expected


def test_a_match_says_whose_service_it_is_and_whether_it_is_active(version):
    (closed,) = search(version, "archives_papier")
    (supplier,) = search(version, "nickel")

    assert closed.name == "COMMUNE FICTIVE DE MONTREPAPIER"
    assert (closed.code, closed.active) == ("ARCHIVES_PAPIER", False)
    assert (supplier.kind, supplier.active) == ("RIDET", False)


def test_answers_come_one_by_one(version):
    answers = search(version, "fictive")

    assert next(answers).nature == "structure"
    answers.close()


@given(st.text())
def test_a_folded_text_stays_as_it_is(text):
    assert fold(fold(text)) == fold(text)


# -- export --------------------------------------------------------------------------------------


def test_what_is_exported_imports_again_to_the_same_version(version, tmp_path):
    structures, services, suppliers, engagements = export_annuaire(version, tmp_path / "export")

    again = import_annuaire(structures, services, tmp_path / "other", suppliers, engagements)

    assert again.version == version.stem
    assert [path.name for path in (structures, services, suppliers, engagements)] == [
        "structures.csv",
        "services.csv",
        "fournisseurs.csv",
        "engagements.csv",
    ]
    assert suppliers.read_text(encoding="utf-8").splitlines()[1:] == [
        "RIDET;0123456789;Nickel fictif;false",
        "SIRET;99990001200017;Éditions Œuvre du Papier;true",
    ]


def test_a_list_that_was_not_imported_is_not_exported(tmp_path):
    import_annuaire(*FILES, tmp_path / "annuaire")

    written = export_annuaire(current_directory(tmp_path / "annuaire"), tmp_path / "export")

    assert [path.name for path in written] == ["structures.csv", "services.csv"]
    assert {path.name for path in (tmp_path / "export").iterdir()} == {
        "structures.csv",
        "services.csv",
    }


def test_the_same_version_is_exported_to_the_same_bytes(version, tmp_path):
    first = [path.read_bytes() for path in export_annuaire(version, tmp_path / "export")]
    again = [path.read_bytes() for path in export_annuaire(version, tmp_path / "export")]

    assert first == again


def test_an_export_to_where_nothing_can_be_written_is_an_incident(version, tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(Incident, match="export"):
        export_annuaire(version, tmp_path / "file" / "export")


def test_an_export_of_what_is_no_version_is_told(tmp_path):
    with pytest.raises(ConfigurationError, match="inutilisable"):
        export_annuaire(tmp_path / "0123456789abcdef.sqlite", tmp_path / "export")


_NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(_NAMES, _NAMES, st.booleans()), max_size=5))
def test_any_names_survive_export_and_import(tmp_path, names):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        ("TypeIdentifiant", "Identifiant", "Code", "Nom", "GestionEGMT", "ServiceActif")
    )
    for n, (code, name, active) in enumerate(names):
        writer.writerow(("SIRET", TOWN, f"{n}{code}", name, "false", str(active).lower()))
    (tmp_path / "services.csv").write_bytes(text.getvalue().encode())
    made = import_annuaire(FILES[0], tmp_path / "services.csv", tmp_path / "annuaire")

    written = export_annuaire(current_directory(tmp_path / "annuaire"), tmp_path / "export")

    assert made.services == len(names)
    assert import_annuaire(*written, tmp_path / "annuaire").version == made.version
