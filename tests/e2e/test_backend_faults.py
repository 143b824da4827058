"""The backend dies, hangs and comes back while a war room looks on (`design.md`, promise 1: what you see is true)."""

from __future__ import annotations

import os
import re
import signal
import time

NOT_LIVE = re.compile(r"(?i)reconnecting|stale")
LIVE = re.compile(r"● live")


def test_a_killed_backend_is_said_within_two_seconds_and_live_again_two_seconds_after_it_is_back(
    on_call, open_war_room
):
    backend = on_call.backend
    incident = on_call.start_incident("before the crash")
    war_room = open_war_room(120, 40)
    war_room.wait_for("before the crash")
    war_room.wait_for("SENT")

    backend.kill()
    war_room.wait_until(NOT_LIVE.search, "that it is not live", timeout=2)
    assert "before the crash" in war_room.text, "what was known stays on the screen"
    first = war_room.wait_for_pattern(r"(?i)(stale|reconnecting)[^\n]*\b\d+\s?s", timeout=3)
    aged = war_room.wait_until(
        lambda text: age_shown(text) > age_shown(first), "the age of what is shown, growing", timeout=4
    )
    assert not LIVE.search(aged)

    backend.start()
    war_room.wait_until(LIVE.search, "live again", timeout=2)
    backend.boto3("ssm-incidents").create_timeline_event(
        incidentRecordArn=incident, eventType="Note", eventTime=time.time(), eventData='"after the crash"'
    )
    war_room.wait_for("after the crash")
    assert war_room.text.count("INC-1001  ") >= 1
    assert len(re.findall(r"Incident started", war_room.text)) == 1, war_room.text


def age_shown(text: str) -> int:
    """Seconds of age in the header of a war room that is not live; -1 when it says none."""
    found = re.search(r"(?i)(?:stale|reconnecting)[^\n]*?\b(\d+)\s?s", text)
    return int(found.group(1)) if found else -1


def test_what_happened_while_the_backend_was_away_is_there_once_when_it_is_back(on_call, open_war_room):
    backend = on_call.backend
    on_call.start_incident("seen before")
    war_room = open_war_room(120, 40)
    war_room.wait_for("seen before")
    os.kill(war_room.process.pid, signal.SIGSTOP)  # the war room sleeps through it, as on a suspended laptop
    on_call.start_incident("missed by the screen")
    backend.kill()
    backend.start()
    os.kill(war_room.process.pid, signal.SIGCONT)
    war_room.wait_for("missed by the screen", timeout=5)
    war_room.wait_until(LIVE.search, "live", timeout=5)
    assert len(re.findall(r"INC-1002\s", war_room.text)) == 1


def test_a_note_written_while_the_backend_is_away_is_pending_and_then_there_exactly_once(on_call, open_war_room):
    backend = on_call.backend
    incident = on_call.start_incident("note under fire")
    war_room = open_war_room(120, 40)
    war_room.wait_for("note under fire")
    war_room.wait_for("SENT")

    backend.kill()
    war_room.wait_until(NOT_LIVE.search, "that it is not live", timeout=2)
    war_room.send("ntraffic is drained")  # in one go, as somebody types who knows the key
    war_room.wait_for("traffic is drained")
    war_room.send("\x13")  # ctrl+s
    war_room.wait_for_pattern(r"(?i)pending")

    backend.start()
    war_room.wait_until(LIVE.search, "live again", timeout=3)
    war_room.wait_until(
        lambda text: not re.search(r"(?i)pending", text) and "traffic is drained" in text, "the note, confirmed"
    )
    incidents = backend.boto3("ssm-incidents")
    listed = incidents.list_timeline_events(incidentRecordArn=incident)["eventSummaries"]
    assert [event["eventType"] for event in listed].count("Note") == 1


def test_a_backend_that_hangs_is_called_stale_and_is_live_again_by_itself(on_call, open_war_room):
    backend = on_call.backend
    on_call.start_incident("the quiet one")
    war_room = open_war_room(80, 24)
    war_room.wait_for("the quiet one")
    os.kill(backend.pid, signal.SIGSTOP)
    try:
        war_room.wait_until(NOT_LIVE.search, "that it is stale", timeout=8)
    finally:
        os.kill(backend.pid, signal.SIGCONT)
    war_room.wait_until(LIVE.search, "live again", timeout=10)
