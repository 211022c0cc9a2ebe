"""Judges a file before it is opened as the intake would, without depositing it: ``validate``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from chorus_edi.domain.flux import flow_name_of
from chorus_edi.domain.interfaces import INTERFACES, Interface, formats_open
from chorus_edi.domain.partners import Partners
from chorus_edi.formats.archive import Limits
from chorus_edi.pipeline.intake import limits_of
from chorus_edi.services.verification import Subject, readable
from chorus_edi.stages import envelope


def subject_of(path: Path, deposited: date, judged_by: date | None) -> Subject:
    """Return a file to check whose sender is not told: of its name, what holds for everybody."""
    return Subject(
        path=str(path),
        deposited=deposited,
        judged_by=judged_by,
        faults=envelope.judge_name(readable(path.name), INTERFACES),
    )


def deposit_of(
    path: Path,
    *,
    deposited: date,
    judged_by: date | None,
    code: str,
    partners: Partners,
    interfaces: Mapping[str, Interface],
    limits: Limits,
) -> Subject:
    """Return a file to check as a deposit of a partner.

    What only a deposit shows is not judged: whether it came before, what its witness or manifest
    says of it, what the antivirus finds.

    Args:
        path: the file.
        deposited: the day of deposit.
        judged_by: another day whose rules and rights apply instead.
        code: under which code it would be deposited.
        partners: those who are declared.
        interfaces: those that are known, by code.
        limits: what a flow of anybody may hold.
    """
    partner = partners.of(code)
    if partner is None:
        return Subject(path=str(path), deposited=deposited, faults=envelope.judge_sender(code))
    name = readable(path.name)
    official = flow_name_of(name)
    interface = official.interface if official else None
    day = judged_by or deposited
    return Subject(
        path=str(path),
        deposited=deposited,
        judged_by=judged_by,
        interface=interface,
        default_circuit=partner.default_circuit,
        partner=partner.code,
        formats=formats_open(interfaces.get(interface or ""), partner.formats),
        senders=partner.sirets,
        limits=limits_of(partner, limits),
        faults=envelope.judge_deposit(name, interface, partner, interfaces, day),
    )
