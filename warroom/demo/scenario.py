"""The demo's story: a connection pool runs dry on a Friday evening, and three teams meet.

Pure data. Times are seconds from the opening of the war room, at speed 1.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "CAST",
    "ESCALATION",
    "ME",
    "MONITOR",
    "PLANS",
    "STORY",
    "Acknowledge",
    "Act",
    "Escalation",
    "Note",
    "Person",
    "Relate",
    "Resolve",
    "ResponsePlan",
    "SetImpact",
    "Start",
    "Step",
    "Summarise",
]

# --- who and what there is


@dataclass(frozen=True)
class Person:
    """A contact. Channels are (type, name, address); the plan tries them in turn, 5 minutes each."""

    alias: str
    display_name: str
    channels: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Escalation:
    """An escalation plan: who is paged in which stage, and for how many minutes it waits for an answer."""

    alias: str
    display_name: str
    stages: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class ResponsePlan:
    name: str
    display_name: str
    title: str
    impact: int
    engages: tuple[str, ...]
    summary: str = ""


ME = "ana"
"""Whose war room it is: her page waits for you."""

MONITOR = "alertmanager"
"""Who starts the incidents: no person, so no contact."""

CAST = (
    Person(
        "ana",
        "Ana Ferreira - Payments on-call",
        (("SMS", "phone", "+15550100001"), ("VOICE", "phone call", "+15550100001")),
    ),
    Person(
        "ben",
        "Ben Okafor - Payments second",
        (("SMS", "phone", "+15550100002"), ("EMAIL", "mail", "ben@payments.example")),
    ),
    Person("chloe", "Chloe Martin - Platform SRE", (("SMS", "phone", "+15550100003"),)),
    Person(
        "dmitri",
        "Dmitri Volkov - Databases",
        (("SMS", "phone", "+15550100004"), ("EMAIL", "mail", "dmitri@data.example")),
    ),
    Person("emi", "Emi Tanaka - Edge network", (("EMAIL", "mail", "emi@edge.example"),)),
    Person("farid", "Farid Nasser - Duty manager", (("VOICE", "phone call", "+15550100006"),)),
)

ESCALATION = Escalation(
    "payments",
    "Payments - on-call then second then duty manager",
    ((5, ("ana",)), (5, ("ben",)), (10, ("farid",))),
)

PLANS = (
    ResponsePlan(
        "checkout-outage",
        "Checkout is failing",
        "Checkout error rate above 5 %",
        impact=2,
        engages=("payments", "chloe"),
        summary="Customers cannot pay. Runbook: freeze deploys, check the payment gateway, then the order database.",
    ),
    ResponsePlan(
        "database-degraded",
        "A database is degraded",
        "Order database: connections exhausted",
        impact=2,
        engages=("dmitri",),
        summary="Look at the pool first: SELECT state, count(*) FROM pg_stat_activity GROUP BY 1.",
    ),
    ResponsePlan("edge-latency", "The edge is slow", "Edge latency p99 above 800 ms", impact=3, engages=("emi",)),
    ResponsePlan("batch-late", "A nightly batch is late", "Settlement batch is late", impact=4, engages=()),
)

# --- what happens


@dataclass(frozen=True)
class Start:
    """An incident opens; `name` is what later steps call it."""

    name: str
    plan: str
    reason: str
    title: str = ""
    impact: int = 0
    """0: the plan's."""


@dataclass(frozen=True)
class Note:
    incident: str
    who: str
    text: str


@dataclass(frozen=True)
class Acknowledge:
    """`who` answers their page."""

    incident: str
    who: str
    note: str = ""


@dataclass(frozen=True)
class SetImpact:
    incident: str
    who: str
    impact: int


@dataclass(frozen=True)
class Summarise:
    incident: str
    who: str
    summary: str


@dataclass(frozen=True)
class Relate:
    incident: str
    who: str
    type: str
    title: str
    url: str


@dataclass(frozen=True)
class Resolve:
    incident: str
    who: str


Act = Start | Note | Acknowledge | SetImpact | Summarise | Relate | Resolve


@dataclass(frozen=True)
class Step:
    at: float
    act: Act


STORY = (
    Step(1, Start("checkout", "checkout-outage", "checkout_errors_ratio 0.071 > 0.05 for 2m")),
    Step(9, Acknowledge("checkout", "chloe", "at the keyboard")),
    Step(14, Note("checkout", "chloe", "Errors began two minutes after the deploy of orders-api 412. Only eu-west-1.")),
    Step(
        18,
        Relate("checkout", "chloe", "METRIC", "Checkout error rate", "https://grafana.example/d/checkout?from=now-1h"),
    ),
    Step(21, Start("batch", "batch-late", "settlement-eu has not finished in its window")),
    Step(24, Start("database", "database-degraded", "pg_stat_activity 500 of 500, waiting 213")),
    Step(31, Acknowledge("database", "dmitri", "looking at the pool")),
    Step(
        36,
        Note(
            "database",
            "dmitri",
            "All 500 connections are taken, 480 idle in transaction.\nThey come from orders-api, build 412.",
        ),
    ),
    Step(42, SetImpact("checkout", "chloe", 1)),
    Step(
        44,
        Summarise(
            "checkout",
            "chloe",
            "About 40 % of payments in eu-west-1 fail. "
            "orders-api build 412 leaks database connections; rollback to 411 is being prepared.",
        ),
    ),
    Step(
        50,
        Relate("checkout", "chloe", "OTHER", "Deploy of orders-api 412", "https://deploy.example/orders-api/412"),
    ),
    Step(58, Start("edge", "edge-latency", "edge_p99_seconds 1.24 > 0.8 for 5m")),
    Step(64, Note("checkout", "chloe", "Deploys are frozen. Rolling orders-api back to 411, canary first.")),
    Step(72, Acknowledge("edge", "emi")),
    Step(78, Note("edge", "emi", "The edge is healthy: clients retry failed checkouts. It will go with the outage.")),
    Step(86, SetImpact("edge", "emi", 4)),
    Step(94, Note("checkout", "chloe", "Canary on 411 is clean for 30 s: 0 errors in 1,900 payments. Rolling out.")),
    Step(104, Note("database", "dmitri", "Connections fall: 500, 340, 120. Nothing waits any more.")),
    Step(112, Resolve("database", "dmitri")),
    Step(120, Note("checkout", "chloe", "411 is everywhere. Error rate 0.3 % and falling; watching for 2 minutes.")),
    Step(130, Resolve("edge", "emi")),
    Step(142, SetImpact("checkout", "chloe", 3)),
    Step(150, Note("batch", "farid", "Settlement waited for the order database; it runs again, due in an hour.")),
    Step(165, Note("checkout", "chloe", "Error rate is back at 0.02 %. 1,204 payments failed; support has the list.")),
    Step(180, Note("checkout", "farid", "Good work. Ana, resolve it when the queue of retries is empty.")),
    Step(300, Resolve("checkout", "farid")),
)
