"""The messages of the war room, and which of them coalesce."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

__all__ = ["FilterClosed", "FilterTyped", "IncidentSelected", "NewsWaiting", "OlderWanted"]


@dataclass
class NewsWaiting(Message, bubble=False):
    """The network thread has put news into the inbox. One is enough for all of it."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, NewsWaiting)


@dataclass
class IncidentSelected(Message):
    """Another incident is selected. Only the last one counts."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, IncidentSelected)


@dataclass
class OlderWanted(Message):
    """Somebody scrolled to the oldest line of a timeline that goes on."""

    incident: str
    before: str

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, OlderWanted)


@dataclass
class FilterTyped(Message):
    """The filter changed by a key."""

    text: str

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, FilterTyped)


@dataclass
class FilterClosed(Message):
    """The filter line is left; `kept` is False when the filter is to be taken off."""

    kept: bool
