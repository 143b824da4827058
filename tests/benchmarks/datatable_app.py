"""What a war room on `DataTable` and `RichLog` writes: each line on standard input is one command.

`cell N TEXT` changes the title of row N, `line TEXT` adds a timeline line, `quit` ends it.
"""

import os
import sys
import threading

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import DataTable, RichLog, Static

COLUMNS = ("impact", "number", "age", "status", "title", "who", "last event")


class DataTableApp(App[None]):
    CSS = "DataTable { height: 60%; } RichLog { width: 1fr; } Static { width: 1fr; }"

    def __init__(self, rows: int, commands: int) -> None:
        super().__init__()
        self._rows = rows
        self._commands = commands

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")
        with Horizontal():
            yield RichLog()
            yield Static("details")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        for name in COLUMNS:
            table.add_column(name, key=name)
        for row in range(self._rows):
            title = f"{row:06d} of the open incidents"
            table.add_row("1 Critical", f"INC-{row}", "4m", "OPEN", title, "nobody", "trigger", key=str(row))
        threading.Thread(target=self._obey, daemon=True).start()

    def _obey(self) -> None:
        with os.fdopen(self._commands, encoding="utf-8") as commands:
            for command in commands:
                verb, _, rest = command.strip().partition(" ")
                if verb == "cell":
                    row, _, text = rest.partition(" ")
                    self.call_from_thread(self.query_one(DataTable).update_cell, row, "title", text)
                elif verb == "line":
                    self.call_from_thread(self.query_one(RichLog).write, rest)


if __name__ == "__main__":
    DataTableApp(int(sys.argv[1]), int(sys.argv[2])).run(mouse=False)
