"""A connection that a test drives by hand, a clock that stands still, and records of an outage to tell with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from warroom.model import arn
from warroom.model.changes import Change
from warroom.model.contacts import (
    Contact,
    ContactChannel,
    ContactType,
    DeliveryAddress,
    Engagement,
    Page,
    Plan,
    PlanProgress,
    Receipt,
    ReceiptType,
)
from warroom.model.incidents import (
    IncidentRecord,
    IncidentRecordSource,
    IncidentTemplate,
    ItemIdentifier,
    ItemValue,
    LastEvent,
    RelatedItem,
    ResponsePlan,
    TimelineEvent,
)
from warroom.model.record import Record
from warroom.stream.actions import ACTIONS, Arguments
from warroom.stream.frames import CommandError, Principal, Welcome
from warroom.stream.news import Arrived, Connected, Disconnected, HistoryArrived, News, Replied
from warroom.tui.app import WarRoom
from warroom.tui.clock import BackendClock

__all__ = [
    "ACCOUNT",
    "ALICE",
    "BOB",
    "CAROL",
    "NOW",
    "ON_CALL",
    "PHONE",
    "ScriptedLink",
    "StillClock",
    "arrived",
    "channel",
    "contact",
    "engagement",
    "event",
    "gone",
    "incident",
    "outage",
    "page",
    "plan",
    "receipt",
    "states",
    "war_room",
    "welcome",
]

ACCOUNT = "111122223333"
REGION = "us-east-1"
NOW = datetime(2025, 11, 20, 3, 12, 44, tzinfo=UTC)
ALICE, BOB, CAROL, ON_CALL = (
    arn.contact_arn(REGION, ACCOUNT, name) for name in ("alice", "bob", "carol", "payments-oncall")
)
PHONE = arn.contact_channel_arn(REGION, ACCOUNT, "alice", "c-phone")
EMAIL = arn.contact_channel_arn(REGION, ACCOUNT, "alice", "c-email")
BOBS_PHONE = arn.contact_channel_arn(REGION, ACCOUNT, "bob", "c-phone")
ME = arn.principal_arn(ACCOUNT, "alice")


class StillClock(BackendClock):
    """Stands still until it is told to move; seconds of both clocks go together."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 1000.0
        self.synchronise(NOW)

    def monotonic(self) -> float:
        return getattr(self, "passed", 1000.0)

    def advance(self, seconds: float) -> None:
        self.passed += seconds


class ScriptedLink:
    """Has the methods of `warroom.stream.client.Link`; the test says what the backend says."""

    def __init__(self, deliver: Callable[[News], None], clock: BackendClock) -> None:
        self._deliver = deliver
        self._clock = clock
        self.silent_since: float | None = None
        self.started = False
        self.stopped = False
        self.watched: list[str] = []
        self.asked_older: list[tuple[str, str]] = []
        self.commands: list[tuple[str, Arguments]] = []

    @property
    def last_heard(self) -> float:
        return self._clock.monotonic() if self.silent_since is None else self.silent_since

    def start(self) -> None:
        self.started = True

    def stop(self) -> None:
        self.stopped = True

    def watch(self, incident_arn: str) -> None:
        self.watched.append(incident_arn)

    def unwatch(self, incident_arn: str) -> None:
        self.watched.remove(incident_arn)

    def page(self, incident_arn: str, before: str) -> None:
        self.asked_older.append((incident_arn, before))

    def command(self, arguments: Arguments, token: str | None = None) -> str:
        id = f"command-{len(self.commands) + 1}"
        self.commands.append((id, arguments))
        return id

    # --- what the backend says

    def says(self, *news: News) -> None:
        for each in news:
            self._deliver(each)

    def falls_silent(self) -> None:
        self.silent_since = self._clock.monotonic()

    def goes_away(self, reason: str = "connection refused") -> None:
        self.falls_silent()
        self.says(Disconnected(reason))

    def comes_back(self, *, resumed: bool = True) -> None:
        self.silent_since = None
        self.says(Connected("http://127.0.0.1:8750", welcome(self._clock.now(), resumed=resumed)))

    def replies(self, result: dict[str, Any] | None = None, error: CommandError | None = None) -> None:
        """Answer the last command."""
        id, arguments = self.commands[-1]
        if error is None and result is None:
            result = {}
        self.says(Replied(id, arguments.action, result, error))


