"""Invoices that mean harm get a verdict from the rules, in a worker that is neither lost nor late.

The worker has a deadline, as it has for deposits: what would take hours is an answer ``Lost``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from itertools import count
from typing import Any

import pytest

from chorus_edi.bootstrap import ExaminerSpec
from chorus_edi.domain.findings import LONGEST as SHOWN
from chorus_edi.domain.findings import Stage
from chorus_edi.domain.flux import DocumentEntry, Examination, Verdict
from chorus_edi.domain.money import LONGEST
from chorus_edi.domain.scenarios import RuleSet
from chorus_edi.pipeline.tasks import Task, gathered
from chorus_edi.pipeline.worker import Done, Supervisor
from tests import hostile_invoices as hostile
from tests.conformance.bases import documents
from tests.hostile_invoices import (
    BASE,
    DIGITS,
    DUE,
    GROUPED,
    ISSUED,
    LARGE,
    NET,
    ODD_DAYS,
    ODD_NUMBERS,
    PRICE,
    RATE,
    kinds_of,
    with_one_repeated,
    with_text,
)
from tests.unmeasured import unmeasured_examiner

pytestmark = pytest.mark.slow


def heavy(*values: object) -> Any:
    """Return a case that ``make heavy`` runs, and ``make test`` leaves out."""
    return pytest.param(*values, marks=pytest.mark.heavy)


DAY = date(2026, 11, 21)
PATIENCE = 300.0
SYNTAXES = ("ubl", "cii")
MILLION = 10**6


class Judge:
    """Has documents examined as deposits are, by all rules whatever the schema says."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._numbers = count(1)

    def __call__(self, contents: Iterable[bytes]) -> list[Examination]:
        """Return what is said of each; fails where a worker was lost, late or raised."""
        tasks = (self._task(content) for content in contents)
        answers = [
            answer
            for done in self._supervisor.run(gathered(tasks))
            if isinstance(done, Done)
            for answer in done.answers
        ]
        examined = [answer for answer in answers if isinstance(answer, Examination)]
        assert len(examined) == len(answers), answers
        return examined

    def one(self, content: bytes) -> Examination:
        (answer,) = self([content])
        return answer

    def _task(self, content: bytes) -> Task:
        rank = next(self._numbers)
        entry = DocumentEntry(rank=rank, name=f"{rank}.xml", size=len(content), sha256="0" * 64)
        return Task(flux="hostile", entry=entry, deposited=DAY, data=content)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    yield from judging(RuleSet.EN16931)


@pytest.fixture(scope="module")
def french_judge() -> Iterator[Judge]:
    yield from judging(RuleSet.BR_FR)


def judging(rules: RuleSet) -> Iterator[Judge]:
    spec = ExaminerSpec(requested=(rules,), keep_going=True)
    supervisor = Supervisor(
        partial(unmeasured_examiner, spec),
        workers=1,
        deadline=lambda _: PATIENCE,
        attempt=lambda _: 3,
    )
    yield Judge(supervisor)
    supervisor.close()


def decided(answers: Iterable[Examination]) -> None:
    """Hold answers to what any report can carry: a verdict, short values, plain numbers."""
    for answer in answers:
        assert answer.verdict in (Verdict.ACCEPTED, Verdict.REFUSED, Verdict.IRRECEVABLE)
        for finding in answer.findings:
            assert finding.found is None or len(finding.found) <= SHOWN + 1
            if finding.stage is Stage.CHECK:
                assert not re.search(r"\dE[+-]?\d|nan|inf", finding.expected or "", re.IGNORECASE)


