"""The war room on a real terminal: it leaves that as it was found, and it writes no more than what changed."""

from __future__ import annotations

import os
import signal
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from terminal import Terminal

PROGRAM = Path(__file__).parent / "on_terminal.py"
LEFT = b"\x1b[?1049l"


@pytest.fixture
def open_terminal(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(incidents: int = 0, columns: int = 80, rows: int = 24, **env: str) -> Terminal:
        tree = PROGRAM.parent.parent.parent
        command = [sys.executable, str(PROGRAM), str(incidents)]
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(tree), **env}
        opened.append(Terminal(command, env=environment, columns=columns, rows=rows))
        opened[-1].wait_for("Rolling back payments-api", timeout=30)
        opened[-1].settle()
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


def ends_within(terminal: Terminal, seconds: float) -> int:
    began = time.monotonic()
    code = terminal.wait_exit(seconds + 2)
    assert time.monotonic() - began <= seconds
    return code


def is_as_before(terminal: Terminal) -> bool:
    terminal.wait_for_bytes(LEFT, 0)
    settings = termios.tcgetattr(terminal.master)
    return settings == terminal.settings_before and b"\x1b[?25h" in terminal.received


@pytest.mark.parametrize("key", ["q", "\x03", "\x11"])
def test_a_key_ends_it_and_the_terminal_is_as_before(open_terminal: Callable[..., Terminal], key: str) -> None:
    terminal = open_terminal()
    terminal.send(key)
    assert ends_within(terminal, 2) == 0
    assert is_as_before(terminal)
    terminal.wait_for_bytes(b"the connection is closed", terminal.received.index(LEFT))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_within_a_second_and_the_terminal_is_as_before(
    open_terminal: Callable[..., Terminal], number: signal.Signals
) -> None:
    terminal = open_terminal()
    terminal.process.send_signal(number)
    assert ends_within(terminal, 1.2) == 128 + number
    assert is_as_before(terminal)


def test_a_dropped_line_ends_it_within_a_second(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal()
    terminal.hang_up()
    assert ends_within(terminal, 1.5) == 128 + signal.SIGHUP


def test_a_signal_ends_it_even_when_the_terminal_takes_no_output(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal(1000, 200, 50)
    terminal._open = False
    terminal._reader.join(1)
    for key in "jkjkjkjkjkjkjkjkjkjkjkjkjkjkjkjkjkjkjkjkjk" * 5:
        terminal.send(key)
    time.sleep(1)
    terminal.process.send_signal(signal.SIGTERM)
    assert ends_within(terminal, 1.5) == 128 + signal.SIGTERM
    settings = termios.tcgetattr(terminal.master)
    assert settings == terminal.settings_before


def test_nothing_is_written_while_nothing_changes(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal(1000, 200, 50)
    before = len(terminal.received)
    time.sleep(2.5)
    assert len(terminal.received) == before


def test_a_changed_field_of_one_of_a_thousand_incidents_writes_less_than_400_bytes(
    open_terminal: Callable[..., Terminal],
) -> None:
    terminal = open_terminal(1000, 200, 50)
    for number in range(3):
        before = len(terminal.received)
        terminal.process.send_signal(signal.SIGUSR1)
        terminal.wait_for(f"slow, {number} of 9")
        terminal.settle()
        assert 0 < len(terminal.received) - before <= 400


def test_the_screen_fits_80x24_and_follows_the_window(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal()
    assert "q quit" in terminal.lines[-1]
    terminal.resize(120, 40)
    terminal.wait_until(lambda text: "q quit" in text.splitlines()[-1], "the footer at the new bottom")
    terminal.resize(60, 20)
    terminal.wait_for("enlarge to 80x20")


def test_a_disturbed_screen_is_drawn_anew_by_a_key(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal()
    terminal._stream.feed(b"\x1b[2Jsomebody wrote here")
    terminal.send("\x0c")
    terminal.wait_for("Open incidents 6")
    assert "somebody" not in terminal.text


def test_without_colours_severity_selection_and_state_are_still_told(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal(NO_COLOR="1")
    assert "▌▸ 1 Critical" in terminal.text
    assert "● live" in terminal.text
