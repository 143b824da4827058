"""What the war room needs of its connection: the methods of `warroom.stream.client.Link`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from warroom.stream.news import News

if TYPE_CHECKING:
    from warroom.stream.actions import Arguments

__all__ = ["LinkFactory", "LinkLike"]


class LinkLike(Protocol):
    """A connection that lives in a thread of its own. None of its methods waits for the network."""

    @property
    def last_heard(self) -> float:
        """`time.monotonic()` of the last sign of life of the backend."""
        ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def watch(self, incident_arn: str) -> None: ...

    def unwatch(self, incident_arn: str) -> None: ...

    def page(self, incident_arn: str, before: str) -> None: ...

    def command(self, arguments: Arguments, token: str | None = None) -> str: ...


LinkFactory = Callable[[Callable[[News], None]], LinkLike]
"""Makes the connection that hands its news, from its own thread, to the callable that it is given."""