def war_room(*news: News, clock: StillClock | None = None) -> tuple[WarRoom, ScriptedLink, StillClock]:
    """A war room whose backend said `news` before anything else."""
    clock = clock or StillClock()
    links: list[ScriptedLink] = []

    def link(deliver: Callable[[News], None]) -> ScriptedLink:
        links.append(ScriptedLink(deliver, clock))
        return links[0]

    app = WarRoom(link, backend_name="local", clock=clock)
    opening = news or (Connected("http://127.0.0.1:8750", welcome(NOW)), arrived(*outage()))
    start = links[0].start

    def start_and_speak() -> None:
        start()
        links[0].says(*opening)

    links[0].start = start_and_speak  # type: ignore[method-assign]
    return app, links[0], clock


# --- frames


def welcome(at: datetime = NOW, *, resumed: bool = False, role: str = "responder", me: str | None = ALICE) -> Welcome:
    allowed = tuple(ACTIONS) if role != "observer" else ("list_incidents", "show_incident")
    principal = Principal(account=ACCOUNT, name="alice", arn=ME, role=role, contact_arn=me)  # type: ignore[arg-type]
    return Welcome(epoch="e1", server="0.1", time=at, principal=principal, actions=allowed, resumed=resumed)


_seqs = count(1)


def states(*records: Record, at: datetime = NOW) -> list[Change]:
    """Changes that set these records, in order."""
    return [_change(record.kind, record.key, record, at) for record in records]


def gone(record: Record) -> Change:
    return _change(record.kind, record.key, None, NOW)


def _change(kind: str, key: str, record: Record | None, at: datetime) -> Change:
    return Change(next(_seqs), at, kind, key, record)


def arrived(*records: Record) -> Arrived:
    """A whole snapshot in one part."""
    changes = states(*records)
    return Arrived(changes[-1].seq if changes else 0, changes, True, True, True)


def changed(*records: Record) -> Arrived:
    changes = states(*records)
    return Arrived(changes[-1].seq, changes, False, False, True)


def history(of: IncidentRecord, events: Iterable[Record], *, latest: bool = True, older: str | None = None) -> News:
    return HistoryArrived(of.arn, states(*events), latest, older)


# --- records


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def incident(
    number: int,
    title: str = "Checkout is slow",
    impact: int = 3,
    *,
    opened: datetime | None = None,
    plan_name: str = "payments",
    **members: Any,
) -> IncidentRecord:
    opened = opened or ago(minutes=number % 50 + 1)
    own = arn.incident_record_arn(ACCOUNT, plan_name, f"{number:08x}-0000-4000-8000-000000000000")
    defaults: dict[str, Any] = {
        "arn": own,
        "title": title,
        "status": "OPEN",
        "impact": impact,
        "creation_time": opened,
        "last_modified_time": opened,
        "last_modified_by": ME,
        "incident_record_source": IncidentRecordSource(created_by=ME, invoked_by=ME, source="aws.ssm-incidents.custom"),
        "dedupe_string": f"dedupe-{number}",
        "number": number,
        "response_plan_arn": arn.response_plan_arn(ACCOUNT, plan_name),
        "last_event": LastEvent(event_type="SSM Incident Start", event_time=opened, text=f"Incident started: {title}"),
    }
    return IncidentRecord(**(defaults | members))


def contact(own: str, kind: ContactType = "PERSONAL", name: str | None = None) -> Contact:
    alias = own.rpartition("/")[2]
    return Contact(contact_arn=own, alias=alias, display_name=name or alias.title(), type=kind, plan=Plan(stages=()))


def channel(own: str, of: str, name: str, kind: str, address: str) -> ContactChannel:
    return ContactChannel(
        contact_channel_arn=own,
        contact_arn=of,
        name=name,
        type=kind,  # type: ignore[arg-type]
        delivery_address=DeliveryAddress(simple_address=address),
        activation_status="ACTIVATED",
    )


