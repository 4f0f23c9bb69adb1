"""What is printed."""

import io

from rich.console import Console

from rag.stack.report import Report


def report(*, terminal: bool) -> tuple[Report, io.StringIO]:
    """One that prints into memory."""
    output = io.StringIO()
    return Report(Console(file=output, force_terminal=terminal, width=200, soft_wrap=True)), output


def test_into_a_file_each_change_is_one_line() -> None:
    plain, output = report(terminal=False)
    for state in ("starting", "starting", "running", "running", "restarting"):
        plain.status("Open WebUI", state, "http://x" if state == "running" else "")
    plain.say("[bold] is not markup")
    assert output.getvalue().splitlines() == [
        "Open WebUI: starting",
        "Open WebUI: running (http://x)",
        "Open WebUI: restarting",
        "[bold] is not markup",
    ]


def test_a_terminal_gets_one_line_per_part() -> None:
    live, output = report(terminal=True)
    live.status("Database", "running")
    live.status("Open WebUI", "starting", "makes its tables")
    live.close()
    last = output.getvalue().rsplit("Database", 1)[1]
    assert "Open WebUI" in last
    assert "makes its tables" in last


def test_a_terminal_that_went_away_is_no_error() -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError("Input/output error")

    gone = Report(Console(file=Gone()))
    gone.say("anything")
    gone.status("Database", "stopped")
    gone.close()
