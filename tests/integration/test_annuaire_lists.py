"""What is imported beside recipients: kinds of identifiers, suppliers, commitments, changes."""

from datetime import date
from pathlib import Path

import pytest

from chorus_edi.adapters.files.annuaire import current_directory, open_directory, version_file
from chorus_edi.adapters.files.annuaire_csv import LONGEST_LINE
from chorus_edi.adapters.files.annuaire_import import changes, import_annuaire
from chorus_edi.adapters.files.partners import load_partners
from chorus_edi.bootstrap import ExaminerSpec, check_config, load_settings, open_store
from chorus_edi.bootstrap import import_annuaire as imported_by_settings
from chorus_edi.bootstrap.installation import spec_of
from chorus_edi.bootstrap.running import furnish
from chorus_edi.domain.identifiers import IdentifierKind
from chorus_edi.domain.recipients import UnknownSuppliers
from chorus_edi.errors import ConfigurationError
from chorus_edi.services.annuaire import cautions, told
from tests.crash.conftest import folder_with_a_lot

RESOURCES = Path(__file__).parents[2] / "src" / "chorus_edi" / "resources"
SELLERS = ("99990106900016", "99990103600015", "99990104400019")
"""Who writes the invoices of the lot."""

TOWN, WATER, LA_POSTE = "21990001600011", "21990001600029", "35600000000048"

STRUCTURES = (
    "TypeIdentifiant;Identifiant;RaisonSociale;EmetteurEdi;RecepteurEdi;"
    "GestionStatutMiseEnPaiement;GestionEngagement;GestionService;GestionServiceEngagement;"
    "EstMOA;EstMOAUniquement;StructureActive"
)
FLAGS = "false;true;false;false;false;false;false;false;true"
A_STRUCTURE = f"SIRET;{TOWN};VILLE FICTIVE;{FLAGS}"
SERVICES = "TypeIdentifiant;Identifiant;Code;Nom;GestionEGMT;ServiceActif"
SUPPLIERS = "TypeIdentifiant;Identifiant;RaisonSociale;StructureActive"
ENGAGEMENTS = "SIRET;Numero;Ouvert"


def lines(*rows):
    return "\n".join((*rows, ""))


ONE_STRUCTURE, NO_SERVICE = lines(STRUCTURES, A_STRUCTURE), lines(SERVICES)


@pytest.fixture
def imported(tmp_path):
    """Import texts; a list that is not given is not there."""

    def run(
        structures=ONE_STRUCTURE,
        services=NO_SERVICE,
        suppliers=None,
        engagements=None,
    ):
        texts = {"s": structures, "t": services, "fournisseurs": suppliers}
        texts["engagements"] = engagements
        paths = {}
        for name, text in texts.items():
            if text is not None:
                paths[name] = tmp_path / f"{name}.csv"
                paths[name].write_text(text, encoding="utf-8")
        folder, lists = tmp_path / "annuaire", ("fournisseurs", "engagements")
        return import_annuaire(paths["s"], paths["t"], folder, *map(paths.get, lists))

    return run


@pytest.fixture
def directory(tmp_path):
    opened = []

    def current():
        opened.append(open_directory(current_directory(tmp_path / "annuaire")))
        return opened[-1]

    yield current
    for one in opened:
        one.close()


# -- kinds of identifiers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "identifier", "wrong"),
    [
        ("SIRET", TOWN, False),
        ("SIRET", "35600000009075", False),
        ("SIRET", LA_POSTE, False),
        ("SIRET", "12345678200052", True),
        ("SIREN", "219900016", False),
        ("SIREN", "219900017", True),
        ("UE_HORS_FRANCE", "be0776091951", False),
        ("UE_HORS_FRANCE", "BE0776091952", True),
        ("UE_HORS_FRANCE", "FR40303265045", True),
        ("HORS_UE", "KR BRUME ET CIE", False),
        ("RIDET", "0123456789", False),
        ("TAHITI", "A12345678", False),
        ("PARTICULIER", "8499001DUPONTJEAN", False),
        ("AUTRE", "EN COURS", False),
    ],
)
def test_each_kind_of_supplier_is_kept_and_a_wrong_key_is_only_counted(
    imported, directory, kind, identifier, wrong
):
    version = imported(suppliers=lines(SUPPLIERS, f"{kind};{identifier};X;true"))

    assert version.wrong_keys == int(wrong)
    assert directory().supplier(IdentifierKind(kind), identifier.lower()).name == "X"


