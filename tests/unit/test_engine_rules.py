"""The pure rules of incidents: what follows from arguments alone."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.engine.rules.incident_changes import related_item_change, update
from warroom.engine.rules.records import chat_channel_of
from warroom.engine.rules.related_items import item_of, same_item
from warroom.engine.rules.timeline import moment_after, require_document, with_last_event
from warroom.engine.rules.wording import page_wording
from warroom.model.errors import ValidationException
from warroom.model.incidents import (
    IncidentRecord,
    IncidentRecordSource,
    LastEvent,
    NotificationTarget,
    TimelineEvent,
)

NOW = datetime(2026, 11, 20, 3, 12, tzinfo=UTC)
ARN = "arn:aws:ssm-incidents::111122223333:incident-record/payments/1"


def incident(**members: Any) -> IncidentRecord:
    made: dict[str, Any] = {
        "arn": ARN,
        "title": "Payments are down",
        "status": "OPEN",
        "impact": 2,
        "creation_time": NOW,
        "last_modified_time": NOW,
        "last_modified_by": "arn:somebody",
        "incident_record_source": IncidentRecordSource(created_by="arn:somebody", source="custom"),
        "dedupe_string": "d",
        "number": 1001,
        "response_plan_arn": "arn:plan",
    }
    return IncidentRecord(**made | members)


def event(at: datetime, text: str = "text") -> TimelineEvent:
    return TimelineEvent(
        incident_record_arn=ARN,
        event_id="e",
        event_type="Note",
        event_data=json.dumps(text),
        event_time=at,
        event_updated_time=NOW,
    )


def last(at: datetime) -> LastEvent:
    return LastEvent(event_type="Note", event_time=at, text="last")


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_events_of_one_moment_are_told_apart_by_a_microsecond() -> None:
    assert moment_after(None, NOW) == NOW
    assert moment_after(last(NOW - seconds(1)), NOW) == NOW
    assert moment_after(last(NOW), NOW) == NOW + timedelta(microseconds=1)
    assert moment_after(last(NOW + seconds(3600)), NOW) == NOW


@pytest.mark.parametrize(
    ("last_at", "at", "replaces"),
    [
        (None, NOW, True),
        (NOW - seconds(60), NOW, True),
        (NOW, NOW, True),
        (NOW, NOW - seconds(1), False),
        (NOW + seconds(3600), NOW, True),
        (NOW + seconds(3600), NOW - seconds(1), False),
    ],
)
def test_the_last_event_is_the_newest_that_has_happened(last_at: datetime | None, at: datetime, replaces: bool) -> None:
    before = incident(last_event=last_at and last(last_at))
    after = with_last_event(before, event(at), NOW)
    assert (after.last_event is not None and after.last_event.text == "text") is replaces
    assert replaces or after is before


def test_an_update_keeps_what_is_absent_and_tells_what_changed() -> None:
    updated = update(incident(), {"title": "Payments are down", "impact": 1}, "arn:bob", NOW + seconds(5))
    assert updated.attributes == [("impact", "1")]
    assert (updated.incident.impact, updated.incident.title) == (1, "Payments are down")
    assert (updated.incident.last_modified_by, updated.incident.last_modified_time) == ("arn:bob", NOW + seconds(5))


def test_an_update_to_what_is_already_so_changes_nothing() -> None:
    before = incident(notification_targets=(NotificationTarget(sns_topic_arn="arn:t"),))
    same = {"status": "OPEN", "notification_targets": [{"sns_topic_arn": "arn:t"}], "chat_channel": {"empty": {}}}
    updated = update(before, same, "arn:bob", NOW + seconds(5))
    assert (updated.incident, updated.attributes) == (before, [])


def test_resolving_sets_the_time_and_reopening_clears_it() -> None:
    resolved = update(incident(), {"status": "RESOLVED"}, "arn:bob", NOW + seconds(5)).incident
    assert resolved.resolved_time == NOW + seconds(5)
    reopened = update(resolved, {"status": "OPEN"}, "arn:bob", NOW + seconds(9)).incident
    assert (reopened.status, reopened.resolved_time) == ("OPEN", None)


def test_attributes_are_told_in_the_names_and_forms_of_the_wire() -> None:
    channel = {"chatbot_sns": ["arn:t"]}
    requested = {"chat_channel": channel, "notification_targets": [{"sns_topic_arn": "arn:t"}]}
    assert update(incident(), requested, "arn:bob", NOW).attributes == [
        ("chatChannel", '{"chatbotSns":["arn:t"]}'),
        ("notificationTargets", '[{"snsTopicArn":"arn:t"}]'),
    ]
    with_channel = incident(chat_channel=chat_channel_of(channel))
    emptied = update(with_channel, {"chat_channel": {"empty": {}}}, "arn:bob", NOW)
    assert emptied.attributes == [("chatChannel", '{"empty":{}}')]
    assert emptied.incident.chat_channel is None


def test_related_items_are_told_as_the_request_says_them() -> None:
    detail = {"id": "P1", "auto_resolve": True, "secret_id": "s"}
    item = same_item(ARN, {"type": "TASK", "value": {"pager_duty_incident_detail": detail}}, "ticket")
    wire = {
        "type": "TASK",
        "value": {"pagerDutyIncidentDetail": {"id": "P1", "autoResolve": True, "secretId": "s"}},
    }
    name, text = related_item_change(added=item)
    assert (name, json.loads(text)) == ("relatedItems", {"itemToAdd": {"identifier": wire, "title": "ticket"}})
    assert json.loads(related_item_change(removed=item)[1]) == {"itemToRemove": wire}


@given(st.text(max_size=50))
def test_a_generated_id_follows_from_type_and_value(url: str) -> None:
    one = item_of(ARN, {"identifier": {"type": "OTHER", "value": {"url": url}}, "title": "a"})
    same = item_of(ARN, {"identifier": {"type": "OTHER", "value": {"url": url}}, "title": "b"})
    others = [
        item_of(ARN, {"identifier": {"type": "METRIC", "value": {"url": url}}}),
        item_of(ARN, {"identifier": {"type": "OTHER", "value": {"metric_definition": url}}}),
        item_of(ARN, {"identifier": {"type": "OTHER", "value": {"url": url + "x"}}}),
    ]
    assert one.generated_id == same.generated_id
    assert one.generated_id not in {other.generated_id for other in others}
    assert re.fullmatch(r"related-item/OTHER/[0-9A-F]{32}", one.generated_id or "")


def test_a_client_does_not_choose_the_generated_id() -> None:
    with pytest.raises(ValidationException, match="leave it out"):
        item_of(ARN, {"identifier": {"type": "OTHER", "value": {"url": "x"}}, "generated_id": "x"})


@pytest.mark.parametrize("text", ['"New Note"', "{}", "1", "null", None])
def test_a_document_is_any_json(text: str | None) -> None:
    require_document(text)


@pytest.mark.parametrize("text", ["New Note", "", "{", '"a" "b"', "[" * 5000])
def test_what_is_not_json_is_no_document(text: str) -> None:
    with pytest.raises(ValidationException, match="double quotes"):
        require_document(text)


def test_an_empty_chat_channel_is_none() -> None:
    assert chat_channel_of(None) is chat_channel_of({"empty": {}}) is chat_channel_of({}) is None


def test_a_page_says_first_what_matters_and_keeps_the_summary_private() -> None:
    wording = page_wording(incident(summary="customer 4711 complained", title="Payments\x1b[2J are down"))
    assert wording.subject == "INC-1001 Payments [2J are down"
    assert wording.public_subject == "INC-1001, impact 2 High"
    assert "2 High" in wording.content and "4711" in wording.content
    assert "4711" not in wording.public_content and "Payments" not in wording.public_content
    assert len(page_wording(incident(summary="x" * 8000, title="y" * 200)).content) <= 8192
