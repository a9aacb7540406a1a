"""The greenhouse's view: readings with their curves, the display as it shines, fan and pump, the console."""

import json

from rich.console import RenderableType
from rich.layout import Layout
from rich.table import Table
from rich.text import Text

from . import oled
from .frame import ACCENT, FRAME, HEAD, Spark, console, head, panel
from .state import State
from .subscriber import Topic

_NARROW = 14  # what is beside the display in 80 columns
_TALL = 32  # rows from which the display is shown in its full height
_TURNS = "◴◷◶◵"
_TURNS_A_SECOND = 5


def draw(state: State, width: int, height: int) -> RenderableType:
    """The whole screen."""
    picture = 16 if height >= _TALL else 8
    readings = (len(state.subscriber.topics) + 1) // 2
    log = height - HEAD - readings - picture - 3 * FRAME
    layout, middle = Layout(), Layout(size=picture + FRAME)
    layout.split_column(
        Layout(head(state), size=HEAD),
        Layout(_readings(state), size=readings + FRAME),
        middle,
        Layout(console(state, width, log)),
    )
    beside = width - oled.WIDTH - FRAME
    if beside >= _NARROW:
        middle.split_row(Layout(_panel(state, picture), size=oled.WIDTH + FRAME), Layout(_things(state, beside)))
    else:
        middle.update(_things(state, width))
    return layout


# Readings, in two columns


def _readings(state: State) -> RenderableType:
    table = Table.grid(expand=True, padding=(0, 1, 0, 0))
    for _ in range(2):
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, justify="right", min_width=7)
        table.add_column(no_wrap=True, width=3)
        table.add_column(no_wrap=True, ratio=1)
    topics = list(state.subscriber.topics.values())
    half = (len(topics) + 1) // 2
    for i in range(half):
        table.add_row(*(cell for topic in topics[i::half] for cell in _reading(topic, state.fresh(topic))))
    return panel(table, "what a subscriber receives")


def _reading(topic: Topic, fresh: bool) -> list:
    value = Text(topic.value or "–", style=("bold" if fresh else "yellow") if topic.count else "dim")
    _, _, sensor, quantity = topic.name.split("/")
    name = Text.assemble((f"{sensor} ", "dim"), quantity.replace("_", " "))
    return [name, value, Text(topic.unit, style="dim"), Spark(topic.history)]


# The display


def _panel(state: State, rows: int) -> RenderableType:
    picture = oled.drawn(state.board.sensor("ssd1306").pixels(), rows)
    return panel(Text("\n".join(picture), style="bright_white", no_wrap=True), "its display", 0)


# Actuators and the button


def _things(state: State, width: int) -> RenderableType:
    wide = width >= 2 * _NARROW
    table = Table.grid(expand=True, padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True, ratio=1)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right")
    for name in state.subscriber.words:
        short = name.split("/")[2]
        table.add_row(*_thing(state, short, state.subscriber.words[name]))
        if wide:
            for rule in _rules(state, short):
                table.add_row(Text(rule, style="dim"), "", "")
    return panel(table, "it does", 1 if wide else 0)


def _thing(state: State, name: str, topic: Topic) -> list:
    word = _word(topic.value)
    style = {"online": "bold green", "offline": "bold red", "ON": "bold yellow"}.get(word, "dim")
    return ["node" if name == "status" else name, _sign(state, name), Text(word, style=style)]


def _word(value: str | None) -> str:
    if value and value.startswith("{"):
        return json.loads(value)["state"]
    return value or "–"


def _sign(state: State, name: str) -> Text:
    """What is at its pin: also where no broker tells of it."""
    if name not in ("fan", "pump") or not state.node.running(state.board, name):
        return Text("")
    turn = int(state.elapsed * _TURNS_A_SECOND)
    return Text(_TURNS[turn % 4] if name == "fan" else "▁▃▅▇"[turn % 4], style=ACCENT)


def _rules(state: State, name: str) -> list[str]:
    return []