@pytest.mark.parametrize(
    ("kind", "identifier", "told_as"),
    [
        ("SIRET", "2199000160001", "n'est pas un SIRET de 14 chiffres"),
        ("SIREN", "12345678", "(9 chiffres)"),
        ("UE_HORS_FRANCE", "0776091951", "(numéro de TVA avec son pays, 18 caractères au plus)"),
        ("HORS_UE", "KR", "(code du pays, puis 16 premiers caractères du nom)"),
        ("RIDET", "12345678", "(9 ou 10 caractères)"),
        ("TAHITI", "12345", "(9 caractères)"),
        ("PARTICULIER", "9" * 81, "(80 caractères au plus)"),
    ],
)
def test_an_identifier_without_the_form_of_its_kind_is_a_fault(imported, kind, identifier, told_as):
    with pytest.raises(ConfigurationError) as refusal:
        imported(suppliers=lines(SUPPLIERS, f"{kind};{identifier};X;true"))

    assert f"fournisseurs.csv, ligne 2 : Identifiant : « {identifier} »" in str(refusal.value)
    assert told_as in str(refusal.value)


# -- lists ---------------------------------------------------------------------------------------


def test_a_list_of_suppliers_may_have_the_columns_of_the_structures_or_three_only(
    imported, directory
):
    imported(suppliers=lines(STRUCTURES, A_STRUCTURE, A_STRUCTURE.replace(TOWN, WATER)))
    assert directory().supplier(IdentifierKind.SIRET, WATER).active

    imported(suppliers=lines(SUPPLIERS.removesuffix(";StructureActive"), f"SIRET;{TOWN};X"))
    assert directory().supplier(IdentifierKind.SIRET, TOWN).active
    assert directory().supplier(IdentifierKind.SIRET, WATER) is None


def test_a_supplier_is_found_by_its_siren_an_active_establishment_first(imported, directory):
    rows = (f"SIRET;{TOWN};FERMÉ;false", f"SIRET;{WATER};OUVERT;true")
    imported(suppliers=lines(SUPPLIERS, *rows))
    siren = IdentifierKind.SIREN

    assert directory().supplier(siren, "219 900 016").name == "OUVERT"
    assert directory().supplier(siren, "219900017") is None
    assert directory().supplier(siren, "21990001") is None


def test_a_version_says_whether_it_lists_suppliers_even_an_empty_list(imported, directory):
    assert imported().suppliers is None
    assert not directory().lists_suppliers

    assert imported(suppliers=lines(SUPPLIERS)).suppliers == 0
    assert directory().lists_suppliers


def test_commitments_are_open_closed_or_unknown_where_the_list_covers_a_structure(
    imported, directory
):
    version = imported(engagements=lines(ENGAGEMENTS, f"{TOWN};EJ1;true", f"{TOWN};EJ2;false"))

    assert version.engagements == 2
    assert directory().lists_engagements(TOWN)
    assert not directory().lists_engagements(WATER)
    assert [directory().engagement(TOWN, number) for number in ("EJ1", " EJ2 ", "EJ3")] == [
        True,
        False,
        None,
    ]


def test_services_may_be_open_for_a_time(imported, directory):
    header = f"{SERVICES};ValideDu;ValideAu"
    limited = f"SIRET;{TOWN};ETE;Été;false;true;2026-06-01;2026-08-31"
    imported(services=lines(header, limited, f"SIRET;{TOWN};TOUJOURS;X;false;true;;"))

    summer, always = directory().service(TOWN, "ETE"), directory().service(TOWN, "TOUJOURS")
    assert (summer.valid_from, summer.valid_to) == (date(2026, 6, 1), date(2026, 8, 31))
    assert (always.valid_from, always.valid_to) == (None, None)


