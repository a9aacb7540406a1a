"""A node that explains itself and gets up again: watchdog, safe mode, maintenance, diagnostics, presence, LED."""

import json
import time

import pytest
from support import wait_for

PRESSURE, STATUS, FIGURES = "ha/pressure", "ha/roof/status", "ha/roof/diagnostics"
START = "from node.app import main\n\nmain()\n"
CRASH = (
    """
import node.station

def fails(station):
    raise RuntimeError("of a test")

node.station.Station.turn = fails
"""
    + START
)
IN_A_LOOP = (
    """
import node.station
turn, turns = node.station.Station.turn, [0]

def stuck(station):
    turns[0] += 1
    while turns[0] > 20:
        pass
    turn(station)

node.station.Station.turn = stuck
"""
    + START
)


def marker(board):
    return board.firmware / "maintenance"


# -- watchdog


@pytest.mark.parametrize(("port", "asked", "got"), [("esp32", 3600, 3600), ("rp2", 30, 8.388), ("stm32", 60, 32)])
def test_the_watchdog_waits_as_long_as_asked_or_as_the_chip_can(station, witness, port, asked, got):
    board = station({"watchdog": asked}, port=port)
    witness.first(PRESSURE)
    assert board.watchdog == got


def test_a_loop_that_has_stopped_is_bitten_and_the_node_says_so_afterwards(station, witness):
    board = station({"watchdog": 1}, main=IN_A_LOOP)
    board.wait_boot("watchdog")
    board.wait_line("info  node: started: watchdog")
    wait_for(lambda: any('"watchdog"' in text for text in witness.texts(FIGURES)), "the cause in the diagnostics")


# -- safe mode


@pytest.mark.parametrize("port", ["esp32", "rp2"])
def test_after_five_failed_starts_the_node_runs_in_safe_mode_and_obeys(station, witness, remote, port):
    board = station({"watchdog": 1}, main=IN_A_LOOP.replace("> 20", "> 2"), port=port)
    for _ in range(5):
        board.wait_line("started:")
    board.wait_line("5 starts in a row failed: safe mode", timeout=40)
    board.power_off()
    (board.firmware / "main.py").write_text(START)
    if port == "esp32":
        return  # its RTC memory has forgotten
    board.power_on()
    board.wait_line("safe mode")
    wait_for(lambda: any('"safe": true' in text for text in witness.texts(FIGURES)), "the diagnostics")
    remote.answer("error node: 5 starts in a row failed", timeout=20)
    assert witness.texts(PRESSURE) == []
    remote.ask("read", "", "warn read: expected the name of a sensor (none)")
    remote.ask("restart", "", "info restart: now")
    witness.wait(PRESSURE)


@pytest.mark.timeout(300)
def test_a_good_start_ends_the_count(station, witness):
    board = station(port="rp2")
    witness.first(PRESSURE)
    count = board.firmware / "memory"
    assert b"boots" in count.read_bytes()
    wait_for(lambda: b"boots" not in count.read_bytes(), "a minute of running", timeout=80)


# -- a fault of the firmware


def test_a_fault_of_the_firmware_is_shown_and_answered_with_a_restart(station):
    board = station(main=CRASH)
    board.wait_line("RuntimeError: of a test")
    board.wait_line("restarts in 10 s after a fault of its own")
    board.wait_boot("hard", timeout=30)


# -- maintenance


def test_a_copy_that_takes_longer_than_the_watchdog_is_bitten_without_maintenance(station, witness):
    board = station(
        {"watchdog": 1}, main=START.replace("main()", "try:\n    main()\nexcept KeyboardInterrupt:\n    pass")
    )
    witness.first(PRESSURE)
    (board.firmware / "main.py").write_text("import machine, time\nmachine.WDT(timeout=1000)\nprint('copying')\n")
    board.reset()
    board.wait_line("copying")
    board.wait_prompt()
    board.wait_boot("watchdog")


def test_ctrl_c_leads_into_maintenance_where_a_copy_may_take_long(station, witness):
    board = station({"watchdog": 1})
    witness.first(PRESSURE)
    board.interrupt()
    board.wait_line("Ctrl-C: into maintenance by a reset")
    board.wait_boot("hard")
    board.wait_line("maintenance: the node does not start. To leave: remove the file maintenance and reset")
    board.wait_prompt()
    wait_for(lambda: witness.texts(STATUS)[-1] == "offline", "the goodbye")
    assert board.watchdog is None
    begun = time.monotonic()  # a copy
    wait_for(lambda: time.monotonic() - begun > 2, "a copy of twice the watchdog's time")
    assert board.boots == ["power on", "hard"]
    marker(board).unlink()
    board.reset()
    witness.wait(PRESSURE)


