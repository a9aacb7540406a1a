"""The live view: values as a subscriber receives them, the station's console below, drawn with rich.

`draw` makes one picture of a State for a given size; nothing here changes anything.
"""

from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from .spark import sparkline
from .state import State

_ACCENT = "cyan"
_LEVELS = {"warn": "yellow", "error": "red"}
_KEYS = (("w", "Wi-Fi"), ("s", "sensor"), ("p", "power"), ("b", "broker"), ("q", "quit"))
_STALE = 3  # seconds without a value, at one value a second
_COLUMNS = 53  # what the table needs beside the sparkline
_HEAD = 4
_FRAME = 2


def draw(state: State, width: int, height: int) -> RenderableType:
    """The whole screen."""
    rows = len(state.subscriber.topics) + 2
    layout = Layout()
    layout.split_column(
        Layout(_head(state), size=_HEAD),
        Layout(_values(state, width), size=rows + _FRAME),
        Layout(_console(state, height - _HEAD - rows - 2 * _FRAME), name="log"),
    )
    return layout


def _head(state: State) -> RenderableType:
    line = Table.grid(expand=True)
    line.add_column()
    line.add_column(justify="right")
    line.add_row(_where(state), _condition(state))
    line.add_row(_keys(state), Text(_clock(state.elapsed), style="bold"))
    title = Text(" girouette ", style=f"bold {_ACCENT}")
    return Panel(line, title=title, title_align="left", border_style=_ACCENT, padding=(0, 1))


def _where(state: State) -> Text:
    return Text.assemble(("broker ", "dim"), state.broker, ("   board ", "dim"), f"simulated, {state.bits} bit")


def _condition(state: State) -> Text:
    trouble = state.trouble
    return Text(", ".join(trouble), style="bold yellow") if trouble else Text("all is well", style="green")


def _keys(state: State) -> Text:
    text = Text()
    for key, what in _KEYS:
        if key != "b" or not state.own_broker:
            text.append(f" {key} ", style="reverse")
            text.append(f" {what}  ", style="dim")
    return text


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _values(state: State, width: int) -> RenderableType:
    table = Table(box=None, expand=True, pad_edge=False, header_style="dim")
    table.add_column("topic", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("", width=4, no_wrap=True)
    table.add_column("age", justify="right", width=6, no_wrap=True)
    table.add_column("count", justify="right", width=6, no_wrap=True)
    table.add_column("", ratio=1, no_wrap=True)
    for topic in state.subscriber.topics.values():
        table.add_row(*_row(topic, width - _COLUMNS))
    table.add_row(*_presence(state.subscriber.presence))
    title = Text(" what a subscriber receives ", style="dim")
    return Panel(table, title=title, title_align="left", border_style="dim", padding=(0, 1))


def _row(topic, width: int) -> list:
    style = "bold" if topic.age is not None and topic.age < _STALE else "yellow"
    value = Text(topic.value or "–", style=style if topic.count else "dim")
    spark = Text(sparkline(topic.history, width), style=_ACCENT)
    return [topic.name, value, Text(topic.unit, style="dim"), _age(topic.age), str(topic.count), spark]


def _age(age: float | None) -> Text:
    if age is None:
        return Text("")
    return Text(f"{age:.1f} s" if age < 100 else f"{age / 60:.0f} min", style="" if age < _STALE else "yellow")


def _presence(topic) -> list:
    style = {"online": "bold green", "offline": "bold red"}.get(topic.value, "dim")
    return [topic.name, Text(topic.value or "–", style=style), "", "", "", Text("retained", style="dim")]


def _console(state: State, lines: int) -> RenderableType:
    shown = list(state.log)[-max(lines, 1) :]
    text = Group(*(_log_line(line) for line in shown))
    title = Text(" the station's console ", style="dim")
    return Panel(text, title=title, title_align="left", border_style="dim", padding=(0, 1))


def _log_line(line: str) -> Text:
    words = line.split(None, 2)
    text = Text(line, no_wrap=True, overflow="ellipsis", style=_LEVELS.get(words[1], "") if len(words) > 1 else "")
    text.stylize("dim", 0, line.find(words[0]) + len(words[0]) if words else 0)
    return text
