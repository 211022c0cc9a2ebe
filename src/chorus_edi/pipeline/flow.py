"""A chain of steps from bytes to an outcome, with no side effect on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from chorus_edi.domain.findings import Outcome, Passed, Refused

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Chain(Generic[A, B]):
    """Named steps; mypy refuses a step whose input is not the previous output."""

    steps: tuple[str, ...]
    run: Callable[[A], Outcome[B]]

    def then(self, name: str, step: Callable[[B], Outcome[C]]) -> Chain[A, C]:
        """Append a step; findings of the steps before are kept in front of its own."""

        def run(value: A) -> Outcome[C]:
            before = self.run(value)
            if isinstance(before, Refused):
                return before
            after = step(before.value)
            findings = before.findings + after.findings
            if isinstance(after, Refused):
                return Refused(findings, after.reached or before.value)
            return Passed(after.value, findings)

        return Chain((*self.steps, name), run)


def first(name: str, step: Callable[[A], Outcome[B]]) -> Chain[A, B]:
    """Begin a chain."""
    return Chain((name,), step)
