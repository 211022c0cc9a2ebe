"""The envelope of a flow: its name, its sender, its interface, what it holds all together."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from chorus_edi.domain.flux import Examination, Verdict
from chorus_edi.domain.interfaces import INTERFACES, Format, circuit_of_interface
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.partners import Mode, Partner
from chorus_edi.domain.scenarios import Circuit, Container, Syntax
from chorus_edi.domain.statuses import FluxState
from chorus_edi.stages import envelope
from tests.unit import night

DAY = date(2026, 11, 21)
PARTNER = Partner(code="AAA999", name="Éditeur")
NUMERO = "AAA9991116000000000000001"


def judged(
    name: str = f"FSO1116A_AAA999_{NUMERO}",
    partner: Partner | None = PARTNER,
    *,
    interface: str | None = "FSO1116A",
    first: FluxState | None = None,
) -> list[tuple[str, Motive]]:
    flux = msgspec.structs.replace(night.FLUX, nom_fichier=name, interface=interface)
    before = msgspec.structs.replace(night.FLUX, etat=first) if first else None
    return [(f.rule, f.motive) for f in envelope.judge(flux, partner, INTERFACES, DAY, before)]


def of(**changed: object) -> Partner:
    return msgspec.structs.replace(PARTNER, **changed)


def test_an_official_name_of_its_own_partner_passes() -> None:
    for ending in ("", ".tar.gz", ".xml"):
        assert judged(f"FSO1116A_AAA999_{NUMERO}{ending}") == []


def test_the_digits_of_the_flow_number_need_not_be_those_of_the_interface() -> None:
    # The official example: FSO1100A_XXX999_XXX9991101000000000000001.
    assert judged(f"FSO1100A_AAA999_{NUMERO}", interface="FSO1100A") == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("facture.xml", ("CE-FLUX-08", Motive.IRR_FORM)),
        (f"FSO1116A_AAA999_{NUMERO}.zip", ("CE-FLUX-08", Motive.IRR_FORM)),
        (f"FSO1116A_AAA999_{NUMERO[:-1]}", ("CE-FLUX-08", Motive.IRR_FORM)),
        (f"FSO1116A_BBB999_BBB{NUMERO[3:]}", ("CE-FLUX-04", Motive.IRR_CODE_APP)),
        (f"FSO1116A_AAA999_BBB{NUMERO[3:]}", ("CE-FLUX-05", Motive.IRR_FORM)),
    ],
)
def test_a_name_that_is_none_or_another_s_is_refused(name: str, fault: tuple[str, Motive]) -> None:
    interface = "FSO1116A" if name.startswith("FSO") and len(name) == 41 else None

    assert judged(name, interface=interface) == [fault]


@pytest.mark.parametrize("name", ["facture.xml", "Lot du 21 novembre (2).zip", "é" * 256])
def test_a_partner_may_be_allowed_names_of_its_own(name: str) -> None:
    assert judged(name, of(free_names=True), interface=None) == []


@pytest.mark.parametrize("name", ["a%b.xml", "a;b.xml", "«a».xml", "a" * 257, "a:b", "x@y", "a#1"])
def test_even_a_free_name_has_its_characters_and_its_length(name: str) -> None:
    fault = ("CE-FLUX-09", Motive.IRR_NOM_F)
    assert judged(name, of(free_names=True), interface=None) == [fault]


@pytest.mark.parametrize("code", ["FSO9999A", "FSO1102A", "FSO1112A"])
def test_an_interface_that_is_unknown_or_withdrawn_is_refused(code: str) -> None:
    assert judged(interface=code) == [("CE-FLUX-06", Motive.IRR_CODE_INTER)]


def test_an_interface_that_the_partner_has_not_subscribed_to_is_refused() -> None:
    assert judged(partner=of(interfaces=frozenset({"FSO1116A"}))) == []
    assert judged(partner=of(interfaces=frozenset({"FSO1100A"}))) == [
        ("CE-FLUX-07", Motive.IRR_CODE_INTER)
    ]


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        (None, None, False),
        (DAY, DAY, False),
        (date(2026, 11, 22), None, True),
        (None, date(2026, 11, 20), True),
    ],
)
def test_a_connection_is_open_from_its_first_day_to_its_last(
    first: date | None, last: date | None, refused: bool
) -> None:
    faults = judged(partner=of(active_from=first, active_to=last))

    assert faults == ([("CE-FLUX-03", Motive.IRR_CODE_APP)] if refused else [])


def test_nobody_deposits_under_a_code_that_is_not_declared() -> None:
    assert judged(partner=None) == [("CE-FLUX-02", Motive.IRR_CODE_APP)]


def test_a_repetition_names_the_first_flow() -> None:
    assert judged(first=FluxState.IN_INTEGRE) == [("CE-FLUX-01", Motive.IRR_UNICITE)]


def test_every_fault_of_an_envelope_is_told_at_once() -> None:
    shut = of(active_to=date(2026, 1, 1), interfaces=frozenset({"FSO1100A"}))

    faults = judged(f"FSO1116A_BBB999_{NUMERO}", shut, first=FluxState.IN_INTEGRE)

    rules = [rule for rule, _ in faults]
    assert rules == ["CE-FLUX-03", "CE-FLUX-04", "CE-FLUX-05", "CE-FLUX-07", "CE-FLUX-01"]


def test_interfaces_have_a_circuit_and_the_platforms_their_own() -> None:
    assert circuit_of_interface("FSO1117A") is Circuit.HISTORIQUE
    assert circuit_of_interface("FSO1157A") is Circuit.AFNOR
    assert circuit_of_interface("FSO9999A") is None
    assert circuit_of_interface(None) is None
    assert INTERFACES["FSO1117A"].carries == {Format.FACTUR_X}
    assert all(one.inferred for one in INTERFACES.values() if one.circuit is Circuit.AFNOR)


# -- what a flow holds ---------------------------------------------------------------------------


def examined(container: Container | None, syntax: Syntax | None = None) -> Examination:
    companion = container is Container.COMPANION
    return Examination(
        rank=1,
        name="f",
        size=1,
        sha256="00",
        verdict=Verdict.COMPANION if companion else Verdict.ACCEPTED,
        container=container,
        syntax=syntax,
    )


UBL = examined(Container.XML, Syntax.UBL_INVOICE)
CREDIT = examined(Container.XML, Syntax.UBL_CREDIT_NOTE)
CII = examined(Container.XML, Syntax.CII)
FACTUR_X = examined(Container.FACTUR_X, Syntax.CII)
SHEET = examined(Container.COMPANION)
UNKNOWN = examined(None)


@pytest.mark.parametrize(
    ("interface", "documents", "rules"),
    [
        ("FSO1100A", [UBL, CREDIT, SHEET, UNKNOWN], []),
        ("FSO1150A", [UBL, CII], ["CE-FLUX-14"]),
        ("FSO1150A", [CII, FACTUR_X], ["CE-FLUX-14"]),
        (None, [UBL, CII, FACTUR_X], []),
        ("FSO1100A", [SHEET, SHEET], ["CE-FLUX-13"]),
        (None, [SHEET], ["CE-FLUX-13"]),
        (None, [], []),
    ],
)
def test_a_flow_holds_invoices_and_a_named_one_of_one_format(
    interface: str | None, documents: list[Examination], rules: list[str]
) -> None:
    found = envelope.judge_content(interface, documents)

    assert [finding.rule for finding in found] == rules
    assert all(finding.fatal for finding in found)


def test_a_mode_is_production_unless_it_is_said_otherwise() -> None:
    assert PARTNER.mode is Mode.PRODUCTION
