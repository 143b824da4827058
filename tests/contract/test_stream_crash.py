"""A backend that dies as by a power cut while a war room is connected to it."""

from __future__ import annotations

import time

from backend import Backend, wait_for
from warroom.stream.actions import AddTimelineEvent, ChangeTitle, Declare
from warroom.stream.client import Endpoint, Link
from warroom.stream.news import Arrived, Connected, Disconnected, News, Replied


def test_a_pending_command_acts_once_and_nothing_is_missed_or_doubled(backend: Backend) -> None:
    incidents = backend.boto3("ssm-incidents")
    plan = incidents.create_response_plan(name="payments", incidentTemplate={"title": "Checkout fails", "impact": 2})
    arn = incidents.start_incident(responsePlanArn=plan["arn"])["incidentRecordArn"]
    heard: list[News] = []
    link = Link(
        lambda: Endpoint(backend.url, backend.access_key_id, backend.secret_access_key),
        heard.append,
    )
    link.start()
    try:
        wait_for("the world", lambda: [news for news in heard if isinstance(news, Arrived) and news.last])
        sent = []
        for number in range(40):
            sent.append(link.command(AddTimelineEvent(incident=arn, text=f"note {number}")))
            if number == 20:
                wait_for("some replies", lambda: [news for news in heard if isinstance(news, Replied)])
                backend.kill()
                killed = time.monotonic()
        sent.append(link.command(Declare(response_plan="payments", title="Declared in the dark")))
        sent.append(link.command(ChangeTitle(incident=arn, title="Renamed in the dark")))
        wait_for("the loss", lambda: [news for news in heard if isinstance(news, Disconnected)], 2)
        assert time.monotonic() - killed < 2
        backend.start()
        started = time.monotonic()
        wait_for("the reconnection", lambda: len([news for news in heard if isinstance(news, Connected)]) == 2, 2)
        assert time.monotonic() - started < 2
        replies = wait_for(
            "all replies",
            lambda: (found := {n.id: n for n in heard if isinstance(n, Replied)}).keys() >= set(sent) and found,
        )
    finally:
        link.stop()
    assert [replies[each].error for each in sent] == [None] * len(sent)
    assert [news for news in heard if isinstance(news, Connected)][1].welcome.resumed

    pages = incidents.get_paginator("list_timeline_events").paginate(incidentRecordArn=arn)
    events = [event for page in pages for event in page["eventSummaries"] if event["eventType"] == "Note"]
    assert len(events) == 40
    times = [event["eventTime"] for event in sorted(events, key=lambda event: event["eventUpdatedTime"])]
    assert times == sorted(times), "done in the order in which they were asked for"
    titles = [each["title"] for each in incidents.list_incident_records()["incidentRecordSummaries"]]
    assert sorted(titles) == ["Declared in the dark", "Renamed in the dark"]
    seqs = [change.seq for news in heard if isinstance(news, Arrived) and not news.snapshot for change in news.changes]
    assert len(seqs) == len(set(seqs))


def test_the_log_of_the_backend_holds_no_secret(backend: Backend) -> None:
    heard: list[News] = []
    link = Link(lambda: Endpoint(backend.url, backend.access_key_id, backend.secret_access_key), heard.append)
    link.start()
    try:
        wait_for("the world", lambda: [news for news in heard if isinstance(news, Arrived)])
    finally:
        link.stop()
    backend.stop()
    assert backend.secret_access_key not in backend.log()
