"""The heap of a whole station, on the objects of a chip: the same after an hour as after a minute."""

import pytest
from support import wait_for

METER = """
import gc, time, micropython
from node import app
from node.log import Log

log = Log(time)
station = app.make(log)
station.start()

def turns(ms):
    until = time.ticks_add(time.ticks_ms(), ms)
    while time.ticks_diff(until, time.ticks_ms()) > 0:
        station.turn()

def measure(ms):
    gc.collect()
    gc.disable()
    live, total = gc.mem_alloc(), micropython.mem_total()
    turns(ms)
    live, total = gc.mem_alloc() - live, micropython.mem_total() - total
    gc.enable()
    print("measured live", live, "transient", total)

turns(4000)
for _ in range(3):
    measure(5000)
while True:
    turns(1000)
    gc.collect()
    print("heap", gc.mem_alloc())
"""


def number(line: str, word: str) -> int:
    words = line.split()
    return int(words[words.index(word) + 1])


def test_reading_formatting_and_publishing_allocate_nothing(station, witness):
    board = station({"diagnostics": 0}, main=METER)  # those are loaded, published and forgotten: measured below
    lines = [board.wait_line("measured", timeout=30) for _ in range(3)]
    assert len(witness.texts("ha/temperature")) > 10
    assert [(number(line, "live"), number(line, "transient")) for line in lines] == [(0, 0)] * 3


@pytest.mark.parametrize("keys", [{}, {"broker.expiry": 3600}], ids=["plain", "expiry"])
def test_mqtt_5_allocates_nothing_either(station, witness, keys):
    board = station({"broker.version": 5, "diagnostics": 0, **keys}, main=METER)
    lines = [board.wait_line("measured", timeout=30) for _ in range(3)]
    assert len(witness.texts("ha/temperature")) > 10
    assert [(number(line, "live"), number(line, "transient")) for line in lines] == [(0, 0)] * 3


def test_the_heap_is_the_same_before_and_after_outages(station, witness):
    board = station({"diagnostics": 0}, main=METER.replace("range(3)", "range(0)"))

    def settled() -> int:
        board.wait_line("heap")
        return number(board.wait_line("heap"), "heap")

    def outage():
        board.wifi(False)
        board.wait_line("is lost")
        board.wait_line("warn  broker")
        board.wifi(True)
        board.wait_line("connected to", timeout=60)
        board.net.cut()
        board.wait_line("connected to", timeout=60)
        board.sensor("bme280").unplug()
        board.wait_line("warn  bme280")
        board.sensor("bme280").plug()
        board.wait_line("works again")
        witness.wait("ha/temperature", more=3)

    witness.wait("ha/temperature", more=3)
    outage()
    first = settled()
    outage()
    assert settled() == first


THINGS = {
    "diagnostics": 0,
    "actuators": [{"type": "relay", "pin": 25}, {"type": "dimmer", "pin": 26, "fade": 200}],
    "inputs": [{"type": "button", "pin": 27}],
}
RELAY, DIMMER = "ha/roof/relay", "ha/roof/dimmer"


def test_a_station_with_outputs_and_inputs_allocates_nothing_while_nothing_is_asked_of_it(station, witness):
    board = station(THINGS, main=METER)
    lines = [board.wait_line("measured", timeout=30) for _ in range(3)]
    assert [(number(line, "live"), number(line, "transient")) for line in lines] == [(0, 0)] * 3
    assert witness.texts("ha/roof/button") == ["OFF"]