def plan(name: str, title: str, impact: int) -> ResponsePlan:
    return ResponsePlan(
        arn=arn.response_plan_arn(ACCOUNT, name),
        name=name,
        display_name=name.title(),
        incident_template=IncidentTemplate(title=title, impact=impact),
    )


def engagement(number: int, of: IncidentRecord, whom: str, **members: Any) -> Engagement:
    alias = whom.rpartition("/")[2]
    defaults: dict[str, Any] = {
        "engagement_arn": arn.engagement_arn(REGION, ACCOUNT, alias, f"e-{number}"),
        "contact_arn": whom,
        "sender": "ssm-incidents.amazonaws.com",
        "subject": of.title,
        "content": of.title,
        "incident_id": of.arn,
        "start_time": of.creation_time,
    }
    return Engagement(**(defaults | members))


def page(number: int, of: Engagement, whom: str | None = None, **members: Any) -> Page:
    whom = whom or of.contact_arn
    alias = whom.rpartition("/")[2]
    defaults: dict[str, Any] = {
        "page_arn": arn.page_arn(REGION, ACCOUNT, alias, f"p-{number}"),
        "engagement_arn": of.engagement_arn,
        "contact_arn": whom,
        "sender": of.sender,
        "subject": of.subject,
        "content": of.content,
        "incident_id": of.incident_id,
    }
    return Page(**(defaults | members))


def receipt(kind: ReceiptType, at: datetime, over: str | None = None, said: str | None = None) -> Receipt:
    return Receipt(contact_channel_arn=over, receipt_type=kind, receipt_info=said, receipt_time=at)


def event(of: IncidentRecord, number: int, at: datetime, event_type: str, data: Any) -> TimelineEvent:
    return TimelineEvent(
        incident_record_arn=of.arn,
        event_id=f"event-{number}",
        event_type=event_type,
        event_data=json.dumps(data),
        event_time=at,
        event_updated_time=at,
    )


def related(of: IncidentRecord, title: str, url: str) -> RelatedItem:
    return RelatedItem(
        identifier=ItemIdentifier(type="METRIC", value=ItemValue(url=url)),
        title=title,
        generated_id=f"related-item/METRIC/{title}",
        incident_record_arn=of.arn,
    )


# --- an outage to look at

CHECKOUT = incident(
    1042,
    "Checkout error rate above 5 % in eu-west-1",
    1,
    opened=ago(minutes=12),
    summary="One in twelve card payments fails with a timeout. Started with the 02:58 deploy of payments-api.",
    last_modified_time=ago(seconds=50),
    last_event=LastEvent(
        event_type="Note", event_time=ago(seconds=50), text="Rolling back payments-api to 2025.11.19-4"
    ),
)
ORDERS = incident(
    1041,
    "Order e-mails are late by ten minutes",
    3,
    opened=ago(minutes=47),
    plan_name="messaging",
    last_event=LastEvent(
        event_type="SSM Contacts Page Acknowledgement for Incident",
        event_time=ago(minutes=31),
        text="carol acknowledged the page",
    ),
)
STOCK = incident(
    1040,
    "Stock counts of the Łódź warehouse are not written",
    2,
    opened=ago(hours=2, minutes=5),
    plan_name="warehouse",
    last_event=LastEvent(event_type="Note", event_time=ago(minutes=3), text="Replica lag is back under 10 s"),
)
SEARCH = incident(1039, "搜索 index is two days old", 4, opened=ago(days=2), plan_name="search")
BANNER = incident(1038, "Cookie banner shows twice on the status page", 5, opened=ago(days=9), plan_name="web")

