"""The console: each message as one line of a stream. It says no more than that the line was written."""

from __future__ import annotations

import asyncio
import os
import queue
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple, TextIO

from warroom.engine.paging.provider import Accepted, Message, Providers, Refused
from warroom.model.narrative import one_line

__all__ = ["Console", "console_providers"]


class _Line(NamedTuple):
    text: str
    written: asyncio.Future[None]


class Console:
    """Writes to `stream`, by default the standard output of the process.

    A line: `console SMS to +15550100: [code 425440] Checkout is down | 5xx at 40 %`

    A terminal can be stopped, a pipe be full: that holds up who sends, until they lose patience, but neither the
    engine nor the end of the process.
    """

    name = "console"

    def __init__(self, stream: TextIO | None = None) -> None:
        self._write = _writing_to(sys.stdout if stream is None else stream)
        self._waiting: queue.SimpleQueue[_Line] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="warroom-console", daemon=True).start()

    async def send(self, message: Message) -> Accepted:
        """Returns once the line is written. Raises `Refused` when the stream cannot be written."""
        told = " | ".join(filter(None, (one_line(message.subject), one_line(message.content))))
        what = "code" if message.kind == "page" else "activation code"
        address = one_line(message.address)
        text = f"{self.name} {message.channel_type} to {address}: [{what} {message.code}] {told}\n"
        line = _Line(text, asyncio.get_running_loop().create_future())
        self._waiting.put(line)
        try:
            await line.written
        except (OSError, ValueError) as failure:
            raise Refused(f"the console cannot be written: {failure}") from failure
        return Accepted(f"{self.name}:{message.attempt_id}")

    def _run(self) -> None:
        while True:
            line = self._waiting.get()
            if line.written.cancelled():
                continue  # Its sender has given it up, and said so.
            failure: Exception | None = None
            try:
                self._write(line.text)
            except Exception as raised:
                failure = raised
            with suppress(RuntimeError):  # The loop has ended, and its sender with it.
                line.written.get_loop().call_soon_threadsafe(_tell, line.written, failure)


def _tell(written: asyncio.Future[None], failure: Exception | None) -> None:
    if written.done():
        return
    if failure is None:
        written.set_result(None)
    else:
        written.set_exception(failure)


def _writing_to(stream: TextIO) -> Callable[[str], None]:
    """What writes a line, past Python's own buffer where there is a file: the process, when it ends, would wait for
    a thread that hangs in the buffer."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):  # It is in memory, or closed.

        def write(text: str) -> None:
            stream.write(text)
            stream.flush()
    else:

        def write(text: str) -> None:
            left = text.encode(errors="backslashreplace")
            while left:
                left = left[os.write(descriptor, left) :]

    return write


def console_providers(stream: TextIO | None = None) -> Providers:
    """The console as the way out for every type of channel."""
    console = Console(stream)
    return {"SMS": console, "VOICE": console, "EMAIL": console}
