"""A node with all one can wire to a chip: ten sensors on one bus, four actuators, rules, discovery.

It has the heap of a small chip, and no turn of its loop keeps the bus for long, for which a button and a fade wait.
"""

import json

import pytest
from girouette import build
from girouette.build import romfs
from girouette.simboard.parts import wired
from roof import config
from support import wait_for
from test_node_memory import number

BUS = {"scl": 22, "sda": 21, "interval": 3}
SENSORS = [
    BUS | {"type": part} | ({"address": address} if address else {})
    for part, address in (
        ("aht20", None),
        ("bh1750", None),
        ("bme280", "0x76"),
        ("bmp280", "0x77"),
        ("htu21d", None),
        ("scd30", None),
        ("scd4x", None),
        ("sht3x", "0x44"),
        ("sht4x", "0x46"),
        ("veml7700", None),
    )
]
for _sensor in SENSORS:
    if _sensor["type"].startswith("scd"):
        _sensor["interval"] = 5
ACTUATORS = [
    {"type": "relay", "id": "fan", "pin": 25},
    {"type": "relay", "id": "pump", "pin": 26},
    {"type": "dimmer", "id": "lamp", "pin": 27},
    {"type": "dimmer", "id": "bench", "pin": 33},
]
RULES = [
    {"when": "bme280.temperature", "above": 28, "until": 26, "set": "fan"},
    {"when": "sht3x.humidity", "below": 40, "until": 50, "set": "pump"},
    {"when": "bh1750.illuminance", "below": 50, "until": 100, "set": "lamp"},
    {"at": "06:30", "days": ["mon", "tue"], "set": "bench"},
]
RICH = {
    "sensors": SENSORS,
    "actuators": ACTUATORS,
    "rules": RULES,
    "discovery": "homeassistant",
    "time": {"zone": "CET-1CEST,M3.5.0,M10.5.0/3"},
}

# What a board with a ROMFS does by itself: the image is in the heap here, which is so much larger.
MOUNT = """
import sys, vfs
with open("rom", "rb") as file:
    image = bytearray(file.seek(0, 2))
    file.seek(0)
    file.readinto(image)
vfs.mount(vfs.VfsRom(memoryview(image)), "/rom")
sys.path[1:1] = ["/rom", "/rom/lib"]
import node.app
node.app.main()
"""

# The most the bus takes in one turn of the loop, told each time it has become more.
METER = """
import gc
from _board import ask
from node import app
from node.station import Station
turn, most = Station.turn, -1
def metered(self):
    global most
    before = ask("i2c_us")
    turn(self)
    took = ask("i2c_us") - before
    if took > most:
        most = took
        print("worst", most)
Station.turn = metered
app.main()
"""


@pytest.fixture
def rich(station):
    """Makes the node, its parts wired."""

    def made(**options):
        return station(RICH, sensors=wired(RICH), **options)

    return made


@pytest.fixture
def from_rom(station, mosquitto, tmp_path):
    """The same, its code in a ROMFS as `girouette build --romfs` makes it."""

    def made(heap: int):
        settings = tmp_path / "config.json"
        settings.write_text(json.dumps(config(mosquitto, RICH)))
        image = romfs.write(build.make("ESP32_GENERIC", tmp_path / "build", settings))
        flash = tmp_path / "own"
        flash.mkdir()
        (flash / "rom").write_bytes(image.read_bytes())
        heap += image.stat().st_size
        return station(RICH, main=MOUNT, firmware=flash, sensors=wired(RICH), heap=heap)

    return made


def readings(witness) -> set[str]:
    """The parts that have published."""
    return {topic.split("/")[2] for topic, _, _ in witness.messages if topic.count("/") == 3}


def lives(board, witness):
    """All of it works: readings, discovery, commands, a rule, diagnostics."""
    everything = {sensor["type"] for sensor in SENSORS}
    wait_for(lambda: everything <= readings(witness), "a reading of each sensor", 60)
    wait_for(lambda: any(topic.endswith("/config") for topic, *_ in witness.messages), "the introduction", 30)
    told = json.loads(next(text for topic, text, _ in witness.messages if topic.endswith("/config")))
    assert {"fan", "pump", "lamp", "bench"} <= set(told["cmps"])
    assert len(told["cmps"]) > 25
    witness.say("ha/roof/lamp/set", '{"state":"ON","brightness":99}')
    wait_for(lambda: '"brightness":99' in witness.texts("ha/roof/lamp")[-1], "the lamp to obey")
    board.weather.set(temperature=31.0)
    witness.wait("ha/roof/fan", "ON", timeout=30)
    witness.say("ha/roof/cmd/interval", "bme280 2")
    wait_for(lambda: "info interval: bme280 every 2 s" in witness.texts("ha/roof/log"), "the answer to a command")
    assert witness.first("ha/roof/diagnostics")
    assert board.boots == ["power on"]
    assert not any("memory" in line.lower() for line in board.lines), "\n".join(board.lines)


def test_it_runs_in_a_heap_of_112_kb_with_its_code_in_the_rom(from_rom, witness):
    lives(from_rom(heap=112 * 1024), witness)


def test_from_files_it_takes_the_heap_of_an_ordinary_chip(rich, witness):
    lives(rich(heap="176k"), witness)


@pytest.mark.timeout(300)
def test_its_sensors_keep_the_bus_for_less_than_20_ms_in_any_turn(rich, witness):
    board = rich(main=METER, heap="1m")
    for sensor in SENSORS:
        name = "illuminance" if sensor["type"] in ("bh1750", "veml7700") else "temperature"
        witness.wait(f"ha/roof/{sensor['type']}/{name}", more=3, timeout=60)
    worst = max(number(line, "worst") for line in board.lines if line.startswith("worst"))
    assert 3_000 < worst < 20_000
