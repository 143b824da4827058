"""One command to the backend and its answer, for the headless twin."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError

from warroom.cli.exits import UsageMistake
from warroom.cli.invocation import Invocation
from warroom.model.errors import BackendUnavailable
from warroom.stream.actions import Arguments
from warroom.stream.endpoint import Endpoint
from warroom.stream.frames import Principal
from warroom.stream.session import Session

__all__ = ["arguments", "ask", "ask_as", "endpoint"]

A = TypeVar("A", bound=Arguments)

PATIENCE = 20.0
"""Seconds for connecting and the answer together."""


def arguments(form: type[A], **members: Any) -> A:
    """The arguments of an action. Raises `UsageMistake` naming the member that breaks its rule."""
    try:
        return form(**members)
    except ValidationError as error:
        first = error.errors()[0]
        member = ".".join(str(part) for part in first["loc"]) or form.action
        raise UsageMistake(f"{member}: {first['msg']}") from error


def endpoint(invocation: Invocation) -> Endpoint:
    """Where the commands of this invocation go. Raises `BackendUnavailable`."""
    target = invocation.reach()
    return Endpoint(target.url, target.access_key_id, target.secret_access_key)


def ask(invocation: Invocation, command: Arguments) -> dict[str, Any]:
    """Do one action; returns its result. Raises `BackendUnavailable`, `Refusal`, and `CommandFailed`."""
    return ask_as(invocation, lambda _: command)


def ask_as(invocation: Invocation, compose: Callable[[Principal], Arguments]) -> dict[str, Any]:
    """As `ask`, for an action that depends on who the backend says we are."""
    return asyncio.run(_ask(endpoint(invocation), compose))


async def _ask(target: Endpoint, compose: Callable[[Principal], Arguments]) -> dict[str, Any]:
    try:
        async with asyncio.timeout(PATIENCE), Session.open(target) as session:
            result: dict[str, Any] = await session.command(compose(session.welcome.principal))
            return result
    except TimeoutError as error:
        raise BackendUnavailable(f"{target.url} did not answer within {PATIENCE:g} s: is it a warroom?") from error
