"""Media types of attached files."""

from __future__ import annotations

from chorus_edi.domain.codelists.code_list import (
    EN16931,
    EXTENDED_CTC_FR,
    FACTUR_X,
    amended,
    code_list,
)

MEDIA_TYPES = code_list(
    "MIME",
    fr="Types de fichier joint",
    en="Attached file types",
    version=EN16931,
    source="EN 16931-1, BT-125 ; types IANA",
    codes="""
application/pdf application/vnd.oasis.opendocument.spreadsheet
application/vnd.openxmlformats-officedocument.spreadsheetml.sheet image/jpeg image/png text/csv
""",
)

EXTENDED_MEDIA = amended(
    MEDIA_TYPES,
    "MIME, Factur-X EXTENDED",
    version=FACTUR_X,
    added="application/json application/xml text/xml",
)

EXTENDED_CTC_MEDIA = amended(
    MEDIA_TYPES,
    "MIME, EXTENDED-CTC-FR",
    version=EXTENDED_CTC_FR,
    added="application/xml text/xml",
)
