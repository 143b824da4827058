"""Records of ssm-contacts: contacts, their channels, engagements, pages and receipts.

Members are those of the service model in snake_case. The few that are warroom's own are marked so;
they never reach the AWS wire.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from warroom.model.record import Instant, Part, Record

__all__ = [
    "ChannelTargetInfo",
    "ChannelType",
    "Contact",
    "ContactChannel",
    "ContactTargetInfo",
    "ContactType",
    "DeliveryAddress",
    "Engagement",
    "Page",
    "Plan",
    "PlanProgress",
    "Receipt",
    "ReceiptType",
    "Stage",
    "Target",
]

ContactType = Literal["PERSONAL", "ESCALATION", "ONCALL_SCHEDULE"]
ChannelType = Literal["SMS", "VOICE", "EMAIL"]
ReceiptType = Literal["DELIVERED", "ERROR", "READ", "SENT", "STOP"]


class ChannelTargetInfo(Part):
    contact_channel_id: str
    retry_interval_in_minutes: int | None = None


class ContactTargetInfo(Part):
    contact_id: str | None = None
    is_essential: bool


class Target(Part):
    """A union: a channel of the contact itself, or another contact."""

    channel_target_info: ChannelTargetInfo | None = None
    contact_target_info: ContactTargetInfo | None = None


class Stage(Part):
    duration_in_minutes: int
    targets: tuple[Target, ...] = ()


class Plan(Part):
    stages: tuple[Stage, ...] | None = None
    rotation_ids: tuple[str, ...] | None = None


class Contact(Record):
    kind: ClassVar[str] = "contact"

    contact_arn: str
    alias: str
    display_name: str | None = None
    type: ContactType
    plan: Plan

    @property
    def key(self) -> str:
        return self.contact_arn


class DeliveryAddress(Part):
    simple_address: str | None = None


class ContactChannel(Record):
    kind: ClassVar[str] = "contact_channel"

    contact_channel_arn: str
    contact_arn: str
    name: str
    type: ChannelType
    delivery_address: DeliveryAddress
    activation_status: Literal["ACTIVATED", "NOT_ACTIVATED"]

    @property
    def key(self) -> str:
        return self.contact_channel_arn


class PlanProgress(Part):
    """warroom's own: where the course of a plan stands, so that a screen can count down."""

    stage_index: int
    """Zero-based index of the stage that runs now; `stage_count` once the plan is exhausted."""
    stage_count: int
    next_stage_time: Instant | None = None
    """When the next stage begins (or the last one ends); None when nothing more will happen."""


class Engagement(Record):
    kind: ClassVar[str] = "engagement"

    engagement_arn: str
    contact_arn: str
    sender: str
    subject: str
    content: str
    public_subject: str | None = None
    public_content: str | None = None
    incident_id: str | None = None
    start_time: Instant
    stop_time: Instant | None = None

    progress: PlanProgress | None = None
    """warroom's own: the course of an escalation plan; a person's own plan is on the page."""

    @property
    def key(self) -> str:
        return self.engagement_arn


class Receipt(Part):
    contact_channel_arn: str | None = None
    receipt_type: ReceiptType
    receipt_info: str | None = None
    receipt_time: Instant


class Page(Record):
    kind: ClassVar[str] = "page"

    page_arn: str
    engagement_arn: str
    contact_arn: str
    sender: str
    subject: str
    content: str
    public_subject: str | None = None
    public_content: str | None = None
    incident_id: str | None = None
    sent_time: Instant | None = None
    delivery_time: Instant | None = None
    read_time: Instant | None = None

    receipts: tuple[Receipt, ...] = ()
    """In the order in which they came. (The service lists them by ListPageReceipts.)"""
    progress: PlanProgress | None = None
    """warroom's own: the course of the paged person's engagement plan."""

    @property
    def key(self) -> str:
        return self.page_arn