def rules_of(answer: Examination) -> Counter[str]:
    return Counter(finding.rule for finding in answer.findings if finding.fatal)


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("path", [DUE, NET, PRICE, RATE, BASE], ids=list("DNPRB"))
def test_a_number_of_a_million_digits_is_told_as_unreadable(
    judge: Judge, syntax: str, path: dict[str, str]
) -> None:
    answers = judge(with_text(syntax, path, digits(MILLION)) for digits in DIGITS.values())

    decided(answers)
    assert all(rules_of(answer)["CE-NUM-01"] == 1 for answer in answers)


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("path", [DUE, NET, PRICE, RATE, BASE], ids=list("DNPRB"))
def test_a_number_as_long_as_any_we_read_is_computed_with(
    judge: Judge, syntax: str, path: dict[str, str]
) -> None:
    half = LONGEST // 2 - 2
    numbers = (make(half) for make in DIGITS.values())

    answers = judge(with_text(syntax, path, number) for number in numbers)

    decided(answers)
    assert not any(rules_of(answer)["CE-NUM-01"] for answer in answers)


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("path", [DUE, NET, PRICE, RATE, BASE], ids=list("DNPRB"))
def test_what_is_no_number_is_refused_as_such(
    judge: Judge, syntax: str, path: dict[str, str]
) -> None:
    decimals = {"+5", "-0", ".5", "5.", " 5 "}
    written = [number for number in ODD_NUMBERS if number not in decimals]

    answers = judge(with_text(syntax, path, number) for number in written)

    decided(answers)
    assert all(rules_of(answer)["CE-NUM-01"] for answer in answers)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_day_that_is_none_is_refused(judge: Judge, syntax: str) -> None:
    answers = judge(with_text(syntax, ISSUED, day) for day in ODD_DAYS)

    decided(answers)
    refused = {
        day
        for day, answer in zip(ODD_DAYS, answers, strict=True)
        if answer.verdict is not Verdict.ACCEPTED
    }
    assert {"2026-02-30", "2026-13-01", "２０２６-01-01", "", " "} <= refused


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("name", LARGE)
def test_an_invoice_with_thousands_of_anything_is_judged(
    judge: Judge, syntax: str, name: str
) -> None:
    of_the_issue = name.startswith(("breakdowns", "allowances of a line"))

    decided([judge.one(LARGE[name](syntax, 10_000 if of_the_issue else 1_000))])


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("name", GROUPED)
def test_an_invoice_of_a_thousand_sub_invoices_is_judged_by_the_french_rules(
    french_judge: Judge, syntax: str, name: str
) -> None:
    answer = french_judge.one(GROUPED[name](syntax, 1_000))

    decided([answer])
    assert rules_of(answer)["BR-FR-MV-05"] >= 1_000


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_each_of_ten_thousand_unknown_categories_is_told_once(judge: Judge, syntax: str) -> None:
    answer = judge.one(LARGE["breakdowns of distinct categories"](syntax, 10_000))

    told = [finding.address for finding in answer.findings if finding.rule == "BR-CL-17"]
    told += [finding.address for finding in answer.findings if finding.rule == "BR-CL-18"]
    assert len(told) == len(set(told)) == 9_999


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize(
    ("lines", "found", "expected"),
    [(9_999, "99990.01", "99990.00"), heavy(99_999, "999990.01", "999990.00")],
)
def test_as_many_lines_as_there_are_are_added_up(
    judge: Judge, syntax: str, lines: int, found: str, expected: str
) -> None:
    answer = judge.one(hostile.many_lines(syntax, lines, "0.01"))

    (told,) = [finding for finding in answer.findings if finding.rule == "BR-CO-10"]
    assert (told.found, told.expected) == (found, expected)


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("times", [2, 300])
def test_every_element_may_be_repeated(judge: Judge, syntax: str, times: int) -> None:
    kinds = kinds_of(syntax)

    decided(judge(with_one_repeated(syntax, number, times) for number in kinds.values()))


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("times", [2_000, heavy(10_000)])
def test_a_single_value_may_be_repeated_thousands_of_times(
    judge: Judge, syntax: str, times: int
) -> None:
    root = hostile.root_of(syntax)
    leaves = [n for n in kinds_of(syntax).values() if not len(hostile.numbered(root, n))]

    decided(judge(with_one_repeated(syntax, number, times) for number in leaves[::3]))


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_text_of_ten_megabytes_is_judged_and_never_repeated_in_full(
    judge: Judge, syntax: str
) -> None:
    kinds = kinds_of(syntax)
    told = [path for path in kinds if path.endswith(("Note", "Content", "Code", "ID", "Date"))]
    root = hostile.root_of(syntax)
    leaves = [kinds[path] for path in told if not len(hostile.numbered(root, kinds[path]))][::12]

    decided(judge(hostile.with_long_text(syntax, number, 10 * MILLION) for number in leaves))


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_an_invoice_in_trillions_is_computed_exactly(judge: Judge, syntax: str) -> None:
    scaled = hostile.scaled(documents(syntax)["standard-plain"], 10**9)

    assert judge.one(scaled).verdict is Verdict.ACCEPTED


def test_a_slack_of_one_euro_is_none_where_binary_numbers_lie_further_apart(judge: Judge) -> None:
    """As the UBL sheet computes: it adds one to an amount in binary."""
    answer = judge.one(hostile.scaled(documents("ubl")["standard-plain"], 10**20))

    assert set(rules_of(answer)) == {"BR-S-08"}


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_sound_invoice_is_accepted_by_the_same_worker(judge: Judge, syntax: str) -> None:
    assert judge.one(documents(syntax)["standard-full"]).verdict is Verdict.ACCEPTED
