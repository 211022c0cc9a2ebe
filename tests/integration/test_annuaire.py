"""The directory of recipients: from the public CSV files to answers."""

import os
import pickle
import sqlite3
from pathlib import Path

import pytest

from chorus_edi.adapters.files import annuaire, annuaire_import
from chorus_edi.adapters.files.annuaire import current_directory, open_directory
from chorus_edi.adapters.files.annuaire_import import import_annuaire
from chorus_edi.domain.identifiers import IdentifierKind, is_siret
from chorus_edi.errors import ConfigurationError, Incident
from chorus_edi.ports import Directory

CONFIG = Path(__file__).parents[2] / "config" / "annuaire"
TOWN, CLOSED, STATE = "21990001600011", "25990004100015", "11000201100044"
SIRET = IdentifierKind.SIRET

STRUCTURES = (
    "TypeIdentifiant;Identifiant;RaisonSociale;EmetteurEdi;RecepteurEdi;"
    "GestionStatutMiseEnPaiement;GestionEngagement;GestionService;GestionServiceEngagement;"
    "EstMOA;EstMOAUniquement;StructureActive"
)
SERVICES = "TypeIdentifiant;Identifiant;RaisonSociale;Code;Nom;GestionEGMT;ServiceActif"
A_STRUCTURE = f"SIRET;{TOWN};VILLE;false;true;false;false;true;false;false;false;true"
A_SERVICE = f"SIRET;{TOWN};VILLE;AFIN;Finances;false;true"


@pytest.fixture
def imported(tmp_path):
    """Import two texts (or bytes); each call overwrites the files of the one before."""

    def run(structures=f"{STRUCTURES}\n{A_STRUCTURE}\n", services=f"{SERVICES}\n{A_SERVICE}\n"):
        files = (tmp_path / "structures.csv", tmp_path / "services.csv")
        for path, content in zip(files, (structures, services), strict=True):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return import_annuaire(*files, tmp_path / "annuaire")

    return run


@pytest.fixture
def directory(tmp_path):
    """What the last import put in force."""
    opened = []

    def current():
        opened.append(open_directory(current_directory(tmp_path / "annuaire")))
        return opened[-1]

    yield current
    for one in opened:
        one.close()


def lines(header, *rows):
    return "\n".join((header, *rows, ""))


# -- the directory that comes with the program ---------------------------------------------------


def test_the_directory_that_comes_with_the_program_is_whole(tmp_path):
    version = import_annuaire(CONFIG / "structures.csv", CONFIG / "services.csv", tmp_path)

    with open_directory(current_directory(tmp_path)) as directory:
        town = directory.structure(SIRET, TOWN)
        state = directory.structure(SIRET, STATE)
        codes = [service.code for service in directory.services(TOWN)]

        assert directory.version == version.version
        assert (version.structures, version.services, version.orphans) == (8, 15, 0)
        assert town.active
        assert town.demands_service
        assert state.demands_service
        assert {"AFIN", "BATI", "INFO", "FLUIDES", "FACTURES_PUBLIQUES"} <= set(codes)
        assert codes == sorted(codes)
        assert not directory.structure(SIRET, CLOSED).active
        assert not directory.service(TOWN, "ARCHIVES_PAPIER").active


def test_the_directory_that_comes_with_the_program_has_every_obligation_and_right_keys():
    content = (CONFIG / "structures.csv").read_text(encoding="utf-8").splitlines()
    rows = [dict(zip(content[0].split(";"), row.split(";"), strict=True)) for row in content[1:]]
    demands = {
        (row["GestionService"], row["GestionEngagement"], row["GestionServiceEngagement"])
        for row in rows
    }

    assert all(is_siret(row["Identifiant"]) for row in rows)
    assert all("FICTI" in row["RaisonSociale"] for row in rows)
    assert demands == {
        ("false", "false", "false"),
        ("true", "false", "false"),
        ("false", "true", "false"),
        ("true", "true", "false"),
        ("false", "false", "true"),
    }


# -- import --------------------------------------------------------------------------------------


def test_the_same_files_give_the_same_version_and_the_same_bytes(imported, tmp_path):
    first = imported()
    path = current_directory(tmp_path / "annuaire")
    content = path.read_bytes()
    again = imported()

    assert first == again
    assert path.name == f"{first.version}.sqlite"
    assert path.read_bytes() == content
    assert {p.name for p in path.parent.iterdir()} == {path.name, "current"}


