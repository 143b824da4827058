"""The frames of the stream protocol, version 1 (`design.md`, "The stream protocol").

One websocket, one JSON text frame a message, told apart by `kind`. Unknown members are ignored and
unknown kinds skipped, so that either side may be newer.

client -> server   hello  watch  unwatch  page  command
server -> client   welcome  snapshot  changes  history  reply

A connection opens with `hello`; anything else first, or nothing for 10 s, closes it. After `welcome` comes
either what the client missed (`changes`, when it resumed a known epoch and seq) or a `snapshot`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from warroom.model.identity import Role
from warroom.model.record import Instant

__all__ = [
    "MAX_CLIENT_FRAME",
    "PROTOCOL",
    "ChangeBody",
    "Changes",
    "ClientFrame",
    "Close",
    "Command",
    "CommandError",
    "Cursor",
    "Hello",
    "History",
    "PageRequest",
    "Principal",
    "Reply",
    "Snapshot",
    "Unwatch",
    "Watch",
    "Welcome",
    "client_frames",
]

PROTOCOL = 1
MAX_CLIENT_FRAME = 256 * 1024
"""Bytes; a larger frame from a client closes the connection with 1009 (RFC 6455, 7.4.1)."""


class Close:
    """The close codes of our own (RFC 6455, 7.4.2: 4000 to 4999 are private)."""

    BAD_FRAME = 4400
    """Not JSON, or not of the frame's form. The reason says which member."""
    BAD_TOKEN = 4401
    """Unknown or revoked key, wrong signature, or a clock that is off. Do not retry with the same key."""
    PROTOCOL_UNKNOWN = 4406
    """The client speaks a version that this server does not. Upgrade the older one."""
    HELLO_TIMEOUT = 4408


class Frame(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Cursor(Frame):
    """A place in the change log: `seq` counts within `epoch`, the identity of one database."""

    epoch: str
    seq: int


# --- client -> server


class Hello(Frame):
    kind: Literal["hello"] = "hello"
    protocol: int = PROTOCOL
    token: str
    """See `warroom.stream.token`."""
    resume: Cursor | None = None
    follow: bool = True
    """False: send neither a snapshot nor changes; for who only gives commands."""


class Watch(Frame):
    """Send the incident's timeline and related items, now (`history`) and as they change."""

    kind: Literal["watch"] = "watch"
    incident: str
    """ARN."""


class Unwatch(Frame):
    kind: Literal["unwatch"] = "unwatch"
    incident: str


class PageRequest(Frame):
    """Older history of a watched incident; answered by a `history`."""

    kind: Literal["page"] = "page"
    incident: str
    before: str
    """The `older` of the last `history`."""


class Command(Frame):
    """Do an action of `warroom.stream.actions`. The same token never acts twice."""

    kind: Literal["command"] = "command"
    id: str
    """Chosen by the client; the `reply` bears it."""
    action: str
    token: str
    """1 to 100 letters, digits and `_+=-`."""
    arguments: dict[str, Any] = {}
    at: Instant | None = None
    """When it was asked for, by the backend's clock (`welcome.time`); the same each time it is sent again."""


ClientFrame = Annotated[Hello | Watch | Unwatch | PageRequest | Command, Field(discriminator="kind")]
client_frames: TypeAdapter[ClientFrame] = TypeAdapter(ClientFrame, config=ConfigDict(defer_build=True))

# --- server -> client


class Principal(Frame):
    """Who the key says you are."""

    account: str
    name: str
    arn: str
    role: Role
    contact_arn: str | None = None


class Welcome(Frame):
    kind: Literal["welcome"] = "welcome"
    protocol: int = PROTOCOL
    epoch: str
    server: str
    """The version of the backend."""
    time: Instant
    """The backend's clock; ages and countdowns are reckoned by it."""
    principal: Principal
    actions: tuple[str, ...]
    """What you may do."""
    resumed: bool
    """True: only what you missed follows. False: a snapshot follows."""


class ChangeBody(Frame):
    """A `warroom.model.changes.Change` on the wire; `record` is in the members of its kind."""

    seq: int
    at: Instant
    kind: str
    key: str
    record: dict[str, Any] | None


class Snapshot(Frame):
    """The open world at `seq`: all open incidents with their engagements and pages, plans, contacts, channels.

    Sent in parts; `first` means that what was held before is void, `last` that the world is whole.
    """

    kind: Literal["snapshot"] = "snapshot"
    seq: int
    first: bool
    last: bool
    changes: tuple[ChangeBody, ...]


class Changes(Frame):
    """Committed changes in order, coalesced by key when the client was slow; `seq` is the new cursor."""

    kind: Literal["changes"] = "changes"
    seq: int
    changes: tuple[ChangeBody, ...]


class History(Frame):
    """A part of an incident's timeline, newest first, answering `watch` (latest) or `page` (older).

    The answer to `watch` replaces all that was held of the incident's timeline and related items.
    """

    kind: Literal["history"] = "history"
    incident: str
    latest: bool
    """True: this answers `watch`."""
    changes: tuple[ChangeBody, ...]
    older: str | None
    """Give it back as `before` to read on; None: there is nothing older."""


class CommandError(Frame):
    code: str
    """The service's error code, e.g. `ValidationException`, or `UnknownAction`."""
    message: str


class Reply(Frame):
    """What became of a command. Exactly one of `result` and `error` is set."""

    kind: Literal["reply"] = "reply"
    id: str
    result: dict[str, Any] | None = None
    error: CommandError | None = None
