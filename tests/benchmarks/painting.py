"""Bytes on the pty when one incident's field changes, 1,000 open incidents, beside the same on a DataTable."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator

from tests.benchmarks.figures import Figure
from tests.benchmarks.scene import mark_of, scene, title_of
from tests.terminal import Terminal

__all__ = ["measure"]

INCIDENTS, CHANGES, WINDOW = 1000, 15, 0.4
PAST_TICK = 0.25
"""Seconds into a second of the clock: what ticks has ticked, and does not again within `WINDOW`."""
SIZE = {"columns": 200, "rows": 50}


def bytes_of(terminal: Terminal, act: Callable[[], object], mark: bytes) -> int:
    """Bytes written from `act` until shortly after `mark` was on its way."""
    time.sleep((PAST_TICK - time.time()) % 1)
    since = len(terminal.received)
    act()
    terminal.wait_for_bytes(mark, since)
    time.sleep(WINDOW)
    return len(terminal.received) - since


def idle_bytes(terminal: Terminal, seconds: float) -> float:
    """Bytes a second while nothing happens."""
    since = len(terminal.received)
    time.sleep(seconds)
    return (len(terminal.received) - since) / seconds


def ours() -> tuple[list[int], float]:
    with (
        scene(INCIDENTS) as stage,
        Terminal(stage.war_room, env=stage.environment, emulate=False, **SIZE) as terminal,
    ):
        terminal.wait_for_bytes(title_of(INCIDENTS - 1).encode(), 0)
        terminal.settle(1.0)
        poster = stage.poster()
        counts = []
        for number in range(CHANGES):
            arn, title = stage.arns[-4], mark_of(number)  # on the screen, and not the selected one
            counts.append(
                bytes_of(
                    terminal,
                    lambda arn=arn, title=title: poster.post("updateIncidentRecord", {"arn": arn, "title": title}),
                    mark_of(number).encode(),
                )
            )
        return counts, idle_bytes(terminal, 10)


def datatable() -> list[int]:
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "tests.benchmarks.datatable_app", str(INCIDENTS), str(reading)]
    with Terminal(command, env=dict(os.environ), emulate=False, keep=(reading,), **SIZE) as terminal:
        terminal.wait_for_bytes(b"000003 of the open", 0)
        terminal.settle(1.0)
        counts = []
        for number in range(CHANGES):
            title = mark_of(number)
            counts.append(
                bytes_of(
                    terminal,
                    lambda title=title: os.write(writing, f"cell 3 {title}\n".encode()),
                    mark_of(number).encode(),
                )
            )
        os.close(writing)
        os.close(reading)
        return counts


def measure() -> Iterator[Figure]:
    peer = statistics.median(datatable())
    counts, idle = ours()
    middle = statistics.median(counts)
    what = f"one incident's title changes, {INCIDENTS} open, 200x50"
    yield Figure(f"{what}, DataTable", f"{peer:.0f} bytes", "", None)
    yield Figure(f"{what}, the war room", f"{middle:.0f} bytes", "at most 400 bytes", middle <= 400)
    yield Figure("  as a part of the DataTable's", f"1/{peer / middle:.0f}", "", None)
    yield Figure("idle: clock and ages alone", f"{idle:.0f} bytes/s", "", None)
