"""What each dialog answers to which keys."""

from __future__ import annotations

from typing import Any

import pytest
from textual import events
from textual.screen import Screen

from tui.dialog_examples import CONTACTS, EXAMPLES, PLANS, TITLE, WAITING, Over, contact, plan
from warroom.tui import dialogs
from warroom.tui.dialogs import AcknowledgeRequest, Choice, DeclareRequest, EscalateRequest, ResolveRequest

SIZES = [(60, 20), (80, 24), (120, 40), (200, 50)]


def screen_lines(app: Over) -> list[str]:
    return [strip.text for strip in app.screen._compositor.render_strips()]


def screen_text(app: Over) -> str:
    return "\n".join(screen_lines(app))


async def answers(dialog: Screen[Any], *keys: str, size: tuple[int, int] = (80, 24)) -> list[Any]:
    """What the dialog answered after these keys: nothing yet, or one answer."""
    app = Over(dialog)
    async with app.run_test(size=size) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        return app.answers


def many(count: int) -> list[Choice]:
    return [Choice(f"key-{n}", f"INC-{n} checkout latency in region {n % 40}", f"{n}m") for n in range(count)]


@pytest.mark.parametrize("name", EXAMPLES)
async def test_escape_cancels_and_the_panes_have_the_keys_again(name: str) -> None:
    app = Over(EXAMPLES[name]())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("escape", "escape", "escape")
        assert app.answers == [False if name == "confirm" else None]
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", EXAMPLES)
async def test_a_dialog_is_whole_on_every_screen(name: str, size: tuple[int, int]) -> None:
    app = Over(EXAMPLES[name]())
    async with app.run_test(size=size):
        frame = app.screen.query_one("Frame")
        assert app.screen.region.contains_region(frame.region)
        assert frame.max_scroll_y == 0
        text = screen_text(app)
        assert app.dialog.heading in text
        assert "esc" in text
        for widget in frame.walk_children():
            assert frame.region.contains_region(widget.region), f"{widget} is cut off"


@pytest.mark.parametrize("name", ["resolve", "acknowledge", "acknowledge_for", "escalate"])
async def test_a_very_long_title_leaves_room_for_everything_else(name: str) -> None:
    title = "[bold red]Ω[/] 東京 " * 150
    made: dict[str, Screen[Any]] = {
        "resolve": dialogs.ConfirmResolve("INC-1042", title, 1),
        "acknowledge": dialogs.AcknowledgeFor("INC-1042", title, (), mine=True),
        "acknowledge_for": dialogs.AcknowledgeFor("INC-1042", title, WAITING, mine=False),
        "escalate": dialogs.Escalate("INC-1042", title, 5, CONTACTS * 20),
    }
    app = Over(made[name])
    async with app.run_test(size=(60, 20)):
        frame = app.screen.query_one("Frame")
        assert frame.max_scroll_y == 0
        assert app.screen.region.contains_region(frame.region)
        text = screen_text(app)
        assert "[bold red]Ω[/] 東京" in text
        assert "Note" in text and "esc" in text and "…" in text


async def test_text_of_others_is_shown_as_it_is_and_cannot_steer_the_terminal() -> None:
    evil = "[red]x[/red] [@click=app.quit]y[/] \x1b[2J\x1b]52;c;AAAA\x07 \u202egnp.exe\r\nnext"
    app = Over(dialogs.Pick(evil, [Choice("k", evil, evil, evil)]))
    async with app.run_test(size=(200, 50)):
        text = screen_text(app)
        assert text.count("[red]x[/red] [@click=app.quit]y[/]") == 4
        lines = "".join(screen_lines(app))
        assert all(character.isprintable() for character in lines)
        assert "\x1b" not in lines and "\u202e" not in lines


class TestConfirm:
    async def test_its_key_says_yes(self) -> None:
        assert await answers(dialogs.Confirm("Sure?", yes="do it"), "y") == [True]

    async def test_another_key_can_be_the_one(self) -> None:
        assert await answers(dialogs.Confirm("Sure?", key="D"), "y", "d") == []
        assert await answers(dialogs.Confirm("Sure?", key="D"), "D") == [True]

    async def test_n_says_no(self) -> None:
        assert await answers(dialogs.Confirm("Sure?"), "n") == [False]

    async def test_enter_alone_decides_nothing_and_says_what_does(self) -> None:
        app = Over(dialogs.Confirm("Sure?", yes="stop it"))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("enter", "space", "tab", "r")
            assert app.answers == []
            assert "Press y to stop it." in screen_text(app)

    async def test_two_presses_answer_once(self) -> None:
        app = Over(dialogs.Confirm("Sure?"))
        async with app.run_test(size=(80, 24)) as pilot:
            for _ in range(3):
                app.post_message(events.Key("y", "y"))
            await pilot.pause()
            assert app.answers == [True]
            assert len(app.screen_stack) == 1