def test_another_content_is_another_version_and_the_one_before_stays(imported, tmp_path):
    first = imported()
    second = imported(services=f"{SERVICES}\n")

    assert first.version != second.version
    assert current_directory(tmp_path / "annuaire").stem == second.version
    assert (tmp_path / "annuaire" / f"{first.version}.sqlite").is_file()


def test_the_same_rows_in_another_order_and_form_are_the_same_version(imported):
    other = A_STRUCTURE.replace(TOWN, CLOSED)
    one = imported(structures=lines(STRUCTURES, A_STRUCTURE, other))
    reversed_columns = ";".join([*reversed(STRUCTURES.split(";"))])
    turned = [";".join(reversed(row.split(";"))) for row in (other, A_STRUCTURE)]

    again = imported(structures=lines(f"{reversed_columns};Ville", *(f"{r};X" for r in turned)))

    assert again == one


def test_bom_crlf_quotes_capitals_and_blank_lines_are_read(imported, directory):
    quoted = A_STRUCTURE.replace("VILLE", '"VILLE ""NEUVE"" ; BUDGET"').replace("true", "TRUE")
    text = f"{STRUCTURES}\r\n{quoted}\r\n\r\n;;;;;;;;;;;\r\n"
    spaced = A_SERVICE.replace(TOWN, "219 900 016 00011").replace("AFIN", " AFIN ")

    imported(b"\xef\xbb\xbf" + text.encode(), f"\ufeff{SERVICES}\r\n{spaced}\r\n")

    assert directory().structure(SIRET, TOWN).name == 'VILLE "NEUVE" ; BUDGET'
    assert directory().structure(SIRET, TOWN).demands_service
    assert directory().service(TOWN, "AFIN").name == "Finances"


def test_columns_may_stand_in_any_order_and_addresses_may_be_there(imported, directory):
    header = ";".join([*reversed(STRUCTURES.split(";")), "Adresse", "Ville"])
    row = ";".join([*reversed(A_STRUCTURE.split(";")), "1 rue\nde la Paix", "X"])

    imported(lines(header, row.replace("1 rue\nde la Paix", '"1 rue\nde la Paix"')))

    found = directory().structure(SIRET, TOWN)
    assert (found.name, found.edi_recipient, found.demands_service, found.active) == (
        "VILLE",
        True,
        True,
        True,
    )


def test_each_boolean_lands_in_its_own_field(imported, directory):
    names = STRUCTURES.split(";")[3:]
    sirets = [f"{n:014d}" for n in range(1, len(names) + 1)]
    rows = (
        ";".join(["SIRET", siret, "X", *("true" if n == i else "false" for n in names)])
        for siret, i in zip(sirets, names, strict=True)
    )

    imported(lines(STRUCTURES, *rows))

    found = [directory().structure(SIRET, siret) for siret in sirets]
    flags = [
        "edi_sender",
        "edi_recipient",
        "payment_status",
        "demands_engagement",
        "demands_service",
        "demands_service_or_engagement",
        "is_moa",
        "is_moa_only",
        "active",
    ]
    assert [[getattr(one, flag) for flag in flags] for one in found] == [
        [n == i for n in range(len(flags))] for i in range(len(flags))
    ]


def test_the_key_of_a_siret_is_left_alone(imported, directory):
    imported(lines(STRUCTURES, A_STRUCTURE.replace(TOWN, "12345678200051")))

    assert directory().structure(SIRET, "12345678200051") is not None


def test_a_service_without_its_structure_is_counted(imported):
    assert imported(structures=lines(STRUCTURES)).orphans == 1


