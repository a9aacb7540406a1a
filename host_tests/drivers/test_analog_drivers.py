"""Analog inputs and the wind vane: what they read on either kind of converter, and every fault in its own words."""

import pytest
from converters import Adc, Calibrated, error, reading
from drivers import analog, wind_vane
from girouette.simboard.parts.analog import Analog, WindVane
from hypothesis import given
from hypothesis import strategies as st
from support.narrow import Narrow

# SparkFun_Weather_Meter_Kit, Constants.h: from north clockwise by 22.5°, 10 kΩ to the supply.
IDEAL = (
    50294, 25985, 29527, 5361, 5958, 4219, 11818, 8099, 18388, 15661, 40329, 38365, 60494, 52961, 56785, 44978,
)  # fmt: skip
ESP32 = (
    3118,
    1526,
    1761,
    199,
    237,
    123,
    613,
    371,
    1040,
    859,
    2451,
    2329,
    3984,
    3290,
    3616,
    2755,
)  # 12 bits, not linear

both = pytest.mark.parametrize("converter", [Adc, Calibrated])


@both
@pytest.mark.parametrize("volts", [0.0, 0.1, 1.65, 3.2])
def test_a_voltage_is_read(converter, volts):
    mv, level = reading(analog.driver(converter(lambda: volts)))
    assert mv == pytest.approx(volts * 1000, abs=1)
    assert level == pytest.approx(volts / 3.3 * 1000, abs=1)


@both
def test_a_battery_behind_a_divider_is_read_before_it(converter):
    battery = analog.driver(converter(lambda: 3.7 / 2), divider=200, at_0=3000, at_100=4200)
    assert reading(battery) == [pytest.approx(3700, abs=2), pytest.approx(583, abs=2)]


def test_the_supply_counts_where_the_converter_compares_with_it():
    assert reading(analog.driver(Adc(lambda: 1.5, supply=3.0), supply=3000))[0] == pytest.approx(1500, abs=1)
    assert reading(analog.driver(Calibrated(lambda: 1.5, supply=3.0), supply=1800))[0] == 1500


@both
def test_a_probe_that_falls_as_the_soil_gets_wet_has_its_points_the_other_way_round(converter):
    part = Analog(noise=0)
    probe = analog.driver(converter(part.volts), at_0=2600, at_100=1200)
    for volts, level in ((2.6, 0), (1.9, 500), (1.2, 1000), (2.8, 0), (1.0, 1000)):
        part.fixed = volts
        assert reading(probe)[1] == pytest.approx(level, abs=2)


def test_noise_is_averaged():
    part = Analog(noise=20.0)
    part.fixed = 1.65
    mean = [reading(analog.driver(Adc(part.volts), samples=64))[0] for _ in range(20)]
    assert max(abs(mv - 1650) for mv in mean) < 12


@both
def test_a_voltage_above_the_range_is_reported(converter):
    assert "at the end of what its pin can measure" in error(analog.driver(converter(lambda: 3.6)))


def test_a_probe_that_is_off_is_reported_where_its_points_are_known():
    part = Analog(noise=0)
    part.fixed = 2.0
    sensor = analog.driver(Adc(part.volts), at_0=2600, at_100=1200)
    reading(sensor)
    part.unplug()
    part.open_volts = 0.02
    assert "far beyond its points at_0 and at_100" in error(sensor)
    part.plug()
    assert reading(sensor)[0] == pytest.approx(2000, abs=1)


@pytest.mark.parametrize("driver", [analog.driver, wind_vane.driver])
def test_a_converter_that_refuses_is_reported(driver):
    adc = Adc(lambda: 1.0)
    adc.broken = True
    assert "ADC2" in error(driver(adc))


def test_two_points_at_one_voltage_are_refused():
    with pytest.raises(ValueError, match="at_100"):
        analog.driver(None, at_0=1200, at_100=1200)


@given(st.integers(0, 65535), st.integers(1800, 3600), st.integers(100, 2000), *[st.integers(0, 70000)] * 2)
def test_no_value_leaves_31_bits(raw, supply, divider, at_0, at_100):
    mv = analog.millivolts(analog.of_supply(Narrow(raw), supply), divider)
    assert abs(int(mv) - raw / 65535 * supply * divider / 100) < 0.51 + divider / 5000
    if at_0 != at_100:
        analog.level(mv, at_0, at_100)


@given(st.integers(0, 3_600_000), st.integers(1800, 3600))
def test_no_microvolt_of_a_vane_leaves_31_bits(uv, supply):
    part = wind_vane.part_of(Narrow(uv), supply)
    assert abs(int(part) - min(uv / supply / 1000, 1) * 65535) < 20
    wind_vane.nearest(part)


# Wind vane


@pytest.mark.parametrize(("position", "raw"), list(enumerate(IDEAL)))
def test_the_published_positions_are_read(position, raw):
    assert wind_vane.nearest(raw) == position
    assert reading(wind_vane.driver(Adc(lambda: raw / 65535 * 3.3)))[0] == position * 225


@pytest.mark.parametrize(
    ("position", "raw", "measured"), [(i, *pair) for i, pair in enumerate(zip(IDEAL, ESP32, strict=True))]
)
def test_an_esp32_whose_raw_values_are_far_off_is_asked_for_microvolts(position, raw, measured):
    class Esp32(Calibrated):
        def read_u16(self):
            return measured * 16

    assert reading(wind_vane.driver(Esp32(lambda: raw / 65535 * 3.3)))[0] == position * 225


@both
def test_all_directions_of_the_model_are_read_through_its_noise(converter):
    part = WindVane(noise=1.0)
    vane = wind_vane.driver(converter(part.volts))
    for direction in range(0, 360, 5):
        part.direction = direction
        assert reading(vane)[0] == round(direction / 22.5) % 16 * 225


def test_a_vane_that_is_mounted_askew_is_put_right():
    part = WindVane(noise=0)
    part.direction = 337.5
    assert reading(wind_vane.driver(Adc(part.volts), north=90)) == [675]


@both
def test_a_vane_that_is_not_connected_and_one_that_is_shorted_are_told_apart(converter):
    part = WindVane()
    vane = wind_vane.driver(converter(part.volts))
    reading(vane)
    part.unplug()
    assert "is not connected" in error(vane)
    part.plug()
    part.short()
    assert "wires touch each other" in error(vane)
    part.release()
    reading(vane)


def test_a_vane_with_another_resistor_is_reported_where_it_shows():
    assert "is at none of its positions" in error(wind_vane.driver(Adc(lambda: 34000 / 65535 * 3.3)))