class TestConfirmResolve:
    async def test_y_resolves(self) -> None:
        assert await answers(EXAMPLES["resolve"](), "y") == [ResolveRequest()]

    async def test_the_key_that_opened_it_does_not_resolve(self) -> None:
        assert await answers(EXAMPLES["resolve"](), "r", "r", "enter", "enter", "space") == []

    async def test_it_names_the_incident_and_who_has_not_answered(self) -> None:
        app = Over(EXAMPLES["resolve"]())
        async with app.run_test(size=(80, 24)):
            text = screen_text(app)
            assert "Resolve INC-1042?" in text and TITLE in text and "2 pages have not been acknowledged." in text

    async def test_a_note_goes_along(self) -> None:
        keys = ("tab", *"fixed by y", "enter", "y")
        keys = tuple("space" if key == " " else key for key in keys)
        assert await answers(EXAMPLES["resolve"](), *keys) == [ResolveRequest("fixed by y")]

    async def test_f2_resolves_from_within_the_note(self) -> None:
        assert await answers(EXAMPLES["resolve"](), "tab", *"done", "f2") == [ResolveRequest("done")]

    async def test_enter_in_the_note_does_not_resolve(self) -> None:
        assert await answers(EXAMPLES["resolve"](), "tab", *"why", "enter", "enter", "enter") == []

    async def test_n_keeps_it_open_and_the_note_is_kept(self) -> None:
        dialog = dialogs.ConfirmResolve("INC-1042", TITLE, 0, draft="half a note")
        assert await answers(dialog, "n") == [None]
        assert dialog.draft == "half a note"


class TestCompose:
    async def test_many_lines_are_written_and_sent_with_f2(self) -> None:
        dialog = dialogs.Compose("Note", limit=100)
        assert await answers(dialog, *"one", "enter", *"two", "f2") == ["one\ntwo"]

    async def test_ctrl_s_sends_too(self) -> None:
        assert await answers(dialogs.Compose("Note", limit=100), *"x", "ctrl+s") == ["x"]

    async def test_a_cancelled_text_is_kept_and_can_be_offered_again(self) -> None:
        dialog = dialogs.Compose("Note", limit=100)
        assert await answers(dialog, *"half", "escape") == [None]
        assert dialog.draft == "half"
        assert await answers(dialogs.Compose("Note", draft=dialog.draft, limit=100), *"way", "f2") == ["halfway"]

    async def test_nothing_is_not_sent_unless_nothing_is_meant(self) -> None:
        app = Over(dialogs.Compose("Note", limit=100))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("space", "enter", "f2")
            assert app.answers == []
            assert "Nothing is written yet." in screen_text(app)
        assert await answers(dialogs.Compose("Summary", limit=100, empty=True), "f2") == [""]

    async def test_what_is_left_is_said_near_the_limit_and_too_much_is_not_sent(self) -> None:
        app = Over(dialogs.Compose("Note", limit=30, draft="123"))
        async with app.run_test(size=(80, 24)) as pilot:
            assert "left" not in screen_text(app)
            await pilot.press(*"45678901")
            assert "19 characters left" in screen_text(app)
            app.post_message(events.Paste("é" * 30))
            await pilot.pause()
            assert "11 characters too many" in screen_text(app)
            await pilot.press("f2")
            assert app.answers == []
            assert "11 characters too many: at most 30." in screen_text(app)
            for _ in range(11):
                await pilot.press("backspace")
            await pilot.press("f2")
            assert app.answers == ["12345678901" + "é" * 19]

    async def test_letters_typed_before_the_box_is_there_are_in_it(self) -> None:
        app = Over(dialogs.Compose("Note", limit=100))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("escape")
            again = dialogs.Compose("Note", limit=100)
            app.push_screen(again, app.answers.append)
            for key in ("r", "o", "l", "l", "enter", "e", "d"):
                app.post_message(events.Key(key, "\r" if key == "enter" else key))
            app.post_message(events.Paste(" back"))
            app.post_message(events.Key("f2", None))
            await pilot.pause(0.05)
            assert app.answers == [None, "roll\ned back"]

    async def test_what_is_offered_or_pasted_cannot_steer_the_terminal(self) -> None:
        app = Over(dialogs.Compose("Note", draft="a\x1b[31mred\x07\r\n\tb\u202ec", limit=100))
        async with app.run_test(size=(80, 24)) as pilot:
            app.post_message(events.Paste("\x1b]52;c;AAAA\x07\nend"))
            await pilot.pause()
            assert all(character.isprintable() for line in screen_lines(app) for character in line)
            await pilot.press("f2")
            assert app.answers == ["a [31mred \n    b c ]52;c;AAAA \nend"]

    async def test_the_cursor_does_not_blink(self) -> None:
        for name in ("compose", "pick", "declare"):
            app = Over(EXAMPLES[name]())
            async with app.run_test(size=(80, 24)):
                assert app.focused is not None
                assert app.focused.cursor_blink is False  # type: ignore[attr-defined]