def test_ctrl_c_twice_is_what_tools_send(station, witness):
    board = station({"watchdog": 2})
    witness.first(PRESSURE)
    board.interrupt()
    board.interrupt()
    board.wait_line("maintenance: the node does not start")
    assert marker(board).exists()


def test_ctrl_c_without_a_watchdog_leads_to_the_prompt_at_once(station, witness):
    board = station({"watchdog": 0})
    witness.first(PRESSURE)
    board.interrupt()
    board.wait_line("stopped from the console; no watchdog runs")
    board.wait_prompt()
    wait_for(lambda: witness.texts(STATUS)[-1] == "offline", "the goodbye")
    assert board.boots == ["power on"]
    assert not marker(board).exists()


def test_ctrl_c_before_the_watchdog_starts_leads_to_the_prompt(station):
    board = station(text="{")
    board.wait_line("waiting for a repaired file")
    board.interrupt()
    board.wait_line("stopped from the console; no watchdog runs")
    board.wait_prompt()
    assert board.boots == ["power on"]


def test_ctrl_c_between_the_watchdog_and_the_first_turn_leads_into_maintenance(station):
    """The station is not made yet, the watchdog runs: at a prompt it would bite in the middle of somebody's copy."""
    main = "import machine\nreal = machine.WDT\ndef WDT(timeout):\n    dog = real(timeout=timeout)\n"
    main += "    print('armed')\n    raise KeyboardInterrupt\nmachine.WDT = WDT\n"
    board = station({"watchdog": 8}, main=START.replace("from node", main + "from node"))
    board.wait_line("armed")
    board.wait_line("Ctrl-C: into maintenance by a reset")
    board.wait_boot("hard")
    assert marker(board).exists()


def test_maintenance_on_command(station, witness, remote):
    board = station({"watchdog": 2})
    witness.first(PRESSURE)
    remote.ask("maintenance", "", "info maintenance: until the file maintenance is removed and the board reset")
    wait_for(lambda: witness.texts(STATUS)[-1] == "offline", "the goodbye")
    board.wait_line("maintenance: the node does not start")
    board.wait_prompt()
    assert board.watchdog is None


# -- diagnostics


def test_diagnostics_tell_what_one_wants_to_know(station, witness):
    board = station({"diagnostics": 1})
    figures = json.loads(witness.first(FIGURES))
    assert figures["reset"] == "power on"
    assert figures["rssi"] < 0
    assert figures["version"]
    assert 0 < figures["heap_low"] <= 112 * 1024
    assert 0 < figures["heap_free"] <= 112 * 1024
    assert (figures["reconnects"], figures["dropped"], figures["oversize"], figures["queued"]) == (0, 0, 0, 0)
    board.sensor("bme280").unplug()
    board.net.cut()
    board.wait_line("warn  broker:")
    wait_for(lambda: json.loads(witness.texts(FIGURES)[-1])["reconnects"] == 1, "the reconnect", timeout=60)
    figures = json.loads(witness.wait(FIGURES))
    assert figures["sensor_errors"] > 0
    assert figures["reason"]
    assert figures["uptime"] > 0


def test_the_worst_turn_of_the_loop_is_told(station, witness):
    slow = "import node.sensors, time\npublish = node.sensors.Sensor._publish\n"
    slow += "node.sensors.Sensor._publish = lambda sensor: (time.sleep_ms(700), publish(sensor))\n"
    station({"diagnostics": 1}, main=slow + START)
    wait_for(lambda: any(700 <= json.loads(t)["loop_ms"] < 1500 for t in witness.texts(FIGURES)), "it", timeout=40)
    witness.wait(FIGURES)


# -- the LED


def test_the_led_tells_what_the_node_is_at(station, witness):
    board = station({"led": {"pin": 2, "active_low": True}, "watchdog": 0})
    witness.first(PRESSURE)
    wait_for(lambda: board.pin(2).value == 1, "a pause of the LED")
    board.wifi(False)
    board.wait_line("is lost")
    seen = []

    def blinks():
        value = board.pin(2).value
        if not seen or seen[-1] != value:
            seen.append(value)
        return len(seen) > 4

    wait_for(blinks, "the LED to blink", step=0.005)
    board.interrupt()
    board.wait_prompt()
    assert board.pin(2).value == 1, "off at the end"
