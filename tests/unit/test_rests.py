"""How long a flow rests for which the environment failed."""

from __future__ import annotations

import msgspec

from chorus_edi.pipeline.rests import FIRST, LONGEST, Rests
from tests.unit.night import FLUX, IRRECEVABLE


class Time:
    """A clock that goes forward when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_flow_that_never_failed_may_be_tried() -> None:
    assert Rests().over(FLUX.numero_flux)


def test_each_failure_doubles_the_rest_up_to_the_longest() -> None:
    time = Time()
    rests = Rests(time)
    waited = []
    for _ in range(7):
        rests.put(FLUX, taken=True)
        began = time.seconds
        while not rests.over(FLUX.numero_flux):
            time.seconds += FIRST
        waited.append(time.seconds - began)

    assert waited == [60, 120, 240, 480, 960, LONGEST, LONGEST]
    assert rests.over(IRRECEVABLE.numero_flux)


def test_a_flow_that_went_on_begins_with_the_first_rest_again() -> None:
    time = Time()
    rests = Rests(time)
    rests.put(FLUX, taken=True)
    rests.put(FLUX, taken=True)
    rests.end(FLUX.numero_flux)
    assert rests.over(FLUX.numero_flux)

    rests.put(FLUX, taken=True)
    time.seconds = FIRST

    assert rests.over(FLUX.numero_flux)


def test_only_a_file_that_is_still_in_the_inbox_is_passed_over_there() -> None:
    rests = Rests(Time())
    rests.put(FLUX, taken=True)
    rests.put(msgspec.structs.replace(IRRECEVABLE, chemin="AAA999/b.xml"), taken=False)

    assert rests.paths() == {"AAA999/b.xml"}
    rests.end(IRRECEVABLE.numero_flux)
    assert rests.paths() == frozenset()