class TestPick:
    async def test_enter_takes_the_first(self) -> None:
        assert await answers(dialogs.Pick("Pick", many(5)), "enter") == ["key-0"]

    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            (("down", "down"), "key-2"),
            (("ctrl+n", "ctrl+n", "ctrl+p"), "key-1"),
            (("up",), "key-0"),
            (("down",) * 9, "key-4"),
            (("pagedown",), "key-4"),
            (("pagedown", "pageup"), "key-0"),
        ],
    )
    async def test_the_arrows_choose(self, keys: tuple[str, ...], expected: str) -> None:
        assert await answers(dialogs.Pick("Pick", many(5)), *keys, "enter") == [expected]

    async def test_typing_narrows_to_the_closest_and_deleting_widens(self) -> None:
        choices = [Choice("a", "database failover"), Choice("b", "data pipeline"), Choice("c", "cdn purge")]
        assert await answers(dialogs.Pick("Pick", choices), *"pipe", "enter") == ["b"]
        assert await answers(dialogs.Pick("Pick", choices), *"dfail", "enter") == ["a"]
        keys = (*"zz", "enter", "backspace", "backspace", *"cdn", "enter")
        assert await answers(dialogs.Pick("Pick", choices), *keys) == ["c"]

    async def test_enter_where_nothing_matches_does_nothing(self) -> None:
        app = Over(dialogs.Pick("Pick", many(5)))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press(*"qqq", "enter", "down", "enter")
            assert app.answers == []
            assert "No match for “qqq”." in screen_text(app)

    async def test_an_empty_list_says_so(self) -> None:
        app = Over(dialogs.Pick("Pick", (), nothing="There is nobody to engage."))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("down", "up", "enter")
            assert app.answers == []
            assert "There is nobody to engage." in screen_text(app)

    async def test_headings_are_passed_over(self) -> None:
        choices = [Choice("a", "one", group="G"), Choice("b", "two", group="G"), Choice("c", "three", group="H")]
        assert await answers(dialogs.Pick("Pick", choices), "up", "up", "down", "down", "enter") == ["c"]
        assert await answers(dialogs.Pick("Pick", choices), "down", "down", "up", "up", "up", "enter") == ["a"]

    async def test_ten_thousand_choices_open_filter_and_scroll_at_once(self) -> None:
        app = Over(dialogs.Pick("Pick", many(10_000)))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("pagedown", "pagedown", "pageup", "down")
            assert "10,000" in screen_text(app)
            await pilot.press(*"9987")
            assert "1 of 10,000" in screen_text(app)
            await pilot.press("enter")
            assert app.answers == ["key-9987"]

    async def test_the_chosen_line_is_always_on_the_screen(self) -> None:
        app = Over(dialogs.Pick("Pick", many(200)))
        async with app.run_test(size=(60, 20)) as pilot:
            for key in (*["down"] * 12, "pagedown", "pagedown", *["up"] * 12, "pageup", "down"):
                await pilot.press(key)
                chosen = app.screen.query_one("ChoiceList").chosen  # type: ignore[attr-defined]
                assert any("▸" in line and chosen.label in line for line in screen_lines(app))
            await pilot.resize_terminal(60, 14)
            await pilot.pause()
            chosen = app.screen.query_one("ChoiceList").chosen  # type: ignore[attr-defined]
            assert any("▸" in line and chosen.label in line for line in screen_lines(app))

    async def test_letters_and_enter_typed_before_the_box_is_there_take_what_they_say(self) -> None:
        app = Over(dialogs.Pick("Pick", ()))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("escape")
            app.push_screen(dialogs.Pick("Pick", many(500)), app.answers.append)
            for key in "INC-321":
                app.post_message(events.Key(key, key))
            app.post_message(events.Key("enter", "\r"))
            await pilot.pause(0.05)
            assert app.answers == [None, "key-321"]

    async def test_wide_letters_do_not_shift_the_columns(self) -> None:
        choices = [Choice("a", "東京リージョンの検索が遅い" * 20, "陈晓明"), Choice("b", "plain", "x")]
        app = Over(dialogs.Pick("Pick", choices))
        async with app.run_test(size=(80, 24)):
            from rich.cells import cell_len

            assert {cell_len(line) for line in screen_lines(app)} == {80}

    async def test_a_click_takes_a_line(self) -> None:
        app = Over(dialogs.Pick("Pick", many(5)))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.click("ChoiceList", offset=(5, 3))
            assert app.answers == ["key-3"]


