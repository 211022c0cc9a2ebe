"""The sections that name servers of others: mail, SFTP."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    model_validator,
)

from chorus_edi.errors import ConfigurationError
from chorus_edi.settings.section import Section, sound

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")


def _bare(folder: str) -> str:
    """Return a folder of a server without the slashes at its end."""
    return folder.rstrip("/") or "/"


RemoteFolder = Annotated[str, Field(min_length=1), AfterValidator(_bare)]


def _address(text: str) -> None:
    # Printable ASCII, a single @ inside: what a mail server takes from everybody.
    if re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", text) is None:
        raise ValueError(f"{text!r} : une adresse est attendue, par exemple « edi@exemple.fr »")


Address = Annotated[str, AfterValidator(sound(_address))]


class Smtp(Section):
    """A mail server; the password comes from the environment, or stands alone in a file."""

    hote: Annotated[str, Field(min_length=1)]
    port: int = Field(default=25, ge=1, le=65_535)
    de: Address
    a: Annotated[tuple[Address, ...], Field(min_length=1)]
    utilisateur: str = ""
    mot_de_passe: SecretStr | None = None
    fichier_secret: Path | None = None
    tls: Literal["aucun", "starttls", "tls"] = "aucun"


class Releve(Section):
    """What is fetched from a server: a folder there, and what becomes of a file once it is here."""

    dossier: RemoteFolder
    apres: Literal["supprimer", "deplacer"] = "supprimer"
    vers: RemoteFolder | None = None
    fichiers: int = Field(default=1000, ge=1)

    @model_validator(mode="after")
    def _moved_somewhere(self) -> Self:
        if (self.apres == "deplacer") != (self.vers is not None):
            raise ValueError('« vers » va avec apres = "deplacer", et seulement avec')
        if self.vers == self.dossier:
            raise ValueError("« vers » est le dossier relevé")
        return self


class Envoi(Section):
    """Where return flows are pushed to: a folder of the server, and how many files in a turn."""

    dossier: RemoteFolder
    fichiers: int = Field(default=1000, ge=1)


class Sftp(Section):
    """A partner's SFTP server: how we know it, how it knows us, what is fetched and pushed.

    The password, or the passphrase of the key, is in a file of its own or in the environment.
    """

    nom: Annotated[str, Field(min_length=1, max_length=64)]
    hote: Annotated[str, Field(min_length=1)]
    port: int = Field(default=22, ge=1, le=65_535)
    utilisateur: Annotated[str, Field(min_length=1)]
    cle: Path | None = None
    secret_fichier: Path | None = None
    secret_variable: str | None = None
    known_hosts: Path | None = None
    empreinte: str | None = None
    delai: float = Field(default=30, gt=0, le=600)
    partenaire: str | None = None
    releve: Releve | None = None
    envoi: Envoi | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        mistakes = [told for wrong, told in self._rules() if wrong]
        if mistakes:
            raise ValueError(", ".join(mistakes))
        return self

    def _rules(self) -> tuple[tuple[bool, str], ...]:
        secrets = (self.secret_fichier is not None) + (self.secret_variable is not None)
        print_ = self.empreinte
        return (
            (
                (self.known_hosts is None) == (print_ is None),
                "known_hosts ou empreinte, l'un des deux : un hôte inconnu n'est jamais accepté",
            ),
            (
                print_ is not None and _FINGERPRINT.fullmatch(print_) is None,
                "empreinte : « SHA256: » et 43 caractères attendus (ssh-keygen -lf)",
            ),
            (self.cle is None and not secrets, "cle, secret_fichier ou secret_variable"),
            (secrets > 1, "secret_fichier ou secret_variable, pas les deux"),
            (self.releve is None and self.envoi is None, "ni releve ni envoi : rien à échanger"),
            (
                self.releve is not None and self.partenaire is None,
                "partenaire : à qui sont les fichiers relevés ?",
            ),
        )

    def secret(self) -> SecretStr | None:
        """Return the password or passphrase, read anew each time.

        Raises:
            ConfigurationError: it is not where it should be.
        """
        where = f"[[sftp]] {self.nom}"
        if self.secret_variable is not None:
            value = os.environ.get(self.secret_variable)
            if not value:
                raise ConfigurationError(
                    f"{where} : la variable d'environnement {self.secret_variable} est vide"
                )
            return SecretStr(value)
        if self.secret_fichier is None:
            return None
        try:
            return SecretStr(self.secret_fichier.read_text(encoding="utf-8").rstrip("\r\n"))
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"{where} : {self.secret_fichier} illisible") from error