@pytest.mark.parametrize(
    ("structures", "services", "told"),
    [
        ("", lines(SERVICES), "structures.csv, ligne 1 : colonne(s) absente(s) : TypeIdentifiant"),
        (STRUCTURES.replace("EstMOA;", ""), SERVICES, "colonne(s) absente(s) : EstMOA"),
        (STRUCTURES, f"{SERVICES};Code", "services.csv, ligne 1 : colonne(s) en double : Code"),
        (
            lines(STRUCTURES, A_STRUCTURE.replace("false;true;false", "oui;true;1", 1)),
            SERVICES,
            "ligne 2 : EmetteurEdi : « oui » n'est ni true ni false",
        ),
        (
            lines(STRUCTURES, A_STRUCTURE.replace("false;true;false", "oui;true;1", 1)),
            SERVICES,
            "ligne 2 : GestionStatutMiseEnPaiement : « 1 » n'est ni true ni false",
        ),
        (lines(STRUCTURES, A_STRUCTURE, A_STRUCTURE), SERVICES, f"SIRET {TOWN} est déjà donné"),
        (STRUCTURES, lines(SERVICES, A_SERVICE, A_SERVICE), "le service AFIN de 2199"),
        (lines(STRUCTURES, f"{A_STRUCTURE};"), SERVICES, "ligne 2 : 13 champs au lieu de 12"),
        (
            lines(STRUCTURES, A_STRUCTURE.replace(TOWN, "219900016")),
            SERVICES,
            "« 219900016 » n'est pas un SIRET de 14 chiffres",
        ),
        (
            lines(STRUCTURES, A_STRUCTURE.replace("SIRET", "SIRETTE")),
            SERVICES,
            "« SIRETTE » n'est pas un type d'identifiant",
        ),
        (STRUCTURES, lines(SERVICES, A_SERVICE.replace("AFIN", " ")), "Code : valeur absente"),
        (
            lines(STRUCTURES, A_STRUCTURE.replace(TOWN, " ")),
            SERVICES,
            "Identifiant : valeur absente",
        ),
        (
            lines(STRUCTURES, '"A\nB";x', "x"),
            SERVICES,
            "ligne 4 : 1 champs au lieu de 12",
        ),
        (lines(STRUCTURES, '"VILLE" X;'), SERVICES, "ligne 2 : guillemets ou champ illisibles"),
        (lines(STRUCTURES, '"VILLE'), SERVICES, "ligne 2 : guillemets ou champ illisibles"),
        (
            lines(STRUCTURES, A_STRUCTURE.replace("VILLE", "CITÉ")).encode("latin-1"),
            SERVICES,
            "structures.csv, ligne 2 : n'est pas en UTF-8",
        ),
        (lines(STRUCTURES).encode("utf-16"), SERVICES, "ligne 1 : n'est pas en UTF-8"),
    ],
)
def test_a_fault_is_told_with_its_file_and_line(imported, structures, services, told):
    with pytest.raises(ConfigurationError) as refusal:
        imported(structures, services)

    assert told in str(refusal.value)


def test_every_fault_of_both_files_is_told_at_once(imported):
    with pytest.raises(ConfigurationError) as refusal:
        imported(lines(STRUCTURES, "x", "y"), lines(SERVICES, "z"))

    told = str(refusal.value).splitlines()
    assert told[0] == "annuaire non importé : 3 anomalies"
    assert [line.split(" :")[0].strip() for line in told[1:]] == [
        "structures.csv, ligne 2",
        "structures.csv, ligne 3",
        "services.csv, ligne 2",
    ]


def test_the_list_of_faults_is_bounded(imported):
    with pytest.raises(ConfigurationError) as refusal:
        imported(lines(STRUCTURES, *["x"] * 60))

    told = str(refusal.value).splitlines()
    assert told[0] == "annuaire non importé : 60 anomalies"
    assert told[-1] == "  … et 10 autres"
    assert len(told) == 52


def test_a_refused_import_leaves_what_is_in_force(imported, tmp_path):
    folder = tmp_path / "annuaire"
    version = imported().version

    with pytest.raises(ConfigurationError):
        imported(lines(STRUCTURES, A_STRUCTURE, "x"))

    assert current_directory(folder).stem == version
    assert {p.name for p in folder.iterdir()} == {f"{version}.sqlite", "current"}


def test_an_import_cut_off_before_its_last_step_leaves_what_is_in_force(
    imported, tmp_path, monkeypatch
):
    version = imported().version

    def full(*_):
        raise OSError(28, "disque plein")

    with monkeypatch.context() as patched:
        patched.setattr(annuaire_import, "write_whole", full)
        with pytest.raises(Incident, match="disque plein"):
            imported(services=lines(SERVICES))

    assert current_directory(tmp_path / "annuaire").stem == version
    assert imported(services=lines(SERVICES)).version != version


