"""A reading costs no memory on the chips' object layout, measured on the compiled drivers; and the gate is awake."""

from pathlib import Path

import pytest
from girouette import schema as schemas

ON_BOARD = Path(__file__).parent / "on_board"
INPUTS = [part for part, schema in schemas.drivers().items() if schemas.role(schema) == "input"]
SENSORS = [part for part, schema in schemas.drivers().items() if schemas.role(schema) == "sensor"]


@pytest.fixture
def readings(mp32, lib_mpy):
    """(part, fault) -> the values of a reading, then [live bytes, total bytes, "locked" or "MemoryError"]."""

    def run(part: str, fault: str = "none"):
        result = mp32.run(ON_BOARD / "readings.py", args=(part, fault), path=[lib_mpy, ON_BOARD])
        assert result.returncode == 0, result.stderr
        values, verdict = result.stdout.splitlines()
        return values, verdict.split()

    return run


@pytest.mark.parametrize("part", SENSORS)
def test_10000_readings_allocate_nothing_and_are_right(readings, part):
    assert readings(part) == ("True", ["0", "0", "locked"])


def test_the_gate_turns_red_for_a_slice(readings):
    _, (live, total, locked) = readings("bme280", "slice")
    assert int(live) > 0
    assert int(total) > 0
    assert locked == "MemoryError"


def test_the_gate_turns_red_for_a_frame_on_the_heap(readings):
    _, (_, total, _) = readings("bme280", "frame")
    assert int(total) > 0


@pytest.fixture
def things(mp32, lib_mpy):
    """(part, fault) -> its state after each command, then [live bytes, total bytes, "locked" or "MemoryError"]."""

    def run(part: str, fault: str = "none"):
        result = mp32.run(ON_BOARD / "things.py", args=(part, fault), path=[lib_mpy, ON_BOARD])
        assert result.returncode == 0, result.stderr
        *states, verdict = result.stdout.splitlines()
        return states, verdict.split()

    return run


LAMP = [
    '{"state":"ON","brightness":128}',
    '{"state":"OFF","brightness":128}',
    '{"state":"ON","brightness":255}',
    '{"state":"ON","brightness":255}',
]


FAN = [
    '{"state":"ON","percentage":100}',
    '{"state":"ON","percentage":40}',
    '{"state":"OFF","percentage":40}',
    '{"state":"ON","percentage":100}',
]
COVER = [
    '{"state":"opening","position":100}',
    '{"state":"closing","position":40}',
    '{"state":"open","position":50}',
    '{"state":"closing","position":0}',
]
STRIP = [
    '{"state":"ON","color_mode":"rgb","brightness":128,"color":{"r":255,"g":0,"b":77},"effect":"off"}',
    '{"state":"ON","color_mode":"rgb","brightness":128,"color":{"r":255,"g":0,"b":77},"effect":"rainbow"}',
    '{"state":"ON","color_mode":"rgb","brightness":255,"color":{"r":255,"g":255,"b":255},"effect":"chase"}',
    '{"state":"ON","color_mode":"rgb","brightness":255,"color":{"r":255,"g":255,"b":255},"effect":"twinkle"}',
    '{"state":"ON","color_mode":"rgb","brightness":255,"color":{"r":255,"g":255,"b":255},"effect":"breathe"}',
    '{"state":"OFF","color_mode":"rgb","brightness":255,"color":{"r":255,"g":255,"b":255},"effect":"breathe"}',
]
STATES = {
    "relay": ["ON", "OFF"],
    "dimmer": LAMP,
    "fan": FAN,
    "ssd1306": ["Küche: 5 µg, and words that wrap"] * 2 + ["OFF", "Küche: 5 µg, and words that wrap", ""],
    "servo": ["0", "180", "45"],
    "cover": COVER,
    "buzzer": [
        '{"state":"ON","tone":"chime"}',
        '{"state":"ON","tone":"siren"}',
        '{"state":"ON","tone":"siren"}',
        '{"state":"OFF","tone":"siren"}',
    ],
    "strip": STRIP,
    "strip_rgbw": [
        state.replace('"rgb"', '"rgbw"')
        .replace("77}", '77,"w":0}')
        .replace('"r":255,"g":255,"b":255}', '"r":0,"g":0,"b":0,"w":255}')
        for state in STRIP
    ],
}


@pytest.mark.parametrize(("part", "states"), STATES.items())
def test_obeying_fading_looking_and_saying_so_allocate_nothing(things, part, states):
    assert things(part) == (states, ["0", "0", "locked"])


@pytest.mark.parametrize("part", STATES)
def test_the_gate_turns_red_for_what_a_part_allocates(things, part):
    assert things(part, "slice")[1][2] == "MemoryError"
    assert int(things(part, "frame")[1][1]) > 0


@pytest.fixture
def inputs(mp32, lib_mpy):
    """(part, fault) -> what it told in order, then [live bytes, total bytes, "locked" or "MemoryError"]."""

    def run(part: str, fault: str = "none"):
        result = mp32.run(ON_BOARD / "inputs.py", args=(part, fault), path=[lib_mpy, ON_BOARD])
        assert result.returncode == 0, result.stderr
        *told, verdict = result.stdout.splitlines()
        return told, verdict.split()

    return run


TOLD = {"button": ["double", "long", "click"]}


@pytest.mark.parametrize("part", INPUTS)
def test_looking_saying_and_telling_events_allocate_nothing(inputs, part):
    assert inputs(part) == (["OFF", "ON", *TOLD.get(part, [])], ["0", "0", "locked"])


@pytest.mark.parametrize("part", INPUTS)
def test_the_gate_turns_red_for_what_an_input_allocates(inputs, part):
    assert inputs(part, "slice")[1][2] == "MemoryError"
    assert int(inputs(part, "frame")[1][1]) > 0
