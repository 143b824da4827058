"""The panes under a dialog stay alive at the cost of their changes, and the terminal shows what it should."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pyte
import pytest
from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from tui.dialog_examples import EXAMPLES
from warroom.tui.dialogs.beneath import Beneath
from warroom.tui.theme import WARROOM_DARK

LIGHT = replace(WARROOM_DARK, name="warroom-light", background="#eeeeee", surface="#ffffff", accent="#005faf")


class Counting(Widget, can_focus=True):
    """A pane whose lines change one by one."""

    def __init__(self) -> None:
        super().__init__()
        self.counts = [0] * 100

    def count(self, y: int) -> None:
        self.counts[y] += 1
        self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        wide = "東京" if self.counts[y] % 2 else "京京"
        text = f"{y:>3}: {self.counts[y]:<6} {wide}{'x' * self.counts[y]}京 " + "payments " * 40
        return Strip([Segment(text, self.rich_style)]).crop(0, self.size.width)


class Below(Beneath[None]):
    CSS = """
    Counting { width: 1fr; height: 1fr; background: $background; color: $dim; }
    Below.narrow Counting { margin: 2 4; }
    """

    def compose(self) -> ComposeResult:
        yield Counting()


class Terminal(App[None]):
    """An app and an emulator that gets exactly what a terminal would get."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self.register_theme(WARROOM_DARK)
        self.register_theme(LIGHT)
        self.theme = WARROOM_DARK.name
        self.shown = pyte.Screen(width, height)
        self.cells = 0
        self.whole = 0

    def on_mount(self) -> None:
        self.push_screen(Below())

    def _display(self, screen: Any, renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate):
            if isinstance(renderable, ChopsUpdate):
                self.cells += sum(past - first for _, first, past in renderable.spans)
            else:
                self.whole += 1
            self.write(renderable, self.shown)
        super()._display(screen, renderable)

    def write(self, update: CompositorUpdate, shown: pyte.Screen) -> None:
        console = Console(width=shown.columns, height=shown.lines, color_system="truecolor", force_terminal=True)
        pyte.Stream(shown).feed(update.render_segments(console).replace("\n", "\r\n"))

    def expected(self) -> pyte.Screen:
        fresh = pyte.Screen(self.shown.columns, self.shown.lines)
        update: Any = self.screen._compositor.render_update(full=True, screen_stack=self._background_screens)
        self.write(update, fresh)
        return fresh

    @property
    def panes(self) -> Counting:
        return self.screen_stack[1].query_one(Counting)


def cells(screen: pyte.Screen) -> list[list[tuple[str, str, str, bool]]]:
    return [
        [(cell.data, cell.fg, cell.bg, cell.bold) for cell in (screen.buffer[y][x] for x in range(screen.columns))]
        for y in range(screen.lines)
    ]


async def settle(pilot: Pilot[None]) -> None:
    await pilot.pause(0.06)


async def test_a_change_below_paints_its_own_cells_through_the_dialog() -> None:
    app = Terminal(200, 50)
    async with app.run_test(size=(200, 50)) as pilot:
        app.push_screen(EXAMPLES["palette"]())
        await pilot.pause(0.4)
        app.cells = app.whole = 0
        app.panes.count(1)
        app.panes.count(20)
        await settle(pilot)
        assert (app.whole, app.cells) == (0, 2 * 200)
        assert app.shown.display[1].startswith("  1: 1 ")
        assert cells(app.shown) == cells(app.expected())


async def test_a_second_dialog_over_the_first_leaves_nothing_behind() -> None:
    app = Terminal(120, 40)
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(EXAMPLES["resolve"]())
        await pilot.pause(0.3)
        app.push_screen(EXAMPLES["palette"]())
        await pilot.pause(0.3)
        assert cells(app.shown) == cells(app.expected())
        app.panes.count(1)
        await settle(pilot)
        assert app.shown.display[1].startswith("  1: 1 ")
        app.screen.action_cancel()  # type: ignore[attr-defined]
        app.screen.action_cancel()  # type: ignore[attr-defined]
        await pilot.pause(0.3)
        assert app.screen is app.screen_stack[1]
        assert cells(app.shown) == cells(app.expected())


@pytest.mark.parametrize("seed", range(4))
async def test_after_anything_the_terminal_shows_what_it_should(seed: int) -> None:
    chance = random.Random(seed)
    app = Terminal(100, 30)
    trail: list[str] = []
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        for _ in range(30):
            match chance.choice(
                ("open", "open", "close", "close", "key", "count", "count", "narrow", "theme", "resize")
            ):
                case "open" if len(app.screen_stack) < 5:
                    name = chance.choice(list(EXAMPLES))
                    trail.append(f"open {name}")
                    app.push_screen(EXAMPLES[name]())
                case "close" if len(app.screen_stack) > 2:
                    trail.append("close")
                    app.screen.action_cancel()  # type: ignore[attr-defined]
                case "key":
                    key = chance.choice(("down", "tab", "e", "backspace"))
                    trail.append(key)
                    await pilot.press(key)
                case "count":
                    y = chance.randrange(25)
                    trail.append(f"count {y}")
                    app.panes.count(y)
                case "narrow":
                    trail.append("narrow")
                    app.screen_stack[1].toggle_class("narrow")
                case "theme":
                    trail.append("theme")
                    app.theme = chance.choice((WARROOM_DARK.name, "warroom-light"))
                case "resize":
                    width, height = chance.choice(((100, 30), (80, 24), (120, 40)))
                    trail.append(f"resize {width}x{height}")
                    app.shown.resize(height, width)
                    await pilot.resize_terminal(width, height)
            if chance.random() < 0.5:
                await pilot.pause(chance.choice((0.0, 0.02, 0.06)))
            if chance.random() < 0.4:
                await pilot.pause(0.35)
                await settle(pilot)
                assert cells(app.shown) == cells(app.expected()), f"seed {seed}: {', '.join(trail)}"
