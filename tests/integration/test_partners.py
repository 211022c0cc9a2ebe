"""The partners file: what it says, and every mistake in it."""

import shutil
from pathlib import Path

import pytest

from chorus_edi.adapters.files.partners import load_partners
from chorus_edi.adapters.files.returns import ReturnFolders, return_folders
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.identifiers import is_siret
from chorus_edi.domain.partners import Expected, Partner
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.schedules import cron_of, window_of
from chorus_edi.errors import ConfigurationError

CONFIG = Path(__file__).parents[2] / "config" / "partenaires.toml"
SOUND = '[[partenaire]]\ncode = "ABC123"\nnom = "X"\n'


@pytest.fixture
def load(tmp_path):
    def run(text):
        path = tmp_path / "partenaires.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_partners(path)

    return run


def test_the_partners_that_come_with_the_program_are_sound():
    partners = load_partners(CONFIG)

    assert partners.default.code == "ABC123"
    assert {partner.default_circuit for partner in partners.by_code.values()} == {
        Circuit.HISTORIQUE,
        Circuit.AFNOR,
        None,
    }
    assert all(is_siret(s) for partner in partners.by_code.values() for s in partner.sirets)
    assert all("Ficti" in partner.name for partner in partners.by_code.values())


def test_a_partner_has_a_code_a_name_its_sirets_and_a_circuit(load):
    partners = load(
        'defaut = "ABC123"\n[[partenaire]]\ncode = "ABC123"\nnom = " X "\n'
        'sirets = ["219 900 016 00011"]\ncircuit = "afnor"\n'
    )

    partner = Partner(
        code="ABC123", name="X", sirets=("21990001600011",), default_circuit=Circuit.AFNOR
    )
    assert partners.default == partner
    assert partners.of("ABC123") == partner
    assert partners.of("ZZZ999") is None


def test_a_partner_may_be_expected_at_certain_times(load):
    other = SOUND.replace("ABC123", "DEF456")
    partners = load(
        f'defaut = "ABC123"\n{SOUND}attendu = {{ cron = "0 22 * * 1-5", tolerance = 30 }}\n'
        f'{other}attendu = {{ cron = "0 6 * * *" }}\n'
    )

    assert partners.default.expected == Expected(cron=cron_of("0 22 * * 1-5"), tolerance=30)
    assert partners.by_code["DEF456"].expected == Expected(cron=cron_of("0 6 * * *"), tolerance=60)


def test_a_partner_may_have_hours_of_his_own(load):
    partners = load(f'defaut = "ABC123"\n{SOUND}fenetre = "20:00-06:00"\n')

    assert partners.default.hours == window_of("20:00-06:00")


def test_a_partner_may_have_rules_that_weigh_less_or_more(load):
    partners = load(
        f'defaut = "ABC123"\n{SOUND}'
        'gravites = { "CE-EJ-01" = "avertissement", "BR-FR-CPRO-29" = "bloquante" }\n'
    )

    assert partners.default.severities == {
        "CE-EJ-01": Severity.WARNING,
        "BR-FR-CPRO-29": Severity.FATAL,
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SOUND, "defaut absent"),
        (f'defaut = "ZZZ999"\n{SOUND}', "defaut 'ZZZ999' : aucun partenaire"),
        (f"defaut = 3\n{SOUND}", "defaut 3 : aucun partenaire"),
        ('defaut = "ABC123"\n', "aucun [[partenaire]]"),
        ('defaut = "ABC123"\npartenaire = 3\n', "un bloc [[partenaire]] par partenaire"),
        ('defaut = "ABC123"\npartenaire = [3]\n', "un bloc [[partenaire]] par partenaire"),
        (f'default = "ABC123"\n{SOUND}', "clé inconnue : default"),
        (f"{SOUND}siret = []\n", "partenaire n° 1 : clé inconnue : siret"),
        (f"{SOUND}{SOUND}", "partenaire n° 2 : le code ABC123 est déjà pris"),
        ('[[partenaire]]\nnom = "X"\n', "code absent"),
        ('[[partenaire]]\ncode = "ABC123"\n', "nom absent"),
        ('[[partenaire]]\ncode = "ABC123"\nnom = " "\n', "nom absent"),
        (SOUND.replace("ABC123", "abc123"), "code 'abc123' : 6 caractères attendus"),
        (SOUND.replace('"ABC123"', "123456"), "code 123456 : 6 caractères attendus"),
        (SOUND.replace("ABC123", "CPP001"), "code CPP001 réservé à la plateforme"),
        (f'{SOUND}sirets = ["21990001600012"]\n', "'21990001600012' n'est pas un SIRET valide"),
        (
            f'{SOUND}sirets = ["21990001600011", "219 900 016 00011"]\n',
            "SIRET 21990001600011 en double",
        ),
        (f"{SOUND}sirets = [21990001600011]\n", "sirets : une liste de textes est attendue"),
        (f'{SOUND}sirets = "21990001600011"\n', "sirets : une liste de textes est attendue"),
        (f'{SOUND}circuit = "poste"\n', "circuit 'poste' inconnu : historique ou afnor"),
        (f"{SOUND}circuit = []\n", "circuit [] inconnu"),
        (f'{SOUND}gravites = "BR-FR-08"\n', "gravites : une table"),
        (
            f'{SOUND}gravites = {{ "BR-FR-08" = "aucune" }}\n',
            "gravites, BR-FR-08 : 'aucune' : bloquante ou avertissement",
        ),
        (f'{SOUND}gravites = {{ "BR-FR-08" = 1 }}\n', "gravites, BR-FR-08 : 1 :"),
        (f'{SOUND}canal = "pigeon"\n', "canal 'pigeon' inconnu : dossier"),
        (f'{SOUND}retour = "out"\n', "retour : une table est attendue"),
        (f'{SOUND}retour = {{ chemin = "out" }}\n', "retour, clé inconnue : chemin"),
        (f'{SOUND}retour = {{ canal = "ftp" }}\n', "retour, canal 'ftp' inconnu : dossier ou sftp"),
        (f'{SOUND}retour = {{ canal = "sftp" }}\n', "retour, serveur absent"),
        (
            f'{SOUND}retour = {{ canal = "sftp", serveur = "x", dossier = "y" }}\n',
            "retour, dossier : ne va pas avec le canal « sftp »",
        ),
        (f'{SOUND}retour = {{ serveur = "x" }}\n', "retour, serveur : ne va pas avec le canal"),
        (f'{SOUND}retour = {{ dossier = " " }}\n', "retour, dossier : un chemin est attendu"),
        (f'{SOUND}fenetre = "20h"\n', "fenetre : '20h' : une plage est attendue"),
        (f"{SOUND}fenetre = 20\n", "fenetre : '' : une plage est attendue"),
        (f'{SOUND}attendu = "22:00"\n', "attendu : une table est attendue"),
        (f"{SOUND}attendu = {{ tolerance = 30 }}\n", "attendu, cron : '' : cinq champs"),
        (f'{SOUND}attendu = {{ cron = "5 min" }}\n', "attendu, cron : '5 min' : cinq champs"),
        (
            f'{SOUND}attendu = {{ cron = "0 25 * * *" }}\n',
            "attendu, cron : '25' : « heure » va de 0 à 23",
        ),
        (
            f'{SOUND}attendu = {{ cron = "0 22 * * *", tolerance = 0 }}\n',
            "attendu, tolerance : un nombre entier d'au moins 1 est attendu",
        ),
        ("defaut =\n", "TOML invalide, ligne 1"),
        (b"# \xff\n", "n'est pas en UTF-8"),
    ],
)
def test_a_mistake_is_named(load, text, told):
    with pytest.raises(ConfigurationError) as refusal:
        load(text)

    assert told in str(refusal.value)