def test_what_a_killed_import_left_is_removed_and_what_one_is_writing_is_not(imported, tmp_path):
    imported()
    killed, writing = (tmp_path / "annuaire" / f".import-{name}.tmp" for name in ("old", "new"))
    killed.touch()
    writing.touch()
    os.utime(killed, (0, 0))

    imported()

    assert not killed.exists()
    assert writing.exists()


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ConfigurationError, match=r"absent\.csv illisible"):
        import_annuaire(tmp_path / "absent.csv", CONFIG / "services.csv", tmp_path / "annuaire")


def test_a_folder_that_cannot_be_written_is_an_incident(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(Incident, match="impossible d'écrire"):
        import_annuaire(
            CONFIG / "structures.csv", CONFIG / "services.csv", tmp_path / "file" / "annuaire"
        )


# -- reading -------------------------------------------------------------------------------------


def test_nothing_is_in_force_before_the_first_import(tmp_path):
    assert current_directory(tmp_path) is None


@pytest.mark.parametrize("content", ["0123456789abcdef\n", "../../etc/passwd", ""])
def test_a_pointer_to_nowhere_is_told(tmp_path, content):
    (tmp_path / "current").write_text(content)

    with pytest.raises(ConfigurationError, match="annuaire import"):
        current_directory(tmp_path)


def test_a_pointer_that_cannot_be_read_is_an_incident(tmp_path):
    (tmp_path / "current").mkdir()

    with pytest.raises(Incident, match="illisible"):
        current_directory(tmp_path)


def test_the_directory_keeps_the_promise_of_its_port(imported, directory):
    imported()
    opened: Directory = directory()

    assert opened.structure(SIRET, "219 900 016 00011") == opened.structure(SIRET, TOWN)
    assert opened.service("219 900 016 00011", " AFIN ") == opened.service(TOWN, "AFIN")
    assert opened.structure(SIRET, "nobody") is None
    assert opened.structure(IdentifierKind.RIDET, TOWN) is None
    assert opened.service(TOWN, "NOTHING") is None
    assert opened.service("nobody", "AFIN") is None
    assert opened.services("nobody") == []


def test_an_answer_is_kept(imported, directory, monkeypatch):
    imported()
    opened = directory()
    first = opened.service(TOWN, "AFIN"), opened.structure(SIRET, TOWN)
    monkeypatch.setattr(opened, "_ask", None)

    assert (opened.service(TOWN, "AFIN"), opened.structure(SIRET, TOWN)) == first


def test_the_directory_travels_as_its_path(imported, directory):
    imported()
    opened = directory()

    with pickle.loads(pickle.dumps(opened)) as copy:
        assert copy.path == opened.path
        assert copy.version == opened.version
        assert copy.service(TOWN, "AFIN") == opened.service(TOWN, "AFIN")


def test_the_directory_cannot_be_written(imported, directory, tmp_path):
    imported()
    opened = directory()

    assert not current_directory(tmp_path / "annuaire").stat().st_mode & 0o222
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened._database.execute("DELETE FROM service")


def test_a_path_with_odd_characters_is_opened(tmp_path):
    folder = tmp_path / "été 100% ? #1"
    import_annuaire(CONFIG / "structures.csv", CONFIG / "services.csv", folder)

    with open_directory(current_directory(folder)) as directory:
        assert directory.structure(SIRET, TOWN)


@pytest.mark.parametrize("content", [None, b"", b"not a database" * 100])
def test_a_file_that_is_no_directory_is_told(tmp_path, content):
    path = tmp_path / "0123456789abcdef.sqlite"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ConfigurationError, match="inutilisable"):
        open_directory(path)


def test_a_directory_of_another_layout_is_told(imported, tmp_path, monkeypatch):
    imported()
    monkeypatch.setattr(annuaire, "LAYOUT", 3)

    with pytest.raises(ConfigurationError, match="format 2 au lieu de 3"):
        open_directory(current_directory(tmp_path / "annuaire"))


def test_a_question_that_fails_is_an_incident(imported, directory):
    imported()
    opened = directory()
    opened.close()

    with pytest.raises(Incident, match="lecture"):
        opened.service(TOWN, "AFIN")
