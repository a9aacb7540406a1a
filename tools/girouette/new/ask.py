"""The questions of `girouette new`, each asked again until its answer will do. What will do, the schema says."""

import json
from collections.abc import Callable

from rich.console import Console
from rich.markup import escape
from rich.prompt import Prompt

from girouette import boards
from girouette.check import check
from girouette.errors import Failure

from . import Answers, conventions, parts, sensors, wire

_USUAL = "bme280"  # the sensor that a first station has


def complete(answers: Answers, console: Console):
    """Ask for what is not there yet."""
    ask = _Asker(console)
    if answers.board is None:
        answers.board = ask("Board", default=boards.ids()[0], choices=boards.ids())
    if answers.name is None:
        answers.name = ask("Name of the node", default="station", sound=_sound("name", lambda it: it))
    if not wire(answers.board):
        _wifi(answers, ask)
    if answers.broker is None:
        answers.broker = ask("MQTT broker, name or address", sound=_sound("broker", lambda it: {"host": it}))
    if answers.user is None:
        answers.user = ask("user at the broker (empty: none)", default="")
    if answers.user and answers.password is None:
        answers.password = ask("and password", default="", password=True)
    if answers.sensors is None:
        for part, what in parts().items():
            console.print(f"  [bold]{part}[/bold]  {escape(what)}")
        chosen = ask("Sensors, with commas between", default=_USUAL, sound=_fits(answers.board))
        answers.sensors = split(chosen)
    if answers.discovery is None:
        answers.discovery = ask("Introduce itself to", default=conventions()[0], choices=conventions())


def _wifi(answers: Answers, ask: "_Asker"):
    if answers.ssid is None:
        answers.ssid = ask("Wi-Fi network", sound=_sound("network", lambda it: [{"ssid": it}]))
    if answers.wifi_password is None:
        answers.wifi_password = ask("its password (empty: none)", default="", password=True)


def split(text: str) -> list[str]:
    """The words of a list with commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


class _Asker:
    def __init__(self, console: Console):
        self._console = console

    def __call__(self, question: str, sound: Callable[[str], str | None] | None = None, **options) -> str:
        """sound: what is wrong with an answer, or None."""
        shows = {"show_default": bool(options.get("default"))}
        while True:
            answer = Prompt.ask(question, console=self._console, **{"default": None, **options, **shows})
            wrong = "an answer is needed" if answer is None else sound and sound(answer)
            if not wrong:
                return answer
            self._console.print(f"  [red]{escape(wrong)}[/red]")


def _sound(key: str, value: Callable[[str], object]) -> Callable[[str], str | None]:
    """Whether the schema takes an answer as the value of a key."""

    def look(answer: str) -> str | None:
        faults = [fault for fault in check(json.dumps({key: value(answer)})).faults if fault.path[0] == key]
        return next((str(fault) for fault in faults if fault.found != "nothing"), None)

    return look


def _fits(board: str) -> Callable[[str], str | None]:
    def look(answer: str) -> str | None:
        try:
            return None if sensors(split(answer), board) else "a node needs a sensor at least"
        except Failure as e:
            return str(e)

    return look
