"""Whatever an invoice says, the rules give a verdict, the same one each time."""

from fractions import Fraction
from math import floor

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.money import amount, round_half_up
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.cases import BASE, invoice_of
from chorus_edi.rules.plan import Plan
from chorus_edi.rules.sets import versions

RULES = [rule for version in versions() for rule in version.rules]
PLANS = {syntax: Plan(RULES, syntax) for syntax in (None, *Syntax)}
ALONE = {rule.id: Plan([rule]) for rule in RULES}

NUMBERS = st.one_of(
    st.decimals(-1000, 1000, places=3).map(str),
    st.from_regex(r"-?[0-9]{1,40}\.[0-9]{1,18}", fullmatch=True),
)
TEXTS = st.text(max_size=8)
TERMS = st.sampled_from(
    ["BT-1", "BT-2", "BT-5", "BG-2/BT-24", "BG-4/BT-27", "BG-4/BG-5/BT-40", "BG-23/BT-118"]
)
AMOUNTS = st.sampled_from(
    [f"BG-22/BT-{n}" for n in range(106, 116)]
    + ["BG-25/BT-131", "BG-25[7]/BT-131", "BG-20/BT-92", "BG-21/BT-99", "BG-23/BT-117"]
)


@st.composite
def invoices(draw: st.DrawFn) -> Invoice:
    kept = draw(st.sets(st.sampled_from(sorted(BASE))))
    values = {address: BASE[address] for address in sorted(kept)}
    values |= draw(st.dictionaries(TERMS, TEXTS)) | draw(st.dictionaries(AMOUNTS, NUMBERS))
    return invoice_of(values)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(invoices(), st.sampled_from([None, *Syntax]))
def test_any_invoice_gets_a_verdict_and_always_the_same(invoice: Invoice, syntax) -> None:
    first = PLANS[syntax].examine(invoice)

    assert first == Plan(RULES, syntax).examine(invoice)
    assert all(hit.address.endswith(hit.breach.term) for hit in first)


@settings(max_examples=40, deadline=None)
@given(invoices())
def test_a_rule_says_the_same_alone_as_in_company(invoice: Invoice) -> None:
    together = {hit.rule.id for hit in PLANS[None].examine(invoice)}

    alone = {rule for rule, plan in ALONE.items() if plan.examine(invoice)}

    assert alone == together


@settings(max_examples=200, deadline=None)
@given(NUMBERS)
def test_rounding_is_the_floor_of_the_value_plus_half_a_cent(text: str) -> None:
    value = amount(text)
    assert value is not None

    rounded = round_half_up(value)

    assert Fraction(rounded) * 100 == floor(Fraction(value) * 100 + Fraction(1, 2))
