"""Actions on their way: shown as pending at once, then as done, or as failed with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

__all__ = ["Errand", "Errands", "Outcome"]


SHOWN_FOR = 10.0
"""Seconds that a success stays on the screen."""


class Outcome(Enum):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Errand:
    """One action that was asked for: `title` says what and on what (`Acknowledge INC-1042`)."""

    id: str
    title: str
    incident: str | None
    """The ARN that it acts on, fixed when it was asked for."""
    since: float
    """Monotonic seconds."""
    outcome: Outcome = Outcome.PENDING
    text: str = ""
    """What came of it, or why it failed."""
    ended: float = 0.0
    """Monotonic seconds; 0 while it is pending."""


class Errands:
    """All that are pending, and the last word on one that is not."""

    def __init__(self) -> None:
        self._pending: dict[str, Errand] = {}
        self.last: Errand | None = None
        """The newest outcome; None once it was dismissed or something newer is pending."""

    @property
    def pending(self) -> list[Errand]:
        """Oldest first."""
        return list(self._pending.values())

    def begin(self, id: str, title: str, incident: str | None, now: float) -> Errand:
        errand = Errand(id, title, incident, now)
        self._pending[id] = errand
        if self.last is not None and self.last.outcome is Outcome.DONE:
            self.last = None
        return errand

    def finish(self, id: str, result: dict[str, Any] | None, error: str | None, now: float) -> Errand | None:
        """The reply to a command. Returns the errand that it ends, None when it is none of these."""
        errand = self._pending.pop(id, None)
        if errand is None:
            return None
        outcome = Outcome.DONE if error is None else Outcome.FAILED
        text = error if error is not None else _came_of(result or {})
        self.last = Errand(id, errand.title, errand.incident, errand.since, outcome, text, now)
        return self.last

    def refuse(self, title: str, incident: str | None, reason: str, now: float) -> Errand:
        """Something that was asked for and cannot be done; it never left."""
        self.last = Errand("", title, incident, now, Outcome.FAILED, reason, now)
        return self.last

    def expire(self, now: float) -> None:
        """Let go of a success that was shown long enough. A failure stays until it is dismissed."""
        last = self.last
        if last is not None and last.outcome is Outcome.DONE and now - last.ended > SHOWN_FOR:
            self.last = None

    def dismiss(self) -> None:
        """The last word was read."""
        self.last = None

    def is_pending(self, incident: str) -> bool:
        return any(errand.incident == incident for errand in self._pending.values())


def _came_of(result: dict[str, Any]) -> str:
    """What a reply adds to the name of its action: the count of accepted pages, the number of a new incident."""
    pages = result.get("pages")
    if isinstance(pages, list):
        return "1 page accepted" if len(pages) == 1 else f"{len(pages)} pages accepted"
    if isinstance(number := result.get("number"), int):
        return f"INC-{number}"
    return ""
