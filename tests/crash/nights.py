"""A small night that meets every branch of the pipeline, with its directory and partners."""

from __future__ import annotations

from pathlib import Path

from chorus_edi.formats.writers import to_ubl
from chorus_edi.services.nights import night, tar_gz, with_wrong_total, without
from chorus_edi.services.specimens import Recipient, recipients_in, specimen

CONFIG = Path(__file__).parents[2] / "config"
STRUCTURES = (CONFIG / "annuaire" / "structures.csv").read_text(encoding="utf-8")
SERVICES = (CONFIG / "annuaire" / "services.csv").read_text(encoding="utf-8")
PARTNERS = (CONFIG / "partenaires.toml").read_text(encoding="utf-8")
RECIPIENTS: tuple[Recipient, ...] = recipients_in(STRUCTURES, SERVICES)


def batch(count: int, *, seed: int, broken: int | None = None, wrong: int | None = None) -> bytes:
    """Return an archive of invoices, one of them XSD-invalid, one with a wrong total."""
    files = {}
    for number in range(1, count + 1):
        made = specimen(number, RECIPIENTS, seed=seed)
        invoice = with_wrong_total(made.invoice) if number == wrong else made.invoice
        content = to_ubl(invoice, made.files)
        files[f"{number:03d}.xml"] = without(content, "IssueDate") if number == broken else content
    return tar_gz(files)


def deposit_night(inbox: Path) -> None:
    """Fill an inbox: the demonstration's night and an archive of two batches."""
    night(inbox, RECIPIENTS)
    (inbox / "ABC123" / "90-lot-de-70.tar.gz").write_bytes(batch(70, seed=9, wrong=66))
    (inbox / "91-a-la-racine.xml").write_bytes(
        to_ubl(specimen(1, RECIPIENTS, seed=10, plain=True).invoice)
    )
