"""The console: each message as one line of a stream. It says no more than that the line was written."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import TextIO

from warroom.engine.paging.provider import Accepted, Message, Providers, Refused
from warroom.model.narrative import one_line

__all__ = ["Console", "console_providers"]


class Console:
    """Writes to `stream`, by default the standard output of the process.

    A line: `console SMS to +15550100: [code 425440] Checkout is down | 5xx at 40 %`
    """

    name = "console"

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stdout if stream is None else stream
        self._one_at_a_time = threading.Lock()

    async def send(self, message: Message) -> Accepted:
        """Raises `Refused` when the stream cannot be written."""
        told = " | ".join(filter(None, (one_line(message.subject), one_line(message.content))))
        what = "code" if message.kind == "page" else "activation code"
        address = one_line(message.address)
        line = f"{self.name} {message.channel_type} to {address}: [{what} {message.code}] {told}\n"
        try:
            # A terminal can be stopped, a pipe be full: neither may hold the engine up.
            await asyncio.to_thread(self._write, line)
        except (OSError, ValueError) as failure:
            raise Refused(f"the console cannot be written: {failure}") from failure
        return Accepted(f"{self.name}:{message.attempt_id}")

    def _write(self, line: str) -> None:
        with self._one_at_a_time:
            self._stream.write(line)
            self._stream.flush()


def console_providers(stream: TextIO | None = None) -> Providers:
    """The console as the way out for every type of channel."""
    console = Console(stream)
    return {"SMS": console, "VOICE": console, "EMAIL": console}
