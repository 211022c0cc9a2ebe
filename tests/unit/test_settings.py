"""Settings: the file, the environment above it, and every mistake told before anything starts."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from chorus_edi.domain.recipients import STATE_RECIPIENTS
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.errors import ConfigurationError
from chorus_edi.settings import Settings, load

Write = Callable[[str], Path]


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder, with nothing of ours in the environment."""
    for name in [name for name in os.environ if name.upper().startswith("CHORUS_EDI_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        path = tmp_path / "etc" / "chorus_edi.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


def refusal(file: Path | None) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(file)
    return str(caught.value)


def test_without_a_file_everything_has_a_default_in_the_current_folder(tmp_path: Path) -> None:
    settings = load(None)

    assert settings.folders.inbox == tmp_path / "inbox"
    assert settings.folders.outbox == tmp_path / "outbox"
    assert settings.folders.data == tmp_path / "var"
    assert settings.partenaires.file == tmp_path / "config/partenaires.toml"
    assert settings.database.url is None
    assert frozenset(settings.annuaire.etat) == STATE_RECIPIENTS
    assert (settings.limits.documents, settings.limits.flow, settings.limits.document) == (
        500,
        1024**3,
        120 * 1024**2,
    )


def test_the_file_of_the_current_folder_is_read_where_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/chorus_edi.toml").write_text('[folders]\ninbox = "../in"\n', "utf-8")

    assert load(None).folders.inbox == tmp_path / "in"


def test_relative_paths_start_at_the_file_and_absolute_ones_stay(
    write: Write, tmp_path: Path
) -> None:
    file = write(
        f"""
        [folders]
        inbox = "../depot/./x/.."
        outbox = "{tmp_path / "sortie"}"
        [annuaire]
        structures = "structures.csv"
        """
    )

    settings = load(file)

    assert settings.folders.inbox == tmp_path / "depot"
    assert settings.folders.outbox == tmp_path / "sortie"
    assert settings.folders.data == tmp_path / "etc/var"
    assert settings.annuaire.structures == tmp_path / "etc/structures.csv"


def test_the_environment_stands_above_the_file_and_leaves_the_rest_of_a_section(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write("[workers]\ncount = 2\ndeadline = 30\n")
    monkeypatch.setenv("CHORUS_EDI_WORKERS__COUNT", "5")
    monkeypatch.setenv("CHORUS_EDI_DATABASE__URL", "postgresql://moi:secret@serveur/base")

    settings = load(file)

    assert (settings.workers.count, settings.workers.deadline) == (5, 30)
    assert settings.database.url is not None
    assert settings.database.url.get_secret_value() == "postgresql://moi:secret@serveur/base"


def test_a_password_is_not_shown_with_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHORUS_EDI_DATABASE__URL", "postgresql://moi:secret@serveur/base")

    assert "secret@" not in repr(load(None))


def test_settings_do_not_change_once_read() -> None:
    settings = load(None)

    with pytest.raises(ValidationError):
        settings.workers.count = 3
    with pytest.raises(ValidationError):
        settings.workers = Settings().workers


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[workers]\nnombre = 2\n", "workers.nombre"),
        ("[ouvriers]\ncount = 2\n", "ouvriers"),
        ("[workers]\ncount = -1\n", "workers.count"),
        ("[workers]\ncount = 65\n", "workers.count"),
        ("[workers]\ndeadline = 0\n", "workers.deadline"),
        ("[limits]\ndocuments = 0\n", "limits.documents"),
        ("[scan]\ninterval = 0\n", "scan.interval"),
        ("[scan]\ninterval = 1e300\n", "scan.interval"),
        ('[annuaire]\netat = ["123"]\n', "annuaire.etat"),
        ("workers = 3\n", "workers"),
        ("[workers\n", "configuration"),
    ],
)
def test_a_mistake_in_the_file_is_refused_with_the_place_it_stands_at(
    write: Write, text: str, named: str
) -> None:
    assert named in refusal(write(text))


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ('"10 mois"', "« 10 ans », « 30 jours » ou « toujours » est attendu"),
        ('"dix ans"', "« 10 ans », « 30 jours » ou « toujours » est attendu"),
        ("10", "un texte est attendu"),
    ],
)
def test_a_span_that_is_none_is_told_with_what_is_expected(
    write: Write, span: str, told: str
) -> None:
    said = refusal(write(f"[conservation]\nfactures = {span}\n"))

    assert said == f"configuration : conservation.factures : {told}"


