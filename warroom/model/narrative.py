"""Timeline events as sentences: what a person reads of an event's type and its JSON (`incident-manager.md`, 2.4)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from warroom.model.arn import Arn

__all__ = ["IMPACT_NAMES", "alias", "one_line", "paragraphs", "sentence"]

IMPACT_NAMES = {1: "Critical", 2: "High", 3: "Medium", 4: "Low", 5: "No Impact"}
"""The service's own words for impact, in its member `impact`."""

MAX_CHARACTERS = 1000
"""A sentence is cut here, so that a hostile event cannot make a screen or a record heavy."""

MAX_NOTE = 12_000
"""Characters of a note that are shown; the service takes no more."""

FREE_TEXT = frozenset({"Custom Event", "Note"})
TEXT_MEMBERS = ("message", "text", "note", "description", "summary", "reason")


def one_line(text: str) -> str:
    """Any text as one printable line: what a terminal would obey (controls, escapes, bidi marks) becomes a space."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    kept = (" " if unicodedata.category(character) in _UNPRINTABLE else character for character in text)
    return " ".join("".join(kept).translate(_WIDTH_SELECTORS).split())


_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_WIDTH_SELECTORS = {0xFE0E: None, 0xFE0F: None}
"""Terminals disagree on how wide a character is that one of these follows."""


def alias(name: object) -> str:
    """The short name in an ARN: a contact's alias, a user, a plan, an alarm. What is no ARN stays as it is."""
    text = one_line(str(name))
    if not text.startswith("arn:"):
        return text
    try:
        arn = Arn.parse(text)
    except ValueError:
        return text
    return arn.name or arn.resource.rpartition(":")[2] or text


def sentence(event_type: str, event_data: str) -> str:
    """One line for a timeline event, whatever its data holds; never raises.

    `event_data` is a JSON document in a string; what is not JSON is shown as the text that it is.
    Contacts, users, plans and alarms are named by the short name in their ARN.
    """
    kind = one_line(event_type) or "Event"
    document = _parsed(event_data)
    tell = _TELLERS.get(kind)
    told = tell(document) if tell is not None and isinstance(document, dict) else _any_event(kind, document)
    told = one_line(told) or kind
    return told if len(told) <= MAX_CHARACTERS else told[: MAX_CHARACTERS - 1] + "…"


def paragraphs(event_type: str, event_data: str) -> list[str]:
    """A timeline event in as many lines as its writer gave it: a note keeps its own, all else is one `sentence`."""
    document = _parsed(event_data)
    if one_line(event_type) in FREE_TEXT and isinstance(document, str):
        lines = [one_line(line) for line in document[:MAX_NOTE].splitlines()]
        if told := [line for line in lines if line]:
            return told
    return [sentence(event_type, event_data)]


def _parsed(event_data: str) -> Any:
    try:
        return json.loads(event_data)
    except (ValueError, RecursionError):
        return event_data


def _any_event(kind: str, document: Any) -> str:
    words = _words(document)
    if kind in FREE_TEXT:
        return words or kind
    return f"{kind}: {words}" if words else kind


def _words(value: Any, depth: int = 0) -> str:
    """JSON as words: `stage 2, contact alice` instead of braces and quotes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        if depth == 0:
            for member in TEXT_MEMBERS:
                if isinstance(value.get(member), str) and len(value) == 1:
                    return alias(value[member])
        if depth > _DEEPEST:
            return "…"
        pairs = ((_spaced(str(member)), _words(inner, depth + 1)) for member, inner in value.items())
        return ", ".join(f"{member} {words}" for member, words in pairs if words)
    if isinstance(value, list):
        return "…" if depth > _DEEPEST else ", ".join(filter(None, (_words(inner, depth + 1) for inner in value)))
    return alias(value)


_DEEPEST = 3


def _spaced(member: str) -> str:
    """`contactArn` -> `contact`, `ssmDocumentName` -> `ssm document name`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", one_line(member)).lower()
    return words.removesuffix(" arn") or words


