"""Telling the person who waits: how much is done, how fast, how long it will take, and what is being done."""

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

_RATE_OVER = 300.0
"""Seconds that the rate is averaged over: papers come in batches, many seconds apart."""


class Progress(Protocol):
    """What an import reports to."""

    def start(self, total: int | None) -> None:
        """The work begins: about ``total`` papers, None when nobody knows."""
        ...

    def advance(self, n: int) -> None:
        """``n`` more papers are dealt with."""
        ...

    def phase(self, name: str) -> None:
        """What is being done from now on."""
        ...


class SilentProgress:
    """Reports nothing."""

    def start(self, total: int | None) -> None:
        """Nothing."""

    def advance(self, n: int) -> None:
        """Nothing."""

    def phase(self, name: str) -> None:
        """Nothing."""


class RichProgress:
    """A bar on the terminal's standard error; a context manager."""

    def __init__(self, console: Console | None = None) -> None:
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            console=console or Console(stderr=True),
            speed_estimate_period=_RATE_OVER,
        )
        self._task = self._bar.add_task("Reading", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def start(self, total: int | None) -> None:
        """Set the bar's end."""
        self._bar.reset(self._task, total=total)

    def advance(self, n: int) -> None:
        """Move the bar."""
        self._bar.advance(self._task, n)

    def phase(self, name: str) -> None:
        """Change the words before the bar."""
        self._bar.update(self._task, description=name)


class _Rate(ProgressColumn):
    """Papers per second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f} papers/s" if speed else "", style="progress.data.speed")
