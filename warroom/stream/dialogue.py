"""The client's side of the stream protocol without a socket: bytes in, news out; wishes in, frames out.

It outlives connections. It knows the cursor to resume from, the incidents that are watched, and the commands
that were not answered yet; after each `welcome` it asks for all of them again, each command with its own id
and token, so that nothing acts twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import ValidationError
from pydantic_core import from_json

from warroom.model.changes import KINDS, Change
from warroom.stream.endpoint import Endpoint
from warroom.stream.frames import (
    Command,
    CommandError,
    Cursor,
    Hello,
    PageRequest,
    Reply,
    Unwatch,
    Watch,
    Welcome,
)
from warroom.stream.news import Arrived, Connected, HistoryArrived, News, Replied
from warroom.stream.token import sign_token

if TYPE_CHECKING:
    from warroom.stream.actions import Arguments

__all__ = ["Dialogue", "Unreadable", "wall_clock"]

ClientSays = Hello | Watch | Unwatch | PageRequest | Command


def wall_clock() -> datetime:
    """The clock of this machine, and the default of a client alone: nothing is decided by it.

    The token of `hello` needs some clock before the backend's is known; what it differs from the backend's is
    learnt from each `welcome`, and all times that matter are the backend's.
    """
    return datetime.now(UTC)


class Unreadable(Exception):
    """The backend sent what is no frame of the protocol; the only remedy is to begin anew with a snapshot."""


class Dialogue:
    """`follow` False: neither snapshot nor changes are wanted, only answers to commands."""

    def __init__(self, *, follow: bool = True, now: Callable[[], datetime] = wall_clock) -> None:
        self._follow = follow
        self._now = now
        self._endpoint_url = ""
        self._welcomed = False
        self._outgoing: deque[ClientSays] = deque()
        self._watched: dict[str, None] = {}
        self._unanswered: dict[str, Command] = {}
        self._skew = timedelta()
        self._epoch = ""
        self.cursor: Cursor | None = None
        """Where to resume; None while the world that is held is not whole."""
        self.skipped = 0
        """Changes that were left out because their record was not readable."""

    @property
    def welcomed(self) -> bool:
        """Whether the backend let us in, on the present connection."""
        return self._welcomed

    # --- wishes

    def open(self, endpoint: Endpoint) -> None:
        """A connection is there: say hello."""
        self.lost()
        self._endpoint_url = endpoint.url
        token = sign_token(endpoint.access_key_id, endpoint.secret_access_key, self._now().timestamp())
        self._outgoing.append(Hello(token=token, resume=self.cursor, follow=self._follow))

    def lost(self) -> None:
        """The connection is gone; what was to be sent on it is void."""
        self._welcomed = False
        self._outgoing.clear()

    def watch(self, incident_arn: str) -> None:
        self._watched[incident_arn] = None
        self._say(Watch(incident=incident_arn))

    def unwatch(self, incident_arn: str) -> None:
        if incident_arn in self._watched:
            del self._watched[incident_arn]
            self._say(Unwatch(incident=incident_arn))

    def page(self, incident_arn: str, before: str) -> None:
        """Ask for older history. It is not asked for again on another connection: `watch` begins anew there."""
        self._say(PageRequest(incident=incident_arn, before=before))

    def asked_at(self) -> datetime:
        """The present moment by the backend's clock, as far as it is known. Safe to call from any thread."""
        return self._now() + self._skew

    def command(self, command_id: str, arguments: Arguments, token: str, at: datetime) -> None:
        """Send a command until it is answered."""
        command = Command(
            id=command_id,
            action=arguments.action,
            token=token,
            arguments=arguments.model_dump(mode="json", exclude_unset=True),
            at=at,
        )
        self._unanswered[command_id] = command
        self._say(command)

    def give_up(self, reason: str) -> list[Replied]:
        """The backend could not take what it was sent: answer the commands ourselves, so that they are not what
        it is sent again and again."""
        error = CommandError(code="NotUnderstood", message=f"the backend did not understand: {reason}")
        given_up = [Replied(command.id, command.action, None, error) for command in self._unanswered.values()]
        self._unanswered.clear()
        return given_up

    def _say(self, frame: ClientSays) -> None:
        if self._welcomed:
            self._outgoing.append(frame)

    def outgoing(self) -> list[str]:
        """The frames to send now."""
        frames = [frame.model_dump_json(exclude_none=True) for frame in self._outgoing]
        self._outgoing.clear()
        return frames

    # --- what is heard

    def receive(self, text: bytes | str) -> News | None:
        """The news in a frame; None when there is none in it, as in a frame of an unknown kind.

        Raises `Unreadable`; the cursor is forgotten then, because something may have been missed.
        """
        try:
            frame = from_json(text)
            hear = self._HEAR.get(frame["kind"])
            return None if hear is None else hear(self, frame)
        except (KeyError, TypeError, ValueError) as error:
            self.cursor = None
            raise Unreadable(f"the backend sent an unreadable frame ({type(error).__name__})") from error

    def _hear_welcome(self, frame: dict[str, Any]) -> News:
        welcome = Welcome.model_validate(frame)
        self._skew = welcome.time - self._now()
        self._epoch = welcome.epoch
        if not welcome.resumed:
            self.cursor = None
        self._welcomed = True
        self._outgoing.extend(Watch(incident=incident) for incident in self._watched)
        self._outgoing.extend(self._unanswered.values())
        return Connected(self._endpoint_url, welcome)

    def _hear_snapshot(self, frame: dict[str, Any]) -> News:
        news = Arrived(frame["seq"], self._changes(frame), True, frame["first"], frame["last"])
        self.cursor = Cursor(epoch=self._epoch, seq=news.seq) if news.last else None
        return news

    def _hear_changes(self, frame: dict[str, Any]) -> News:
        news = Arrived(frame["seq"], self._changes(frame), False, False, True)
        self.cursor = Cursor(epoch=self._epoch, seq=news.seq)
        return news

    def _hear_history(self, frame: dict[str, Any]) -> News | None:
        incident: str = frame["incident"]
        if incident not in self._watched:
            return None
        return HistoryArrived(incident, self._changes(frame), frame["latest"], frame["older"])

    def _hear_reply(self, frame: dict[str, Any]) -> News | None:
        reply = Reply.model_validate(frame)
        command = self._unanswered.pop(reply.id, None)
        if command is None:
            return None
        error = reply.error
        if error is None and reply.result is None:
            error = CommandError(code="InternalServerException", message="the backend's answer was empty")
        return Replied(reply.id, command.action, reply.result, error)

    _HEAR: ClassVar[dict[str, Callable[[Dialogue, dict[str, Any]], News | None]]] = {
        "welcome": _hear_welcome,
        "snapshot": _hear_snapshot,
        "changes": _hear_changes,
        "history": _hear_history,
        "reply": _hear_reply,
    }

    def _changes(self, frame: dict[str, Any]) -> list[Change]:
        """Those of kinds that are known here and whose record is readable: a newer backend may send others."""
        changes: list[Change] = []
        for body in frame["changes"]:
            kind = KINDS.get(body["kind"])
            if kind is None:
                continue
            try:
                record = None if body["record"] is None else kind.model_validate(body["record"])
                changes.append(
                    Change(body["seq"], datetime.fromisoformat(body["at"]), body["kind"], body["key"], record)
                )
            except (ValidationError, ValueError):
                self.skipped += 1
        return changes
