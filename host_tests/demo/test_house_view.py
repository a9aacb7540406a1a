"""The greenhouse's view at the sizes of terminals, without a board: nothing overflows, and all is there to be seen."""

import io
from types import SimpleNamespace

import pytest
from girouette.demo.greenhouse import Greenhouse
from girouette.demo.house_view import draw
from girouette.demo.state import State
from girouette.demo.subscriber import Topic
from rich.console import Console

NODE = Greenhouse()


class Screen:
    """A display of which every second column shines."""

    def pixels(self):
        return [[x % 2 == 0 for x in range(128)] for _ in range(64)]


class Board:
    """What is at the pins, and the display."""

    def __init__(self, duties=()):
        self._duties = {NODE.pins[name]: duty for name, duty in dict(duties).items()}

    def pin(self, number):
        return SimpleNamespace(duty=self._duties.get(number, 0.0))

    def sensor(self, name):
        assert name == "ssd1306"
        return Screen()


def witness(**words):
    """A subscriber that has received readings, and these states."""
    made = SimpleNamespace(topics={name: Topic(name, unit) for name, unit in NODE.topics.items()})
    made.words = {name: Topic(name, "") for name in NODE.words}
    for topic in made.topics.values():
        for i in range(90):
            topic.take(f"{54600 + i}.2")
    for name, word in words.items():
        made.words[f"ha/greenhouse/{name}"].take(word)
    return made


def picture(width, height, subscriber=None, faults=(), duties=(), log=()) -> str:
    subscriber = subscriber or witness(status="online", fan='{"state":"ON","percentage":100}', panel="", button="OFF")
    broken = SimpleNamespace(now=list(faults), changed=0.0)
    state = State(NODE, "mosquitto at 127.0.0.1:12345", False, 32, subscriber, broken, Board(duties))
    state.log.append('     0.001 info  wifi: on "simulated", address 10.0.0.2')
    state.log.append("    11.658 info  fan: ON, since air.temperature is above 28")
    state.log.extend(log)
    console = Console(width=width, height=height, file=io.StringIO(), color_system=None)
    console.print(draw(state, width, height))
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("width", "height"), [(100, 34), (80, 24), (120, 40), (200, 60), (60, 18), (90, 31), (100, 24), (79, 24)]
)
@pytest.mark.parametrize("faults", [(), ("Wi-Fi gone", "sensor unplugged", "broker down")])
def test_the_picture_fills_the_terminal_and_no_more(width, height, faults):
    rows = picture(width, height, faults=faults, duties={"fan": 1.0, "pump": 1.0}).rstrip("\n").split("\n")
    assert len(rows) == height
    assert {len(row) for row in rows} == {width}


@pytest.mark.parametrize(("width", "height"), [(100, 34), (80, 24)])
def test_readings_units_states_keys_and_the_log_are_all_there(width, height):
    shown = picture(width, height)
    for text in ("air temperature", "dew point", "soil level", "light illuminance", "outside temperature", "54689.2",
                 "°C", "hPa", "lx", "▁", "█", "node", "online", "fan", "ON", "panel", "pages", "button", "OFF", "t",
                 "tap", "q", "quit", "all is well", "since air.temperature is above 28"):  # fmt: skip
        assert text in shown, text
    assert "…" not in shown, "nothing is cut"


def test_the_display_is_drawn_whole_where_there_is_room_and_half_as_high_where_there_is_not():
    row = "⡇" * 64
    assert picture(100, 34).count(row) == 16
    assert picture(80, 24).count(row) == 8
    assert "⡇" not in picture(70, 24), "a narrow terminal has the states only"
    assert "pages" in picture(70, 24)


def test_of_a_message_that_does_not_fit_its_beginning_is_seen():
    message = "    12.136 warn  air: no answer at 0x76: " + "check that it is powered, " * 8
    shown = picture(80, 24, log=[message])
    assert "air: no answer at 0x76" in shown
    assert "above 28" in picture(80, 24, log=[]), "two short ones"


def test_rules_are_told_where_there_is_room():
    for text in ("air.temperature", "above 28 until 26", "soil.level", "below 30 until 45", "click of button"):
        assert text in picture(100, 34)
    assert "below 30" not in picture(80, 24)


@pytest.mark.parametrize(("width", "height"), [(100, 34), (80, 24)])
def test_with_the_broker_gone_the_pin_is_seen_and_the_state_is_doubted(width, height):
    turning = {"fan": 1.0}
    gone = witness(status="offline", fan='{"state":"OFF","percentage":100}', pump="OFF", panel="", button="OFF")
    shown = picture(width, height, gone, ["broker down"], turning)
    fan = next(line for line in shown.split("\n") if "OFF?" in line and "fan" in line)
    assert any(sign in fan for sign in "◴◷◶◵")
    pump = next(line for line in shown.split("\n") if "OFF?" in line and "pump" in line)
    assert not any(sign in pump for sign in "▁▃▅▇")
    assert "broker down" in shown
    assert not any(sign in picture(width, height) for sign in "◴◷◶◵"), "nothing turns that does not"
