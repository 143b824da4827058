"""A terminal for tests: a program on a real pty, its output read by an emulator (pyte) as a person would see it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

import pyte

__all__ = ["Terminal"]


class Terminal:
    """Run `command` on a pty of `columns` x `rows` cells and keep what it shows.

    `received` is every byte it wrote; with `emulate=False` the screen is not kept, for measurements. The program keeps
    the open file descriptors in `keep`.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        columns: int = 80,
        rows: int = 24,
        emulate: bool = True,
        cwd: str | os.PathLike[str] | None = None,
        keep: Sequence[int] = (),
    ) -> None:
        self.received = bytearray()
        self.columns, self.rows = columns, rows
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._emulate = emulate
        self._changed = threading.Condition()
        self.master, slave = pty.openpty()
        self.settings_before = termios.tcgetattr(slave)
        self.resize(columns, rows)
        self.process = subprocess.Popen(
            list(command),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **env},
            cwd=cwd,
            pass_fds=keep,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - runs before any thread of ours
        )
        self._slave = slave
        self._open = True
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while self._open:
            ready, _, _ = select.select([self.master], [], [], 0.1)
            if not ready:
                continue
            try:
                written = os.read(self.master, 65536)
            except OSError:
                return
            with self._changed:
                self.received += written
                if self._emulate:
                    self._stream.feed(written)
                self._changed.notify_all()

    def resize(self, columns: int, rows: int) -> None:
        """Change the window as a person dragging its corner would."""
        with self._changed:
            self.columns, self.rows = columns, rows
            self._screen.resize(rows, columns)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def send(self, keys: str | bytes) -> None:
        """Type."""
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    @property
    def lines(self) -> list[str]:
        """The rows of the screen as they are now."""
        with self._changed:
            return list(self._screen.display)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def wait_until(self, seen: Callable[[str], object], what: str, timeout: float = 15.0) -> str:
        """Wait until `seen(screen text)` holds, and return that text. Raises `AssertionError` with the screen."""
        end = time.monotonic() + timeout
        while True:
            text = self.text
            if seen(text):
                return text
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not seen within {timeout} s: {what}\n{text}")
            with self._changed:
                self._changed.wait(min(left, 0.1))

    def wait_for(self, text: str, timeout: float = 15.0) -> str:
        """Wait until `text` stands somewhere on the screen."""
        return self.wait_until(lambda screen: text in screen, repr(text), timeout)

    def wait_for_pattern(self, pattern: str, timeout: float = 15.0) -> str:
        """Wait until the regular expression is found on the screen."""
        return self.wait_until(lambda screen: re.search(pattern, screen), f"/{pattern}/", timeout)

    def wait_for_bytes(self, mark: bytes, since: int, timeout: float = 15.0) -> float:
        """Wait until `mark` was written after the first `since` bytes; return `time.perf_counter()` then."""
        end = time.monotonic() + timeout
        with self._changed:
            while self.received.find(mark, since) < 0:
                left = end - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"{mark!r} was not written within {timeout} s")
                self._changed.wait(left)
            return time.perf_counter()

    def settle(self, quiet: float = 0.3, timeout: float = 10.0) -> int:
        """Wait until nothing was written for `quiet` seconds; return how many bytes there are."""
        end = time.monotonic() + timeout
        size, since = len(self.received), time.monotonic()
        while time.monotonic() - since < quiet and time.monotonic() < end:
            time.sleep(0.02)
            if len(self.received) != size:
                size, since = len(self.received), time.monotonic()
        return size

    def wait_exit(self, timeout: float = 5.0) -> int:
        """Wait for the program to end by itself; return its exit code."""
        return self.process.wait(timeout)

    def hang_up(self) -> None:
        """Drop the line, as a lost ssh connection does: the kernel sends SIGHUP and reads find end-of-file."""
        self._stop_reading()

    def _stop_reading(self) -> None:
        self._open = False
        self._reader.join(1)
        for descriptor in (self.master, self._slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def close(self) -> None:
        """End the program, whatever it does."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(3)
        self._stop_reading()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
