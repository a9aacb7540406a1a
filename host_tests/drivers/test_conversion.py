"""Conversions from raw values, against published vectors and against the data sheet's own integers."""

import datasheet
import pytest
from drivers import bme280, bmp280
from girouette.simboard.parts.compensation import Calibration, raw_values
from girouette.simboard.weather import Truth
from hypothesis import given, settings
from hypothesis import strategies as st
from support.narrow import Narrow
from vectors import BME280, PUBLISHED


def near(value: int, spread: int, low=-32768, high=32767):
    return st.integers(max(low, value - spread), min(high, value + spread))


# What real parts hold, and generously more on both sides.
CALIBRATIONS = st.tuples(
    *(near(27700, 1500, high=65535), near(26200, 1000), near(50, 1500)),
    *(near(37500, 1500, high=65535), near(-10700, 600), near(3024, 50), near(5500, 4000), near(50, 300)),
    *(near(-7, 3), near(12700, 3500), near(-12400, 2500), near(5100, 1500)),
    *(near(75, 75, 0, 255), near(360, 40), near(2, 3, 0, 255), near(320, 50), near(25, 60), near(30, 10)),
)
AIR = st.builds(Truth, st.floats(-40, 85), st.floats(0, 100), st.floats(300, 1100))
RAW_20 = st.integers(0, 0xFFFFF)
RAW_16 = st.integers(0, 0xFFFF)


def raw(cal, air):
    return raw_values(Calibration(cal[:3], cal[3:12], cal[12:18]), air)


@pytest.mark.parametrize(("cal", "adc_t", "adc_p", "adc_h", "fine", "celsius", "p256", "rh"), PUBLISHED)
def test_published_vectors_are_met(cal, adc_t, adc_p, adc_h, fine, celsius, p256, rh):
    assert bmp280.t_fine(cal, adc_t) == fine
    assert bmp280.temperature(fine) == celsius
    assert abs(bmp280.pressure(cal, adc_p, fine) - p256 / 256) <= 1
    if adc_h is not None:
        assert bme280.humidity(cal, adc_h, fine) == rh


def test_the_reference_formulas_meet_the_published_vectors():
    for cal, adc_t, adc_p, adc_h, fine, celsius, p256, rh in PUBLISHED:
        assert (datasheet.t_fine(cal, adc_t), datasheet.temperature(fine)) == (fine, celsius)
        assert datasheet.pressure(cal, adc_p, fine) == p256
        assert adc_h is None or datasheet.humidity(cal, adc_h, fine) == rh


@given(CALIBRATIONS, AIR)
@settings(max_examples=400, deadline=None)
def test_realistic_readings_equal_the_data_sheets_integers(cal, air):
    adc_t, adc_p, adc_h = raw(cal, air)
    fine = datasheet.t_fine(cal, adc_t)
    assert bmp280.t_fine(cal, adc_t) == fine
    assert bmp280.temperature(fine) == datasheet.temperature(fine)
    assert abs(bmp280.pressure(cal, adc_p, fine) - datasheet.pressure(cal, adc_p, fine) / 256) <= 1
    assert bme280.humidity(cal, adc_h, fine) == datasheet.humidity(cal, adc_h, fine)


@given(st.tuples(st.integers(0, 65535), *[st.integers(-32768, 32767)] * 2), RAW_20)
def test_temperature_equals_the_data_sheet_for_every_calibration_and_raw_value(cal, adc):
    assert bmp280.t_fine(cal, adc) == datasheet.t_fine(cal, adc)


@given(CALIBRATIONS, RAW_20, RAW_16, st.integers(-230400, 460800))
@settings(max_examples=400, deadline=None)
def test_no_value_leaves_31_bits_whatever_the_part_sends(cal, adc, adc_h, fine):
    narrow = [Narrow(word) for word in cal]
    bmp280.temperature(bmp280.t_fine(narrow, Narrow(adc)))
    bmp280.pressure(narrow, Narrow(adc), Narrow(fine))
    bme280.humidity(narrow, Narrow(adc_h), Narrow(fine))


WORST = st.tuples(*[st.sampled_from((0, 1, 255, 32767, 65535))] * 18)


@given(WORST, RAW_20, RAW_16, st.sampled_from((-230400, 0, 460800)))
@settings(max_examples=400, deadline=None)
def test_no_value_leaves_31_bits_even_with_a_broken_calibration(words, adc, adc_h, fine):
    bits = (16, 15, 15, 16, *[15] * 8, 8, 15, 8, 11, 11, 7)
    cal = [Narrow(word & (1 << n) - 1) for word, n in zip(words, bits, strict=True)]
    for sign in (1, -1):
        signed = [Narrow(word * sign) if n in (7, 11, 15) else word for word, n in zip(cal, bits, strict=True)]
        bmp280.t_fine(signed, Narrow(adc))
        bmp280.pressure(signed, Narrow(adc), Narrow(fine))
        bme280.humidity(signed, Narrow(adc_h), Narrow(fine))


def test_the_instrument_notices_a_value_of_31_bits():
    with pytest.raises(AssertionError, match="leaves 31 bits"):
        Narrow(1 << 29) * 2
    with pytest.raises(AssertionError, match="leaves 31 bits"):
        datasheet.pressure([Narrow(word) for word in BME280], Narrow(309104), Narrow(117407))


def test_micropython_computes_the_same(mp, lib_mpy):
    from pathlib import Path

    result = mp.run(Path(__file__).parent / "on_board" / "convert.py", path=[lib_mpy, Path(__file__).parent])
    assert result.returncode == 0, result.stderr
    lines = [
        f"{celsius} {bmp280.pressure(cal, adc_p, fine)} {rh}" for cal, _, adc_p, _, fine, celsius, _, rh in PUBLISHED
    ]
    assert result.stdout.split("\n")[:-1] == lines
