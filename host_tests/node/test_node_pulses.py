"""Parts that count, from the contact to the broker: rain, wind, water and electricity beside a sensor that waits."""

from statistics import mean

import pytest
from girouette.simboard.parts import wired
from support import wait_for

SENSORS = [
    {"type": "rain_gauge", "pin": 25, "interval": 1},
    {"type": "anemometer", "pin": 26, "interval": 3, "window": 3},
    {"type": "flow_meter", "pin": 27, "pull": "none", "interval": 1},
    {"type": "energy_meter", "pin": 33, "interval": 1},
    {"type": "bme280", "scl": 22, "sda": 21, "interval": 1},
]


@pytest.fixture
def meters(station, witness):
    """(rain_gauge={}) -> (board, rain, wind, water, power): a running station, its time three times as fast."""

    def running(rain_gauge=None):
        sensors = [SENSORS[0] | (rain_gauge or {}), *SENSORS[1:]]
        rain, wind, water, power, air = wired({"sensors": sensors})
        rain.rain, wind.wind, water.flow, power.watts = 600.0, 7.5, 9.0, 30_000.0
        changes = {"sensors": sensors, "watchdog": 0, "broker.keepalive": 60}
        return station(changes, sensors=[rain, wind, water, power, air], rate=3), rain, wind, water, power

    return running


def test_what_they_count_is_published_as_it_is(meters, witness):
    board, rain, _, water, power = meters()
    witness.wait("ha/wind_gust", more=5, timeout=30)
    # The mean of all: at this pace a host that stalls moves pulses from one reading to the next.
    assert mean(witness.values("ha/wind_speed")) == pytest.approx(7.5, abs=1.5)
    gusts = witness.values("ha/wind_gust")
    assert max(gusts) >= 7
    assert mean(gusts) < 9
    assert mean(witness.values("ha/flow")[1:]) == pytest.approx(9.0, abs=2)  # what was counted in all is exact, below
    assert mean(witness.values("ha/power")[2:]) == pytest.approx(30_000, rel=0.05)
    assert witness.values("ha/rain_rate")[-1] == pytest.approx(600, rel=0.1)
    for topic, count, of_one in (("rain", rain, 0.2794), ("volume", water, 1 / 450), ("energy", power, 0.001)):
        counted = count.count * of_one
        wait_for(lambda t=topic, c=counted: witness.values(f"ha/{t}")[-1] >= c - 0.1, f"{topic} to be all")
        assert witness.values(f"ha/{topic}") == sorted(witness.values(f"ha/{topic}"))
        assert witness.values(f"ha/{topic}")[-1] <= count.count * of_one
    assert witness.values("ha/pressure")
    assert not [line for line in board.lines if "warn" in line]


def test_a_wire_that_rattles_is_told_and_the_others_go_on(meters, witness):
    board, rain, *_ = meters({"debounce": 0})
    witness.wait("ha/rain", timeout=30)
    rain.rain = 20_000.0  # and its contact bounces
    told = board.wait_line("warn  rain_gauge:", timeout=30)
    assert "the rain gauge gives more pulses than it can" in told
    rain.rain = 60.0
    for topic in ("ha/flow", "ha/power", "ha/wind_gust", "ha/pressure"):
        witness.wait(topic, more=2, timeout=30)
    board.wait_line("rain_gauge: works again", timeout=30)
