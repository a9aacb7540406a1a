"""BH1750 and VEML7700 drivers on models: readings over the whole range, and every fault in its own words."""

import math

import pytest
from drivers import SensorError, bh1750, veml7700
from hypothesis import given
from hypothesis import strategies as st
from support.narrow import Narrow

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
    return lit(make_rig, "bh1750")


@pytest.fixture
def vishay(make_rig):
    """(lux) -> a Rig of a VEML7700 in this light."""
    return lit(make_rig, "veml7700")


def lit(make_rig, part):
    def make(light, **options):
        rig = make_rig(part, **options)
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


# VEML7700


def formula(x: float) -> float:
    """Application note 84323: lx of lx by the counts."""
    return 6.0135e-13 * x**4 - 9.3924e-9 * x**3 + 8.1488e-5 * x**2 + 1.0023 * x


FACTOR = st.sampled_from((1, 8, 64, 512))


@given(WORD, FACTOR)
def test_veml7700_counts_become_the_application_notes_lux_and_stay_within_31_bits(counts, factor):
    x = counts * factor * 0.0042
    found = int(veml7700.illuminance(Narrow(counts), Narrow(factor)))
    if x > 24500:
        assert found == -1
    elif x < 24499:
        assert found == pytest.approx(formula(x) * 100, rel=0.001, abs=2)


def test_more_counts_are_never_less_light():
    before = -1
    for counts in range(0, 11390):
        found = veml7700.illuminance(counts, 512)
        assert found >= before
        before = found


@pytest.mark.parametrize(
    "light", [0, 0.02, 0.25, 1, 10, 41, 43, 320, 400, 1000, 2500, 5000, 20000, 65536, 100000, 145000]
)
def test_a_veml7700_reads_the_light_whatever_it_was_before(vishay, light):
    for before in (0, 1000, 120000):
        rig = vishay(before)
        lux(rig)
        rig.part.lux = light
        rig.clock.pass_ms(2000)
        assert lux(rig) == pytest.approx(light, rel=0.008, abs=0.011)


def test_a_veml7700_reads_a_day(vishay):
    rig = vishay(None, noise=1.0)
    for _ in range(24 * 6):
        rig.clock.pass_ms(600_000)
        assert lux(rig) == pytest.approx(rig.part.light(), rel=0.02, abs=0.02)


def test_a_veml7700_is_waited_for_as_long_as_a_slow_one_needs(vishay):
    rig = vishay(0)
    rig.part.slowness = 1.19
    rig.turn()
    for light in (0, 100, 100000):
        rig.part.lux = light
        for _ in range(4):
            wait = rig.sensor.start()
            if wait > 2:
                assert wait >= 2.5 + rig.part.integration_ms() + 1
            rig.clock.pass_ms(wait)
            rig.sensor.read(rig.values)


def test_a_veml7700_that_keeps_its_setting_is_read_at_once(vishay):
    rig = vishay(500)
    lux(rig)
    rig.clock.pass_ms(10_000)
    assert rig.sensor.start() == 2
    assert rig.sensor.read(rig.values)


def test_a_veml7700_that_is_read_before_it_was_started_anew_is_not_ready(vishay):
    rig = vishay(20)
    rig.turn()
    assert rig.sensor._fresh
    with pytest.raises(SensorError, match="is not ready"):
        rig.sensor.read(rig.values)
    assert lux(rig) == pytest.approx(20, rel=0.01)


def test_more_light_than_a_veml7700_can_measure_is_reported(vishay):
    for light in (160_000, 400_000):
        rig = vishay(light)
        assert "sees more light than it can measure" in error(rig)
        rig.part.lux = 500
        assert lux(rig) == pytest.approx(500, rel=0.01)


def test_light_that_flickers_over_all_settings_does_not_keep_a_veml7700_for_ever(vishay):
    rig = vishay(0)
    for turn in range(40):
        rig.part.lux = 0 if turn % 2 else 2000
        if rig.turn():
            return
    raise AssertionError("no reading")


def test_an_absent_veml7700_is_reported_with_its_address(vishay):
    rig = vishay(100)
    rig.part.unplug()
    assert error(rig).startswith("no answer at 0x10: ")
    rig.part.plug()
    assert lux(rig) == pytest.approx(100, rel=0.01)


@pytest.mark.parametrize(
    ("number", "words"), [(0x0000, "the bus reads only 0x00"), (0xFFFF, "reads only 0xff"), (0x0026, "id is 0x26")]
)
def test_another_part_at_the_veml7700s_address_is_told_apart(vishay, number, words):
    rig = vishay(100)
    rig.part.become(number)
    assert words in error(rig)
    rig.part.become(None)
    assert lux(rig) == pytest.approx(100, rel=0.01)


def test_a_veml7700_that_loses_its_power_costs_no_reading(vishay):
    for light in (3, 5000, 100000):
        rig = vishay(light)
        lux(rig)
        rig.part.power_up()
        assert lux(rig) == pytest.approx(light, rel=0.01)
        rig.clock.pass_ms(rig.sensor.start())
        rig.part.power_up()
        assert rig.sensor.read(rig.values) is False
        assert lux(rig) == pytest.approx(light, rel=0.01)


def test_a_veml7700_that_loses_its_power_again_and_again_is_reported(vishay):
    rig = vishay(50)
    lux(rig)
    with pytest.raises(SensorError, match="lost its supply"):
        for _ in range(3):
            rig.clock.pass_ms(rig.sensor.start())
            rig.part.power_up()
            rig.sensor.read(rig.values)
    assert lux(rig) == pytest.approx(50, rel=0.01)


def test_no_fault_of_a_veml7700s_bus_escapes_as_anything_but_a_sensor_error(vishay):
    needed = transfers(vishay(10))
    assert needed > 10
    for survived in range(needed + 2):
        rig = vishay(10)
        rig.bus.answers_left = survived
        try:
            lux(rig)
            lux(rig)
        except SensorError as e:
            assert "no answer at 0x10" in str(e)
        assert (rig.bus.answers_left < 0) == (survived < needed)
        rig.bus.answers_left = math.inf
        assert lux(rig) == pytest.approx(10, rel=0.01)


@pytest.mark.parametrize("part", ["bh1750", "veml7700"])
def test_a_scan_of_the_bus_finds_the_part(make_rig, part):
    make_rig(part).part.write(b"")
