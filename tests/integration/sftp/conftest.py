"""An installation that exchanges files with a real OpenSSH server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.sftp.scene import Scene
from tests.sshd import Sshd, sshd  # noqa: F401 - pytest finds the fixture by its name here


@pytest.fixture
def scene(sshd: Sshd, tmp_path: Path) -> Scene:  # noqa: F811
    return Scene(sshd, tmp_path)
