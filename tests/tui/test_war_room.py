"""The war room under keys and news: what is on the screen, and what is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.pilot import Pilot

from tui.script import (
    ALICE,
    BANNER,
    BOB,
    CAROL,
    CHECKOUT,
    NOW,
    ORDERS,
    ORDERS_CALL,
    SEARCH,
    STOCK,
    TIMELINE,
    ScriptedLink,
    arrived,
    changed,
    engagement,
    event,
    history,
    incident,
    outage,
    page,
    states,
    war_room,
    welcome,
)
from warroom.stream.actions import (
    Acknowledge,
    AddTimelineEvent,
    Arguments,
    ChangeImpact,
    ChangeTitle,
    Declare,
    Escalate,
    Reopen,
    Resolve,
    StopEngagement,
)
from warroom.stream.frames import CommandError
from warroom.stream.news import Arrived, Connected, Refused
from warroom.tui.app import WarRoom

SIZE = (120, 40)


def lines(app: WarRoom) -> list[str]:
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def text(app: WarRoom) -> str:
    return "\n".join(lines(app))


def selected_line(app: WarRoom) -> str:
    return next(line for line in lines(app) if "▌" in line)


async def rest(pilot: Pilot[None]) -> None:
    """Until all news and keys are painted; two frames."""
    await pilot.pause(0.08)
    await pilot.pause()


def sent(link: ScriptedLink) -> list[Arguments]:
    return [arguments for _, arguments in link.commands]


# --- the state of the connection


async def test_before_the_backend_answers_the_screen_says_that_it_connects() -> None:
    app, link, _ = war_room(Refused("the key is not known: create one with `warroom key create`"))
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        assert "REFUSED: the key is not known" in lines(app)[0]
        link.comes_back(resumed=False)
        await rest(pilot)
        assert "loading" in lines(app)[0]
        link.says(arrived(*outage()))
        await rest(pilot)
        assert "● live" in lines(app)[0]


async def test_a_lost_backend_is_said_with_the_age_of_what_is_shown_and_live_again_without_a_key() -> None:
    app, link, clock = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        link.goes_away()
        await rest(pilot)
        assert "RECONNECTING: what you see is 0s old   connection refused" in lines(app)[0]
        clock.advance(14)
        app._tick()
        await rest(pilot)
        assert "what you see is 14s old" in lines(app)[0]
        assert "Checkout error rate" in text(app)
        link.comes_back()
        await rest(pilot)
        assert "● live" in lines(app)[0]


async def test_a_silent_backend_makes_the_screen_stale() -> None:
    app, link, clock = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        link.falls_silent()
        clock.advance(12)
        app._tick()
        await rest(pilot)
        assert "STALE for 12s" in lines(app)[0]


async def test_a_new_snapshot_shows_the_old_world_until_it_is_whole() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        link.comes_back(resumed=False)
        link.says(Arrived(1, states(incident(7, "Something else")), True, True, False))
        await rest(pilot)
        assert "Checkout error rate" in text(app)
        assert "Something else" not in text(app)
        link.says(Arrived(2, [], True, False, True))
        await rest(pilot)
        assert "Something else" in text(app)
        assert "Checkout error rate" not in lines(app)[4]


# --- the list


async def test_the_selection_stays_on_its_incident_when_rows_move() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("j", "j")
        await rest(pilot)
        assert ORDERS.short_name in selected_line(app)
        link.says(changed(incident(3000, "New and worse", 1, opened=NOW)))
        await rest(pilot)
        assert ORDERS.short_name in selected_line(app)
        assert "New and worse" in text(app)


async def test_an_action_acts_on_the_incident_that_its_dialog_was_opened_for() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("j")
        await pilot.press("r")
        await rest(pilot)
        assert f"Resolve {STOCK.short_name}?" in text(app)
        link.says(arrived(*(record for record in outage() if record is not STOCK)))
        await rest(pilot)
        await pilot.press("y")
        await rest(pilot)
    assert sent(link) == [Resolve(incident=STOCK.arn)]


async def test_the_filter_narrows_the_list_with_every_letter_and_holds_the_keys() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"!bob")
        await rest(pilot)
        assert CHECKOUT.short_name not in "".join(lines(app)[3:12])
        assert STOCK.short_name in selected_line(app)
        assert " /!bob" in lines(app)[-2]
        await pilot.press("enter", "j")
        await rest(pilot)
        assert ORDERS.short_name in selected_line(app)
        assert "4 of 5" in lines(app)[2]
        await pilot.press("escape")
        await rest(pilot)
        assert "4 of 5" not in lines(app)[2]
    assert sent(link) == []


async def test_escape_in_the_filter_takes_it_off() -> None:
    app, _, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"zzz")
        await rest(pilot)
        assert "Nothing matches the filter" in text(app)
        await pilot.press("escape")
        await rest(pilot)
        assert BANNER.short_name in text(app)


# --- acknowledging


async def test_acknowledging_my_page_is_pending_at_once_and_then_confirmed() -> None:
    app, link, clock = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        await pilot.press("a")
        await rest(pilot)
        assert sent(link) == [Acknowledge(incident=CHECKOUT.arn)]
        assert "… Acknowledge INC-1042  pending 0s" in lines(app)[-2]
        assert "… 1 Critical" in selected_line(app)
        link.replies({"pages": ["arn:aws:ssm-contacts:us-east-1:111122223333:page/alice/p-1"]})
        await rest(pilot)
        assert "✓ Acknowledge INC-1042  confirmed: 1 page accepted" in lines(app)[-2]
        clock.advance(11)
        app._tick()
        await rest(pilot)
        assert lines(app)[-2] == ""


async def test_a_failed_action_says_why_until_it_is_dismissed() -> None:
    app, link, clock = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        await pilot.press("a")
        link.replies(error=CommandError(code="ThrottlingException", message="Too many calls;\nagain in 1 s."))
        await rest(pilot)
        assert "✗ Acknowledge INC-1042  failed: Too many calls; again in 1 s." in lines(app)[-2]
        clock.advance(60)
        app._tick()
        await rest(pilot)
        assert "failed" in lines(app)[-2]
        await pilot.press("escape")
        await rest(pilot)
        assert lines(app)[-2] == ""


async def test_an_action_while_the_backend_is_away_waits_and_says_so() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        link.goes_away()
        await pilot.press("a")
        await rest(pilot)
        assert "pending 0s, is sent when the backend is back" in lines(app)[-2]


async def test_where_no_page_is_mine_it_asks_whose_to_accept() -> None:
    whose = engagement(9, STOCK, BOB)
    app, link, _ = war_room(Connected("x", welcome()), arrived(*outage(), whose, page(9, whose)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("j", "a")
        await rest(pilot)
        assert "Acknowledge INC-1040 on behalf of" in text(app)
        await pilot.press("enter")
        await rest(pilot)
        assert "Acknowledge INC-1040 for bob" in lines(app)[-2]
    assert sent(link) == [Acknowledge(incident=STOCK.arn, contact=BOB)]


async def test_where_nobody_has_an_unread_page_it_says_so_and_sends_nothing() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("j", "a")
        await rest(pilot)
        assert "Nobody has an unread page for it; e pages somebody." in lines(app)[-2]
    assert sent(link) == []


async def test_a_note_may_go_with_my_acknowledgement() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("A", *"on it", "enter")
        await rest(pilot)
    assert sent(link) == [Acknowledge(incident=CHECKOUT.arn, note="on it")]


async def test_who_is_named_in_the_settings_but_not_by_the_key_is_named_in_the_command() -> None:
    app, link, _ = war_room(Connected("x", welcome(me=None)), arrived(*outage()))
    app._room._me = "alice"
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        assert "1 page waits for you" in lines(app)[1]
        await pilot.press("a")
        await rest(pilot)
    assert sent(link) == [Acknowledge(incident=CHECKOUT.arn, contact=ALICE)]


async def test_who_is_named_in_the_settings_stands_in_the_header_with_the_key() -> None:
    app, _, _ = war_room(Connected("x", welcome(me=None)), arrived(*outage()))
    app._room._me = "bob"
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        assert "● live   bob (key alice)   local" in lines(app)[0]


async def test_a_name_in_the_settings_that_no_contact_has_is_told_once_the_contacts_are_known() -> None:
    app, link, _ = war_room(Connected("x", welcome(me=None)))
    app._room._me = "xyz"
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        assert "no contact" not in text(app)
        link.says(arrived(*outage()))
        await rest(pilot)
        assert "● live   no contact 'xyz' (key alice)   local" in lines(app)[0]


@pytest.mark.parametrize("words", [1, 12, 30, 40])
async def test_the_whole_reason_of_a_failure_can_be_read_at_80_columns_and_gives_its_lines_back(words: int) -> None:
    reason = " ".join(f"word{number}" for number in range(words))[:210]
    app, link, _ = war_room()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        link.replies(error=CommandError(code="ConflictException", message=reason))
        await rest(pilot)
        shown = " ".join(line.strip() for line in lines(app)[-4:-1])
        assert f"failed: {reason}" in shown
        await pilot.press("escape")
        await rest(pilot)
        assert lines(app)[-2] == ""
        assert lines(app)[-3].startswith("╰")


# --- the other actions


async def test_resolving_asks_naming_the_incident_and_the_key_that_asked_does_not_confirm() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("r")
        await rest(pilot)
        assert "Resolve INC-1042?" in text(app)
        assert CHECKOUT.title in text(app)
        await pilot.press("r", "enter")
        await rest(pilot)
        assert sent(link) == []
        await pilot.press("y")
        await rest(pilot)
    assert sent(link) == [Resolve(incident=CHECKOUT.arn)]


async def test_a_resolved_incident_can_be_reopened_but_not_resolved_again() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        link.says(changed(CHECKOUT.model_copy(update={"status": "RESOLVED", "resolved_time": NOW})))
        await rest(pilot)
        assert "RESOLVED" in selected_line(app)
        await pilot.press("r")
        await rest(pilot)
        assert "INC-1042 is resolved; o reopens it." in lines(app)[-2]
        await pilot.press("o")
        await rest(pilot)
    assert sent(link) == [Reopen(incident=CHECKOUT.arn)]


async def test_a_note_is_written_over_many_lines_and_its_draft_outlives_a_cancel() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("n", *"one", "enter", *"two", "escape")
        await rest(pilot)
        assert sent(link) == []
        await pilot.press("n")
        await rest(pilot)
        await pilot.press("f2")
        await rest(pilot)
    assert sent(link) == [AddTimelineEvent(incident=CHECKOUT.arn, text="one\ntwo")]


async def test_escalating_raises_the_impact_or_pages_somebody() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("j", "e", "enter")
        await rest(pilot)
        await pilot.press("e", *"carol", "enter")
        await rest(pilot)
    assert sent(link) == [Escalate(incident=STOCK.arn, impact=1), Escalate(incident=STOCK.arn, contact=CAROL)]


async def test_declaring_starts_from_a_response_plan() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("d", *"messag", "f2")
        await rest(pilot)
        link.replies({"arn": "x", "number": 1043})
        await rest(pilot)
        assert "confirmed: INC-1043" in lines(app)[-2]
    (declared,) = sent(link)
    assert isinstance(declared, Declare)
    assert declared.response_plan.endswith("response-plan/messaging")


async def test_impact_and_title_change_and_an_engagement_ends() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("i", *"low", "enter")
        await pilot.press("t", *"!", "f2")
        await pilot.press("x", *"alice", "enter")
        await rest(pilot)
    assert [type(each) for each in sent(link)] == [ChangeImpact, ChangeTitle, StopEngagement]
    assert sent(link)[0] == ChangeImpact(incident=CHECKOUT.arn, impact=4)
    assert sent(link)[1] == ChangeTitle(incident=CHECKOUT.arn, title=CHECKOUT.title + "!")


async def test_an_observer_is_told_that_the_key_may_not() -> None:
    app, link, _ = war_room(Connected("x", welcome(role="observer")), arrived(*outage()))
    async with app.run_test(size=SIZE) as pilot:
        for key in "arendoitsxA":
            await pilot.press(key)
            await rest(pilot)
            assert "Your key is observer and may not do that" in " ".join(line.strip() for line in lines(app)[-4:-1])
            await pilot.press("escape")
    assert sent(link) == []


async def test_the_palette_has_every_action_and_every_incident() -> None:
    app, _, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("colon", *"1039", "enter")
        await rest(pilot)
        assert SEARCH.short_name in selected_line(app)
        await pilot.press("ctrl+p", *"resolve the", "enter")
        await rest(pilot)
        assert "Resolve INC-1039?" in text(app)


async def test_the_help_names_every_key() -> None:
    app, _, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("question_mark")
        await rest(pilot)
        for words in ("Acknowledge the page", "Command palette", "Reopen the incident", "!word leaves out"):
            assert words in text(app)


# --- the timeline


def many(count: int, start: int = 100) -> list[object]:
    return [event(CHECKOUT, start + n, NOW + timedelta(seconds=n - 500), "Note", f"step {n}") for n in range(count)]


async def test_the_timeline_follows_until_scrolled_back_and_then_counts_what_is_new() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        assert link.watched == [CHECKOUT.arn]
        link.says(history(CHECKOUT, many(100)))
        await rest(pilot)
        assert "step 99" in text(app)
        await pilot.press("3", "k", "k")
        await rest(pilot)
        assert "not following" in text(app)
        assert "step 99" not in text(app)
        before = [line for line in lines(app) if "step 97" in line]
        link.says(changed(*many(3, start=300)))
        await rest(pilot)
        assert "▼ 3 new" in text(app)
        assert [line for line in lines(app) if "step 97" in line] == before
        await pilot.press("G")
        await rest(pilot)
        assert "new" not in lines(app)[-3]
        link.says(changed(event(CHECKOUT, 900, NOW, "Note", "the newest")))
        await rest(pilot)
        assert "the newest" in text(app)


async def test_older_history_is_asked_for_at_the_top_and_the_view_stays_where_it_was() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        link.says(history(CHECKOUT, many(60), older="further"))
        await rest(pilot)
        await pilot.press("3", "g")
        await rest(pilot)
        assert link.asked_older == [(CHECKOUT.arn, "further")]
        assert "step 0" in text(app)
        link.says(history(CHECKOUT, TIMELINE, latest=False))
        await rest(pilot)
        assert "step 0" in text(app)
        assert "Paged alice" not in text(app)
        await pilot.press("g")
        await rest(pilot)
        assert "Paged alice" in text(app)


async def test_running_through_the_list_watches_where_it_comes_to_rest() -> None:
    app, link, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        await pilot.press("j", "j", "j")
        await pilot.pause(0.3)
    assert link.watched == [SEARCH.arn]


# --- pages


async def test_a_countdown_runs_and_a_receipt_is_shown() -> None:
    app, _, clock = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        assert "stage 1 of 3, next in 4:12" in text(app)
        clock.advance(3)
        app._tick()
        await rest(pilot)
        assert "stage 1 of 3, next in 4:09" in text(app)


async def test_an_answer_changes_who_has_it() -> None:
    waiting = page(9, ORDERS_CALL, BOB)
    app, link, _ = war_room(Connected("x", welcome()), arrived(*outage(), waiting))
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        link.says(changed(waiting.model_copy(update={"read_time": NOW})))
        await rest(pilot)
        assert "carol +1" in text(app) or "carol, bob" in text(app)


# --- the screen


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_every_pane_is_there_and_every_line_fills_the_width(size: tuple[int, int]) -> None:
    app, link, _ = war_room()
    async with app.run_test(size=size) as pilot:
        await rest(pilot)
        link.says(history(CHECKOUT, TIMELINE))
        await rest(pilot)
        for title in (" 1 Open incidents 5 ", " 2 Details INC-1042 ", " 3 Timeline 8 ", " 4 Pages 1 of 2 read "):
            assert title in text(app)
        strips = app.screen._compositor.render_strips()
        assert {strip.cell_length for strip in strips} == {size[0]}
        for line in lines(app)[2:-2]:
            assert line[0] in "╭│╰" and line[-1] in "╮│╯┃", line


@pytest.mark.parametrize("high", [20, 21, 22, 23])
async def test_in_a_terminal_that_shares_its_lines_every_pane_still_says_something(high: int) -> None:
    app, link, _ = war_room()
    async with app.run_test(size=(80, high)) as pilot:
        await rest(pilot)
        link.says(history(CHECKOUT, TIMELINE))
        await rest(pilot)
        for told in (
            CHECKOUT.short_name,
            STOCK.short_name,
            "1 Critical · OPEN",
            "2025.11.19-4",
            "alice (you)",
            "q quit",
        ):
            assert told in text(app)
        link._clock.advance(1)  # type: ignore[attr-defined]
        app._room.errands.refuse("Acknowledge INC-1042", None, "word " * 35 + "end", 1001.0)
        app._tick()
        await rest(pilot)
        for told in (
            CHECKOUT.short_name,
            STOCK.short_name,
            CHECKOUT.title[:20],
            "2025.11.19-4",
            "alice (you)",
            "q quit",
        ):
            assert told in text(app)


async def test_below_80x20_it_says_enlarge_and_comes_back() -> None:
    app, _, _ = war_room()
    async with app.run_test(size=(80, 19)) as pilot:
        await rest(pilot)
        assert "enlarge to 80x20" in text(app)
        assert "Open incidents" not in text(app)
        await pilot.resize_terminal(80, 20)
        await rest(pilot)
        assert "Open incidents" in text(app)


async def test_one_pane_takes_the_whole_screen_and_gives_it_back() -> None:
    app, _, _ = war_room()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2", "z")
        await rest(pilot)
        assert "dedupe" in text(app)
        assert "Open incidents" not in text(app)
        await pilot.press("tab")
        await rest(pilot)
        assert " 3 Timeline" in lines(app)[2]
        await pilot.press("escape")
        await rest(pilot)
        assert "Open incidents" in text(app)


async def test_what_others_write_cannot_move_the_cursor_or_colour_the_screen() -> None:
    wicked = incident(1, "a\x1b[2Jb\nc\u202ed", 1)
    app, link, _ = war_room(Connected("x", welcome()), arrived(wicked))
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        link.says(history(wicked, [event(wicked, 1, NOW, "No\x1b]te", "x\x07\x9b1my")]))
        await rest(pilot)
        assert all(character.isprintable() for line in lines(app) for character in line)


async def test_a_tick_that_changes_nothing_paints_nothing() -> None:
    app, _, _ = war_room()
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        app._tick()
        assert not app.screen._compositor._dirty_regions
        assert not app.screen._dirty_widgets


async def test_one_changed_field_of_a_thousand_incidents_repaints_a_few_cells_of_its_line() -> None:
    many_incidents = [incident(number, "Something is slow", 3) for number in range(1000)]
    app, link, _ = war_room(Connected("x", welcome()), arrived(*many_incidents))
    async with app.run_test(size=(200, 50)) as pilot:
        await rest(pilot)
        repainted: list[int] = []
        pane = app._deck._panes[0]
        shown = pane.refresh
        pane.refresh = lambda *regions, **options: (  # type: ignore[method-assign]
            repainted.append(sum(region.area for region in regions)),
            shown(*regions, **options),
        )[1]
        row = app._room.world.records.incidents[app._room.listing[3]]
        link.says(changed(row.model_copy(update={"title": "Something is slew"})))
        await rest(pilot)
        assert repainted == [1]
