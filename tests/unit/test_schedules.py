"""Cron lines, intervals and windows: their times in French legal time, and what is none of them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus_edi.domain.legal_time import paris
from chorus_edi.domain.schedules import Cron, Every, Window, cron_of, schedule_of, window_of
from tests.watch import local

NOON = datetime(2026, 11, 21, 11, tzinfo=UTC)  # a Saturday


@pytest.mark.parametrize(
    ("line", "following", "before"),
    [
        ("0 22 * * *", "2026-11-21T22:00", "2026-11-20T22:00"),
        ("0 12 * * *", "2026-11-22T12:00", "2026-11-21T12:00"),
        ("*/15 * * * *", "2026-11-21T12:15", "2026-11-21T12:00"),
        ("5/20 13 * * *", "2026-11-21T13:05", "2026-11-20T13:45"),
        ("0 22 * * 1-5", "2026-11-23T22:00", "2026-11-20T22:00"),
        ("0 0 * * 0", "2026-11-22T00:00", "2026-11-15T00:00"),
        ("0 0 * * 7", "2026-11-22T00:00", "2026-11-15T00:00"),
        ("0 0 1 1,7 *", "2027-01-01T00:00", "2026-07-01T00:00"),
        ("0 0 29 2 *", "2028-02-29T00:00", "2024-02-29T00:00"),
        ("0 0 24 * 1", "2026-11-23T00:00", "2026-11-16T00:00"),
    ],
)
def test_a_cron_line_has_a_next_time_and_a_last_one(line, following, before):
    cron = cron_of(line)

    assert cron.after(NOON) == local(following)
    assert cron.last(NOON) == local(before)


def test_a_time_that_clocks_skip_in_spring_comes_one_hour_later_and_once():
    cron = cron_of("30 2,3 * * *")

    times = list(cron.between(local("2026-03-29T00:00"), local("2026-03-30T00:00")))

    assert times == [datetime(2026, 3, 29, 1, 30, tzinfo=UTC)]
    assert paris(times[0]).time() == time(3, 30)


def test_an_hour_that_comes_twice_in_autumn_is_meant_once():
    cron = cron_of("30 2 * * *")

    times = list(cron.between(local("2026-10-25T00:00"), local("2026-10-26T00:00")))

    assert times == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_a_line_that_names_every_hour_runs_in_both_hours_of_one_name():
    cron = cron_of("0 * * * *")

    times = list(cron.between(local("2026-10-25T00:00"), local("2026-10-26T00:00")))

    assert len(times) == 25
    assert {after - before for before, after in itertools.pairwise(times)} == {timedelta(hours=1)}


def test_an_interval_takes_no_notice_of_legal_time():
    every = schedule_of("5 min")

    assert isinstance(every, Every)
    at = datetime(2026, 10, 25, 0, 59, tzinfo=UTC)
    assert every.last(at) == datetime(2026, 10, 25, 0, 55, tzinfo=UTC)
    assert every.after(at) == datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    assert every.last(every.after(at)) == every.after(at)
    assert [schedule_of(text).seconds for text in ("30 s", "90min", "2 h")] == [30, 5400, 7200]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "cinq champs"),
        ("0 22 * *", "cinq champs"),
        ("0 22 * * * *", "cinq champs"),
        ("60 * * * *", "« minute » va de 0 à 59"),
        ("* 24 * * *", "« heure » va de 0 à 23"),
        ("* * 0 * *", "« jour du mois » va de 1 à 31"),
        ("* * * 13 *", "« mois » va de 1 à 12"),
        ("* * * * 8", "« jour de la semaine » va de 0 à 7"),
        ("30-10 * * * *", "« minute » va de"),
        ("*/0 * * * *", "« minute » va de"),
        ("a * * * *", "n'est pas un champ « minute »"),
        ("1,,2 * * * *", "n'est pas un champ « minute »"),
        ("٣ * * * *", "n'est pas un champ « minute »"),
        ("0 0 30 2 *", "cette date n'existe jamais"),
        ("0 0 31 4,6 *", "cette date n'existe jamais"),
        ("0 min", "cinq champs"),
    ],
)
def test_what_is_no_schedule_is_refused_with_a_reason(line, told):
    with pytest.raises(ValueError, match=told):
        schedule_of(line)


FIELD = st.sampled_from
LINES = st.tuples(
    FIELD(["0", "30", "*/20", "5,50", "10-12"]),
    FIELD(["0", "12", "*/6", "8-18", "22"]),
    FIELD(["*", "1", "15", "31", "10-20"]),
    FIELD(["*", "2", "1-6", "12"]),
)
"""Day of the week is left open: APScheduler numbers it otherwise, and joins both days otherwise."""


@settings(max_examples=60, deadline=None)
@given(LINES, st.integers(0, 10_000))
def test_a_cron_line_means_what_it_means_to_apscheduler(fields, hours):
    """In UTC+1 all year round, where no clock is ever changed."""
    try:
        cron = cron_of(" ".join((*fields, "*")))
    except ValueError:
        assert fields[2:] == ("31", "2")
        return
    # Winter only: the oracle is asked in a zone without summer time.
    at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=hours % 3_000)
    oracle = CronTrigger.from_crontab(cron.text, timezone="Africa/Lagos")
    expected = oracle.get_next_fire_time(None, at + timedelta(microseconds=1))

    found = cron.after(at)

    if paris(found).utcoffset() == timedelta(hours=1):
        assert found == expected
    assert cron.last(found) == found
    assert cron.last(found - timedelta(microseconds=1)) <= at


@settings(max_examples=60, deadline=None)
@given(LINES, st.integers(0, 20_000))
def test_walking_forward_and_asking_for_a_stretch_give_the_same_times(fields, hours):
    try:
        cron = cron_of(" ".join((*fields, "*")))
    except ValueError:
        return
    begin = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours)
    end = begin + timedelta(days=3)

    walked, at = [], begin - timedelta(microseconds=1)
    while (at := cron.after(at)) < end:
        walked.append(at)

    assert list(cron.between(begin, end)) == walked


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("20:00-06:00", ["20:00", "23:59", "00:00", "05:59"], ["06:00", "12:00", "19:59"]),
        ("08:00-18:30", ["08:00", "18:29"], ["18:30", "07:59", "00:00"]),
    ],
)
def test_a_window_holds_its_part_of_the_day(text, inside, outside):
    window = window_of(text)

    assert all(window.holds(local(f"2026-11-21T{one}")) for one in inside)
    assert not any(window.holds(local(f"2026-11-21T{one}")) for one in outside)


def test_a_window_says_when_it_opens_next():
    window = window_of("20:00-06:00")

    assert window.opens(NOON) == local("2026-11-21T20:00")
    assert window.opens(local("2026-11-21T20:00")) == local("2026-11-22T20:00")


def test_a_window_follows_legal_time_in_summer_and_in_winter():
    window = window_of("20:00-06:00")

    assert window.holds(datetime(2026, 7, 1, 18, tzinfo=UTC))
    assert not window.holds(datetime(2026, 12, 1, 18, tzinfo=UTC))


@pytest.mark.parametrize("text", ["", "20:00", "20:00-", "20h-6h", "24:00-06:00", "8:00-9:00"])
def test_what_is_no_window_is_refused(text):
    with pytest.raises(ValueError, match="une plage est attendue"):
        window_of(text)


def test_an_empty_window_is_refused():
    with pytest.raises(ValueError, match="cette plage est vide"):
        window_of("20:00-20:00")


def test_windows_and_lines_are_plain_values():
    assert window_of("20:00-06:00") == Window(time(20), time(6))
    assert cron_of("0  22 * * *") == cron_of("0 22 * * *")
    assert isinstance(schedule_of("0 22 * * *"), Cron)
