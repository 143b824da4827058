"""What is wrong with a request, collected, and told the way the service tells it.

    2 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; Value
    'x...' at 'incidentTemplate.title' failed to satisfy constraint: Member must have length less than or equal to 200

Members are spelled as on the wire, elements of a list counted from 1: `relatedItems.2.member.title`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from warroom.model.errors import ValidationException

__all__ = ["LIMIT", "MISSING", "Failure", "place", "refusal", "unparsable"]

LIMIT: Final = 50
"""Failures collected before the rest of a list or map is not looked at any more."""

MISSING: Final = "Member must not be null"
_TOLD = 10
_ECHOED = 64
"""Characters of a value, or of one step of its path, that a message repeats."""


class Failure:
    """One member that breaks one constraint.

    `value` is repeated in the message; None stands for a value that is not to be shown. The path is built from
    the inside out, so that nothing is spent on it while all is well.
    """

    __slots__ = ("message", "steps", "value")

    def __init__(self, message: str, value: object = None) -> None:
        self.message = message
        self.value = value
        self.steps: list[str] = []

    @property
    def path(self) -> str:
        return ".".join(_shown(step) for step in reversed(self.steps))

    def __str__(self) -> str:
        value = ""
        if self.message == MISSING:
            value = " null"
        elif self.value is not None:
            value = f" '{_shown(str(self.value))}'"
        return f"Value{value} at '{self.path}' failed to satisfy constraint: {self.message}"


def _shown(text: str) -> str:
    """Cut short, and safe to print on a terminal."""
    cut = text if len(text) <= _ECHOED else f"{text[:_ECHOED]}..."
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in cut)


def place(failures: list[Failure], since: int, *steps: str) -> None:
    """The failures from index `since` on are inside of `steps` (the innermost first)."""
    for failure in failures[since:]:
        failure.steps.extend(steps)


def refusal(failures: Sequence[Failure]) -> ValidationException:
    """All failures as the one error that the caller gets."""
    count = len(failures)
    told = "; ".join(str(failure) for failure in failures[:_TOLD])
    rest = f"; and {count - _TOLD} more" if count > _TOLD else ""
    plural = "" if count == 1 else "s"
    return ValidationException(
        f"{count} validation error{plural} detected: {told}{rest}",
        reason="FIELD_VALIDATION_FAILED",
        fields=[(failure.path, failure.message) for failure in failures[:_TOLD]],
    )


def unparsable(message: str) -> ValidationException:
    """The request could not be read far enough to speak of its members."""
    return ValidationException(message, reason="CANNOT_PARSE")
