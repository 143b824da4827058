"""The floor of a start: an empty Textual app, drawn once."""

from textual.app import App, ComposeResult
from textual.widget import Widget


class Empty(Widget):
    def render(self) -> str:
        return "painted"


class FloorApp(App[None]):
    CSS = "Screen { overflow: hidden; }"

    def compose(self) -> ComposeResult:
        yield Empty()


if __name__ == "__main__":
    FloorApp().run(mouse=False)