CALL = engagement(1, CHECKOUT, ALICE)
PLAN_CALL = engagement(
    2,
    CHECKOUT,
    ON_CALL,
    progress=PlanProgress(stage_index=0, stage_count=3, next_stage_time=NOW + timedelta(seconds=252)),
)
ALICES_PAGE = page(
    1,
    CALL,
    sent_time=ago(minutes=11, seconds=58),
    receipts=(
        receipt("SENT", ago(minutes=11, seconds=58), PHONE),
        receipt("SENT", ago(minutes=11, seconds=58), EMAIL),
        receipt("DELIVERED", ago(minutes=11, seconds=55), PHONE),
        receipt("SENT", ago(minutes=1, seconds=58), PHONE),
    ),
    progress=PlanProgress(stage_index=1, stage_count=2, next_stage_time=NOW + timedelta(seconds=38)),
)
BOBS_PAGE = page(
    2,
    PLAN_CALL,
    BOB,
    sent_time=ago(minutes=11, seconds=57),
    read_time=ago(minutes=10, seconds=2),
    receipts=(
        receipt("ERROR", ago(minutes=11, seconds=57), BOBS_PHONE, "429 too many requests, again in 30 s"),
        receipt("SENT", ago(minutes=11, seconds=27), BOBS_PHONE),
        receipt("READ", ago(minutes=10, seconds=2), None, "on it"),
    ),
)
ORDERS_CALL = engagement(3, ORDERS, CAROL)
CAROLS_PAGE = page(3, ORDERS_CALL, sent_time=ago(minutes=46), read_time=ago(minutes=31))

TIMELINE = [
    event(
        CHECKOUT,
        1,
        ago(minutes=12, seconds=1),
        "SSM Incident Trigger",
        {
            "createdIncident": True,
            "incidentSource": "aws.cloudwatch",
            "triggerArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:checkout-5xx",
            "rawData": json.dumps(
                {"detail": {"state": {"reason": "2 datapoints were greater than the threshold (5.0)"}}}
            ),
        },
    ),
    event(
        CHECKOUT,
        2,
        ago(minutes=12),
        "SSM Incident Start",
        {"incidentTitle": CHECKOUT.title, "contactsEngage": [{"contactArn": ALICE}, {"contactArn": ON_CALL}]},
    ),
    event(CHECKOUT, 3, ago(minutes=11, seconds=58), "SSM Contacts Page for Incident", {"contactArn": ALICE}),
    event(CHECKOUT, 4, ago(minutes=11, seconds=57), "SSM Contacts Page for Incident", {"contactArn": BOB}),
    event(
        CHECKOUT,
        5,
        ago(minutes=10, seconds=2),
        "SSM Contacts Page Acknowledgement for Incident",
        {"contactArn": BOB, "engagementArn": PLAN_CALL.engagement_arn},
    ),
    event(
        CHECKOUT,
        6,
        ago(minutes=8),
        "SSM Incident Record Update",
        {"modifiedBy": ME, "modifiedAttributes": [{"attributeName": "impact", "newValue": "1"}]},
    ),
    event(
        CHECKOUT,
        7,
        ago(minutes=4, seconds=30),
        "Note",
        "The 02:58 deploy of payments-api halved the connection pool; the timeouts begin with it in all three zones.",
    ),
    event(CHECKOUT, 8, ago(seconds=50), "Note", "Rolling back payments-api to 2025.11.19-4"),
]


def outage() -> list[Record]:
    """The world of a night: five open incidents, the worst of them with pages that wait for me, alice."""
    return [
        contact(ALICE, name="Alice Berg"),
        contact(BOB, name="Bob Okafor"),
        contact(CAROL, name="Carol Ito"),
        contact(ON_CALL, "ESCALATION", "Payments on call"),
        channel(PHONE, ALICE, "phone", "SMS", "+15550100"),
        channel(EMAIL, ALICE, "work", "EMAIL", "alice@example.com"),
        channel(BOBS_PHONE, BOB, "phone", "VOICE", "+15550101"),
        plan("payments", "Payments are failing", 1),
        plan("messaging", "Messages are late", 3),
        CHECKOUT,
        ORDERS,
        STOCK,
        SEARCH,
        BANNER,
        CALL,
        PLAN_CALL,
        ALICES_PAGE,
        BOBS_PAGE,
        ORDERS_CALL,
        CAROLS_PAGE,
    ]
