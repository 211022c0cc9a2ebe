"""A new installation folder works as it is, and its systemd unit is sound."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from chorus_edi import bootstrap
from chorus_edi.bootstrap.running import RESOURCES
from chorus_edi.cli.main import app
from chorus_edi.errors import ConfigurationError
from chorus_edi.services.systemd import Service, unit
from chorus_edi.settings.sections import Metriques, Sauvegarde
from tests.outside import missing


def command(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "exploitation"
    assert command("config", "init", str(made)).exit_code == 0
    return made


def settings_of(unit: str) -> dict[str, str]:
    """Return what a unit says, by key; every key stands once."""
    lines = [line for line in unit.splitlines() if "=" in line and not line.startswith("#")]
    said = dict(line.split("=", 1) for line in lines)
    assert len(said) == len(lines)
    return said


def test_a_new_folder_works_as_it_is(folder: Path) -> None:
    config = folder / "config" / "chorus_edi.toml"

    checked = command("config", "check", "--config", str(config))
    summary = bootstrap.run(bootstrap.load_settings(config), once=True)

    assert checked.stdout == "Configuration correcte.\n"
    assert summary.flows == 0
    assert {path.name for path in folder.iterdir()} == {"config", "inbox", "outbox", "var"}
    assert not any(path.is_symlink() for path in folder.rglob("*"))


def test_a_configuration_that_is_there_is_left_as_it_is(folder: Path) -> None:
    partners = folder / "config" / "partenaires.toml"
    partners.write_text("mine", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="existe déjà"):
        bootstrap.new_installation(folder)

    assert partners.read_text(encoding="utf-8") == "mine"


def test_one_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "config.en-cours" / "annuaire"
    half.mkdir(parents=True)

    bootstrap.new_installation(tmp_path)

    assert not half.parent.exists()
    assert (tmp_path / "config" / "annuaire" / "services.csv").is_file()


def test_the_unit_runs_this_program_on_this_configuration(folder: Path) -> None:
    config = folder / "config" / "chorus_edi.toml"
    with config.open("a", encoding="utf-8") as file:
        file.write("\n")
    partners = folder / "config" / "partenaires.toml"
    outside = folder.parent / "chez eux"
    block = f'[[partenaire]]\ncode = "OUT001"\nnom = "X"\nretour = {{ dossier = "{outside}" }}\n'
    partners.write_text(f"{partners.read_text('utf-8')}\n{block}", encoding="utf-8")

    done = command("config", "systemd", "--utilisateur", "factures", "--config", str(config))
    said = settings_of(done.stdout)

    assert said["ExecStart"].endswith(f'/chorus-edi" run --config "{config}"')
    assert Path(said["ExecStart"].split('"')[1]).is_absolute()
    assert (said["User"], said["ExecReload"]) == ("factures", "/bin/kill -HUP $MAINPID")
    places = [f'"{folder / name}"' for name in ("inbox", "outbox", "var")]
    assert said["ReadWritePaths"] == " ".join([*places, f'"{outside}"'])
    assert (said["Restart"], said["RestartPreventExitStatus"]) == ("on-failure", "2")
    assert (said["ProtectSystem"], said["CapabilityBoundingSet"]) == ("strict", "")
    assert (said["NoNewPrivileges"], said["PrivateTmp"]) == ("yes", "yes")


@pytest.mark.parametrize(("patience", "stop"), [(60, "90s"), (0, "infinity")])
def test_systemd_waits_longer_than_the_service_itself(patience: int, stop: str) -> None:
    said = settings_of(_unit(patience=patience))

    assert said["TimeoutStopSec"] == stop


def test_paths_are_quoted_as_systemd_reads_them() -> None:
    said = settings_of(_unit(config='/a b/50%/"$x"', folder="/a b/50%", writable=["/c d"]))

    assert said["ExecStart"] == r'"/bin/chorus-edi" run --config "/a b/50%%/\"$$x\""'
    assert (said["WorkingDirectory"], said["ReadWritePaths"]) == ("/a b/50%%", '"/c d"')


def _unit(**values: Any) -> str:
    template = (RESOURCES / "systemd" / "chorus-edi.service").read_text(encoding="utf-8")
    known = {
        "command": "/bin/chorus-edi",
        "config": "/c",
        "folder": "/f",
        "user": "nobody",
        "writable": ["/f"],
        "patience": 60,
    }
    return unit(template, Service(**{**known, **values}))


def systemd_analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        missing("systemd-analyze is not installed")
    return subprocess.run(
        ["systemd-analyze", *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def test_the_unit_lets_the_planned_tasks_write(folder: Path) -> None:
    config = folder / "config" / "chorus_edi.toml"
    settings = bootstrap.load_settings(config)
    backups, figures = Path("/mnt/sauvegardes"), Path("/var/lib/node/chorus.prom")
    planned = settings.model_copy(
        update={
            "sauvegarde": Sauvegarde(dossier=backups),
            "metriques": Metriques(fichier=figures),
        }
    )

    said = settings_of(bootstrap.systemd_unit(planned, config, "chorus-edi"))

    assert {str(backups), str(figures.parent)} <= set(
        said["ReadWritePaths"].replace('"', "").split()
    )


@pytest.fixture
def written(folder: Path) -> Path:
    """The unit of an installation, as a file; the program is there, as its user is."""
    config = folder / "config" / "chorus_edi.toml"
    user = pwd.getpwuid(os.geteuid()).pw_name
    made = bootstrap.systemd_unit(bootstrap.load_settings(config), config, user)
    path = folder / "chorus-edi.service"
    path.write_text(made, encoding="utf-8")
    return path


def test_systemd_finds_no_fault_in_the_unit(written: Path) -> None:
    done = systemd_analyze("verify", "--man=no", "--recursive-errors=no", str(written))

    assert (done.returncode, done.stderr) == (0, "")


def test_the_service_is_shut_in(written: Path) -> None:
    done = systemd_analyze("security", "--offline=yes", "--threshold=30", str(written))

    assert done.returncode == 0, done.stdout[-300:]
