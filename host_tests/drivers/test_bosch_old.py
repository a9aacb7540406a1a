"""The BMP180 driver on a register model: conversions, its readings in two steps, and every fault in its own words."""

import math

import pytest
from drivers import SensorError, bmp180
from girouette.simboard.parts.bosch_old import EXAMPLE, Calibration
from hypothesis import given, settings
from hypothesis import strategies as st
from support.narrow import Narrow


def near(wanted, tolerance):
    return pytest.approx(wanted, abs=tolerance)


# Conversions. The reference: BST-BMP180-DS000, 3.5, on Python's endless integers


def b5(cal, ut):
    x1 = (ut - cal.ac6) * cal.ac5 >> 15
    return x1 + (cal.mc << 11) // (x1 + cal.md)


def pressure(cal, up, oss, b5):
    b6 = b5 - 4000
    x3 = (cal.b2 * (b6 * b6 >> 12) >> 11) + (cal.ac2 * b6 >> 11)
    b3 = ((cal.ac1 * 4 + x3 << oss) + 2) // 4
    x3 = (cal.ac3 * b6 >> 13) + (cal.b1 * (b6 * b6 >> 12) >> 16) + 2 >> 2
    b4 = cal.ac4 * (x3 + 32768) >> 15
    b7 = (up - b3) * (50000 >> oss)
    p = b7 * 2 // b4 if b7 < 0x80000000 else b7 // b4 * 2
    return p + (((p >> 8) * (p >> 8) * 3038 >> 16) + (-7357 * p >> 16) + 3791 >> 4)