def test_a_partner_has_the_folder_of_his_code_in_the_outbox_or_one_of_his_own(load, tmp_path):
    other = SOUND.replace("ABC123", "DEF456")
    outside = tmp_path / "chez-eux"
    partners = load(
        f'defaut = "ABC123"\n{SOUND}retour = {{ canal = "dossier", dossier = "retours/x" }}\n'
        f'{other}retour = {{ dossier = "{outside}" }}\n'
    )

    own = return_folders(partners.by_code.values(), tmp_path / "outbox", [tmp_path / "inbox"])
    returns = ReturnFolders(tmp_path / "outbox", own)

    assert returns.folder("ABC123") == tmp_path / "outbox/retours/x"
    assert returns.folder("DEF456") == outside
    assert returns.folder("ZZZ999") == tmp_path / "outbox/ZZZ999"


@pytest.mark.parametrize("folder", ["../inbox", "../inbox/ABC123/out", "..", "../var/archive"])
def test_reports_do_not_go_where_they_would_be_taken_for_deposits(load, tmp_path, folder):
    partners = load(f'defaut = "ABC123"\n{SOUND}retour = {{ dossier = "{folder}" }}\n')
    reserved = [tmp_path / "inbox", tmp_path / "var"]

    with pytest.raises(ConfigurationError, match="partenaire ABC123 : retour, dossier"):
        return_folders(partners.by_code.values(), tmp_path / "outbox", reserved)


def test_a_partner_is_told_whose_folder_is_sound_beside_one_that_is_broken(tmp_path):
    returns = ReturnFolders(tmp_path / "outbox", {})
    returns.give("ABC123", "a.json", b"{}")
    with pytest.raises(OSError, match="name too long"):
        returns.give("ABC123", f"{'x' * 300}.html", b"")
    shutil.rmtree(returns.folder("ABC123"))

    returns.give("DEF456", "a.json", b"{}")
    returns.settle(["DEF456"])

    with pytest.raises(FileNotFoundError):
        returns.settle(["ABC123"])


def test_what_a_crash_left_in_a_folder_outside_the_outbox_is_found(tmp_path):
    inside, outside = tmp_path / "outbox" / "in", tmp_path / "out"
    returns = ReturnFolders(tmp_path / "outbox", {"ABC123": inside, "DEF456": outside})
    returns.give("ABC123", "a.json", b"{}")
    returns.give("DEF456", "a.json", b"{}")
    returns.settle(["ABC123", "DEF456"])
    left = outside / ".0123456789abcdef.tmp"
    left.write_bytes(b"half")
    (inside / left.name).write_bytes(b"found with the outbox")

    assert returns.leftovers() == [str(left)]


def test_every_mistake_is_named_at_once(load):
    with pytest.raises(ConfigurationError) as refusal:
        load('cle = 1\n[[partenaire]]\ncode = "x"\n[[partenaire]]\nnom = "X"\n')

    assert len(str(refusal.value).splitlines()) == 1 + len(
        ["cle", "code 1", "nom 1", "code 2", "defaut"]
    )


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ConfigurationError, match=r"introuvable : .*absent\.toml.*config init"):
        load_partners(tmp_path / "absent.toml")


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(ConfigurationError, match="illisible"):
        load_partners(tmp_path)
