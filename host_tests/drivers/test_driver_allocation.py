"""A reading costs no memory on the chips' object layout, measured on the compiled drivers; and the gate is awake."""

from pathlib import Path

import pytest

ON_BOARD = Path(__file__).parent / "on_board"


@pytest.fixture
def readings(mp32, lib_mpy):
    """(part, fault) -> the values of a reading, then [live bytes, total bytes, "locked" or "MemoryError"]."""

    def run(part: str, fault: str = "none"):
        result = mp32.run(ON_BOARD / "readings.py", args=(part, fault), path=[lib_mpy, ON_BOARD])
        assert result.returncode == 0, result.stderr
        values, verdict = result.stdout.splitlines()
        return values, verdict.split()

    return run


@pytest.mark.parametrize(("part", "values"), [("bme280", "2293 6317 100043"), ("bmp280", "2293 100043")])
def test_10000_readings_allocate_nothing(readings, part, values):
    assert readings(part) == (values, ["0", "0", "locked"])


def test_the_gate_turns_red_for_a_slice(readings):
    _, (live, total, locked) = readings("bme280", "slice")
    assert int(live) > 0
    assert int(total) > 0
    assert locked == "MemoryError"


def test_the_gate_turns_red_for_a_frame_on_the_heap(readings):
    _, (_, total, _) = readings("bme280", "frame")
    assert int(total) > 0
