"""A structure of the directory, as people read it."""

import pytest

from chorus_edi.domain.identifiers import IdentifierKind
from chorus_edi.domain.recipients import Service, Structure
from chorus_edi.errors import ConfigurationError
from chorus_edi.services.annuaire import EITHER, ENGAGEMENT, SERVICE, demands_of, show
from tests.directories import MemoryDirectory

TOWN = "21990001600011"


def structure(**flags):
    return Structure(kind=IdentifierKind.SIRET, identifier=TOWN, name="VILLE FICTIVE", **flags)


DIRECTORY = MemoryDirectory(
    structures=(structure(demands_service=True),),
    services=(
        Service(structure=TOWN, code="VIEUX", name="Archives", active=False),
        Service(structure=TOWN, code="BATI", name="Bâtiments", demands_engagement=True),
    ),
    version="v1",
)


def test_a_structure_is_shown_with_what_it_demands_and_its_services_by_code():
    sheet = show(DIRECTORY, "219 900 016 00011")

    assert (sheet.identifier, sheet.kind) == (TOWN, IdentifierKind.SIRET)
    assert (sheet.name, sheet.active, sheet.version) == ("VILLE FICTIVE", True, "v1")
    assert sheet.demands == (SERVICE,)
    assert [(one.code, one.active, one.demands) for one in sheet.services] == [
        ("BATI", True, (ENGAGEMENT,)),
        ("VIEUX", False, ()),
    ]


def test_a_structure_that_is_not_there_is_not_shown():
    assert show(DIRECTORY, "99990002000010") is None


def test_only_a_siret_can_be_shown():
    with pytest.raises(ConfigurationError, match="14 chiffres attendus"):
        show(DIRECTORY, "219900016")


@pytest.mark.parametrize(
    ("flags", "demands"),
    [
        ({}, ()),
        ({"demands_engagement": True}, (ENGAGEMENT,)),
        ({"demands_service_or_engagement": True}, (EITHER,)),
        ({"demands_engagement": True, "demands_service": True}, (SERVICE, ENGAGEMENT)),
    ],
)
def test_each_obligation_has_its_sentence(flags, demands):
    assert demands_of(structure(**flags)) == demands
