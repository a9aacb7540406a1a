"""The greenhouse's view: readings with their curves, the display as it shines, fan and pump, the console."""

import json

from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.table import Table
from rich.text import Text

from . import oled
from .frame import ACCENT, FRAME, HEAD, Spark, console, head, panel
from .state import State
from .subscriber import Topic

_NARROW = 14  # what is beside the display in 80 columns
_TALL = 32  # rows from which the display is shown in its full height
_SIGNS = {"fan": "◴◷◶◵", "pump": "▁▃▅▇"}
_STYLES = {"online": "bold green", "offline": "bold red", "ON": "bold yellow"}
_LEGEND = ("", "ON and OFF are what the topics", "say; what moves beside them is", "what the pins do.")
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
        shown = Layout(_panel(state, picture), size=oled.WIDTH + FRAME)
        middle.split_row(shown, Layout(_things(state, beside, picture)))
    else:
        middle.update(_things(state, width, picture))
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
    return panel(Text("\n".join(picture), style="bright_white", no_wrap=True), "its display, an SSD1306", 0)


# Actuators and the button


def _things(state: State, width: int, rows: int) -> RenderableType:
    """What the topics say, and a sign for what is at the pins; with its rules where there is room."""
    wide = width >= 2 * _NARROW
    room = width - FRAME - 2 * wide
    states, ruled = [], []
    for topic in state.subscriber.words.values():
        name = topic.name.split("/")[2]
        states.append(_thing(state, name, topic, room))
        ruled += [states[-1], *(Text(f"  {line}", style="dim") for line in _rules(state, name))]
    ruled += [Text(line, style="dim") for line in _LEGEND]
    fits = wide and len(ruled) <= rows
    return panel(Group(*(ruled if fits else states)), "what it does" if wide else "it does", int(wide))


def _thing(state: State, name: str, topic: Topic, room: int) -> Text:
    word, sign = _word(state, topic), _sign(state, name)
    shown = "node" if name == "status" else name
    between = room - len(shown) - len(sign) - len(word)
    return Text.assemble(shown, " " * min(7 - len(shown), between), sign, " " * max(between - 7 + len(shown), 0), word)


def _word(state: State, topic: Topic) -> Text:
    """The state as the topic has it: with a question mark while nobody can tell whether it is still so."""
    word = topic.value or ("pages" if topic.count else "–")
    if word.startswith("{"):
        word = json.loads(word)["state"]
    if topic.name != state.node.presence and not state.online:
        return Text(word + "?", style="yellow")
    return Text(word, style=_STYLES.get(word, "dim"))


def _sign(state: State, name: str) -> Text:
    """What is at its pin: also where no broker tells of it."""
    if name not in _SIGNS or not state.node.running(state.board, name):
        return Text("")
    return Text(_SIGNS[name][int(state.elapsed * _TURNS_A_SECOND) % 4], style=f"bold {ACCENT}")


def _rules(state: State, name: str) -> list[str]:
    """The rules that switch it, in short lines."""
    lines = []
    for rule in state.node.settings["rules"]:
        if rule.get("set", rule.get("toggle")) == name:
            side = next((f"{word} {rule[word]}" for word in ("above", "below") if word in rule), None)
            lines += [rule["when"], f"  {side} until {rule['until']}"] if side else [f"{rule['is']} of {rule['when']}"]
    return lines