class TestPalette:
    async def test_an_action_is_found_by_its_words_and_an_incident_by_its_number(self) -> None:
        assert await answers(EXAMPLES["palette"](), *"timeline", "enter") == ["note"]
        assert await answers(EXAMPLES["palette"](), *"1036", "enter") == ["arn:1036"]

    async def test_keys_stand_at_the_right_and_incidents_have_their_impact(self) -> None:
        app = Over(EXAMPLES["palette"]())
        async with app.run_test(size=(120, 40)):
            text = screen_text(app)
            assert "1 Critical  INC-1041" in text and "[bold]everywhere[/bold]" in text
            (line,) = [line for line in screen_lines(app) if "Declare an incident" in line]
            assert line.split("│")[1].rstrip().endswith(" d")


class TestDeclare:
    async def test_the_plan_says_title_and_impact(self) -> None:
        assert await answers(EXAMPLES["declare"](), *"data", "enter", "enter") == [DeclareRequest(PLANS[2].arn)]

    async def test_title_and_impact_can_be_changed(self) -> None:
        keys = (*"payments", "enter", "ctrl+u", *"Cards", "tab", "3", "enter")
        expected = DeclareRequest(PLANS[0].arn, "Cards", 3)
        assert await answers(EXAMPLES["declare"](), *keys) == [expected]

    async def test_the_arrows_change_the_impact(self) -> None:
        keys = (*"payments", "enter", "tab", "left", "right", "right", "f2")
        assert await answers(EXAMPLES["declare"](), *keys) == [DeclareRequest(PLANS[0].arn, None, 3)]

    async def test_another_plan_brings_its_title_unless_one_was_written(self) -> None:
        app = Over(EXAMPLES["declare"]())
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("down")
            assert "Nightly load has not finished" in screen_text(app)
            assert "[4 Low]" in screen_text(app)
            await pilot.press("enter", "ctrl+u", *"Mine", "down", "f2")
            assert app.answers == [DeclareRequest(PLANS[0].arn, "Mine")]

    async def test_a_title_is_needed_and_at_most_200_characters(self) -> None:
        app = Over(EXAMPLES["declare"]())
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("enter", "ctrl+u", "enter")
            assert app.answers == []
            assert "An incident needs a title." in screen_text(app)
            app.post_message(events.Paste("x" * 150 + "\n" + "y" * 60))
            await pilot.pause()
            await pilot.press("enter")
            assert app.answers == []
            assert "11 characters too long" in screen_text(app)
            for _ in range(11):
                await pilot.press("backspace")
            await pilot.press("enter")
            assert app.answers == [DeclareRequest(PLANS[1].arn, "x" * 150 + " " + "y" * 49)]

    async def test_without_a_plan_nothing_is_declared(self) -> None:
        app = Over(dialogs.Declare(()))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("enter", "f2", "tab", "enter")
            assert app.answers == []
            assert "There is no response plan yet" in screen_text(app)

    async def test_a_written_title_is_kept(self) -> None:
        dialog = dialogs.Declare(PLANS)
        assert await answers(dialog, "enter", "ctrl+u", *"Mine", "escape") == [None]
        assert dialog.draft == "Mine"
        again = dialogs.Declare(PLANS, draft=dialog.draft)
        assert await answers(again, "enter", "enter") == [DeclareRequest(PLANS[1].arn, "Mine")]

    async def test_a_title_that_nobody_wrote_is_no_draft(self) -> None:
        dialog = dialogs.Declare(PLANS)
        assert await answers(dialog, "down", "escape") == [None]
        assert dialog.draft == ""

    async def test_a_title_with_control_characters_or_of_2000_characters_is_declared_as_the_plan_has_it(self) -> None:
        odd = plan("odd", "Odd", "a\tb " + "z" * 2000, 2)
        assert await answers(dialogs.Declare([odd]), "enter", "enter") == [DeclareRequest(odd.arn)]


