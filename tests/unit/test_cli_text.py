"""Results as text: what fits, what is cut, and what never reaches a terminal."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta

import pytest

from warroom.cli import tables
from warroom.cli.incident_text import print_dossier, print_incidents, print_timeline
from warroom.cli.tables import age, print_table

NOW = datetime(2026, 3, 8, 3, 12, tzinfo=UTC)
ACCOUNT = "111122223333"


class ScreenOf80(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> ScreenOf80:
    monkeypatch.setattr(tables.shutil, "get_terminal_size", lambda: os.terminal_size((80, 24)))
    return ScreenOf80()


def incident(title: str) -> dict[str, object]:
    return {
        "arn": f"arn:aws:ssm-incidents::{ACCOUNT}:incident-record/checkout/0b1",
        "number": 1042,
        "impact": 1,
        "status": "OPEN",
        "title": title,
        "creation_time": (NOW - timedelta(minutes=7)).isoformat(),
        "incident_record_source": {"created_by": f"arn:aws:iam::{ACCOUNT}:user/ana", "source": "x"},
        "response_plan_arn": f"arn:aws:ssm-incidents::{ACCOUNT}:response-plan/checkout",
        "last_event": {"event_type": "Note", "event_time": NOW.isoformat(), "text": "rolled back to 411 " * 5},
    }


@pytest.mark.parametrize(
    ("since", "told"),
    [
        (timedelta(seconds=42), "42s"),
        (timedelta(minutes=7, seconds=59), "7m"),
        (timedelta(hours=3), "3h"),
        (timedelta(hours=3, minutes=5), "3h 5m"),
        (timedelta(days=2, hours=4), "2d 4h"),
        (timedelta(seconds=-5), "0s"),
    ],
)
def test_an_age_is_told_in_its_two_largest_units(since: timedelta, told: str) -> None:
    assert age(NOW - since, NOW) == told


def test_on_a_terminal_no_line_is_wider_than_it_and_what_was_cut_says_so(screen: ScreenOf80) -> None:
    with redirect_stdout(screen):
        print_incidents([incident("Checkout is failing in eu-west-1 for everybody who pays by card, since 20:41")], NOW)
    lines = screen.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert "INC-1042" in lines[1] and "1 Critical" in lines[1] and "…" in lines[1]


def test_wide_characters_count_for_what_they_take(screen: ScreenOf80) -> None:
    with redirect_stdout(screen):
        print_table(["A", "B"], [["決済が失敗しています" * 6, "b"]], give_way=(0,))
    from rich.cells import cell_len

    assert all(cell_len(line) <= 80 for line in screen.getvalue().splitlines())


def test_ages_are_told_by_the_time_given(capsys: pytest.CaptureFixture[str]) -> None:
    opened = incident("Checkout is failing")
    print_incidents([opened], NOW)
    print_dossier({"incident": opened, "engagements": [], "pages": [], "related_items": [], "events": []}, NOW)
    assert "  7m   OPEN" in (out := capsys.readouterr().out)
    assert "OPEN, for 7m" in out and "03:05:00 by" in out


def test_in_a_pipe_nothing_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    title = "x" * 200
    print_incidents([incident(title)], NOW)
    assert title in capsys.readouterr().out


def test_what_a_terminal_would_obey_does_not_reach_it(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = incident("\x1b]0;owned\x07 a\r\nb\u202e")
    print_incidents([hostile], NOW)
    print_dossier({"incident": hostile, "engagements": [], "pages": [], "related_items": [], "events": []}, NOW)
    out = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(out)


def test_a_timeline_reads_from_the_oldest_to_the_newest(capsys: pytest.CaptureFixture[str]) -> None:
    newest_first = [
        {"event_type": "Note", "event_data": f'"{text}"', "event_time": NOW.isoformat()} for text in ("two", "one")
    ]
    print_timeline(newest_first, NOW)
    out = capsys.readouterr().out
    assert out.index("one") < out.index("two")


def test_no_incidents_and_no_events_are_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    print_incidents([], NOW)
    print_timeline([], NOW)
    assert capsys.readouterr().out == "no incidents\nno events\n"
