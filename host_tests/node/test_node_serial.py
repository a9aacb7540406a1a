"""A part at a serial port, from its bytes to the broker."""

import pytest
from girouette.simboard.parts.serial import Pms5003


def test_particles_are_published_and_a_pulled_plug_is_told(station, witness):
    part = Pms5003(tx=17, rx=16)
    part.dust = 40.0
    changes = {
        "sensors": [{"type": "pms5003", "tx": 17, "rx": 16, "sleep": False, "interval": 2}],
        "watchdog": 0,
        "broker.keepalive": 60,
    }
    board = station(changes, sensors=[part], rate=10)
    witness.wait("ha/pm25", more=2, timeout=30)
    assert witness.values("ha/pm25")[-1] == pytest.approx(40, abs=3)
    assert witness.values("ha/pm10")[-1] == pytest.approx(44, abs=3)
    part.unplug()
    assert "PMS5003 says nothing" in board.wait_line("warn  pms5003:", timeout=30)
    part.plug()
    board.wait_line("pms5003: works again", timeout=30)