class TestEscalate:
    async def test_enter_raises_the_impact_by_one(self) -> None:
        assert await answers(EXAMPLES["escalate"](), "enter") == [EscalateRequest(impact=2)]

    async def test_or_by_more(self) -> None:
        assert await answers(EXAMPLES["escalate"](), *"crit", "enter") == [EscalateRequest(impact=1)]

    async def test_a_plan_is_engaged_with_a_note(self) -> None:
        keys = (*"payments", "tab", *"help", "enter")
        expected = EscalateRequest(contact_arn=CONTACTS[5].contact_arn, note="help")
        assert await answers(EXAMPLES["escalate"](), *keys) == [expected]

    async def test_at_the_highest_impact_only_people_are_left(self) -> None:
        dialog = dialogs.Escalate("INC-1042", TITLE, 1, CONTACTS)
        assert await answers(dialog, "enter") == [EscalateRequest(contact_arn=CONTACTS[5].contact_arn)]
        assert await answers(dialogs.Escalate("INC-1042", TITLE, 1, ()), "enter", "f2") == []

    async def test_it_opens_at_the_target_that_was_selected(self) -> None:
        bjorn = contact("bjorn", "Björn Lindqvist").contact_arn
        dialog = dialogs.Escalate("INC-1042", TITLE, 3, CONTACTS, selected=bjorn)
        assert await answers(dialog, "enter") == [EscalateRequest(contact_arn=bjorn)]

    async def test_from_and_to_are_shown_and_who_is_engaged_already(self) -> None:
        app = Over(EXAMPLES["escalate"]())
        async with app.run_test(size=(80, 24)):
            text = screen_text(app)
            assert "2 High      raise from 3 Medium" in text
            assert "amara, engaged" in text


class TestAcknowledgeFor:
    async def test_mine_is_one_key(self) -> None:
        assert await answers(EXAMPLES["acknowledge"](), "enter") == [AcknowledgeRequest()]

    async def test_mine_with_a_note(self) -> None:
        assert await answers(EXAMPLES["acknowledge"](), *"on-it", "enter") == [AcknowledgeRequest(None, "on-it")]

    async def test_on_behalf_of_who_is_chosen(self) -> None:
        keys = ("down", "tab", *"asleep", "enter")
        assert await answers(EXAMPLES["acknowledge_for"](), *keys) == [AcknowledgeRequest("arn:bjorn", "asleep")]
        assert await answers(EXAMPLES["acknowledge_for"](), *"chen", "enter") == [AcknowledgeRequest("arn:chen")]

    async def test_a_cancelled_note_is_kept(self) -> None:
        dialog = dialogs.AcknowledgeFor("INC-1042", TITLE, (), mine=True)
        assert await answers(dialog, *"half", "escape") == [None]
        assert dialog.draft == "half"

    async def test_nobody_waiting_says_so(self) -> None:
        app = Over(dialogs.AcknowledgeFor("INC-1042", TITLE, (), mine=False))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("enter")
            assert app.answers == []
            assert "Nobody has an unread page." in screen_text(app)


class TestHelp:
    @pytest.mark.parametrize("key", ["q", "question_mark", "enter", "escape"])
    async def test_it_closes(self, key: str) -> None:
        assert await answers(EXAMPLES["help"](), key) == [None]

    async def test_every_key_is_reached_by_scrolling(self) -> None:
        sections = [(f"Section {n}", [(f"k{n}{row}", f"does {n}.{row}") for row in range(12)]) for n in range(8)]
        app = Over(dialogs.Help(sections))
        async with app.run_test(size=(60, 20)) as pilot:
            seen = screen_text(app)
            for _ in range(12):
                await pilot.press("pagedown")
                seen += screen_text(app)
            assert all(f"does {n}.{row}" in seen for n in range(8) for row in range(12))

    async def test_a_wide_screen_shows_all_at_once(self) -> None:
        app = Over(EXAMPLES["help"]())
        async with app.run_test(size=(200, 50)):
            text = screen_text(app)
            assert "acknowledge" in text and "quit" in text and "follow the timeline again" in text