def near_word(word, low=-32768, high=32767):
    spread = max(4, abs(word) // 10)
    return st.integers(max(low, word - spread), min(high, word + spread))


LIKE_THE_EXAMPLE = st.builds(
    Calibration, *(near_word(word, 1 if 3 <= i <= 5 else -32768, 65535) for i, word in enumerate(EXAMPLE))
)


def test_the_data_sheets_example_is_met():
    fine = bmp180.fine(EXAMPLE, 27898)
    assert fine == b5(EXAMPLE, 27898) == 2399
    for fine in (2399, 2400):  # the second is what C makes of it, which cuts -2343.99 to -2343
        assert bmp180.temperature(fine) == 150
        assert bmp180.pressure(EXAMPLE, 23843, 0, fine) == pressure(EXAMPLE, 23843, 0, fine) == 69964


@given(LIKE_THE_EXAMPLE, st.integers(0, 65535), st.integers(0, 3), st.integers(0, 65535), st.integers(0, 7))
@settings(max_examples=500, deadline=None)
def test_readings_equal_the_data_sheets_integers_within_1_pa(cal, ut, oss, up, more):
    up = up << oss | more & (1 << oss) - 1
    fine = bmp180.fine(cal, ut)
    if not -7200 <= fine <= 14400:
        return
    assert fine == b5(cal, ut)
    mine = bmp180.pressure(cal, up, oss, fine)
    if mine >= 0:
        assert abs(mine - pressure(cal, up, oss, fine)) <= 1


@given(
    st.tuples(*(st.integers(0, 65535) if 3 <= i <= 5 else st.integers(-32768, 32767) for i in range(11))),
    st.integers(0, 65535),
    st.integers(0, 3),
    st.integers(0, (1 << 19) - 1),
)
@settings(max_examples=1000, deadline=None)
def test_no_value_leaves_31_bits_whatever_the_part_sends_or_holds(cal, ut, oss, up):
    narrow = [Narrow(word) for word in cal]
    fine = bmp180.fine(narrow, Narrow(ut))
    for b5 in {min(max(int(fine), -7200), 14400), -7200, 14400}:
        bmp180.temperature(Narrow(b5))
        assert -1 <= bmp180.pressure(narrow, Narrow(up >> 3 - oss), oss, Narrow(b5)) < 140000


# Readings


@pytest.mark.parametrize("oversampling", [1, 2, 4, 8])
@pytest.mark.parametrize(("celsius", "hpa"), [(-40, 1100), (-12.3, 987.65), (0, 300), (21.5, 1013.25), (85, 850)])
def test_it_reads_the_weather(make_rig, oversampling, celsius, hpa):
    rig = make_rig("bmp180", oversampling=oversampling)
    rig.weather.set(temperature=celsius, pressure=hpa)
    assert rig.reading() == {"temperature": near(celsius * 10, 1), "pressure": near(hpa * 100, 6)}


def test_a_reading_takes_two_steps_and_each_is_begun_anew(make_rig):
    rig = make_rig("bmp180")
    rig.reading()
    rig.weather.set(temperature=40.0, pressure=700.0)
    assert not rig.turn()
    assert rig.turn()
    assert rig.values == [near(400, 1), near(70000, 6)]


def test_each_step_is_asked_for_no_sooner_than_the_part_has_it_by_any_clock_of_whole_milliseconds(make_rig):
    for oversampling in (1, 2, 4, 8):
        rig = make_rig("bmp180", oversampling=oversampling)
        rig.reading()
        for _ in range(2):
            wait = rig.sensor.start()
            assert rig.part.conversion_ms() + 1 <= wait <= rig.part.conversion_ms() + 2.001
            rig.clock.pass_ms(wait)
            rig.sensor.read(rig.values)


def test_a_driver_touches_nothing_before_it_is_started():
    bmp180.BMP180(bus=None)


# Faults


@pytest.mark.parametrize("turns", [0, 1])
def test_a_step_asked_for_too_early_is_refused(make_rig, turns):
    rig = make_rig("bmp180")
    rig.reading()
    for _ in range(turns):
        rig.turn()
    rig.sensor.start()
    with pytest.raises(SensorError, match="BMP180 at 0x77 is not ready"):
        rig.sensor.read(rig.values)
    rig.clock.pass_ms(5)
    rig.reading()


def test_a_reading_that_was_not_begun_is_refused(make_rig):
    rig = make_rig("bmp180")
    rig.reading()
    rig.turn()
    with pytest.raises(SensorError, match="is not ready"):
        rig.sensor.read(rig.values)


def test_a_measurement_that_never_ends_is_reported(make_rig):
    rig = make_rig("bmp180")
    rig.reading()
    rig.part.hang()
    assert "is not ready" in rig.error()
    rig.part.release()
    rig.reading()


def test_an_absent_part_is_reported_and_used_again_with_its_own_calibration(make_rig):
    rig = make_rig("bmp180")
    rig.weather.set(temperature=20.0)
    rig.reading()
    rig.part.unplug()
    assert rig.error().startswith("no answer at 0x77: ")
    rig.part.calibration = rig.part.calibration._replace(ac6=22000, md=2700)  # another part of its kind
    rig.part.plug()
    rig.clock.pass_ms(10)
    assert rig.reading()["temperature"] == near(200, 1)


def test_losing_power_between_two_readings_costs_no_reading(make_rig):
    rig = make_rig("bmp180")
    rig.reading()
    rig.part.power_up()
    rig.clock.pass_ms(10)
    assert not rig.turn()
    assert rig.turn()


@pytest.mark.parametrize("turns", [0, 1])
def test_losing_power_during_a_measurement_is_reported(make_rig, turns):
    rig = make_rig("bmp180")
    rig.reading()
    for _ in range(turns):
        rig.turn()
    rig.clock.pass_ms(rig.sensor.start())
    rig.part.power_up()
    rig.clock.pass_ms(10)
    with pytest.raises(SensorError, match="it lost its supply for a moment"):
        rig.sensor.read(rig.values)


def test_air_whose_raw_value_is_that_of_no_measurement_is_read_all_the_same(make_rig):
    rig = make_rig("bmp180")
    rig.reading()
    rig.turn()
    rig.part.stick()
    rig.part.data = b"\x80\x00\x00"
    assert rig.turn()


def test_a_stuck_part_is_reported_after_an_hour_of_minutes(make_rig):
    rig = make_rig("bmp180", noise=1.0)
    rig.reading()
    rig.part.stick()
    rig.part.data = b"\x68\x00\x00"
    with pytest.raises(SensorError, match="is stuck"):
        for _ in range(124):
            rig.turn()


def test_a_quiet_room_is_not_mistaken_for_a_stuck_part(make_rig):
    rig = make_rig("bmp180", noise=1.0)
    rig.weather.set(temperature=20.0, pressure=1000.0)
    for _ in range(500):
        rig.reading()


@pytest.mark.parametrize(("data", "words"), [(b"\x00\x00\x00", "temperature"), (b"\xff\xff\xff", "temperature")])
def test_a_temperature_no_air_has_is_refused(make_rig, data, words):
    rig = make_rig("bmp180")
    rig.reading()
    rig.part.stick()
    rig.part.data = data
    assert f"reads a {words} no air has" in rig.error()
    rig.part.release()
    rig.reading()


@pytest.mark.parametrize("data", [b"\x00\x00\x00", b"\xff\xff\xff"])
def test_a_pressure_no_air_has_is_refused(make_rig, data):
    rig = make_rig("bmp180")
    rig.reading()
    rig.turn()
    rig.part.stick()
    rig.part.data = data
    with pytest.raises(SensorError, match="reads a pressure no air has"):
        rig.turn()
    rig.part.release()
    rig.reading()


@pytest.mark.parametrize("word", range(11))
@pytest.mark.parametrize("value", [0, -1])
def test_an_unprogrammed_calibration_is_reported(make_rig, word, value):
    rig = make_rig("bmp180")
    name = Calibration._fields[word]
    rig.part.calibration = EXAMPLE._replace(**{name: value & 0xFFFF if 3 <= word <= 5 else value})
    assert "has no calibration" in rig.error()


@pytest.mark.parametrize("chip_id", [0x00, 0xFF])
def test_a_bus_that_reads_only_one_level_is_no_answer(make_rig, chip_id):
    rig = make_rig("bmp180")
    rig.part.become(chip_id)
    assert rig.error().startswith(f"no answer at 0x77: the bus reads only 0x{chip_id:02x}")


@pytest.mark.parametrize(
    ("chip_id", "words"),
    [(0x58, 'is a BMP280 (chip id 0x58), not a BMP180: set its type to "bmp280"'), (0x42, "is not a BMP180")],
)
def test_a_foreign_part_is_named_by_its_chip_id(make_rig, chip_id, words):
    rig = make_rig("bmp180")
    rig.part.become(chip_id)
    assert words in rig.error()
    assert f"0x{chip_id:02x}" in rig.error()


def test_no_fault_of_the_bus_escapes_as_anything_but_a_sensor_error(make_rig):
    """The part vanishes at each single transfer of a wake-up and two readings, in turn."""
    for survived in range(20):
        rig = make_rig("bmp180")
        rig.bus.answers_left = survived
        try:
            for _ in range(5):
                rig.turn()
        except SensorError as e:
            assert "no answer at 0x77" in str(e)
        assert (rig.bus.answers_left < 0) == (survived < 15), "15 transfers wake a BMP180 and read it twice"
        rig.bus.answers_left = math.inf
        rig.reading()
