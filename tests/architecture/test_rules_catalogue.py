"""The catalogue as a whole: its page is fresh, its cards are fit to be read, its modules pure."""

import ast
from pathlib import Path

import pytest

import chorus_edi.rules
from chorus_edi.domain.findings import Severity
from chorus_edi.rules.catalogue import catalogue_markdown
from chorus_edi.rules.extended_ctc_fr.profile import own_rules
from chorus_edi.rules.sets import versions

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "generated" / "rules.md"
WRITE = "from chorus_edi.rules.catalogue import catalogue_markdown as page; print(page(), end='')"
RULES = [*(rule for version in versions() for rule in version.rules), *own_rules()]
MODULES = sorted(Path(chorus_edi.rules.__path__[0]).rglob("*.py"))
ALLOWED = {
    "__future__", "chorus_edi", "collections", "dataclasses", "datetime", "decimal", "enum",
    "functools", "itertools", "msgspec", "operator", "re", "stdnum", "tomllib", "typing",
}  # fmt: skip


def test_the_generated_page_is_what_the_catalogue_says_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == catalogue_markdown(), (
        f'run: python -c "{WRITE}" > docs/generated/rules.md'
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_card_is_written_for_people(rule) -> None:
    for sentence in (rule.message.fr, rule.message.en, rule.conseil):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
    assert rule.message.fr != rule.message.en
    if rule.terms:
        assert rule.terms[0] in rule.message.fr or rule.terms[0] in rule.conseil
    else:
        # What it speaks of carries no term: the XML says which element.
        assert rule.severity is Severity.WARNING
        assert ":" in rule.message.fr or "@" in rule.message.fr


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_rules_import_nothing_that_has_hands_and_compute_without_floats(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }
    called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    numbers = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]

    assert imported <= ALLOWED
    assert not called & {"float", "open", "print", "exec", "eval"}
    assert not any(isinstance(value, float) for value in numbers)
