"""From a command to its reply: find the action, check who asks and with what, do it, and tell how it went."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from warroom.adapter.actions import engagements, incidents, keys
from warroom.adapter.actions.request import TOKEN, Request
from warroom.adapter.backend import Backend
from warroom.adapter.protocol import where
from warroom.engine.idempotency import WINDOW
from warroom.engine.interfaces import Document
from warroom.model.errors import AccessDeniedException, ServiceError, StoreError, ValidationException
from warroom.model.identity import Caller, Role
from warroom.stream.actions import (
    ACTIONS,
    Acknowledge,
    AddTimelineEvent,
    Arguments,
    ChangeImpact,
    ChangeSummary,
    ChangeTitle,
    CreateAccessKey,
    Declare,
    Engage,
    Escalate,
    ListAccessKeys,
    ListIncidents,
    Reopen,
    Resolve,
    RevokeAccessKey,
    ShowIncident,
    StopEngagement,
)
from warroom.stream.frames import Command, CommandError

__all__ = ["perform", "permitted"]

log = logging.getLogger(__name__)

Action = Callable[[Request, Any], Awaitable[Document]]

_DO: dict[type[Arguments], Action] = {
    Acknowledge: engagements.acknowledge,
    AddTimelineEvent: incidents.add_timeline_event,
    ChangeImpact: incidents.change_impact,
    ChangeSummary: incidents.change_summary,
    ChangeTitle: incidents.change_title,
    CreateAccessKey: keys.create_access_key,
    Declare: incidents.declare,
    Engage: engagements.engage,
    Escalate: engagements.escalate,
    ListAccessKeys: keys.list_access_keys,
    ListIncidents: incidents.list_incidents,
    Reopen: incidents.reopen,
    Resolve: incidents.resolve,
    RevokeAccessKey: keys.revoke_access_key,
    ShowIncident: incidents.show_incident,
    StopEngagement: engagements.stop_engagement,
}
_RANK: dict[Role, int] = {"observer": 0, "responder": 1, "admin": 2}

AHEAD = timedelta(minutes=5)
"""How far in the future a command may have been asked for: clocks differ."""


def permitted(role: Role) -> tuple[str, ...]:
    """The names of the actions that a role may do."""
    return tuple(name for name, arguments in ACTIONS.items() if _RANK[role] >= _RANK[arguments.role])


async def perform(backend: Backend, caller: Caller, command: Command, now: datetime) -> Document | CommandError:
    """The result of the action, or why there is none. Raises nothing."""
    kind = ACTIONS.get(command.action)
    if kind is None:
        return CommandError(
            code="UnknownAction",
            message=f"{command.action[:64]!r} is no action of this backend; it knows {', '.join(sorted(ACTIONS))}",
        )
    try:
        request = Request(backend, caller, _token(command), _asked_at(command, now), now)
        if _RANK[caller.role] < _RANK[kind.role]:
            raise AccessDeniedException(
                f"{caller.name} is {caller.role} and may not {kind.action}: it takes the key of a {kind.role}"
            )
        try:
            arguments = kind.model_validate(command.arguments)
        except ValidationError as error:
            raise ValidationException(f"{kind.action}: {where(error)}", reason="FIELD_VALIDATION_FAILED") from None
        return await _DO[kind](request, arguments)
    except ServiceError as error:
        return CommandError(code=error.code, message=error.message)
    except StoreError as error:
        return CommandError(code="InternalServerException", message=str(error))
    except Exception:
        log.exception("the action %s failed", kind.action)
        return CommandError(
            code="InternalServerException",
            message=f"{kind.action} failed by a fault of the backend; its log says why. Try again.",
        )


def _token(command: Command) -> str:
    if not re.fullmatch(TOKEN, command.token):
        raise ValidationException(f"token: must be of the form {TOKEN}", reason="FIELD_VALIDATION_FAILED")
    return command.token


def _asked_at(command: Command, now: datetime) -> datetime:
    at = command.at or now
    if at > now + AHEAD:
        raise ValidationException(
            f"at: {(at - now).total_seconds():.0f} s in the future of this backend: set the clock",
            reason="FIELD_VALIDATION_FAILED",
        )
    if at < now - WINDOW:
        # Its tokens may be forgotten: it would act a second time.
        raise ValidationException(
            f"at: it was asked for more than {WINDOW // timedelta(hours=1)} h ago; look whether it was done, ask anew",
            reason="FIELD_VALIDATION_FAILED",
        )
    return at.astimezone(UTC)
