"""What the terminal shows: lines that stay, and one line for each part that changes with its state."""

import time
from contextlib import suppress

from rich.console import Console, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

COLOURS = {"running": "green", "loaded": "green", "stopped": "dim", "not loaded": "red"}
LASTING = COLOURS.keys()  # any other state is on the way to one of these, and for how long is worth seeing


class Report:
    """On a terminal the states are a small live table; into a file or pipe each change is a line. It never raises: a terminal
    that went away must not keep the services from being stopped."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self._states: dict[str, tuple[str, str]] = {}
        self._since: dict[str, float] = {}
        self._live: Live | None = None

    def say(self, text: str = "") -> None:
        """A line that stays."""
        with suppress(OSError):
            self.console.print(text, markup=False)

    def status(self, part: str, state: str, detail: str = "") -> None:
        """The state of one part, shown when it is another than before."""
        if self._states.get(part) == (state, detail):
            return
        if self._states.get(part, ("", ""))[0] != state:
            self._since[part] = time.monotonic()
        self._states[part] = (state, detail)
        if self.console.is_terminal:
            self._show()
        else:
            self.say(f"{part}: {state}{f' ({detail})' if detail else ''}")

    def close(self) -> None:
        """Leave the table as it stands."""
        if self._live is not None:
            with suppress(OSError):
                self._live.stop()
            self._live = None

    def _show(self) -> None:
        with suppress(OSError):
            if self._live is None:
                self._live = Live(console=self.console, get_renderable=self._table, refresh_per_second=2)
                self._live.start()
            self._live.refresh()

    def _table(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        for part, (state, detail) in self._states.items():
            if state not in LASTING:
                detail = f"{time.monotonic() - self._since[part]:.0f} s  {detail}"
            table.add_row(f"  {part}", Text(state, style=COLOURS.get(state, "yellow")), Text(detail, style="dim"))
        return table
