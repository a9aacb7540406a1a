"""A display on a node: what it was told, and readings in their places."""

from girouette.simboard.parts import models
from support import wait_for
from test_node_things import obeys

SCREEN = "ha/roof/screen"
ENTRY = {"type": "ssd1306", "id": "screen", "scl": 22, "sda": 21, "address": "0x3D"}
WHOLE = {"temperature": {"decimals": 0}}  # so that it is the same for a while


def test_a_display_on_the_sensors_bus_shows_its_text_and_what_it_is_told(station, witness):
    screen = models()["ssd1306"](address=0x3D)
    entry = {"type": "ssd1306", "id": "screen", "scl": 22, "sda": 21, "address": "0x3D", "text": "T\n# T"}
    station({"actuators": [entry]}, sensors=[models()["bme280"](), screen])
    assert witness.first("ha/roof/screen") == ""
    small, large = ["⠘⢻⡟⠃", "⠀⢸⡇⠀", "⠀⢸⡇⠀", "⠀⠘⠃⠀"], "⠀⣿⣿⣿"
    wait_for(lambda: _left(screen)[:4] == small and _left(screen)[4] == large, "the text of the configuration", 20)
    obeys(witness, "ha/roof/screen", "OFF", "OFF")
    wait_for(lambda: not screen.on, "a dark display")
    obeys(witness, "ha/roof/screen", "T T", "OFF")
    obeys(witness, "ha/roof/screen", "ON", "T T")
    wait_for(lambda: _left(screen)[:4] == small and set(_left(screen)[4]) == {"⠀"}, "the text it was told")
    witness.say("ha/roof/screen/set", "a\x07")
    wait_for(lambda: any("characters that can be shown" in text for text in witness.texts("ha/roof/log")), "a refusal")
    obeys(witness, "ha/roof/screen", "", "")
    wait_for(lambda: _left(screen)[4] == large, "the text of the configuration again")
    screen.unplug()
    witness.say("ha/roof/screen/set", "T")
    wait_for(lambda: any("no answer at 0x3d" in text for text in witness.texts("ha/roof/log")), "a warning")
    screen.plug()
    wait_for(lambda: _left(screen)[:4] == small, "the text on a display that was plugged in again", 20)
    assert screen.faults == []


def test_readings_are_in_their_places_and_a_silent_sensor_is_not(station, witness):
    screen, air = models()["ssd1306"](address=0x3D), models()["bme280"]()
    entry = {**ENTRY, "text": "{bme280.temperature} C"}
    changes = {"actuators": [entry], "sensors.0.quantities": WHOLE}
    board = station(changes, sensors=[air, screen])
    board.weather.set(temperature=22.0)
    assert witness.first(SCREEN) == ""

    pictures = {}  # of each text, told

    def shows(text: str, timeout: float = 20):
        wait_for(lambda: screen.picture() == pictures[text], f"{text} on the display", timeout)

    for text in ("22 C", "-7 C", "-- C"):
        obeys(witness, SCREEN, text, text)
        wait_for(Still(screen), "a picture")
        pictures[text] = screen.picture()
    assert len(set(map(str, pictures.values()))) == 3
    obeys(witness, SCREEN, "", "")
    shows("22 C")
    board.weather.set(temperature=-7.0)
    shows("-7 C")
    air.unplug()
    shows("-- C", timeout=30)
    air.plug()
    shows("-7 C")
    assert screen.faults == []


def test_a_display_shows_the_unit_and_the_derived_quantity_it_is_asked_for(station, witness):
    screen = models()["ssd1306"](address=0x3D)
    asked = {"dew_point": {"decimals": 0}, "temperature": {"unit": "°F", "decimals": 0}}
    entry = {**ENTRY, "text": "{bme280.temperature}/{bme280.dew_point}"}
    board = station({"actuators": [entry], "sensors.0.quantities": asked}, sensors=[models()["bme280"](), screen])
    board.weather.set(temperature=20.0, humidity=52.0)
    assert witness.first(SCREEN) == ""
    obeys(witness, SCREEN, "68/10", "68/10")
    wait_for(Still(screen), "a picture")
    expected = screen.picture()
    obeys(witness, SCREEN, "", "")
    witness.wait("ha/dew_point", "10", more=2)
    wait_for(lambda: screen.picture() == expected, "the readings")


def test_a_place_that_nothing_is_measured_for_is_told(station):
    board = station({"actuators": [{**ENTRY, "text": "{bme280.temprature}"}]})
    expected = "actuators[0].text: expected a quantity of a sensor in { } (part.quantity)"
    board.wait_line(expected + ', found "bme280.temprature"')
    board.wait_line("waiting for a repaired file")


class Still:
    """Whether a screen has shown the same for many looks: its driver draws a block at a step."""

    def __init__(self, screen):
        self._screen, self._seen, self._looks = screen, None, 0

    def __call__(self) -> bool:
        picture = self._screen.picture()
        self._looks = self._looks + 1 if picture == self._seen else 0
        self._seen = picture
        return self._looks >= 30


def _left(screen) -> list[str]:
    """What is to see at the left edge, as far as the small T goes; large ones are twice as wide."""
    return [row[:4] for row in screen.picture()]
