"""The station's view: values as a subscriber receives them, the station's console below, drawn with rich.

`draw` makes one picture of a State for a given size; nothing here changes anything.
"""

from rich.console import RenderableType
from rich.layout import Layout
from rich.table import Table
from rich.text import Text

from .frame import FRAME, HEAD, Spark, console, head, panel
from .state import State
from .subscriber import Topic


def draw(state: State, width: int, height: int) -> RenderableType:
    """The whole screen."""
    rows = len(state.subscriber.topics) + len(state.subscriber.words) + 1
    layout = Layout()
    layout.split_column(
        Layout(head(state), size=HEAD),
        Layout(_values(state), size=rows + FRAME),
        Layout(console(state, width, height - HEAD - rows - 2 * FRAME), name="log"),
    )
    return layout


def _values(state: State) -> RenderableType:
    table = Table(box=None, expand=True, pad_edge=False, header_style="dim")
    table.add_column("topic", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("", width=4, no_wrap=True)
    table.add_column("age", justify="right", width=6, no_wrap=True)
    table.add_column("count", justify="right", width=6, no_wrap=True)
    table.add_column("", ratio=1, no_wrap=True)
    for topic in state.subscriber.topics.values():
        table.add_row(*_row(topic, state.fresh(topic)))
    for topic in state.subscriber.words.values():
        table.add_row(*_word(topic))
    return panel(table, "what a subscriber receives")


def _row(topic: Topic, fresh: bool) -> list:
    value = Text(topic.value or "–", style=("bold" if fresh else "yellow") if topic.count else "dim")
    age = _age(topic.age, fresh)
    return [topic.name, value, Text(topic.unit, style="dim"), age, str(topic.count), Spark(topic.history)]


def _age(age: float | None, fresh: bool) -> Text:
    if age is None:
        return Text("")
    return Text(f"{age:.1f} s" if age < 100 else f"{age / 60:.0f} min", style="" if fresh else "yellow")


def _word(topic: Topic) -> list:
    style = {"online": "bold green", "offline": "bold red", "ON": "bold yellow"}.get(topic.value, "dim")
    return [topic.name, Text(topic.value or "–", style=style), "", "", "", Text("retained", style="dim")]
