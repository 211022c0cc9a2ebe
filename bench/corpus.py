"""Makes the benchmark's input: varied invoices, for recipients of the shipped directory."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from chorus_edi.services.nights import flows
from chorus_edi.services.specimens import Recipient, recipients_in

CONFIG = Path(__file__).parents[1] / "config"
PER_FLOW = 500
"""Invoices per flow: the most that Chorus Pro takes (facts chorus-pro 1.6)."""


def recipients() -> tuple[Recipient, ...]:
    """Return who can be sent an invoice, by the directory in ``config/annuaire``."""
    annuaire = CONFIG / "annuaire"
    return recipients_in(
        (annuaire / "structures.csv").read_text("utf-8"),
        (annuaire / "services.csv").read_text("utf-8"),
    )


def archives(count: int, seed: int) -> list[tuple[str, bytes]]:
    """Return flows of at most 500 invoices."""
    return list(flows(count, PER_FLOW, recipients(), seed=seed))


def documents(made: list[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Yield every invoice of every flow, in order."""
    for _, content in made:
        with tarfile.open(fileobj=BytesIO(content)) as archive:
            for member in archive:
                stream = archive.extractfile(member)
                if stream is not None:
                    yield member.name, stream.read()
