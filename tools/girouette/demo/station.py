"""The demo's weather station: one BME280 in weather that passes quickly, and a relay for a lamp."""

from girouette.simboard import Board, Weather

from .node import Node, bits

LAMP = "ha/station/lamp"
_SPEED = 600  # a day of weather in 2.4 minutes, so that there is something to see


class Station(Node):
    name = "station"
    title = "weather station"
    settings = {
        "sensors": [{"type": "bme280", "scl": 22, "sda": 21, "interval": 1}],
        "actuators": [{"type": "relay", "id": "lamp", "pin": 26}],
        "watchdog": 8,
    }
    unplugged = "bme280"
    keys = (("l", "lamp"),)
    story = ((5, "l"), (7, "o"))

    def board(self, folder, on_line):
        return Board(folder, bits=bits(), weather=Weather(speed=_SPEED), on_line=on_line)

    def actions(self, board, subscriber):
        def lamp():
            """Switches the lamp, as anyone may who can publish."""
            subscriber.send(LAMP + "/set", "OFF" if subscriber.words[LAMP].value == "ON" else "ON")

        return {"l": lamp}
