"""``[[sftp]]``: what may be written there, and each mistake in French."""

from __future__ import annotations

from pathlib import Path

import pytest

from chorus_edi.errors import ConfigurationError
from chorus_edi.settings import Settings, load

PRINT = f"SHA256:{'A' * 43}"
BARE = {
    "nom": '"banque"',
    "hote": '"sftp.exemple.fr"',
    "utilisateur": '"chorus"',
    "cle": '"secrets/cle"',
    "known_hosts": '"secrets/known_hosts"',
    "partenaire": '"ABC123"',
    "releve": '{ dossier = "out/" }',
}


def read(tmp_path: Path, *servers: dict[str, str | None]) -> Settings:
    """Read settings with servers, each as the plain one with changes; None leaves a key out."""
    lines = []
    for changes in servers:
        lines.append("[[sftp]]")
        values = {**BARE, **changes}
        lines += [f"{key} = {value}" for key, value in values.items() if value is not None]
    file = tmp_path / "chorus_edi.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    return load(file)


def test_a_server_needs_few_words(tmp_path: Path) -> None:
    (server,) = read(tmp_path, {}).sftp

    assert (server.port, server.delai) == (22, 30)
    assert server.cle == tmp_path / "secrets/cle"
    assert server.known_hosts == tmp_path / "secrets/known_hosts"
    assert server.releve is not None
    assert (server.releve.dossier, server.releve.apres, server.releve.fichiers) == (
        "out", "supprimer", 1000,
    )  # fmt: skip
    assert server.secret() is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"known_hosts": None}, "known_hosts ou empreinte, l'un des deux : un hôte inconnu"),
        ({"empreinte": f'"{PRINT}"'}, "known_hosts ou empreinte, l'un des deux"),
        ({"known_hosts": None, "empreinte": '"MD5:00"'}, "empreinte : « SHA256: »"),
        ({"cle": None}, "cle, secret_fichier ou secret_variable"),
        ({"secret_fichier": '"a"', "secret_variable": '"B"'}, "pas les deux"),
        ({"releve": None}, "ni releve ni envoi : rien à échanger"),
        ({"partenaire": None}, "partenaire : à qui sont les fichiers relevés ?"),
        ({"releve": '{ dossier = "a", apres = "deplacer" }'}, "« vers » va avec"),
        ({"releve": '{ dossier = "a", vers = "b" }'}, "« vers » va avec"),
        ({"releve": '{ dossier = "a", apres = "deplacer", vers = "a/" }'}, "est le dossier relevé"),
        ({"releve": '{ dossier = "" }'}, "sftp.0.releve.dossier : un texte est attendu"),
        ({"releve": '{ dossier = "a", apres = "rien" }'}, "'supprimer' ou 'deplacer' est attendu"),
        ({"mot_de_passe": '"en clair"'}, "sftp.0.mot_de_passe : clé inconnue"),
        ({"hote": None}, "sftp.0.hote : cette clé est obligatoire"),
        ({"nom": f'"{"x" * 65}"'}, "sftp.0.nom : au plus 64 caractères"),
        ({"port": "0"}, "sftp.0.port : doit valoir au moins 1"),
    ],
)
def test_a_mistake_is_told_in_french(
    tmp_path: Path, changes: dict[str, str | None], told: str
) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        read(tmp_path, changes)

    assert told in str(refusal.value)


def test_two_servers_have_two_names(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"deux .* portent le nom « banque »"):
        read(tmp_path, {}, {})

    assert len(read(tmp_path, {}, {"nom": '"autre"'}).sftp) == 2


def test_a_password_is_in_a_file_of_its_own_or_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mdp").write_text(" un secret \n", encoding="utf-8")
    monkeypatch.setenv("MDP_BANQUE", "un autre")
    file = read(tmp_path, {"cle": None, "secret_fichier": '"mdp"'}).sftp[0].secret()
    variable = read(tmp_path, {"cle": None, "secret_variable": '"MDP_BANQUE"'}).sftp[0].secret()

    assert file is not None
    assert variable is not None
    assert file.get_secret_value() == " un secret "
    assert variable.get_secret_value() == "un autre"
    assert "secret" not in repr(file)


@pytest.mark.parametrize("where", ["secret_fichier", "secret_variable"])
def test_a_password_that_is_not_where_it_should_be_is_told(tmp_path: Path, where: str) -> None:
    (server,) = read(tmp_path, {"cle": None, where: '"ABSENT"'}).sftp

    with pytest.raises(ConfigurationError, match=r"banque : .*ABSENT"):
        server.secret()
