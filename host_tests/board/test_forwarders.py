"""What a firmware does in its loop costs on the simulated board what it costs on a chip: nothing."""

import pytest
from girouette.simboard import Bme280
from girouette.simboard.parts.dallas import Ds18b20
from girouette.simboard.parts.dht import Dht22

FREE = (
    "read_memory",
    "write_memory",
    "read_and_write",
    "pins",
    "wifi",
    "feed",
    "whole_seconds",
    "ticks",
    "sleep",
    "pwm",
    "analogue",
    "wire",
    "onewire",
    "dht",
)


@pytest.fixture(scope="module")
def _verdicts():
    return {}


@pytest.fixture
def verdicts(_verdicts, make_board):
    """{step: [live, total, "locked" or "MemoryError"]}, measured once for all tests here."""
    if not _verdicts:
        # A part that never minds how soon it is asked again.
        pulses = Dht22(14)
        pulses.pause_s = 0
        pulses.power_up = lambda: setattr(pulses, "_born", -10)
        pulses.power_up()
        sensors = [Bme280(), Ds18b20(13), pulses]
        board = make_board("transfers.py", bits=32, ticks_start=2**30 - 20, sensors=sensors)
        board.wait_line("done", timeout=60)
        _verdicts.update((line.split()[0], line.split()[1:]) for line in board.lines if len(line.split()) == 4)
    return _verdicts


@pytest.mark.parametrize("step", FREE)
def test_a_forwarder_allocates_nothing_on_32_bits(verdicts, step):
    assert verdicts[step] == ["0", "0", "locked"]


def test_the_gate_notices_an_allocation_on_the_board(verdicts):
    live, total, locked = verdicts["deliberate"]
    assert int(live) > 0
    assert int(total) > 0
    assert locked == "MemoryError"