def test_a_mistake_is_told_in_french(write: Write) -> None:
    file = write('[workers]\ncount = 65\nnombre = 2\n[annuaire]\netat = ["123"]\n')

    assert refusal(file) == (
        "configuration : annuaire.etat.0 : 14 chiffres sont attendus ; "
        "workers.count : doit valoir au plus 64 ; workers.nombre : clé inconnue"
    )


def test_a_rule_is_made_lighter_and_never_switched_off(write: Write) -> None:
    told = refusal(write('[regles.gravites.afnor]\n"BR-FR-08" = "aucune"\n'))

    assert told == (
        "configuration : regles.gravites.afnor.BR-FR-08 : "
        "'bloquante' ou 'avertissement' est attendu"
    )


def test_weights_without_their_circuit_are_told_in_french(write: Write) -> None:
    told = refusal(write('[regles]\ngravites = "avertissement"\n'))

    assert told == "configuration : regles.gravites : une section est attendue"
    assert "une section" in refusal(write('[regles.gravites]\nafnor = "avertissement"\n'))


def test_the_weights_of_rules_are_given_by_circuit(write: Write) -> None:
    file = write(
        '[regles.gravites.afnor]\n"BR-FR-08" = "avertissement"\n'
        '[regles.motifs.historique]\n"CE-*" = "REJ_COH"\n'
    )

    rules = load(file).regles

    assert rules.gravites == {Circuit.AFNOR: {"BR-FR-08": "avertissement"}}
    assert rules.motifs == {Circuit.HISTORIQUE: {"CE-*": "REJ_COH"}}
    assert "'historique' ou 'afnor'" in refusal(write('[regles.motifs.poste]\n"CE-*" = "x"\n'))


def test_all_mistakes_of_a_file_are_told_at_once(write: Write) -> None:
    told = refusal(write("[workers]\ncount = -1\n[limits]\nflow = 0\n"))

    assert "workers.count" in told
    assert "limits.flow" in told


def test_a_mistake_in_the_environment_is_refused_as_one_in_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHORUS_EDI_WORKERS__COUNT", "beaucoup")

    assert "workers.count" in refusal(None)


def test_a_file_that_is_not_utf_8_is_refused(write: Write) -> None:
    file = write("")
    file.write_bytes(b'[folders]\ninbox = "d\xe9p\xf4t"\n')

    assert refusal(file).endswith(f"{file} : TOML invalide, le fichier n'est pas en UTF-8")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[scan]\n[scan]\n", "ligne 2"),
        ("[scan]\ninterval\n", "ligne 2"),
        ("[scan", "à la fin du fichier"),
    ],
)
def test_a_file_that_is_no_toml_is_told_in_french(write: Write, text: str, place: str) -> None:
    file = write(text)

    assert refusal(file) == f"configuration : {file} : TOML invalide, {place}"


def test_a_file_that_does_not_exist_is_refused_by_its_name(tmp_path: Path) -> None:
    assert "absent.toml" in refusal(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    ("inbox", "outbox", "data"),
    [
        ("depot", "depot", "var"),
        ("depot", "depot/sortie", "var"),
        ("var/depot", "sortie", "var"),
        ("depot", "sortie", "sortie/../depot/a/b"),
        ("depot", "sortie", "."),
    ],
)
def test_folders_of_which_one_lies_in_another_are_refused(
    write: Write, inbox: str, outbox: str, data: str
) -> None:
    file = write(f'[folders]\ninbox = "{inbox}"\noutbox = "{outbox}"\ndata = "{data}"\n')

    assert "est dans le dossier" in refusal(file)


