"""The wheel: built, installed in an environment of its own, and working far from the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from chorus_edi.adapters.store.whole import SCHEMA

ROOT = Path(__file__).parents[2]
RESOURCES = "chorus_edi/resources"


def done(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a program to its end, in an environment that does not know this repository."""
    known = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run(
        command,
        cwd=cwd,
        env={**known, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that ``make wheel`` builds, of a copy: building leaves traces."""
    folder, source = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("source")
    for name in ("src", "schemas", "config"):
        unwanted = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / name, source / name, symlinks=True, ignore=unwanted)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    built = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder]
    done(*built, source, cwd=folder)
    (made,) = folder.glob("chorus_edi-*.whl")
    return made


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a fresh environment that has the wheel, and of us only the dependencies."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    install = ["install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    done(sys.executable, "-m", "pip", "--python", python, *install, cwd=folder)
    return folder / "bin" / "chorus-edi"


def run(program: Path, *arguments: str, cwd: Path) -> str:
    # Its own chorus_edi comes from here, what it depends on from the environment of these tests,
    # whose link to the repository is not followed from PYTHONPATH.
    own = next((program.parents[1] / "lib").glob("python*/site-packages"))
    dependencies = sysconfig.get_paths()["purelib"]
    return done(program, *arguments, cwd=cwd, PYTHONPATH=f"{own}{os.pathsep}{dependencies}")


def test_data_files_travel_as_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {info.filename: info for info in archive.infolist()}
        manifest = archive.read(f"{RESOURCES}/MANIFEST.toml")
        toml = archive.read(f"{RESOURCES}/chorus_edi.toml")

    assert manifest == (ROOT / "schemas" / "MANIFEST.toml").read_bytes()
    assert toml == (ROOT / "config" / "chorus_edi.toml").read_bytes()
    wanted = [
        "resources/partenaires.toml", "resources/annuaire/services.csv",
        "resources/annuaire/structures.csv", "resources/kit/LISEZMOI.md",
        "resources/systemd/chorus-edi.service", "py.typed",
        "adapters/store/migrations/env.py", "adapters/store/migrations/script.py.mako",
    ]  # fmt: skip
    assert {f"chorus_edi/{name}" for name in wanted} <= held.keys()
    assert not any(info.external_attr >> 28 == 0xA for info in held.values())


def test_every_data_file_of_the_repository_is_in_the_wheel(wheel: Path) -> None:
    source = ROOT / "src"
    ours = {
        str(path.relative_to(source))
        for path in (source / "chorus_edi").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        assert ours - set(archive.namelist()) == set()


def test_the_installed_program_is_the_one_of_the_wheel(program: Path, tmp_path: Path) -> None:
    own = next((program.parents[1] / "lib").glob("python*/site-packages"))
    told = run(
        program.with_name("python"), "-c", "import chorus_edi; print(chorus_edi.__file__)",
        cwd=tmp_path,
    )  # fmt: skip

    assert Path(told.strip()) == own / "chorus_edi" / "__init__.py"


def test_an_installed_wheel_works_from_any_folder(program: Path, tmp_path: Path) -> None:
    assert "✗" not in run(program, "schemas", "verify", cwd=tmp_path)
    assert "IN_INTEGRE_PARTIEL" in run(program, "demo", cwd=tmp_path)

    run(program, "config", "init", "neuf", cwd=tmp_path)
    new = tmp_path / "neuf"
    assert run(program, "config", "check", cwd=new) == "Configuration correcte.\n"
    assert str(program) in run(program, "config", "systemd", cwd=new)
    run(program, "run", "--once", cwd=new)
    told = run(program, "base", "migrer", cwd=new)
    assert told == f"La base est déjà en version {SCHEMA}.\n"
