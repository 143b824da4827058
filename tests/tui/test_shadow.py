"""What is written to the terminal: after any frames an emulator shows what it would show had all been written."""

from __future__ import annotations

import inspect

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.strip import Strip

from warroom.tui.shadow import Shadow

WIDTH, HEIGHT = 24, 4
STYLES = [Style.parse(words) for words in ("red", "bold green on blue", "on #123456", "none", "underline #ff8700")]

NARROW = ["a", "b", " ", " ", "é", "─", "e\u0301"]


def segments_of(characters: list[str]) -> st.SearchStrategy[list[Segment]]:
    text = st.lists(st.sampled_from(characters), min_size=1, max_size=9).map("".join)
    return st.lists(st.builds(Segment, text, st.sampled_from([*STYLES, None]), st.none()), min_size=1, max_size=5)


@st.composite
def pieces(draw: st.DrawFn) -> tuple[int, int, list[Segment]]:
    """A part of a line."""
    first = draw(st.integers(0, WIDTH - 1))
    width = draw(st.integers(1, WIDTH - first))
    strip = Strip(draw(segments_of(NARROW))).adjust_cell_length(width, Style.null())
    return draw(st.integers(0, HEIGHT - 1)), first, list(strip)


@st.composite
def whole_frames(draw: st.DrawFn) -> list[tuple[int, int, list[Segment]]]:
    lines = draw(st.lists(segments_of([*NARROW, "東", "京"]), min_size=HEIGHT, max_size=HEIGHT))
    return [(y, 0, list(Strip(line).adjust_cell_length(WIDTH, Style.null()))) for y, line in enumerate(lines)]


def emulator() -> tuple[pyte.Screen, pyte.Stream]:
    """A terminal that does not wrap lines, as Textual sets it."""
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    stream.feed("\x1b[?7l")
    return screen, stream


def cells(screen: pyte.Screen) -> list[list[tuple[str, str, str, bool, bool]]]:
    return [
        [
            (cell.data, cell.fg, cell.bg, cell.bold, cell.underscore)
            for cell in (screen.buffer[y][x] for x in range(WIDTH))
        ]
        for y in range(HEIGHT)
    ]


@settings(deadline=None)
@given(
    st.lists(whole_frames(), min_size=1, max_size=6), st.sampled_from([ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT])
)
def test_after_any_frames_the_terminal_shows_the_last(
    frames: list[list[tuple[int, int, list[Segment]]]], colours: ColorSystem
) -> None:
    shadow, (screen, stream) = Shadow(), emulator()
    for frame in frames:
        stream.feed(shadow.write(frame, (WIDTH, HEIGHT), colours))
    fresh, all_of_it = emulator()
    all_of_it.feed(Shadow().write(frames[-1], (WIDTH, HEIGHT), colours))
    assert cells(screen) == cells(fresh)
    assert shadow.write(frames[-1], (WIDTH, HEIGHT), colours) == ""


@settings(deadline=None)
@given(st.lists(pieces(), min_size=1), st.lists(st.lists(pieces(), max_size=4), max_size=6))
def test_parts_of_lines_are_written_as_if_each_were_written_whole(
    first: list[tuple[int, int, list[Segment]]], updates: list[list[tuple[int, int, list[Segment]]]]
) -> None:
    shadow, (screen, stream) = Shadow(), emulator()
    plain, all_of_it = emulator()
    for update in [first, *updates]:
        stream.feed(shadow.write(update, (WIDTH, HEIGHT), ColorSystem.TRUECOLOR))
        for piece in update:
            all_of_it.feed(Shadow().write([piece], (WIDTH, HEIGHT), ColorSystem.TRUECOLOR))
    assert cells(screen) == cells(plain)


def line_of(text: str, style: str = "red") -> list[tuple[int, int, list[Segment]]]:
    return [(0, 0, [Segment(text.ljust(WIDTH), Style.parse(style))])]


def test_one_changed_cell_writes_one_character() -> None:
    shadow = Shadow()
    shadow.write(line_of("03:12:44"), (WIDTH, HEIGHT), ColorSystem.EIGHT_BIT)
    written = shadow.write(line_of("03:12:45"), (WIDTH, HEIGHT), ColorSystem.EIGHT_BIT)
    assert written == "\x1b[1;8H\x1b[0;38;5;1m5\x1b[0m" or written == "\x1b[1;8H\x1b[0;31m5\x1b[0m"


def test_another_size_or_a_foreign_write_makes_it_write_everything() -> None:
    shadow = Shadow()
    whole = shadow.write(line_of("x"), (WIDTH, HEIGHT), None)
    assert shadow.write(line_of("x"), (WIDTH, HEIGHT), None) == ""
    shadow.forget()
    assert shadow.write(line_of("x"), (WIDTH, HEIGHT), None) == whole
    assert shadow.write(line_of("x"), (WIDTH, HEIGHT + 1), None) == whole


def test_textual_still_hands_its_frames_to_the_hook() -> None:
    assert list(inspect.signature(App._display).parameters) == ["self", "screen", "renderable"]
    from textual._compositor import ChopsUpdate, LayoutUpdate

    assert list(inspect.signature(LayoutUpdate).parameters) == ["strips", "region"]
    assert list(inspect.signature(ChopsUpdate).parameters) == ["chops", "spans", "chop_ends"]
