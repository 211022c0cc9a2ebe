"""The configuration of OpenSSH as text: what a shell or sshd reads otherwise is quoted."""

from __future__ import annotations

import shlex

import pytest

from chorus_edi.domain.partners import Channel, Partner, Partners, ReturnChannel
from chorus_edi.errors import ConfigurationError
from chorus_edi.services.openssh import Places, account_of, chosen, configuration, preparation

FOLDER = Partner(code="ABC123", name="X")
PUSHED = Partner(
    code="DEF456", name="Y", returns=ReturnChannel(channel=Channel.SFTP, server="banque")
)
PARTNERS = Partners({"ABC123": FOLDER, "DEF456": PUSHED}, FOLDER)
PLACES = Places(root="/srv/mes flux/100%", owner="chorus", group="chorus")


def test_every_partner_is_meant_or_those_that_are_named() -> None:
    assert chosen(PARTNERS, ()) == [FOLDER, PUSHED]
    assert chosen(PARTNERS, ("DEF456",)) == [PUSHED]
    with pytest.raises(ConfigurationError, match="inconnu : ZZZ999"):
        chosen(PARTNERS, ("ABC123", "ZZZ999"))


def test_paths_are_quoted_for_sshd_and_for_the_shell() -> None:
    accounts = [account_of(FOLDER, "/data/in d'ici", "/data/out")]

    told, script = configuration(accounts, PLACES), preparation(accounts, PLACES)

    assert '    ChrootDirectory "/srv/mes flux/100%%/chorus-abc123"\n' in told
    commands = [line for line in script.splitlines() if not line.startswith("#")]
    words = shlex.split("\n".join(commands), comments=True)
    assert "/data/in d'ici" in words
    assert "/srv/mes flux/100%/chorus-abc123/in" in words
    assert "# /data/in\\040d'ici /srv/mes\\040flux/100%/chorus-abc123/in none bind" in script


def test_who_is_told_otherwise_has_no_folder_to_fetch_from() -> None:
    account = account_of(PUSHED, "/in", "/spool")

    assert account.returns is None
    assert "/out" not in preparation([account], PLACES)


def test_what_stands_behind_the_blocks_is_for_everybody() -> None:
    accounts = [account_of(one, "/in", "/out") for one in (FOLDER, PUSHED)]

    lines = configuration(accounts, PLACES).splitlines()

    matches = [line for line in lines if line.startswith("Match")]
    assert matches == ["Match User chorus-abc123", "Match User chorus-def456", "Match all"]
    assert lines[-1] == "Match all"
