"""The terminal is left as it was found, on every way out (`terminal.md`, "ssh, tmux and jump hosts")."""

from __future__ import annotations

import os
import signal
import termios
import time

import pytest

ALTERNATE_SCREEN_OFF, CURSOR_ON = b"\x1b[?1049l", b"\x1b[?25h"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_ends_it_within_a_second_and_restores_the_terminal(on_call, open_war_room, number):
    war_room = open_war_room()
    war_room.wait_for("live")
    os.kill(war_room.process.pid, number)
    began = time.monotonic()
    war_room.wait_exit(3)
    assert time.monotonic() - began < 1.5
    war_room.settle()
    assert war_room.received.rfind(ALTERNATE_SCREEN_OFF) > war_room.received.rfind(b"\x1b[?1049h")
    assert war_room.received.rfind(CURSOR_ON) > war_room.received.rfind(b"\x1b[?25l")
    assert termios.tcgetattr(war_room.master)[:4] == war_room.settings_before[:4]


def test_a_dropped_terminal_ends_it_within_two_seconds(on_call, open_war_room):
    war_room = open_war_room()
    war_room.wait_for("live")
    war_room.hang_up()
    war_room.wait_exit(2.5)


def test_q_ends_it_with_exit_code_0_and_restores_the_terminal(on_call, open_war_room):
    war_room = open_war_room()
    war_room.wait_for("live")
    war_room.send("q")
    assert war_room.wait_exit(3) == 0
    war_room.settle()
    assert war_room.received.rfind(ALTERNATE_SCREEN_OFF) > war_room.received.rfind(b"\x1b[?1049h")
    assert termios.tcgetattr(war_room.master)[:4] == war_room.settings_before[:4]
