"""The live view: values as a subscriber receives them, the station's console below, drawn with rich.

`draw` makes one picture of a State for a given size; nothing here changes anything.
"""

import re

from rich.console import Console, Group, RenderableType
from rich.layout import Layout
from rich.measure import Measurement
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from .spark import sparkline
from .state import STALE, State
from .station import PRESENCE
from .subscriber import Topic

_ACCENT = "cyan"
_LEVELS = {"warn": "yellow", "error": "red"}
_KEYS = (
    ("l", "lamp"), ("o", "outage"), ("w", "Wi-Fi"), ("s", "sensor"), ("p", "power"), ("b", "broker"), ("q", "quit"),
)  # fmt: skip
_HEAD = 4
_FRAME = 2
_STAMP = re.compile(r" *\d+\.\d{3} (\w+) +")  # time and level of a console line, as node/log.py writes it
_PLAIN = Console()  # to measure text with


def draw(state: State, width: int, height: int) -> RenderableType:
    """The whole screen."""
    rows = len(state.subscriber.topics) + len(state.subscriber.words) + 1
    layout = Layout()
    layout.split_column(
        Layout(_head(state), size=_HEAD),
        Layout(_values(state), size=rows + _FRAME),
        Layout(_console(state, width, height - _HEAD - rows - 2 * _FRAME), name="log"),
    )
    return layout


def _head(state: State) -> RenderableType:
    line = Table.grid(expand=True, padding=(0, 1, 0, 0))
    line.add_column(no_wrap=True, ratio=1)
    line.add_column(no_wrap=True, justify="right")
    line.add_row(_where(state), _condition(state))
    line.add_row(_keys(state), Text(_clock(state.elapsed), style="bold"))
    title = Text(" girouette ", style=f"bold {_ACCENT}")
    return Panel(line, title=title, title_align="left", border_style=_ACCENT, padding=(0, 1))


def _where(state: State) -> Text:
    return Text.assemble(("broker ", "dim"), state.broker, ("   board ", "dim"), f"simulated, {state.bits} bit")


def _condition(state: State) -> Text:
    if state.trouble:
        return Text(", ".join(state.trouble), style="bold yellow")
    if not state.well or state.subscriber.words[PRESENCE].value != "online":
        return Text("waiting for the station", style="yellow")
    return Text("all is well", style="green")


def _keys(state: State) -> Text:
    text = Text()
    for key, what in _KEYS:
        if key != "b" or not state.own_broker:
            text.append(f" {key} ", style="reverse")
            text.append(f"{what} ", style="dim")
    return text


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _values(state: State) -> RenderableType:
    table = Table(box=None, expand=True, pad_edge=False, header_style="dim")
    table.add_column("topic", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("", width=4, no_wrap=True)
    table.add_column("age", justify="right", width=6, no_wrap=True)
    table.add_column("count", justify="right", width=6, no_wrap=True)
    table.add_column("", ratio=1, no_wrap=True)
    for topic in state.subscriber.topics.values():
        table.add_row(*_row(topic))
    for topic in state.subscriber.words.values():
        table.add_row(*_word(topic))
    title = Text(" what a subscriber receives ", style="dim")
    return Panel(table, title=title, title_align="left", border_style="dim", padding=(0, 1))


def _row(topic: Topic) -> list:
    style = "bold" if topic.age is not None and topic.age < STALE else "yellow"
    value = Text(topic.value or "–", style=style if topic.count else "dim")
    return [topic.name, value, Text(topic.unit, style="dim"), _age(topic.age), str(topic.count), _Spark(topic.history)]


def _age(age: float | None) -> Text:
    if age is None:
        return Text("")
    return Text(f"{age:.1f} s" if age < 100 else f"{age / 60:.0f} min", style="" if age < STALE else "yellow")


def _word(topic: Topic) -> list:
    style = {"online": "bold green", "offline": "bold red", "ON": "bold yellow"}.get(topic.value, "dim")
    return [topic.name, Text(topic.value or "–", style=style), "", "", "", Text("retained", style="dim")]


def _console(state: State, width: int, lines: int) -> RenderableType:
    shown = [row for line in state.log for row in _log_rows(line, width - 2 * _FRAME)]
    title = Text(" the station's console ", style="dim")
    return Panel(Group(*shown[-max(lines, 1) :]), title=title, title_align="left", border_style="dim", padding=(0, 1))


def _log_rows(line: str, width: int) -> list[Text]:
    """A console line as rows of the screen; what does not fit goes on below the text, beside the time and the level."""
    found = _STAMP.match(line)
    cut = found.end() if found else 0
    text = Text(line[cut:], style=_LEVELS.get(found[1], "") if found else "")
    rows = text.wrap(_PLAIN, max(width - cut, 20))
    stamps = [line[:cut]] + [" " * cut] * (len(rows) - 1)
    return [Text.assemble((stamp, "dim"), row) for stamp, row in zip(stamps, rows, strict=True)]


class _Spark:
    """A sparkline as wide as the column it is in."""

    def __init__(self, values):
        self._values = values

    def __rich_console__(self, console, options):
        yield Text(sparkline(self._values, options.max_width), style=_ACCENT, no_wrap=True)

    def __rich_measure__(self, console, options):
        return Measurement(1, options.max_width)
