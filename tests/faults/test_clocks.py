"""A clock that is set back or forward in the middle of a night changes no verdict."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chorus_edi import bootstrap
from tests.faults.nights import Clock, Installation, Left

JUMPS = [timedelta(hours=-1), timedelta(days=365)]


@pytest.mark.parametrize("moment", [3, 21])
@pytest.mark.parametrize("jump", JUMPS, ids=["an hour back", "a year on"])
def test_a_clock_set_between_claim_and_close_changes_only_the_times(
    installation: Installation, undisturbed: Left, jump: timedelta, moment: int
) -> None:
    assert installation.run(Clock(moment, jump=jump)).delayed == {}

    left = installation.left()
    assert (left.flows, left.invoices) == (undisturbed.flows, undisturbed.invoices)
    assert left.files.keys() == undisturbed.files.keys()
    # What recipients get says nothing of the time at which it was made.
    for name, content in undisturbed.files.items():
        if "_compte-rendu." not in name:
            assert left.files[name] == content, name
    with bootstrap.open_store(installation.settings) as store:
        for flux in store.suivi():
            events = store.events(flux.numero_flux)
            assert [event.seq for event in events] == list(range(1, len(events) + 1))
            assert events[-1].etat is flux.etat


@pytest.mark.parametrize("jump", JUMPS, ids=["an hour back", "a year on"])
def test_a_service_waits_as_long_for_a_quiet_file_whatever_the_clock_says(
    installation: Installation, undisturbed: Left, jump: timedelta
) -> None:
    installation.agree('{ regle = "calme", calme = 30 }')
    waited: list[float] = []
    clock = Clock(0, jump=jump)

    def until_all_is_taken(seconds: float) -> bool:
        clock.now()
        waited.append(seconds)
        return any(path.is_file() for path in installation.inbox.rglob("*"))

    installation.serve(clock, until_all_is_taken)

    assert 30 <= waited[-1] <= 45
    assert [flow[1:] for flow in installation.left().flows] == [
        flow[1:] for flow in undisturbed.flows
    ]
