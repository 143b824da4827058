"""The operations of the service: one async method each, named and parameterised as in the service model."""

from __future__ import annotations

from warroom.engine.operations.channels import ContactChannelOperations
from warroom.engine.operations.contacts import ContactOperations
from warroom.engine.operations.engagements import EngagementOperations
from warroom.engine.operations.incidents import IncidentOperations
from warroom.engine.operations.pages import PageOperations
from warroom.engine.operations.related_items import RelatedItemOperations
from warroom.engine.operations.replication_sets import ReplicationSetOperations
from warroom.engine.operations.response_plans import ResponsePlanOperations
from warroom.engine.operations.timeline import TimelineOperations

__all__ = ["Verbs"]


class Verbs(
    ReplicationSetOperations,
    ResponsePlanOperations,
    IncidentOperations,
    TimelineOperations,
    RelatedItemOperations,
    ContactOperations,
    ContactChannelOperations,
    EngagementOperations,
    PageOperations,
):
    """All that the service can do, as one caller: the engine's `IncidentManager`.

    What the caller's role allows is checked where the caller comes in, which is where it is known to be genuine.
    """