def _text(document: Mapping[str, Any], member: str) -> str:
    value = document.get(member)
    return alias(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _contact(document: Mapping[str, Any]) -> str:
    return _text(document, "contactArn") or _text(document, "contactName") or "a contact"


def _trigger(document: Mapping[str, Any]) -> str:
    source = _text(document, "triggerArn") or _text(document, "incidentSource") or "an unknown source"
    reason = _alarm_reason(document.get("rawData"))
    if source == "aws.ssm-incidents.custom":
        source = "hand"
    again = document.get("createdIncident") is False
    told = f"Triggered again by {source}, the incident was open already" if again else f"Triggered by {source}"
    return f"{told}: {reason}" if reason else told


def _alarm_reason(raw: Any) -> str:
    """`detail.state.reason` of an alarm's EventBridge event, or `NewStateReason` of its SNS message."""
    document = _parsed(raw) if isinstance(raw, str) else raw
    if not isinstance(document, dict):
        return ""
    detail = document.get("detail")
    state = detail.get("state") if isinstance(detail, dict) else None
    reason = state.get("reason") if isinstance(state, dict) else document.get("NewStateReason")
    return one_line(reason) if isinstance(reason, str) else ""


def _start(document: Mapping[str, Any]) -> str:
    told = "Incident started"
    if title := _text(document, "incidentTitle"):
        told += f": {title}"
    engaged = document.get("contactsEngage")
    names = [_contact(each) for each in engaged if isinstance(each, dict)] if isinstance(engaged, list) else []
    if names:
        told += f" (engaging {', '.join(names)})"
    if runbook := _text(document, "ssmDocumentName"):
        told += f" (runbook {runbook})"
    return told


def _update(document: Mapping[str, Any]) -> str:
    who = _text(document, "modifiedBy") or "Somebody"
    attributes = document.get("modifiedAttributes")
    entries = [each for each in attributes if isinstance(each, dict)] if isinstance(attributes, list) else []
    steps = [_attribute(_text(each, "attributeName"), each.get("newValue")) for each in entries]
    return f"{who} {', '.join(steps) or 'changed the incident'}"


def _attribute(name: str, value: Any) -> str:
    words = _words(value)
    match name, words:
        case "status", "RESOLVED":
            return "resolved the incident"
        case "status", "OPEN":
            return "reopened the incident"
        case "impact", _:
            severity = IMPACT_NAMES.get(int(words)) if words.isdecimal() and len(words) == 1 else None
            return f"set the impact to {words} {severity}" if severity else f"set the impact to {words}"
        case "title", _:
            return f"renamed it: {words}"
        case "summary", _:
            return f"wrote the summary: {words}" if words else "cleared the summary"
        case "relatedItems", _:
            return _related(value)
        case "", _:
            return "changed the incident"
    return f"set the {_spaced(name)} to {words}" if words else f"cleared the {_spaced(name)}"


def _related(value: Any) -> str:
    document = _parsed(value) if isinstance(value, str) else value
    if isinstance(document, dict):
        for member, verb in (("itemToAdd", "added"), ("itemToRemove", "removed")):
            item = document.get(member)
            if isinstance(item, dict):
                found = item.get("identifier")
                identifier = found if isinstance(found, dict) else item
                name = _text(item, "title") or _words(identifier.get("value"), depth=1)
                return f"{verb} the related item {_text(identifier, 'type')} {name}"
    return "changed the related items"


def _page(document: Mapping[str, Any]) -> str:
    return f"Paged {_contact(document)}"


def _acknowledgement(document: Mapping[str, Any]) -> str:
    return f"{_contact(document)} acknowledged the page"


def _runbook_failure(document: Mapping[str, Any]) -> str:
    words = _words(document)
    return f"The runbook did not start: {words}" if words else "The runbook did not start"


def _because(told: str, document: Mapping[str, Any]) -> str:
    reason = _text(document, "reason")
    return f"{told}: {reason}" if reason else told


def _channel_skipped(document: Mapping[str, Any]) -> str:
    return _because(f"Skipped a channel of {_contact(document)}", document)


def _contact_skipped(document: Mapping[str, Any]) -> str:
    return _because(f"Nothing was sent to {_contact(document)}", document)


def _nobody_on_call(document: Mapping[str, Any]) -> str:
    return _because(f"Nobody was paged by {_contact(document)}", document)


def _engagement_stopped(document: Mapping[str, Any]) -> str:
    return _because(f"Stopped engaging {_contact(document)}", document)


_TELLERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "SSM Incident Trigger": _trigger,
    "SSM Incident Start": _start,
    "SSM Incident Record Update": _update,
    "SSM Contacts Page for Incident": _page,
    "SSM Contacts Page Acknowledgement for Incident": _acknowledgement,
    "SSM Automation Execution Start Failure for Incident": _runbook_failure,
    "WarRoom Channel Skipped": _channel_skipped,
    "WarRoom Contact Skipped": _contact_skipped,
    "WarRoom Nobody On Call": _nobody_on_call,
    "WarRoom Engagement Stopped": _engagement_stopped,
}
