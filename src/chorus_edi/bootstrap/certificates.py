"""Certificates of deposit, over the database and the stored originals of an installation."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chorus_edi.bootstrap.databases import environment, open_database
from chorus_edi.bootstrap.installation import limits_in

if TYPE_CHECKING:
    from chorus_edi.services.certificats import Certificates
    from chorus_edi.settings import Settings


@contextmanager
def open_certificates(settings: Settings) -> Iterator[Certificates]:
    """Open what certificates are made of and verified against.

    Raises:
        ConfigurationError: there is no data here.
    """
    from chorus_edi.adapters.files.flows import FlowFolders
    from chorus_edi.adapters.store.deposits import SqlDeposits
    from chorus_edi.adapters.store.store import SqlStore
    from chorus_edi.services.certificats import Certificates

    with environment(), open_database(settings) as engine:
        yield Certificates(
            SqlStore(engine),
            SqlDeposits(engine),
            FlowFolders(settings.folders.inbox, settings.folders.data),
            limits_in(settings),
            partial(tempfile.TemporaryDirectory, prefix="chorus-edi-"),
        )


def write_certificate(settings: Settings, identity: str, target: Path) -> None:
    """Write the PDF of a certificate; a file of that name is replaced once the new one is whole.

    Raises:
        ConfigurationError: no such invoice, or no such folder.
        Incident: the file cannot be written.
    """
    from chorus_edi.adapters.files.disk import sync_folder, write_whole
    from chorus_edi.errors import ConfigurationError
    from chorus_edi.formats.writers.certificate import to_certificate

    if not target.absolute().parent.is_dir():
        raise ConfigurationError(f"le dossier de {target} n'existe pas")
    with open_certificates(settings) as certificates:
        write_whole(target, to_certificate(certificates.find(identity)))
        sync_folder(target.absolute().parent)
