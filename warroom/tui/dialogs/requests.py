"""What goes into the dialogs and what comes out of them: plain values, no Textual."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AcknowledgeRequest", "Choice", "DeclareRequest", "EscalateRequest", "ResolveRequest"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a list: `key` is answered; `label` and `detail` are shown and searched."""

    key: str
    label: str
    detail: str = ""
    """Shown right-aligned: the keys of an action, the kind of a contact."""
    group: str = ""
    """A heading above the choices of the same group, shown while nothing is filtered."""
    impact: int | None = None
    """1 to 5: shown before the label as its coloured word."""


@dataclass(frozen=True, slots=True)
class ResolveRequest:
    """Resolve it, after this timeline event if there is a note."""

    note: str | None = None


@dataclass(frozen=True, slots=True)
class AcknowledgeRequest:
    """Accept the unread pages of `contact_arn` (None: my own)."""

    contact_arn: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class DeclareRequest:
    """Start an incident. `title` and `impact` are None where they are what the plan says."""

    plan_arn: str
    title: str | None = None
    impact: int | None = None


@dataclass(frozen=True, slots=True)
class EscalateRequest:
    """Raise the impact to `impact`, or engage `contact_arn`; one of the two is set."""

    impact: int | None = None
    contact_arn: str | None = None
    note: str | None = None
