"""Timeline events as sentences."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.model.narrative import one_line, paragraphs, sentence

ALICE = "arn:aws:ssm-contacts:us-east-1:111122223333:contact/alice"
USER = "arn:aws:iam::111122223333:user/bob"
UPDATE = "SSM Incident Record Update"
TRIGGER = "SSM Incident Trigger"


def update(*attributes: tuple[str, Any]) -> dict[str, Any]:
    return {"modifiedBy": USER, "modifiedAttributes": [{"attributeName": n, "newValue": v} for n, v in attributes]}


@pytest.mark.parametrize(
    ("event_type", "data", "told"),
    [
        ("Note", "Rolling back\nnow", "Rolling back now"),
        ("Custom Event", {"message": "deployed"}, "deployed"),
        ("Custom Event", {"region": "eu-west-1", "hosts": [1, 2]}, "region eu-west-1, hosts 1, 2"),
        ("SSM Incident Start", {"incidentTitle": "Down", "contactsEngage": [{"contactArn": ALICE}]},
         "Incident started: Down (engaging alice)"),
        (TRIGGER, {"createdIncident": True, "incidentSource": "aws.ssm-incidents.custom"}, "Triggered by hand"),
        (TRIGGER, {"createdIncident": False, "triggerArn": "arn:aws:cloudwatch:r:1:alarm:5xx"},
         "Triggered again by 5xx, the incident was open already"),
        (TRIGGER, {"triggerArn": "arn:aws:cloudwatch:r:1:alarm:5xx", "rawData": '{"NewStateReason": "too many"}'},
         "Triggered by 5xx: too many"),
        (UPDATE, update(("status", "RESOLVED")), "bob resolved the incident"),
        (UPDATE, update(("status", "OPEN")), "bob reopened the incident"),
        (UPDATE, update(("impact", "2"), ("title", "Worse")), "bob set the impact to 2 High, renamed it: Worse"),
        (UPDATE, update(("summary", "")), "bob cleared the summary"),
        (UPDATE, update(("relatedItems", json.dumps({"itemToAdd": {"identifier": {"type": "PARENT", "value": {
            "arn": "arn:aws:ssm:r:1:opsitem/oi-1"}}, "title": "parentItem"}}))),
         "bob added the related item PARENT parentItem"),
        ("SSM Contacts Page for Incident", {"contactArn": ALICE, "engagementArn": "x"}, "Paged alice"),
        ("SSM Contacts Page Acknowledgement for Incident", {"contactArn": ALICE}, "alice acknowledged the page"),
        ("Warroom Engagement Stopped", {"contactArn": ALICE}, "Warroom Engagement Stopped: contact alice"),
    ],
)  # fmt: skip
def test_an_event_reads_as_a_sentence(event_type: str, data: Any, told: str) -> None:
    assert sentence(event_type, json.dumps(data)) == told


def test_what_is_no_json_is_shown_as_it_is() -> None:
    assert sentence("Note", "not { json") == "not { json"
    assert sentence("Note", "[" * 100_000).startswith("[[[")
    assert sentence("Note", "") == "Note"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = st.sampled_from(
    ["modifiedBy", "modifiedAttributes", "attributeName", "newValue", "contactArn", "triggerArn", "rawData", "detail"]
)
TYPES = st.sampled_from([TRIGGER, UPDATE, "SSM Incident Start", "SSM Contacts Page for Incident", "Note", "Other"])


@given(TYPES | st.text(), st.dictionaries(MEMBERS, JSON | st.lists(st.dictionaries(MEMBERS, JSON))) | JSON)
def test_odd_data_never_raises_and_is_one_printable_line(event_type: str, data: Any) -> None:
    told = sentence(event_type, json.dumps(data))
    assert told
    assert len(told) <= 1000
    assert "\n" not in told
    told.encode()


@given(st.text())
def test_any_data_gives_a_printable_line(data: str) -> None:
    sentence("Note", data).encode()


def test_nothing_that_a_terminal_obeys_gets_through() -> None:
    assert one_line("a\x1b[31mb\x07c\u202ed\u200be\r\nf\ud800g\ufe0fh") == "a [31mb c d e f gh"


def test_a_note_keeps_the_lines_of_its_writer_and_nothing_that_a_terminal_obeys() -> None:
    assert paragraphs("Note", json.dumps("one\n\n  two\x1b[2J \n")) == ["one", "two [2J"]
    assert paragraphs("Note", json.dumps("")) == [sentence("Note", json.dumps(""))]
    assert paragraphs("Custom Event", json.dumps({"text": "a\nb"})) == [
        sentence("Custom Event", json.dumps({"text": "a\nb"}))
    ]
