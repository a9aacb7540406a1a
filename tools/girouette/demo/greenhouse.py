"""The demo's greenhouse: examples/greenhouse/config.json in a house that sun, fan and pump act upon."""

import json
import time

from girouette.paths import ROOT
from girouette.simboard import Board, Weather
from girouette.simboard.parts import wired

from .house import House
from .node import Node, bits

CONFIG = ROOT / "examples" / "greenhouse" / "config.json"
_SPEED = 60  # an hour in a minute
_INTERVAL = 1  # seconds, as time passes so much faster
_LIGHT = 2  # what the BH1750 asks for
_PORT, _HEAP = "rp2", "176k"  # a Pico 2 W has twice as much; from files it does not run in the 112 KB of a small chip
_TAP = 0.15  # seconds that a finger holds the button


class Greenhouse(Node):
    name = "greenhouse"
    title = "greenhouse"
    unplugged = "bme280"
    keys = (("f", "fan"), ("t", "tap"))
    story = ((35, "t"), (38, "t"), (42, "b"), (53, "b"))
    stale = 5

    def __init__(self):
        self.settings = _quickly(json.loads(CONFIG.read_text()))
        self.pins = {entry["id"]: entry["pin"] for entry in _parts(self.settings) if "pin" in entry}
        self._soil = next(entry for entry in self.settings["sensors"] if entry["id"] == "soil")
        self.outside = Weather(speed=_SPEED, hour=11)
        self.house = House(self.outside.now)
        self._now = None
        self._pressed: float | None = None

    def board(self, folder, on_line):
        parts = wired(self.settings)
        board = Board(folder, port=_PORT, bits=bits(), heap=_HEAP, weather=self.house, sensors=parts, on_line=on_line)
        board.sensor("ds18b20").weather = self.outside
        self._set(board)
        return board

    def actions(self, board, subscriber):
        topic = f"ha/{self.name}/fan"

        def fan():
            """A command from outside, as Home Assistant would send it."""
            on = '"ON"' in (subscriber.words[topic].value or "")
            subscriber.send(topic + "/set", "OFF" if on else "ON")

        def tap():
            """A finger at the real button: it needs no broker."""
            self._pressed = time.monotonic()
            board.pin(self.pins["button"]).drive(0)

        return {"f": fan, "t": tap}

    def running(self, board, name: str) -> float:
        """How much an actuator really does: what is at its pin, 0.0 to 1.0."""
        return board.pin(self.pins[name]).duty

    def tick(self, board):
        now = time.monotonic()
        if self._now is not None:
            minutes = (now - self._now) * _SPEED / 60
            self.house.go_on(minutes, self.running(board, "fan"), self.running(board, "pump"))
        self._now = now
        self._set(board)
        if self._pressed is not None and now - self._pressed > _TAP:
            self._pressed = None
            board.pin(self.pins["button"]).drive(None)

    def _set(self, board):
        """What the parts without a weather feel."""
        dry, wet = self._soil["at_0"] / 1000, self._soil["at_100"] / 1000
        board.sensor("analog").fixed = dry + (wet - dry) * self.house.soil / 100
        board.sensor("bh1750").lux = self.house.lux

    def ending(self, board):
        return ["the display:", *board.sensor("ssd1306").picture()]


def _parts(settings: dict) -> list[dict]:
    return [entry for section in ("sensors", "actuators", "inputs") for entry in settings[section]]


def _quickly(example: dict) -> dict:
    """The example as it is run: without its accounts, and as quick as its world."""
    kept = {key: value for key, value in example.items() if key not in ("network", "broker")}
    for sensor in kept["sensors"]:
        sensor["interval"] = _LIGHT if sensor["type"] == "bh1750" else _INTERVAL
    return kept | {"watchdog": 8}
