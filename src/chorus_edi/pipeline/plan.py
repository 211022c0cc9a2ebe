"""The steps of an examination, in order: this file is the table of contents of a verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from chorus_edi.domain.dossier import Checked, Detected, Parsed, Resolved, Validated
from chorus_edi.domain.findings import NotChecked, Outcome, Passed
from chorus_edi.domain.recipients import Routing, UnknownSuppliers
from chorus_edi.domain.scenarios import RuleSet
from chorus_edi.pipeline.flow import Chain, first
from chorus_edi.ports import Directory
from chorus_edi.stages import check, parse, resolve, validate

_NO_DIRECTORY = "Annuaire non fourni."


def invoice_chain(
    schemas: validate.Schemas,
    directory: Directory | None,
    state_recipients: frozenset[str],
    requested: Sequence[RuleSet] | None,
    *,
    keep_going: bool,
    thorough: bool,
    unknown_suppliers: UnknownSuppliers = UnknownSuppliers.REFUSED,
) -> Chain[Detected, Checked]:
    """Chain the steps that judge an invoice.

    Args:
        schemas: compiled schemas by artefact id.
        directory: directory of recipients, if there is one.
        state_recipients: SIRETs routed by the code service alone.
        requested: rule sets to apply whatever the document claims; None: those of its scenario;
            empty: none, and the recipient is not looked up either.
        keep_going: apply the rules even where the schema is not respected.
        thorough: look for schema faults with a second engine too.
        unknown_suppliers: what a supplier costs whom the directory does not list.
    """
    return (
        first("parse", parse.parse)
        .then("validate", validate.validator(schemas, keep_going=keep_going, thorough=thorough))
        .then("resolve", _resolve(directory, state_recipients, unknown_suppliers, requested))
        .then("check", check.checker(requested, _unresolved(directory, requested)))
    )


def _resolve(
    directory: Directory | None,
    state_recipients: frozenset[str],
    unknown_suppliers: UnknownSuppliers,
    requested: Sequence[RuleSet] | None,
) -> Callable[[Validated], Outcome[Resolved]]:
    if _nothing_is(requested):
        return _pass_by
    return resolve.resolver(directory, state_recipients, unknown_suppliers)


def _nothing_is(requested: Sequence[RuleSet] | None) -> bool:
    """True for ``--rules none``: the schema alone is asked for."""
    return requested is not None and not requested


def _pass_by(validated: Validated) -> Outcome[Resolved]:
    nowhere = Routing(
        siret=None,
        siret_address="",
        code_service=None,
        code_service_address="",
        engagement=None,
    )
    return Passed(Resolved(parsed=validated.parsed, routing=nowhere))


def _unresolved(
    directory: Directory | None, requested: Sequence[RuleSet] | None
) -> Callable[[Parsed], tuple[NotChecked, ...]]:
    def unresolved(parsed: Parsed) -> tuple[NotChecked, ...]:
        if directory is not None or _nothing_is(requested):
            return ()
        return _without_directory(resolve.not_checked(parsed))

    return unresolved


@cache
def _without_directory(rules: tuple[str, ...]) -> tuple[NotChecked, ...]:
    return tuple(NotChecked(rule, _NO_DIRECTORY) for rule in rules)
