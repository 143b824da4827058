"""An Incident Manager that keeps what it is given, behind the real API in a process of its own.

It has no rules: what is created can be read back, and a few operations raise the error that they are told to
raise. As the caller `echo` it takes every operation of both services and answers with nothing.

    python recorder.py      prints the port that it serves on
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from warroom.api.app import routes
from warroom.model import errors
from warroom.model.arn import contact_arn, incident_record_arn, response_plan_arn
from warroom.model.contacts import Contact
from warroom.model.identity import Caller, Role

__all__ = ["ACCOUNT", "ERRORS", "KEYS", "REGION", "Key", "Recorder"]

ACCOUNT: Final = "111122223333"
REGION: Final = "us-east-1"


@dataclass(frozen=True)
class Key:
    """An access key as the API sees it."""

    access_key_id: str
    caller: Caller
    secret_access_key: str = field(repr=False)
    revoked_time: datetime | None = None


def _key(name: str, role: Role, revoked_time: datetime | None = None) -> Key:
    return Key(f"AKIA{name.upper()}", Caller(ACCOUNT, name, role), f"secret+of/{name}", revoked_time)


KEYS: Final[Mapping[str, Key]] = {
    "admin": _key("admin", "admin"),
    "responder": _key("responder", "responder"),
    "observer": _key("observer", "observer"),
    "revoked": _key("revoked", "admin", datetime(2026, 1, 1, tzinfo=UTC)),
    "echo": _key("echo", "admin"),
}

ERRORS: Final[Mapping[str, Exception]] = {
    "validation": errors.ValidationException("no", reason="OTHER", fields=[("Reason", "is wrong")]),
    "not-found": errors.ResourceNotFoundException("gone", resource_id="r-1", resource_type="INCIDENT_RECORD"),
    "conflict": errors.ConflictException(
        "twice",
        resource_id="r-1",
        resource_type="ROTATION",
        retry_after=datetime(2026, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC),
        dependent_entities=[("ROTATION", ["rotation-1"])],
    ),
    "denied": errors.AccessDeniedException("not you"),
    "quota": errors.ServiceQuotaExceededException(
        "full", quota_code="stages-per-plan", resource_id="r-1", resource_type="RESPONSE_PLAN"
    ),
    "throttled": errors.ThrottlingException("slower", quota_code="tps", retry_after=1.5),
    "internal": errors.InternalServerException("ours"),
    "store": errors.StoreUnwritable("disk full at sector 7"),
    "unexpected": RuntimeError("a private detail"),
}


class Recorder:
    """What every caller but `echo` talks to; all share what is stored."""

    def __init__(self) -> None:
        self.plans: dict[str, dict[str, Any]] = {}
        self.incidents: dict[str, dict[str, Any]] = {}
        self.contacts: dict[str, Contact] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.accepted: list[dict[str, Any]] = []

    async def create_response_plan(self, *, name: str, client_token: str | None = None, **members: Any) -> Any:
        arn = response_plan_arn(ACCOUNT, name)
        self.plans[arn] = {"arn": arn, "name": name, **members}
        return {"arn": arn, "number": 7}

    async def get_response_plan(self, *, arn: str) -> Any:
        return _found(self.plans, arn, "RESPONSE_PLAN")

    async def update_response_plan(self, *, arn: str, client_token: str, **members: Any) -> None:
        _found(self.plans, arn, "RESPONSE_PLAN").update(members)

    async def start_incident(self, *, response_plan_arn: str, client_token: str, **members: Any) -> Any:
        plan = _found(self.plans, response_plan_arn, "RESPONSE_PLAN")
        arn = incident_record_arn(ACCOUNT, plan["name"], f"incident-{len(self.incidents)}")
        now = datetime(2026, 1, 1, 3, 12, 0, 125_000, tzinfo=UTC)
        self.incidents[arn] = {
            "arn": arn,
            "title": members.get("title") or plan["incident_template"]["title"],
            "impact": members.get("impact", 5),
            "status": "OPEN",
            "creation_time": now,
            "last_modified_time": now,
            "last_modified_by": "somebody",
            "dedupe_string": client_token,
            "incident_record_source": {"source": "aws.ssm-incidents.custom", "created_by": "somebody"},
            "chat_channel": {},
            "resolved_time": None,
            "number": 1042,
        }
        return {"incident_record_arn": arn}

    async def get_incident_record(self, *, arn: str) -> Any:
        return {"incident_record": _found(self.incidents, arn, "INCIDENT_RECORD")}

    async def list_incident_records(self, *, filters: Any = (), max_results: int = 100, next_token: str = "") -> Any:
        return {"incident_record_summaries": list(self.incidents.values())[:max_results]}

    async def delete_timeline_event(self, *, incident_record_arn: str, event_id: str) -> None:
        if event_id in ERRORS:
            raise ERRORS[event_id]

    async def stop_engagement(self, *, engagement_id: str, reason: str = "") -> None:
        if reason in ERRORS:
            raise ERRORS[reason]

    async def create_contact(self, *, alias: str, type: str, plan: Any, **members: Any) -> Any:
        arn = contact_arn(REGION, ACCOUNT, alias)
        self.contacts[arn] = Contact.model_validate(
            {"contact_arn": arn, "alias": alias, "type": type, "plan": plan, **members}
        )
        return {"contact_arn": arn}

    async def get_contact(self, *, contact_id: str) -> Any:
        return _found(self.contacts, contact_id, "CONTACT")

    async def accept_page(self, **members: Any) -> Any:
        self.accepted.append(members)
        return {}

    async def tag_resource(self, *, resource_arn: str, tags: Any) -> None:
        pairs = tags if isinstance(tags, dict) else {tag["key"]: tag["value"] for tag in tags}
        self.tags.setdefault(resource_arn, {}).update(pairs)

    async def untag_resource(self, *, resource_arn: str, tag_keys: list[str]) -> None:
        for key in tag_keys:
            _found(self.tags, resource_arn, "RESPONSE_PLAN").pop(key, None)

    async def list_tags_for_resource(self, *, resource_arn: str) -> Any:
        return {"tags": _found(self.tags, resource_arn, "RESPONSE_PLAN")}


def _found(things: Mapping[str, Any], key: str, resource_type: str) -> Any:
    if key not in things:
        raise errors.ResourceNotFoundException(f"{key} not found", resource_id=key, resource_type=resource_type)
    return things[key]


class Echo:
    """Takes every operation."""

    def __getattr__(self, operation: str) -> Any:
        async def take(**members: Any) -> dict[str, Any]:
            return {}

        return take


def _application() -> Starlette:
    recorder, echo = Recorder(), Echo()
    by_id = {key.access_key_id: key for key in KEYS.values()}

    async def find_key(access_key_id: str) -> Key | None:
        return by_id.get(access_key_id)

    async def healthy(request: Request) -> PlainTextResponse:
        return PlainTextResponse("well")

    served = routes(
        lambda caller: echo if caller.name == "echo" else recorder,
        find_key,
        lambda: datetime.now(UTC),
        region=REGION,
    )
    return Starlette(routes=[*served, Route("/healthz", healthy)])


if __name__ == "__main__":
    logging.basicConfig(format="%(levelname)s %(message)s")
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    config = uvicorn.Config(_application(), loop="uvloop", http="httptools", lifespan="off", log_level="warning")
    uvicorn.Server(config).run(sockets=[listening])
