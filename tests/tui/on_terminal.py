"""A war room on a real terminal, for tests: `python on_terminal.py INCIDENTS`; SIGUSR1 changes a field of one.

The clock stands still, so that nothing is written that nobody asked for.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import count as count_up
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tui.script import (
    CHECKOUT,
    NOW,
    TIMELINE,
    ScriptedLink,
    StillClock,
    arrived,
    changed,
    history,
    incident,
    outage,
    welcome,
)
from warroom.stream.news import Connected, News
from warroom.tui.app import run


class TalkingLink(ScriptedLink):
    """Says on its own what is asked for; at SIGUSR1 it says that a title changed."""

    def __init__(self, deliver: Callable[[News], None], clock: StillClock, count: int) -> None:
        super().__init__(deliver, clock)
        self._some = [incident(5000 + number, "Something is slow", 3) for number in range(count)]
        self._first = incident(4999, "Something is slow", 1, opened=NOW - timedelta(minutes=13))
        self._turns = count_up()
        signal.signal(signal.SIGUSR1, self.change_one)

    def start(self) -> None:
        self.says(Connected("http://127.0.0.1:8750", welcome()), arrived(*outage(), self._first, *self._some))

    def stop(self) -> None:
        super().stop()
        print("the connection is closed")

    def watch(self, incident_arn: str) -> None:
        super().watch(incident_arn)
        if incident_arn == CHECKOUT.arn:
            self.says(history(CHECKOUT, TIMELINE))

    def change_one(self, *_: object) -> None:
        title = f"Something is slow, {next(self._turns)} of 9 probes fail"
        self.says(changed(self._first.model_copy(update={"title": title})))


def main(count: int) -> int:
    clock = StillClock()
    return run(lambda deliver: TalkingLink(deliver, clock, count), backend_name="local", clock=clock)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