def test_folders_that_a_link_makes_one_are_refused(write: Write, tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/sortie").symlink_to(tmp_path / "etc/inbox")

    assert "est dans le dossier" in refusal(write('[folders]\noutbox = "sortie"\n'))


def test_folders_whose_names_only_begin_alike_are_apart(write: Write) -> None:
    file = write('[folders]\ninbox = "var"\noutbox = "var-sortie"\ndata = "var2"\n')

    assert load(file).folders.inbox.name == "var"


SMTP = """
[notification.smtp]
hote = "mail.exemple.fr"
de = "edi@exemple.fr"
a = ["garde@exemple.fr"]
"""


def test_a_mail_server_and_its_secret_are_settings(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    smtp = load(write(f'{SMTP}fichier_secret = "smtp.secret"\n')).notification.smtp

    assert smtp is not None
    assert (smtp.port, smtp.tls, smtp.a) == (25, "aucun", ("garde@exemple.fr",))
    assert smtp.fichier_secret == tmp_path / "etc/smtp.secret"

    monkeypatch.setenv("CHORUS_EDI_NOTIFICATION__SMTP__MOT_DE_PASSE", "très secret")
    smtp = load(write(SMTP)).notification.smtp
    assert smtp is not None
    assert smtp.mot_de_passe is not None
    assert smtp.mot_de_passe.get_secret_value() == "très secret"
    assert "très" not in repr(smtp)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SMTP.replace("hote", "# hote"), "notification.smtp.hote : cette clé est obligatoire"),
        (
            SMTP.replace('["garde@exemple.fr"]', "[]"),
            "notification.smtp.a : une valeur au moins est attendue",
        ),
        (
            SMTP.replace("garde@exemple.fr", "garde"),
            "notification.smtp.a.0 : 'garde' : une adresse est attendue",
        ),
        (
            SMTP.replace("edi@exemple.fr", "Édi <edi@exemple.fr>"),
            "notification.smtp.de : 'Édi <edi@exemple.fr>' : une adresse est attendue",
        ),
        (f'{SMTP}tls = "oui"\n', "'aucun', 'starttls' ou 'tls' est attendu"),
        ('[bilan]\ndebut = ""\n', "bilan.debut : '' : une heure est attendue"),
        ('[bilan]\ndebut = "7h"\n', "bilan.debut : '7h' : une heure est attendue"),
        ("[espace]\nminimum = -5\n", "espace.minimum : '-5' : une taille est attendue"),
        ('[planning]\nbilan = "0 30 2 * *"\n', "planning.bilan : '30' : « heure » va de 0 à 23"),
        ("[planning]\nbilan = 5\n", "planning.bilan : un texte est attendu"),
        (
            '[scan]\nfenetre = "06:00-06:00"\n',
            "scan.fenetre : '06:00-06:00' : cette plage est vide",
        ),
    ],
)
def test_what_watches_is_refused_where_it_cannot_be_read(
    write: Write, text: str, told: str
) -> None:
    assert told in refusal(write(text))


def test_a_minimum_of_disk_space_is_bytes_or_a_size(write: Write) -> None:
    assert load(write("[espace]\nminimum = 5_000\n")).espace.minimum == "5000"
    assert load(write('[espace]\nminimum = "5 Go"\n')).espace.minimum == "5 Go"


def test_tasks_are_planned_by_name_or_turned_off(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHORUS_EDI_PLANNING__SILENCE", "5 min")

    planning = load(write('[planning]\nbilan = "0 6 * * 1-5"\nespace = ""\n')).planning

    assert planning == {"bilan": "0 6 * * 1-5", "espace": "", "silence": "5 min"}
