"""The screen as a picture, at the three sizes, in every state that somebody may meet at night."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tui.script import (
    CHECKOUT,
    NOW,
    TIMELINE,
    ScriptedLink,
    arrived,
    changed,
    event,
    history,
    incident,
    outage,
    related,
    war_room,
    welcome,
)
from warroom.stream.frames import CommandError
from warroom.stream.news import Arrived, Connected, News

SIZES = {"80x24": (80, 24), "120x40": (120, 40), "200x50": (200, 50)}

Setting = Callable[[Pilot[None], ScriptedLink], Awaitable[None]]


@pytest.fixture(params=SIZES.values(), ids=SIZES.keys())
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def looks_the_same(snap_compare: Any, size: tuple[int, int]) -> Callable[..., bool]:
    """Whether the war room looks as it did, after `setting` and then `keys`."""

    def compare(setting: Setting | None = None, *keys: str, news: tuple[News, ...] = ()) -> bool:
        app, link, _ = war_room(*news)

        async def before(pilot: Pilot[None]) -> None:
            await pilot.pause(0.1)
            link.says(
                history(CHECKOUT, [*TIMELINE, related(CHECKOUT, "5xx", "https://grafana.example.com/d/checkout")])
            )
            if setting is not None:
                await setting(pilot, link)
            await pilot.pause(0.1)
            await pilot.press(*keys)
            app._tick()
            await pilot.pause(0.1)

        return bool(snap_compare(app, terminal_size=size, run_before=before))

    return compare


@pytest.mark.parametrize("size", [(80, 23), *SIZES.values()], ids=["80x23", *SIZES])
def test_an_outage(looks_the_same: Callable[..., bool]) -> None:
    assert looks_the_same()


def test_a_quiet_night(looks_the_same: Callable[..., bool]) -> None:
    assert looks_the_same(news=(Connected("x", welcome()), Arrived(0, [], True, True, True)))


def test_before_the_backend_answered(looks_the_same: Callable[..., bool]) -> None:
    assert looks_the_same(news=(Connected("x", welcome()),))


def test_many_incidents_scrolled(looks_the_same: Callable[..., bool]) -> None:
    many = [incident(1200 + n, f"Disk {n} of the archive is filling up", n % 4 + 2) for n in range(300)]
    news = (Connected("x", welcome()), arrived(*outage(), *many))
    assert looks_the_same(None, "pagedown", "pagedown", "pagedown", "j", news=news)


def test_reconnecting(looks_the_same: Callable[..., bool]) -> None:
    async def away(pilot: Pilot[None], link: ScriptedLink) -> None:
        link.goes_away()
        link._clock.advance(14)  # type: ignore[attr-defined]

    assert looks_the_same(away, "a")


def test_stale(looks_the_same: Callable[..., bool]) -> None:
    async def silent(pilot: Pilot[None], link: ScriptedLink) -> None:
        link.falls_silent()
        link._clock.advance(12)  # type: ignore[attr-defined]

    assert looks_the_same(silent)


def test_a_pending_action(looks_the_same: Callable[..., bool]) -> None:
    assert looks_the_same(None, "a")


def test_a_failed_action(looks_the_same: Callable[..., bool]) -> None:
    async def fail(pilot: Pilot[None], link: ScriptedLink) -> None:
        await pilot.press("a")
        link.replies(error=CommandError(code="ConflictException", message="The incident was resolved by bob 2 s ago."))

    assert looks_the_same(fail)


def test_a_resolved_incident(looks_the_same: Callable[..., bool]) -> None:
    async def resolve(pilot: Pilot[None], link: ScriptedLink) -> None:
        await pilot.press("a")
        link.replies({"pages": ["one"]})
        link.says(changed(CHECKOUT.model_copy(update={"status": "RESOLVED", "resolved_time": NOW})))

    assert looks_the_same(resolve)


def test_a_filter_being_typed(looks_the_same: Callable[..., bool]) -> None:
    assert looks_the_same(None, "slash", *"!bob")


def test_a_timeline_scrolled_back_with_news_below(looks_the_same: Callable[..., bool]) -> None:
    async def scroll(pilot: Pilot[None], link: ScriptedLink) -> None:
        long = [event(CHECKOUT, 100 + n, NOW, "Note", f"Restarted pod {n} of payments-api") for n in range(60)]
        link.says(history(CHECKOUT, [*TIMELINE, *long], older="more"))
        await pilot.pause(0.1)
        await pilot.press("3", "pageup", "pageup")
        link.says(changed(event(CHECKOUT, 999, NOW, "Note", "All pods are new")))

    assert looks_the_same(scroll)


@pytest.mark.parametrize("pane", ["1", "2", "3", "4"])
def test_a_pane_on_the_whole_screen(looks_the_same: Callable[..., bool], pane: str) -> None:
    assert looks_the_same(None, pane, "z")


def test_resolving_asks_over_the_panes(looks_the_same: Callable[..., bool]) -> None:
    assert looks_the_same(None, "r")


def test_too_small(snap_compare: Any) -> None:
    app, _, _ = war_room()
    assert snap_compare(app, terminal_size=(60, 18))