@pytest.mark.parametrize(
    ("lists", "told_as"),
    [
        ({"engagements": lines(ENGAGEMENTS, "219;EJ1;true")}, "SIRET : « 219 » n'est pas un SIRET"),
        ({"engagements": lines(ENGAGEMENTS, f"{TOWN};;true")}, "Numero : valeur absente"),
        ({"engagements": lines(ENGAGEMENTS, f"{TOWN};1;oui")}, "Ouvert : « oui » n'est ni true"),
        (
            {"engagements": lines(ENGAGEMENTS, *[f"{TOWN};1;true"] * 2)},
            f"ligne 3 : l'engagement 1 de {TOWN} est déjà donné",
        ),
        ({"suppliers": lines(SUPPLIERS, *[f"SIRET;{TOWN};X;true"] * 2)}, "le fournisseur SIRET"),
        ({"suppliers": lines("Identifiant;RaisonSociale")}, "absente(s) : TypeIdentifiant"),
        (
            {"services": lines(f"{SERVICES};ValideDu", f"SIRET;{TOWN};A;A;true;true;1/6/26")},
            "ValideDu : « 1/6/26 » n'est pas une date AAAA-MM-JJ",
        ),
        (
            {
                "services": lines(
                    f"{SERVICES};ValideDu;ValideAu",
                    f"SIRET;{TOWN};A;A;true;true;2026-06-02;2026-06-01",
                )
            },
            "ValideAu : 2026-06-01 est avant ValideDu, 2026-06-02",
        ),
        ({"suppliers": "x" * (LONGEST_LINE + 1)}, "octets sans fin de ligne"),
    ],
)
def test_a_fault_in_a_list_refuses_the_whole_import(imported, tmp_path, lists, told_as):
    version = imported().version

    with pytest.raises(ConfigurationError) as refusal:
        imported(**lists)

    assert told_as in str(refusal.value)
    assert current_directory(tmp_path / "annuaire").stem == version


# -- what an import changes ----------------------------------------------------------------------


def test_an_import_tells_what_is_new_other_and_gone(imported, tmp_path):
    folder = tmp_path / "annuaire"
    before = imported(
        structures=lines(STRUCTURES, A_STRUCTURE, A_STRUCTURE.replace(TOWN, WATER)),
        engagements=lines(ENGAGEMENTS, *(f"{TOWN};{n};true" for n in range(5))),
    )
    after = imported(
        structures=lines(
            STRUCTURES, A_STRUCTURE.replace("VILLE", "CITÉ"), A_STRUCTURE.replace(TOWN, LA_POSTE)
        ),
    )

    found = changes(*(version_file(folder, one.version) for one in (before, after)))

    tables = {one.table: one for one in found}
    structures, engagements = tables["structures"], tables["engagements"]
    assert (structures.added, structures.changed, structures.removed) == (1, 1, 1)
    assert structures.examples == (f"+ {LA_POSTE} SIRET", f"~ {TOWN} SIRET", f"- {WATER} SIRET")
    assert (engagements.removed, len(engagements.examples)) == (5, 3)
    assert (tables["services"].added, tables["services"].examples) == (0, ())


def test_a_version_of_another_layout_or_damaged_is_not_compared(imported, tmp_path):
    after = version_file(tmp_path / "annuaire", imported().version)
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(b"not a database" * 100)

    assert changes(damaged, after) is None
    assert changes(tmp_path / "absent.sqlite", after) is None


def test_a_task_keeps_the_version_it_began_with(imported, directory):
    imported()
    begun = directory()
    spec = ExaminerSpec(directory=begun.path)
    imported(structures=lines(STRUCTURES, A_STRUCTURE.replace(TOWN, WATER)))

    with open_directory(spec.directory) as replaced_worker:
        for one in (begun, replaced_worker):
            assert one.structure(IdentifierKind.SIRET, TOWN)
            assert one.structure(IdentifierKind.SIRET, WATER) is None
    assert directory().structure(IdentifierKind.SIRET, WATER)


# -- by the settings -----------------------------------------------------------------------------


def settings_with(tmp_path, **lists):
    """A configuration whose directory has the lists that are given as texts."""
    settings = furnish(tmp_path, RESOURCES / "partenaires.toml")
    paths = {}
    for name, text in lists.items():
        paths[name] = tmp_path / f"{name}.csv"
        paths[name].write_text(text, encoding="utf-8")
    return settings.model_copy(update={"annuaire": settings.annuaire.model_copy(update=paths)})


