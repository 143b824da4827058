"""10,000 open incidents: snapshot to painted, and key to paint while 100 changes a second arrive."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator

from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.scene import Scene, mark_of, scene, title_of
from tests.benchmarks.starting import paint_time
from tests.terminal import Terminal

__all__ = ["measure"]

INCIDENTS, RATE, KEYS = 10_000, 100, 300
SIZE = {"columns": 200, "rows": 50}


def change_at_random(stage: Scene, stop: threading.Event) -> list[float]:
    """Change titles of random incidents at `RATE` a second until `stop`; return when each was sent."""
    poster, draw, sent = stage.poster(), random.Random(1), []
    began = time.perf_counter()
    while not stop.is_set():
        index = draw.randrange(INCIDENTS)
        sent.append(
            poster.post(
                "updateIncidentRecord",
                {"arn": stage.arns[index], "title": f"{title_of(index)} changed {len(sent)}"},
            )
        )
        stop.wait(max(0.0, began + len(sent) / RATE - time.perf_counter()))
    return sent


def measure() -> Iterator[Figure]:
    with scene(1) as small:
        alone = min(paint_time(small.war_room, small.environment, [title_of(0).encode()]) for _ in range(3))
    with scene(INCIDENTS) as stage:
        # The count of all open incidents stands on the screen only when the whole snapshot was applied.
        marks = [title_of(INCIDENTS - 1).encode(), f"{INCIDENTS:,}".encode()]
        whole = min(paint_time(stage.war_room, stage.environment, marks) for _ in range(3))
        took = []
        with Terminal(stage.war_room, env=stage.environment, emulate=False, **SIZE) as terminal:
            for mark in marks:
                terminal.wait_for_bytes(mark, 0)
            terminal.settle()
            stop, sent = threading.Event(), []
            load = threading.Thread(target=lambda: sent.extend(change_at_random(stage, stop)), daemon=True)
            load.start()
            try:
                time.sleep(1)
                for number in range(KEYS):
                    # Rows below are older; the one that the key selects is repainted with its title.
                    since, mark = len(terminal.received), mark_of(INCIDENTS - 2 - number).encode()
                    pressed = time.perf_counter()
                    terminal.send("j")
                    took.append((terminal.wait_for_bytes(mark, since) - pressed) * 1000)
                    time.sleep(0.03)
            finally:
                stop.set()
                load.join(5)
    snapshot = whole - alone
    rate = len(sent) / (sent[-1] - sent[0])
    middle, high = percentile(took, 50), percentile(took, 99)
    yield Figure("start to painted, 1 incident", f"{alone:.0f} ms", "", None)
    yield Figure(f"start to painted, {INCIDENTS:,} incidents", f"{whole:.0f} ms", "", None)
    yield Figure("  so the snapshot to painted", f"{snapshot:.0f} ms", "at most 1,000 ms", snapshot <= 1000)
    yield Figure("changes a second meanwhile", f"{rate:.0f}", f"{RATE}", rate >= RATE * 0.95)
    yield Figure(f"key to paint, {INCIDENTS:,} incidents, p50", f"{middle:.1f} ms", "", None)
    yield Figure(f"key to paint, {INCIDENTS:,} incidents, p99", f"{high:.1f} ms", "at most 20 ms", high <= 20)
