"""What all views have: the head with its keys, the node's console, ages. Drawn with rich, from a State.

Nothing here changes anything.
"""

import re

from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from .spark import sparkline
from .state import State

ACCENT = "cyan"
HEAD = 4
FRAME = 2
_LEVELS = {"warn": "yellow", "error": "red"}
_KEYS = (("o", "outage"), ("w", "Wi-Fi"), ("s", "sensor"), ("p", "power"), ("b", "broker"), ("q", "quit"))
_STAMP = re.compile(r" *\d+\.\d{3} (\w+) +")  # time and level of a console line, as node/log.py writes it
_PLAIN = Console()  # to measure text with


def panel(what: RenderableType, title: str, padding: int = 1) -> Panel:
    named = Text(f" {title} ", style="dim")
    return Panel(what, title=named, title_align="left", border_style="dim", padding=(0, padding))


def head(state: State) -> RenderableType:
    """HEAD rows: where all runs, how it is, the keys, the time."""
    lines = Group(
        _line(_where(state), _condition(state)),
        _line(_keys(state), Text(_clock(state.elapsed), style="bold")),
    )
    title = Text(" girouette ", style=f"bold {ACCENT}")
    return Panel(lines, title=title, title_align="left", border_style=ACCENT, padding=(0, 1))


def _line(left: Text, right: Text) -> Table:
    line = Table.grid(expand=True, padding=(0, 1, 0, 0), pad_edge=False)
    line.add_column(no_wrap=True, ratio=1)
    line.add_column(no_wrap=True, justify="right")
    line.add_row(left, right)
    return line


def _where(state: State) -> Text:
    return Text.assemble(("broker ", "dim"), state.broker, ("   board ", "dim"), f"simulated, {state.bits} bit")


def _condition(state: State) -> Text:
    if state.trouble:
        return Text(", ".join(state.trouble), style="bold yellow")
    if not state.well or not state.online:
        return Text(f"waiting for the {state.node.name}", style="yellow")
    return Text("all is well", style="green")


def _keys(state: State) -> Text:
    text = Text()
    for key, what in (*state.node.keys, *_KEYS):
        if key != "b" or not state.own_broker:
            text.append(f" {key} ", style="reverse")
            text.append(f"{what} ", style="dim")
    return text


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def console(state: State, width: int, lines: int) -> RenderableType:
    """The last so many lines of what the node says at its serial port; of a last one with more rows the first ones."""
    lines = max(lines, 1)
    rows = [_log_rows(line, width - 2 * FRAME) for line in state.log]
    long = rows and len(rows[-1]) > lines
    shown = rows[-1][:lines] if long else [row for line in rows for row in line][-lines:]
    return panel(Group(*shown), f"the {state.node.name}'s console")


def _log_rows(line: str, width: int) -> list[Text]:
    """A console line as rows of the screen; what does not fit goes on below the text, beside the time and the level."""
    found = _STAMP.match(line)
    cut = found.end() if found else 0
    text = Text(line[cut:], style=_LEVELS.get(found[1], "") if found else "")
    rows = text.wrap(_PLAIN, max(width - cut, 20))
    stamps = [line[:cut]] + [" " * cut] * (len(rows) - 1)
    return [Text.assemble((stamp, "dim"), row) for stamp, row in zip(stamps, rows, strict=True)]


class Spark:
    """A sparkline as wide as the column it is in."""

    def __init__(self, values):
        self._values = values

    def __rich_console__(self, console, options):
        yield Text(sparkline(self._values, options.max_width), style=ACCENT, no_wrap=True)

    def __rich_measure__(self, console, options):
        return Measurement(1, options.max_width)