def test_an_import_that_forgets_the_list_of_suppliers_keeps_the_configured_one(tmp_path):
    settings = settings_with(tmp_path, fournisseurs=lines(SUPPLIERS, f"SIRET;{TOWN};X;true"))
    given = {name: getattr(settings.annuaire, name) for name in ("structures", "services")}

    first = imported_by_settings(settings)
    again = imported_by_settings(settings, **given, suppliers=None, engagements=None)

    assert first.version.suppliers == again.version.suppliers == 1
    assert first.changes is None
    assert list(told(again))[1:] == ["Rien ne change."]


def test_what_changes_is_told_in_sentences(tmp_path):
    settings = settings_with(tmp_path)
    imported_by_settings(settings)
    suppliers = tmp_path / "fournisseurs.csv"
    suppliers.write_text(lines(SUPPLIERS, f"SIRET;{TOWN};X;"), encoding="utf-8")

    said = list(told(imported_by_settings(settings, suppliers=suppliers)))

    assert said[0].endswith("8 structures, 15 services, 1 fournisseur.")
    assert said[1:] == [
        "Fournisseurs : 1 de plus, 0 autrement, 0 de moins.",
        f"  + {TOWN} SIRET",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [("fournisseurs", lines(SUPPLIERS)), ("engagements", lines(ENGAGEMENTS))],
)
def test_a_list_that_is_configured_and_was_never_imported_lets_nothing_start(tmp_path, name, text):
    settings = settings_with(tmp_path)
    imported_by_settings(settings)
    path = tmp_path / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    with_list = settings.annuaire.model_copy(update={name: path})
    settings = settings.model_copy(update={"annuaire": with_list})

    with pytest.raises(ConfigurationError, match=f"« {name} » est configuré, mais"):
        spec_of(settings, load_partners(RESOURCES / "partenaires.toml"))
    assert [name in fault for fault in check_config(settings)] == [True]

    imported_by_settings(settings)
    assert spec_of(settings, load_partners(RESOURCES / "partenaires.toml")).directory
    assert check_config(settings) == []


@pytest.mark.parametrize(
    ("given", "told_as"),
    [
        ({"structures": Path("absent.csv")}, "donnez les structures et les services ensemble"),
        ({"suppliers": Path("absent.csv")}, "absent.csv n'est pas un fichier"),
    ],
)
def test_files_that_are_not_there_or_go_alone_are_told(tmp_path, given, told_as):
    with pytest.raises(ConfigurationError, match=told_as):
        imported_by_settings(settings_with(tmp_path), **given)


def test_what_an_operator_ought_to_know_is_said(imported):
    refused, accepted = UnknownSuppliers.REFUSED, UnknownSuppliers.ACCEPTED
    without = list(cautions(imported(), refused))
    listed = imported(suppliers=lines(SUPPLIERS, "SIRET;12345678200052;X;true"))

    assert without == [
        "Sans liste de fournisseurs, aucun fournisseur n'est inconnu : tous sont acceptés."
    ]
    assert list(cautions(listed, refused)) == [
        "Attention : 1 identifiant à la clé fausse, gardé tel quel."
    ]
    assert "est accepté" in list(cautions(listed, accepted))[-1]


# -- a whole run ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "listed", "refused"),
    [
        ("refuse", False, True),
        ("accepte", False, False),
        ("refuse", True, False),
    ],
)
def test_a_run_refuses_unknown_suppliers_where_there_is_a_list(tmp_path, policy, listed, refused):
    folder = folder_with_a_lot(tmp_path / "data", "")
    sellers = [f"SIRET;{siret};X" for siret in SELLERS] if listed else []
    suppliers = lines(SUPPLIERS.removesuffix(";StructureActive"), *sellers)
    (folder.root / "fournisseurs.csv").write_text(suppliers, encoding="utf-8")
    config = folder.config.read_text(encoding="utf-8").replace(
        "[annuaire]",
        f'[annuaire]\nfournisseurs = "fournisseurs.csv"\nfournisseurs_inconnus = "{policy}"',
    )
    folder.config.write_text(config, encoding="utf-8")

    folder.run()

    with open_store(load_settings(folder.config)) as store:
        (flux,) = store.suivi()
        findings = [one.finding for one in store.findings(flux.numero_flux)]
    assert (flux.integrees, flux.rejetees) == ((0, 3) if refused else (3, 0))
    assert {one.rule for one in findings} == (set() if listed else {"CE-FOURN-03"})
    assert all(one.fatal is refused for one in findings)
