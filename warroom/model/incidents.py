"""Records of ssm-incidents: replication sets, response plans, incidents, their timeline and related items.

Members are those of the service model in snake_case. The few that are warroom's own are marked so;
they never reach the AWS wire.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from warroom.model.record import Impact, Instant, Part, Record

__all__ = [
    "Action",
    "AutomationExecution",
    "ChatChannel",
    "EventReference",
    "IncidentRecord",
    "IncidentRecordSource",
    "IncidentTemplate",
    "Integration",
    "ItemIdentifier",
    "ItemType",
    "ItemValue",
    "LastEvent",
    "NotificationTarget",
    "PagerDutyConfiguration",
    "PagerDutyIncidentConfiguration",
    "PagerDutyIncidentDetail",
    "RegionInfo",
    "RelatedItem",
    "ReplicationSet",
    "ResponsePlan",
    "SsmAutomation",
    "TimelineEvent",
]

ItemType = Literal[
    "ANALYSIS", "INCIDENT", "METRIC", "PARENT", "ATTACHMENT", "OTHER", "AUTOMATION", "INVOLVED_RESOURCE", "TASK"
]


class RegionInfo(Part):
    sse_kms_key_id: str = "DefaultKey"
    status: Literal["ACTIVE", "CREATING", "DELETING", "FAILED"]
    status_message: str | None = None
    status_update_date_time: Instant


class ReplicationSet(Record):
    kind: ClassVar[str] = "replication_set"

    arn: str
    region_map: dict[str, RegionInfo]
    status: Literal["ACTIVE", "CREATING", "UPDATING", "DELETING", "FAILED"]
    deletion_protected: bool = False
    created_time: Instant
    created_by: str
    last_modified_time: Instant
    last_modified_by: str

    @property
    def key(self) -> str:
        return self.arn


class ChatChannel(Part):
    """A union: the topics of a chat channel, or `empty`."""

    chatbot_sns: tuple[str, ...] | None = None
    empty: dict[str, str] | None = None


class NotificationTarget(Part):
    sns_topic_arn: str | None = None


class SsmAutomation(Part):
    document_name: str
    document_version: str | None = None
    dynamic_parameters: dict[str, dict[str, str]] | None = None
    parameters: dict[str, tuple[str, ...]] | None = None
    role_arn: str
    target_account: str | None = None


class Action(Part):
    ssm_automation: SsmAutomation | None = None


class PagerDutyIncidentConfiguration(Part):
    service_id: str


class PagerDutyConfiguration(Part):
    name: str
    secret_id: str
    pager_duty_incident_configuration: PagerDutyIncidentConfiguration


class Integration(Part):
    pager_duty_configuration: PagerDutyConfiguration | None = None


class IncidentTemplate(Part):
    title: str
    impact: Impact
    dedupe_string: str | None = None
    summary: str | None = None
    notification_targets: tuple[NotificationTarget, ...] | None = None
    incident_tags: dict[str, str] | None = None


class ResponsePlan(Record):
    kind: ClassVar[str] = "response_plan"

    arn: str
    name: str
    display_name: str | None = None
    chat_channel: ChatChannel | None = None
    engagements: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    incident_template: IncidentTemplate
    integrations: tuple[Integration, ...] | None = None

    @property
    def key(self) -> str:
        return self.arn


class IncidentRecordSource(Part):
    created_by: str
    invoked_by: str | None = None
    resource_arn: str | None = None
    source: str


class AutomationExecution(Part):
    ssm_execution_arn: str | None = None


class LastEvent(Part):
    """warroom's own: the newest timeline event of an incident as one readable line."""

    event_type: str
    event_time: Instant
    text: str


class IncidentRecord(Record):
    kind: ClassVar[str] = "incident_record"

    arn: str
    title: str
    summary: str | None = None
    status: Literal["OPEN", "RESOLVED"]
    impact: Impact
    creation_time: Instant
    resolved_time: Instant | None = None
    last_modified_time: Instant
    last_modified_by: str
    automation_executions: tuple[AutomationExecution, ...] = ()
    incident_record_source: IncidentRecordSource
    dedupe_string: str
    chat_channel: ChatChannel | None = None
    notification_targets: tuple[NotificationTarget, ...] = ()

    number: int
    """warroom's own: `INC-<number>`, counted up within an account."""
    response_plan_arn: str
    """warroom's own: the plan that it was started from."""
    last_event: LastEvent | None = None
    """warroom's own."""

    @property
    def key(self) -> str:
        return self.arn

    @property
    def short_name(self) -> str:
        """The name people say: `INC-1042`."""
        return f"INC-{self.number}"


class EventReference(Part):
    """A union: an ARN, or the generated id of a related item."""

    resource: str | None = None
    related_item_id: str | None = None


class TimelineEvent(Record):
    kind: ClassVar[str] = "timeline_event"

    incident_record_arn: str
    event_id: str
    event_type: str
    event_data: str
    """A JSON document in a string."""
    event_time: Instant
    event_updated_time: Instant
    event_references: tuple[EventReference, ...] | None = None

    @property
    def key(self) -> str:
        return f"{self.incident_record_arn}#{self.event_id}"


class PagerDutyIncidentDetail(Part):
    id: str
    auto_resolve: bool | None = None
    secret_id: str | None = None


class ItemValue(Part):
    """A union: exactly one member is set."""

    arn: str | None = None
    url: str | None = None
    metric_definition: str | None = None
    pager_duty_incident_detail: PagerDutyIncidentDetail | None = None


class ItemIdentifier(Part):
    type: ItemType
    value: ItemValue


class RelatedItem(Record):
    kind: ClassVar[str] = "related_item"

    identifier: ItemIdentifier
    title: str | None = None
    generated_id: str | None = None
    """`related-item/TYPE/<32 hex>`, made from type and value, so that the same item has the same id."""

    incident_record_arn: str
    """warroom's own: the incident that it belongs to."""

    @property
    def key(self) -> str:
        return f"{self.incident_record_arn}#{self.generated_id}"
