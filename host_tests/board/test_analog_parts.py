"""Analog parts wired to the pins of a simulated board."""

import pytest
from girouette.simboard.parts.analog import Analog, WindVane


def test_a_part_puts_its_volts_on_its_pin(make_board):
    vane, probe = WindVane(pin=35, noise=0), Analog(pin=34, noise=0)
    vane.direction, probe.fixed = 270, 1.65
    board = make_board(
        """
import machine
for pin in (34, 35):
    print(machine.ADC(machine.Pin(pin), atten=machine.ADC.ATTN_11DB).read_uv())
""",
        sensors=[vane, probe],
    )
    board.wait_prompt()
    assert [int(line) / 1e6 for line in board.lines[:2]] == pytest.approx([1.65, 3.3 * 12 / 13], abs=0.001)
    assert board.sensor("wind_vane") is vane
