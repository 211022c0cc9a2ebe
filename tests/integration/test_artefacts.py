"""The official artefacts: found in their package, proved by digest, compiled once."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from lxml import etree

import chorus_edi
from chorus_edi.adapters.files.artefacts import (
    Artefact,
    Manifest,
    Package,
    Schemas,
    folder_of,
    load_manifest,
    sheets,
    verify,
)
from chorus_edi.domain.official import sheets_for
from chorus_edi.domain.scenarios import (
    Circuit,
    Claim,
    Container,
    Nature,
    Profile,
    Syntax,
    scenario_for,
)
from chorus_edi.errors import ConfigurationError, Defect

ROOT = Path(__file__).parents[2]
XS = "{http://www.w3.org/2001/XMLSchema}"
DOCUMENT = re.compile(r"""(?:document\('|<xsl:(?:include|import) href=")([^'"]+)""")


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return load_manifest()


def test_every_file_of_the_manifest_is_the_official_one(manifest: Manifest) -> None:
    checks = verify(manifest)

    assert [check for check in checks if not check.ok] == []
    assert {check.id for check in checks} == {artefact.id for artefact in manifest.artefacts}


def test_the_manifest_pins_the_version_that_pyproject_pins(manifest: Manifest) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for name, package in manifest.packages.items():
        assert f"{name}=={package.version}" in project["dependencies"]
        assert version(name) == package.version


def closure(entry: Path, seen: set[Path]) -> set[Path]:
    """Return an artefact's file and all it includes, imports or reads."""
    if entry not in seen:
        seen.add(entry)
        for element in etree.parse(str(entry)).iter(f"{XS}include", f"{XS}import"):
            if element.get("schemaLocation"):
                closure((entry.parent / element.get("schemaLocation")).resolve(), seen)
        read = set(DOCUMENT.findall(entry.read_text("utf-8"))) if "xsl" in entry.suffix else set()
        for name in read:
            closure((entry.parent / name).resolve(), seen)
    return seen


def test_the_manifest_lists_all_that_an_artefact_includes_and_no_more(manifest: Manifest) -> None:
    for artefact in manifest.artefacts:
        folder = folder_of(manifest.packages[artefact.package])
        assert folder is not None
        files = closure((folder / artefact.entry).resolve(), set())
        assert {folder.resolve() / path for path in artefact.files} == files, artefact.id


def test_every_scenario_names_a_schema_and_every_schema_has_a_scenario(
    manifest: Manifest,
) -> None:
    named = {
        scenario_for(
            Claim(syntax=syntax, container=container, specification=claimed), Circuit.AFNOR
        ).schema
        for syntax in Syntax
        for container in (Container.XML, Container.FACTUR_X)
        for claimed in (
            None,
            *(f"urn:factur-x.eu:1p0:{name}" for name in ("minimum", "basicwl", "basic")),
            *(f"urn:factur-x.eu:1p0:{name}" for name in ("en16931", "extended")),
        )
    }
    assert named == {artefact.id for artefact in manifest.artefacts if artefact.kind == "xsd"}


def test_every_document_is_given_a_sheet_that_exists_and_every_sheet_has_a_document(
    manifest: Manifest,
) -> None:
    named = {
        asked.sheet
        for syntax in Syntax
        for container in Container
        for profile in (None, *Profile)
        for circuit in (None, *Circuit)
        for asked in sheets_for(Nature(syntax, container, profile), circuit, None)
    }
    assert named == sheets(manifest).keys()


def test_a_sheet_that_was_changed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xslt").write_bytes(b"<changed/>")
    own = Manifest(
        packages={"un-paquet": Package(version="1.2", module="un_paquet", folder="")},
        artefacts=(
            Artefact(
                id="a",
                title="Règles",
                kind="xslt",
                version="1",
                package="un-paquet",
                licence="EUPL-1.2",
                entry="a.xslt",
                files={"a.xslt": hashlib.sha256(b"<sheet/>").hexdigest()},
            ),
        ),
    )

    with pytest.raises(ConfigurationError, match="modifié"):
        sheets(own, lambda _package: tmp_path)


def test_the_package_is_found_without_being_imported() -> None:
    script = (
        "import sys; from chorus_edi.adapters.files.artefacts import *;"
        "m = load_manifest(); assert all(c.ok for c in verify(m)); Schemas(m)['facturx-minimum'];"
        "assert 'facturx' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


# -- a package of our own ----------------------------------------------------------------------

XSD = (
    b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
    b'<xs:include schemaLocation="types.xsd"/><xs:element name="a" type="T"/></xs:schema>'
)
TYPES = (
    b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
    b'<xs:simpleType name="T"><xs:restriction base="xs:int"/></xs:simpleType></xs:schema>'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.xsd").write_bytes(XSD)
    (tmp_path / "types.xsd").write_bytes(TYPES)
    return tmp_path


@pytest.fixture
def own() -> Manifest:
    files = {"a.xsd": XSD, "types.xsd": TYPES}
    return Manifest(
        packages={"un-paquet": Package(version="1.2", module="un_paquet", folder="")},
        artefacts=(
            Artefact(
                id="a",
                title="A",
                version="1",
                package="un-paquet",
                licence="MIT",
                entry="a.xsd",
                files={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
            ),
        ),
    )


def test_a_schema_is_compiled_at_its_first_use_and_kept(own: Manifest, folder: Path) -> None:
    schemas = Schemas(own, lambda _: folder)

    schema = schemas["a"]

    assert schemas["a"] is schema
    assert schema.id == "a"
    assert schema.accepts(etree.fromstring("<a>1</a>"))
    assert not schema.accepts(etree.fromstring("<a>x</a>"))


def test_nothing_is_read_before_a_schema_is_asked_for(own: Manifest) -> None:
    def never(package: Package) -> Path | None:
        raise AssertionError(package)

    Schemas(own, never)


def test_a_changed_file_is_refused_with_what_to_do(own: Manifest, folder: Path) -> None:
    (folder / "types.xsd").write_bytes(TYPES + b"\n")

    with pytest.raises(ConfigurationError, match=r"types\.xsd est modifié.*un-paquet==1\.2"):
        Schemas(own, lambda _: folder)["a"]
    assert [(check.path, check.ok) for check in verify(own, lambda _: folder)] == [
        ("a.xsd", True),
        ("types.xsd", False),
    ]


def test_a_missing_file_is_refused_with_what_to_do(own: Manifest, folder: Path) -> None:
    (folder / "types.xsd").unlink()

    with pytest.raises(ConfigurationError, match=r"types\.xsd est absent\. .*pip install"):
        Schemas(own, lambda _: folder)["a"]
    assert verify(own, lambda _: folder)[1].found is None


def test_a_missing_package_is_refused_with_what_to_do(own: Manifest) -> None:
    with pytest.raises(ConfigurationError, match=r"a\.xsd est absent, et 1 autre"):
        Schemas(own)["a"]
    assert not any(check.ok for check in verify(own))


def test_an_artefact_that_the_manifest_lacks_is_our_own_fault(own: Manifest) -> None:
    with pytest.raises(Defect, match="inconnu"):
        Schemas(own)["inconnu"]


@pytest.mark.parametrize(
    "text",
    ["[packages", "artefacts = []", "packages = {}\nartefacts = [{ id = 1 }]", "autre = 1"],
)
def test_an_unreadable_manifest_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "MANIFEST.toml"
    path.write_text(text, "utf-8")

    with pytest.raises(ConfigurationError, match="illisible"):
        load_manifest(path)


def test_a_missing_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Réinstallez"):
        load_manifest(tmp_path / "absent.toml")


def test_a_manifest_whose_entry_has_no_digest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "MANIFEST.toml"
    path.write_text(
        '[packages.p]\nversion = "1"\nmodule = "p"\nfolder = ""\n[[artefacts]]\nid = "a"\n'
        'title = "A"\nversion = "1"\npackage = "p"\nlicence = "MIT"\nentry = "a.xsd"\nfiles = {}\n',
        "utf-8",
    )

    with pytest.raises(ConfigurationError, match="incohérent pour a"):
        load_manifest(path)


def test_the_manifest_travels_with_the_program_and_is_the_one_of_the_repository() -> None:
    installed = Path(chorus_edi.__file__).parent / "resources" / "MANIFEST.toml"

    assert installed.read_bytes() == (ROOT / "schemas" / "MANIFEST.toml").read_bytes()
