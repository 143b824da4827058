"""Every way out leaves the terminal as it was found, within a second.

Textual ends well by its own keys. This adds what it lacks: SIGTERM, SIGHUP, the end of the input (a dropped ssh:
Textual would read it for ever), and a terminal that takes no more output while the war room is told to end.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

if sys.platform != "win32":
    import termios

__all__ = ["TerminalGuard"]

GRACE = 0.8
"""Seconds that the orderly way out may take before the hard one is taken."""

RESTORE = (
    b"\x1b[?2026l\x1b[<u\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2048l"
    b"\x1b[?7h\x1b[0m\x1b[2J\x1b[?1049l\x1b[?25h"
)
"""End synchronised output, kitty keys, mouse, focus and paste reports; wrap lines; main screen; show the cursor."""


HUNG_UP = 128 + 1
"""The exit code after SIGHUP, signal 1 everywhere."""


class TerminalGuard:
    """Watches for a reason to leave and then asks the app to; `leave` is called in the app's thread."""

    def __init__(self) -> None:
        self._modes: list[Any] | None = None
        self.exit_code: int | None = None
        """128 + the signal that ended it; None when none did."""

    def remember(self) -> None:
        """Take down how the terminal is set before anything changes it."""
        if sys.platform != "win32" and sys.stdin.isatty():
            self._modes = termios.tcgetattr(sys.stdin.fileno())

    def watch(self, leave: Callable[[], object]) -> None:
        """Begin; to be called in the running event loop of the app."""
        loop = asyncio.get_running_loop()

        def go(number: int) -> None:
            if self.exit_code is None:
                self.exit_code = 128 + number
                threading.Thread(target=self._leave_hard, name="last way out", daemon=True).start()
                loop.call_soon_threadsafe(leave)

        def caught(number: int, frame: FrameType | None) -> None:
            go(number)

        if sys.platform != "win32" and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, caught)
            signal.signal(signal.SIGHUP, caught)
            if sys.stdin.isatty():
                threading.Thread(target=_until_hang_up, args=(lambda: go(signal.SIGHUP),), daemon=True).start()

    def let_go(self) -> None:
        """The app has ended. After a hang-up, what is still written goes nowhere, so that it cannot fail."""
        if self.exit_code == HUNG_UP:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.dup2(nowhere, sys.stderr.fileno())

    def _leave_hard(self) -> None:
        """The terminal takes nothing, so the app cannot end in order: set the modes back, say what fits, and go."""
        threading.Event().wait(GRACE)
        if self._modes is not None:
            try:
                descriptor = sys.stdin.fileno()
                termios.tcflush(descriptor, termios.TCOFLUSH)
                termios.tcsetattr(descriptor, termios.TCSANOW, self._modes)
                os.set_blocking(descriptor, False)
                os.write(descriptor, RESTORE)
            except OSError:
                pass  # The terminal is gone; there is nobody left to tell.
            except termios.error:
                pass
        os._exit(self.exit_code or 1)


def _until_hang_up(hung_up: Callable[[], None]) -> None:
    """Wait, at no cost, until the other side of the terminal is gone. Input itself is not looked at."""
    poll = select.poll()
    poll.register(sys.stdin.fileno(), 0)
    poll.poll()
    hung_up()
