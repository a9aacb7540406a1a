"""BH1750 and VEML7700 drivers on models: readings over the whole range, and every fault in its own words."""

import math

import pytest
from drivers import SensorError, bh1750
from hypothesis import given
from hypothesis import strategies as st
from test_conversion import Narrow

WORD = st.integers(0, 0xFFFF)


def lux(rig, turns=12) -> float:
    """Turns until there is a reading."""
    for _ in range(turns):
        if rig.turn():
            return rig.values[0] / 10 ** rig.sensor.quantities[0][2]
    raise AssertionError(f"{turns} turns and no reading")


def error(rig, turns=12) -> str:
    with pytest.raises(SensorError) as caught:
        for _ in range(turns):
            rig.turn()
    return str(caught.value)


@pytest.fixture
def bright(make_rig):
    """(lux) -> a Rig of a BH1750 in this light."""

    def make(light, **options):
        rig = make_rig("bh1750", **options)
        rig.part.lux = light
        return rig

    return make


# BH1750


def test_the_bh1750s_data_sheets_example_is_met():
    """0x8390 counts in H-resolution mode are 28067 lx."""
    assert bh1750.illuminance(0x8390, 69) == 280667


@given(WORD, st.integers(31, 508))
def test_bh1750_counts_are_the_formula_rounded_and_stay_within_31_bits(counts, divisor):
    assert abs(int(bh1750.illuminance(Narrow(counts), Narrow(divisor))) - counts / 1.2 * 69 / divisor * 10) <= 0.5


@pytest.mark.parametrize(
    "light", [0, 0.1, 0.5, 3.3, 50, 321.5, 5000, 7400, 7500, 20000, 54000, 55000, 65536, 100000, 121000]
)
def test_a_bh1750_reads_the_light_whatever_it_was_before(bright, light):
    for before in (0, 1000, 120000):
        rig = bright(before)
        lux(rig)
        rig.part.lux = light
        assert lux(rig) == pytest.approx(light, rel=0.005, abs=0.06)
        assert lux(rig) == pytest.approx(light, rel=0.002, abs=0.06)


def test_a_bh1750_reads_a_day(bright):
    rig = bright(None, noise=1.0)
    for _ in range(24 * 6):
        rig.clock.pass_ms(600_000)
        assert lux(rig) == pytest.approx(rig.part.light(), rel=0.02, abs=0.3)


def test_a_bh1750_at_its_other_address_is_found(make_rig):
    from girouette.simboard.parts import models

    rig = make_rig("bh1750", address=0x5C)
    rig.part.lux = 100
    rig.bus.parts[0x5C] = rig.part
    del rig.bus.parts[0x23]
    assert models()["bh1750"].addresses == (0x23, 0x5C)
    assert lux(rig) == pytest.approx(100, rel=0.01)


def test_a_bh1750_is_waited_for_as_long_as_a_slow_one_needs(bright):
    for light in (1, 10000, 100000):
        rig = bright(light)
        for _ in range(3):
            lux(rig)
        wait = rig.sensor.start()
        assert rig.part.measuring_ms() + 1 <= wait <= rig.part.measuring_ms() + 3


def test_more_light_than_a_bh1750_can_measure_is_reported(bright):
    rig = bright(125000)
    assert "sees more light than it can measure" in error(rig)
    rig.part.lux = 500
    assert lux(rig) == pytest.approx(500, rel=0.01)


def test_light_that_flickers_over_all_ranges_does_not_keep_a_bh1750_for_ever(bright):
    rig = bright(0)
    for turn in range(40):
        rig.part.lux = 100_000 if turn % 2 else 0
        if rig.turn():
            return
    raise AssertionError("no reading")


def test_an_absent_bh1750_is_reported_with_its_address(bright):
    rig = bright(100)
    rig.part.unplug()
    assert error(rig).startswith("no answer at 0x23: ")
    rig.part.plug()
    assert lux(rig) == pytest.approx(100, rel=0.01)


def test_a_bh1750_read_too_early_never_gives_an_old_reading(bright):
    rig = bright(5000)
    lux(rig)
    rig.sensor.start()
    assert rig.sensor.read(rig.values) is False
    rig.part.lux = 100
    assert lux(rig) == pytest.approx(100, rel=0.01)
    with pytest.raises(SensorError, match="is not ready"):
        rig.sensor.read(rig.values)


def test_a_bh1750_that_loses_its_power_costs_no_reading(bright):
    for light in (3, 5000, 100000):
        rig = bright(light)
        for _ in range(3):
            lux(rig)
        rig.part.power_up()
        assert lux(rig) == pytest.approx(light, rel=0.01, abs=0.11)
        rig.clock.pass_ms(rig.sensor.start())
        rig.part.power_up()
        assert rig.sensor.read(rig.values) is False
        assert lux(rig) == pytest.approx(light, rel=0.01, abs=0.11)


def transfers(rig) -> int:
    """How many it takes to wake a part and to read it twice."""
    rig.bus.answers_left = 1000
    lux(rig)
    lux(rig)
    return 1000 - rig.bus.answers_left


def test_no_fault_of_a_bh1750s_bus_escapes_as_anything_but_a_sensor_error(bright):
    needed = transfers(bright(10))
    assert needed > 12
    for survived in range(needed + 2):
        rig = bright(10)
        rig.bus.answers_left = survived
        try:
            lux(rig)
            lux(rig)
        except SensorError as e:
            assert "no answer at 0x23" in str(e)
        assert (rig.bus.answers_left < 0) == (survived < needed)
        rig.bus.answers_left = math.inf
        assert lux(rig) == pytest.approx(10, abs=0.11)