def test_commands_fades_and_presses_leave_nothing_in_the_heap(station, witness):
    board = station(THINGS, main=METER.replace("range(3)", "range(0)"))
    witness.first("ha/roof/button")

    def settled() -> int:
        board.wait_line("heap")
        return number(board.wait_line("heap"), "heap")

    def ask(topic: str, command: str, part: str):
        before = len(witness.texts(topic))
        witness.say(topic + "/set", command)
        wait_for(lambda: part in "".join(witness.texts(topic)[before:]), f"{part} on {topic}")

    def life():
        for brightness in (5, 50, 250):
            ask(RELAY, "ON", "ON")
            ask(DIMMER, f'{{"brightness":{brightness},"transition":0.1}}', f":{brightness}}}")
            ask(RELAY, "OFF", "OFF")
            ask(DIMMER, "OFF", "OFF")
        for level, text in ((0, "ON"), (1, "OFF")):
            board.pin(27).drive(level)
            wait_for(lambda text=text: witness.texts("ha/roof/button")[-1] == text, "the button")
        witness.say(RELAY + "/set", "bad")
        board.wait_line("warn  relay")

    life()
    first = settled()
    life()
    assert settled() == first


@pytest.mark.parametrize("heap", ["70k"])
def test_the_plain_station_runs_in_a_small_heap(station, witness, heap):
    board = station(heap=heap)
    witness.wait("ha/pressure", more=3)
    witness.first("ha/roof/diagnostics")
    assert not any("memory" in line.lower() for line in board.lines), "\n".join(board.lines)
    assert board.boots == ["power on"]


def test_mqtt_5_wants_a_heap_of_112_kb(station, witness):
    board = station({"broker.version": 5}, heap="112k")
    witness.wait("ha/pressure", more=3)
    witness.first("ha/roof/diagnostics")
    board.net.cut()
    board.wait_line("warn  broker")
    board.wait_line("connected to", timeout=60)
    witness.wait("ha/pressure", more=3)
    assert not any("memory" in line.lower() for line in board.lines), "\n".join(board.lines)
    assert board.boots == ["power on"]


SCARCE = """
import os, time
from node import app
from node.log import Log

station = app.make(Log(time))
subscribe = station.client.subscribe
refused = 0

def scarce(*args, **kwargs):
    global refused
    if "room" not in os.listdir():
        refused += 1
        raise MemoryError
    station.client.subscribe = subscribe
    return subscribe(*args, **kwargs)

station.client.subscribe = scarce
station.client.on_subscribed = lambda *granted: print("room after", refused)
station.start()
while True:
    station.turn()
"""


def test_without_room_for_commands_the_readings_go_on_and_commands_come_with_the_room(station, witness):
    board = station(main=SCARCE)
    witness.wait("ha/pressure", more=4)
    (board.firmware / "room").touch()
    refused = number(board.wait_line("room after"), "after")
    assert refused > 0
    witness.say("ha/roof/cmd/log", "debug")
    wait_for(lambda: any("debug" in text for text in witness.texts("ha/roof/log")), "the answer to a command")
    witness.wait("ha/pressure", more=3)
    assert board.boots == ["power on"]


def test_commands_and_an_outage_want_a_little_more_heap(station, witness):
    board = station(heap="78k")
    witness.first("ha/roof/diagnostics")
    witness.say("ha/roof/cmd/interval", "bme280 2")
    wait_for(lambda: "info interval: bme280 every 2 s" in witness.texts("ha/roof/log"), "the answer to a command")
    board.wifi(False)
    board.wait_line("is lost")
    board.wifi(True)
    board.wait_line('on "home"')
    witness.wait("ha/pressure", more=3)
    assert board.boots == ["power on"]


def test_diagnostics_are_published_without_a_byte_that_stays(station, witness):
    board = station({"diagnostics": 3}, main=METER.replace("range(3)", "range(0)"))

    def settled() -> int:
        witness.wait("ha/roof/diagnostics", more=2)
        board.wait_line("heap")
        return number(board.wait_line("heap"), "heap")

    settled()
    first = settled()
    assert settled() == first


def test_the_meter_sees_a_single_object(station, witness):
    leak = "turn, kept = station.turn, []\nstation.turn = lambda: (turn(), kept.append(bytearray(1)))\nstation.start()"
    board = station(main=METER.replace("station.start()", leak).replace("range(3)", "range(1)"))
    line = board.wait_line("measured", timeout=30)
    assert number(line, "live") > 0
    assert number(line, "transient") > 0
