"""The XSD verdict on real files equals the oracle's, pass and fail."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from chorus_edi.adapters.files.artefacts import Schemas, load_manifest
from chorus_edi.domain.dossier import Place
from chorus_edi.domain.interfaces import circuit_of_interface
from chorus_edi.domain.scenarios import (
    ROOTS,
    Circuit,
    Claim,
    Container,
    Scenario,
    Syntax,
    scenario_for,
)
from chorus_edi.formats.facturx import PdfContent, open_pdf
from chorus_edi.formats.reader import read
from chorus_edi.formats.xml import XmlDocument, parse
from tests.outside import SAMPLES, manifest, needs_samples

pytestmark = needs_samples


def judged() -> Iterator[Any]:
    """Samples with an XSD verdict of the oracle: path and verdict."""
    for row in manifest():
        if (row["oracle"] or {}).get("xsd") is not None:
            yield pytest.param(row["path"], row["oracle"]["xsd"], id=row["path"])


def official() -> Iterator[Any]:
    """The files of the official historic samples, those of the archive one by one."""
    for path in sorted((SAMPLES / "aife").glob("FSO*")):
        if path.suffix != ".gz":
            yield pytest.param(path.name, path.read_bytes(), id=path.name)
            continue
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(path.read_bytes()))) as archive:
            for member in archive:
                content = archive.extractfile(member)
                assert content is not None
                yield pytest.param(path.name, content.read(), id=f"{path.name}!{member.name}")


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return Schemas(load_manifest())


def examined(data: bytes, interface: str | None = None) -> tuple[XmlDocument, Syntax, Scenario]:
    """Read a file as far as its scenario."""
    container = Container.XML
    if data.startswith(b"%PDF"):
        content = open_pdf(data)
        assert isinstance(content, PdfContent)
        assert content.xml is not None
        container, data = Container.FACTUR_X, content.xml
    document = parse(data)
    assert isinstance(document, XmlDocument)
    syntax = ROOTS[document.tree.tag]
    reading = read(document.tree, syntax)
    claim = Claim(
        syntax=syntax,
        container=container,
        specification=reading.specification,
        process=reading.process,
        imposed=circuit_of_interface(interface),
        dates_without_format=reading.dates_without_format,
        historic_fields=reading.historic_fields,
    )
    return document, syntax, scenario_for(claim, None)


def lines_of(elements: Sequence[Any]) -> tuple[Place, ...]:
    return tuple(Place(e.tag, e.sourceline, 1) for e in elements)


@pytest.mark.parametrize(("path", "verdict"), list(judged()))
def test_the_verdict_on_a_sample_is_the_oracle_s(schemas: Schemas, path: str, verdict: str) -> None:
    document, syntax, scenario = examined((SAMPLES / path).read_bytes())
    historic_cii = scenario.circuit is Circuit.HISTORIQUE and syntax is Syntax.CII

    faults = schemas[scenario.schema].faults(
        document.tree, document.xml, lines_of, without_delivery=historic_cii
    )

    assert ("fail" if faults else "pass") == verdict, faults


@pytest.mark.parametrize(("name", "data"), list(official()))
def test_an_official_historic_sample_is_valid(schemas: Schemas, name: str, data: bytes) -> None:
    document, _, scenario = examined(data)

    assert scenario.circuit is Circuit.HISTORIQUE
    assert scenario.schema == "cii-d22b"
    assert not schemas[scenario.schema].faults(
        document.tree, document.xml, lines_of, without_delivery=True
    )


@pytest.mark.parametrize(("name", "data"), list(official()))
def test_the_interface_alone_makes_an_official_sample_historic(name: str, data: bytes) -> None:
    _, _, scenario = examined(data, interface=name[:8])

    assert scenario.circuit is Circuit.HISTORIQUE
