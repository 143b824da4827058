"""What a plan may hold, by the type of its contact (`incident-manager.md`, 3); pure but for one question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from pydantic import ValidationError

from warroom.model.arn import Arn
from warroom.model.contacts import Contact, ContactChannel, ContactType, Plan, Stage, Target
from warroom.model.errors import ServiceQuotaExceededException, ValidationException

__all__ = ["MAX_STAGES", "MAX_TARGETS", "checked_plan", "refuse"]

MAX_STAGES = 10
MAX_TARGETS = 10
"""Channels of a stage of a person; contacts of a stage of an escalation plan are held to the same."""

_MAX_DURATION = 30
_MAX_RETRY_INTERVAL = 60

Named = Callable[[str], Contact | ContactChannel | None]
"""What an ARN in a plan names, in the account of the plan; None when it names nothing."""


def refuse(field: str, reason: str) -> NoReturn:
    """Raise the `ValidationException` of one member, in the service's manner."""
    raise ValidationException(
        f"Invalid value provided - {field}: {reason}", reason="FIELD_VALIDATION_FAILED", fields=[(field, reason)]
    )


def checked_plan(plan: Mapping[str, Any], contact_type: ContactType, contact_arn: str, named: Named) -> Plan:
    """The plan of a request, in its normal form.

    `Plan: {}` and `{"Stages": []}` are a plan that does nothing, for every type. Raises `ValidationException`
    that names the member, `ServiceQuotaExceededException`.
    """
    try:
        given = Plan.model_validate(dict(plan))
    except ValidationError as error:
        first = error.errors()[0]
        refuse(_wire_path(first["loc"]), first["msg"])
    if contact_type == "ONCALL_SCHEDULE":
        return _schedule(given)
    if given.rotation_ids:
        refuse("Plan.RotationIds", f"only an ONCALL_SCHEDULE has rotations, this is {contact_type}")
    stages = given.stages or ()
    _within("stages-per-plan", "stages in a plan", len(stages), MAX_STAGES, contact_arn)
    for number, stage in enumerate(stages):
        _check_stage(stage, f"Plan.Stages[{number}]", contact_type, contact_arn, named)
    return Plan(stages=stages)


def _schedule(given: Plan) -> Plan:
    if given.stages:
        refuse("Plan.Stages", "an ONCALL_SCHEDULE has RotationIds, no stages")
    for number, rotation in enumerate(given.rotation_ids or ()):
        if _resource_type(rotation) != "rotation":
            refuse(f"Plan.RotationIds[{number}]", f"{rotation} is not the ARN of a rotation")
    return given


def _check_stage(stage: Stage, field: str, contact_type: ContactType, contact_arn: str, named: Named) -> None:
    if not 0 <= stage.duration_in_minutes <= _MAX_DURATION:
        refuse(f"{field}.DurationInMinutes", f"must be 0 to {_MAX_DURATION}, was {stage.duration_in_minutes}")
    if stage.duration_in_minutes == 0 and not stage.targets:
        refuse(f"{field}.DurationInMinutes", "may be 0 only in a stage with a target")
    _within("channels-per-stage", "targets in a stage", len(stage.targets), MAX_TARGETS, contact_arn)
    for number, target in enumerate(stage.targets):
        _check_target(target, f"{field}.Targets[{number}]", contact_type, contact_arn, named)


def _check_target(target: Target, field: str, contact_type: ContactType, contact_arn: str, named: Named) -> None:
    channel, contact = target.channel_target_info, target.contact_target_info
    if (channel is None) == (contact is None):
        refuse(field, "must be exactly one of ChannelTargetInfo and ContactTargetInfo")
    if channel is not None:
        field += ".ChannelTargetInfo"
        if contact_type != "PERSONAL":
            refuse(field, f"only a PERSONAL contact engages channels, this is {contact_type}")
        if not 0 <= (channel.retry_interval_in_minutes or 0) <= _MAX_RETRY_INTERVAL:
            refuse(f"{field}.RetryIntervalInMinutes", f"must be 0 to {_MAX_RETRY_INTERVAL}")
        found = named(channel.contact_channel_id)
        if not isinstance(found, ContactChannel) or found.contact_arn != contact_arn:
            refuse(f"{field}.ContactChannelId", f"the contact has no channel {channel.contact_channel_id}")
    if contact is not None:
        field += ".ContactTargetInfo"
        if contact_type != "ESCALATION":
            refuse(field, f"only an ESCALATION plan engages contacts, this is {contact_type}")
        if contact.contact_id is None:
            refuse(f"{field}.ContactId", "must name the contact to engage")
        found = named(contact.contact_id)
        if not isinstance(found, Contact):
            refuse(f"{field}.ContactId", f"there is no contact {contact.contact_id}")
        if found.type == "ESCALATION":
            refuse(f"{field}.ContactId", "an escalation plan cannot engage another escalation plan")


def _within(quota_code: str, what: str, count: int, most: int, contact_arn: str) -> None:
    if count > most:
        raise ServiceQuotaExceededException(
            f"{count} {what}, the quota is {most}",
            quota_code=quota_code,
            resource_id=contact_arn,
            resource_type="CONTACT",
        )


def _resource_type(text: str) -> str:
    try:
        return Arn.parse(text).resource_type
    except ValueError:
        return ""


def _wire_path(place: Sequence[int | str]) -> str:
    """`("stages", 0, "duration_in_minutes")` -> `Plan.Stages[0].DurationInMinutes`."""
    path = "Plan"
    for step in place:
        path += f"[{step}]" if isinstance(step, int) else "." + "".join(part.title() for part in step.split("_"))
    return path
