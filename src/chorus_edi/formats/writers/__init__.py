"""Values → bytes: invoices written in each syntax, in schema order."""

from chorus_edi.formats.writers.cii import to_cii
from chorus_edi.formats.writers.pdf import embed, to_facturx, to_plain_pdf
from chorus_edi.formats.writers.ubl import CREDIT_NOTES, to_ubl

__all__ = ["CREDIT_NOTES", "embed", "to_cii", "to_facturx", "to_plain_pdf", "to_ubl"]
