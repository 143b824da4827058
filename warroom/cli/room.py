"""Opening the war room over a backend."""

from __future__ import annotations

import sys
from collections.abc import Callable

from warroom.cli.exits import UsageMistake
from warroom.cli.invocation import Invocation
from warroom.config import Context

__all__ = ["need_a_terminal", "open_war_room", "show_war_room"]


def open_war_room(invocation: Invocation) -> int:
    """Show the war room over the backend that is meant; the one of this home is started when none runs.

    Returns the exit code. Raises `ConfigError` and `BackendUnavailable` before anything is drawn.
    """
    me = invocation.settings.me
    named = invocation.named_context()
    need_a_terminal()
    if named:
        return show_war_room(lambda: named, name=named.name, me=me)
    local = invocation.local_backend()
    local()  # What keeps it from starting is said on the plain terminal, not behind a screen.
    return show_war_room(local, name="local", me=me)


def show_war_room(locate: Callable[[], Context], *, name: str, me: str | None = None) -> int:
    """Show the war room until its user leaves; returns the exit code.

    `locate` is called in another thread before every attempt to connect.
    """
    from warroom.stream.endpoint import Endpoint
    from warroom.tui.opening import Opening

    def resolve() -> Endpoint:
        found = locate()
        return Endpoint(found.url, found.access_key_id, found.secret_access_key)

    opening = Opening(resolve)
    from warroom.tui.app import run

    return run(opening, backend_name=name, me=me)


def need_a_terminal() -> None:
    """Raises `UsageMistake` where there is none."""
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):  # Textual draws on the last
        raise UsageMistake("the war room needs a terminal: in scripts use `warroom list` and its like")
