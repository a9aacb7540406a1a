"""SCD4x and SCD30 drivers on models: readings, conversions, waking up, and every fault in its own words."""

import math
import struct
import sys

import pytest
from drivers import SensorError, scd4x, scd30
from hypothesis import given
from hypothesis import strategies as st
from support.narrow import Narrow

WORD = st.integers(0, 0xFFFF)


def near(wanted, tolerance):
    return pytest.approx(wanted, abs=tolerance)


def patient(rig, turns=60) -> dict:
    """Turns until there is a reading."""
    for _ in range(turns):
        if rig.turn():
            return dict(zip((q[0] for q in rig.sensor.quantities), rig.values, strict=True))
    raise AssertionError(f"{turns} turns and no reading")


def error(rig, turns=60) -> str:
    """What the sensor says is wrong."""
    with pytest.raises(SensorError) as caught:
        for _ in range(turns):
            rig.turn()
    return str(caught.value)


@pytest.fixture
def scd(make_rig):
    """**options -> a Rig of an SCD4x that has had its power for a while."""

    def make(part="scd4x", **options):
        rig = make_rig(part, **options)
        rig.clock.pass_ms(3000)
        return rig

    return make


# Conversions


def test_the_data_sheets_example_is_met():
    """SCD4x data sheet, 3.5.2: 500 ppm, 25 °C, 37 %."""
    frame = bytes.fromhex("01f4336667a25eb93c")
    assert not scd4x.damaged(frame)
    assert scd4x.word(frame, 0) == 500
    assert scd4x.temperature(scd4x.word(frame, 3)) == 2500
    assert scd4x.humidity(scd4x.word(frame, 6)) == 3700


@pytest.mark.parametrize("at", range(9))
def test_a_damaged_byte_is_found_wherever_it_is(at):
    frame = bytearray.fromhex("01f4336667a25eb93c")
    frame[at] ^= 0x20
    assert scd4x.damaged(frame)


@pytest.mark.parametrize(("flag", "ready"), [("800604", True), ("8000a2", False)])
def test_ready_is_in_the_low_eleven_bits(flag, ready):
    flag = bytes.fromhex(flag)
    assert not scd4x.damaged(flag)
    assert bool(scd4x.SCD4x(None)._is_ready(scd4x.word(flag, 0))) is ready


@pytest.mark.parametrize(("hundredths", "word"), [(540, 0x07E6), (0, 0)])
def test_the_temperature_offset_is_the_data_sheets_word(hundredths, word):
    """3.6.1: 5.4 °C is 0x07E6."""
    from drivers.scd4x import wake

    assert wake.offset(hundredths) == word


@given(WORD)
def test_conversions_are_the_formula_rounded_and_stay_within_31_bits(s):
    assert abs(int(scd4x.temperature(Narrow(s))) - (17500 * s / 65535 - 4500)) <= 0.5
    assert abs(int(scd4x.humidity(Narrow(s))) - 10000 * s / 65535) <= 0.5


# Readings


@pytest.mark.parametrize(
    ("co2", "celsius", "rh"), [(400, -9.5, 5), (800, 21.37, 43.21), (5000, 45, 80), (40000, 60, 100)]
)
def test_an_scd4x_reads_the_air(scd, co2, celsius, rh):
    rig = scd()
    rig.part.co2 = co2
    rig.weather.set(temperature=celsius, humidity=rh)
    assert patient(rig) == {"co2": co2, "temperature": near(celsius * 100, 1), "humidity": near(rh * 100, 1)}


def test_readings_follow_the_air_and_each_is_a_measurement_of_its_own(scd):
    rig = scd()
    for co2 in range(400, 2400, 100):
        rig.part.co2 = co2
        assert patient(rig)["co2"] == co2
        begin = rig.clock.now
    rig.part.co2 = 500
    patient(rig)
    assert rig.clock.now - begin > 4


def test_a_reading_long_after_the_last_is_not_older_than_the_part_measures(scd):
    rig = scd()
    rig.part.co2 = 400
    patient(rig)
    rig.part.co2 = 1400
    rig.clock.pass_ms(60_000)
    begin = rig.clock.now
    assert patient(rig)["co2"] == 1400
    assert rig.clock.now - begin < 0.01, "it was there already"


def test_the_part_is_told_its_height_and_its_own_warmth(scd):
    rig = scd(altitude=1950, temperature_offset=540)
    patient(rig)
    assert (rig.part.altitude, rig.part.offset) == (1950, 0x07E6)


@pytest.mark.parametrize("options", [{"altitude": -1}, {"altitude": 3001}, {"temperature_offset": 2001}])
def test_an_option_the_part_does_not_have_is_refused_when_made(make_rig, options):
    with pytest.raises(ValueError, match=next(iter(options))):
        make_rig("scd4x", **options)


def test_a_driver_touches_nothing_before_it_is_started():
    scd4x.SCD4x(None)


# Waking up


def test_a_part_that_still_measures_from_before_a_reset_of_the_board_is_stopped_first(scd):
    rig = scd()
    patient(rig)
    again = type(rig.sensor)(rig.bus)
    rig.sensor = again
    rig.part.co2 = 777
    assert patient(rig)["co2"] == 777


def test_a_part_that_has_just_got_its_power_is_waited_for(make_rig):
    patient(make_rig("scd4x"))


def test_a_sleeping_part_is_woken(scd):
    rig = scd()
    rig.part.sleep()
    patient(rig)


# Faults


def test_an_absent_part_is_reported_with_its_address(scd):
    rig = scd()
    rig.part.unplug()
    assert error(rig).startswith("no answer at 0x62: ")


def test_a_part_that_comes_back_is_used_again(scd):
    rig = scd()
    patient(rig)
    rig.part.unplug()
    assert "no answer" in error(rig)
    rig.part.plug()
    patient(rig)


def test_a_reading_asked_for_too_early_is_never_an_old_one(scd):
    rig = scd()
    patient(rig)
    rig.values[0] = -1
    with pytest.raises(SensorError):
        for _ in range(20):
            rig.sensor.start()
            assert rig.sensor.read(rig.values) is False
    assert rig.values[0] == -1
    patient(rig)


def test_losing_power_between_readings_is_reported_and_costs_no_more_than_that(scd):
    rig = scd()
    patient(rig)
    rig.part.power_up()
    rig.clock.pass_ms(2000)
    assert "lost its supply" in error(rig)
    patient(rig)


def test_a_part_that_measures_no_more_is_reported(scd):
    rig = scd()
    patient(rig)
    rig.part.hang()
    assert "is not ready" in error(rig)
    rig.part.release()
    patient(rig)


def test_a_bus_that_only_counts_what_was_taken_tells_the_two_apart_as_well(scd):
    """MicroPython's SoftI2C raises for an address, and for refused bytes returns how many were taken."""
    rig = scd()
    writeto = rig.bus.writeto

    def counting(address, buf):
        try:
            writeto(address, buf)
            return len(buf)
        except OSError:
            return 0

    patient(rig)
    rig.bus.writeto = counting
    rig.part.hang()
    assert "is not ready" in error(rig)
    rig.part.release()
    patient(rig)
    rig.part.power_up()
    rig.clock.pass_ms(2000)
    assert "lost its supply" in error(rig)


def test_no_carbon_dioxide_at_all_is_not_a_reading(scd):
    rig = scd()
    rig.part.co2 = 0
    for _ in range(20):
        assert rig.turn() is False
    rig.part.co2 = 450
    assert patient(rig)["co2"] == 450
    rig.part.co2 = 0
    assert "measures no carbon dioxide" in error(rig)
    rig.part.co2 = 450
    patient(rig)


def test_a_wrong_checksum_is_reported(scd):
    for turns in (0, 3, 5, 20):
        rig = scd()
        for _ in range(turns):
            rig.turn()
        rig.part.corrupt()
        assert "its checksum is wrong" in error(rig)
        rig.part.release()
        patient(rig)


def test_a_stuck_part_is_reported(make_rig):
    rig = make_rig("scd4x", noise=1.0)
    rig.part.co2 = 600
    patient(rig)
    rig.part.stick()
    assert "is stuck" in error(rig, 1000)
    rig.part.release()
    patient(rig)


def test_a_quiet_room_is_not_mistaken_for_a_stuck_part(make_rig):
    rig = make_rig("scd4x", noise=1.0)
    rig.part.co2 = 600
    rig.weather.set(temperature=20.0, humidity=50.0)
    for _ in range(300):
        patient(rig)


def test_more_than_the_part_can_measure_is_reported(scd):
    rig = scd()
    rig.part.co2 = 50000
    assert "reads what it cannot measure" in error(rig)


def transfers(rig) -> int:
    """How many it takes to wake a part and to read it twice."""
    rig.bus.answers_left = 1000
    patient(rig)
    patient(rig)
    return 1000 - rig.bus.answers_left


def test_no_fault_of_the_bus_escapes_as_anything_but_a_sensor_error(scd):
    """The part vanishes at each single transfer of a wake-up and two readings, in turn."""
    needed = transfers(scd())
    assert needed > 14
    for survived in range(needed + 2):
        rig = scd()
        rig.bus.answers_left = survived
        try:
            patient(rig)
            patient(rig)
        except SensorError as e:
            assert "no answer at 0x62" in str(e)
        assert (rig.bus.answers_left < 0) == (survived < needed)
        rig.bus.answers_left = math.inf
        patient(rig)


# SCD30


def halves(x: float) -> tuple[int, int]:
    return struct.unpack(">2H", struct.pack(">f", x))


@pytest.fixture
def scd30_rig(scd):
    def make(**options):
        return scd("scd30", **options)

    return make


@pytest.mark.parametrize(("words", "value"), [("43dbcb8c2e8f", 43910), ("41d970e7fff5", 2724), ("4243bf3a1b74", 4881)])
def test_the_interface_descriptions_example_is_met(words, value):
    """439.09515 ppm, 27.238 °C, 48.8067 %."""
    buf = bytes.fromhex(words)
    assert not scd4x.damaged(buf)
    assert scd30.hundredths(scd4x.word(buf, 0), scd4x.word(buf, 3)) == value


@given(st.floats(-131071.5, 131071.5, width=32))
def test_floats_become_hundredths_rounded(x):
    assert abs(scd30.hundredths(*halves(x)) - x * 100) <= 0.501


@given(WORD, WORD)
def test_no_float_leaves_31_bits(high, low):
    x = scd30.hundredths(Narrow(high), Narrow(low))
    assert abs(Narrow(x) + 50) < 1 << 30


@pytest.mark.parametrize("x", [math.nan, math.inf, 131072.0, 3e38])
def test_what_is_no_number_of_air_is_too_large(x):
    assert scd30.hundredths(*halves(x)) == 0x3FFF0000
    assert scd30.hundredths(*halves(-x)) == -0x3FFF0000


@pytest.mark.parametrize("x", [0.0, -0.0, 1e-45, 1e-3, 0.0039])
def test_what_is_nearly_nothing_is_0(x):
    assert scd30.hundredths(*halves(x)) == 0


@pytest.mark.parametrize(
    ("co2", "celsius", "rh"), [(0.6, -39.99, 0), (400.4, -0.02, 5), (439.09515, 27.238, 48.8067), (40000, 70, 100)]
)
def test_an_scd30_reads_the_air(scd30_rig, co2, celsius, rh):
    rig = scd30_rig()
    rig.part.co2 = co2
    rig.weather.set(temperature=celsius, humidity=rh)
    assert patient(rig) == {"co2": round(co2), "temperature": round(celsius * 100), "humidity": round(rh * 100)}


def test_an_scd30_keeps_its_settings_and_its_memory_is_spared(scd30_rig):
    rig = scd30_rig(altitude=520, temperature_offset=150)
    rig.part.settings[0x4600] = 1800
    patient(rig)
    assert rig.part.settings == {0x4600: 2, 0x5102: 520, 0x5403: 150}
    assert (rig.part.writes, rig.part.begun) == (3, 1)
    rig.sensor = type(rig.sensor)(rig.bus, altitude=520, temperature_offset=150)  # the board was reset
    for _ in range(5):
        patient(rig)
    rig.sensor = type(rig.sensor)(rig.bus, altitude=520, temperature_offset=150)
    patient(rig)
    assert (rig.part.writes, rig.part.begun) == (3, 1)


@pytest.mark.parametrize("part", ["scd4x", "scd30"])
def test_what_wakes_a_part_is_let_go_of(scd, part):
    rig = scd(part)
    patient(rig)
    assert not [name for name in sys.modules if name in ("drivers.scd4x.wake", "drivers.scd30.wake")]


def test_an_scd30_that_does_not_measure_is_told_to(scd30_rig):
    rig = scd30_rig()
    patient(rig)
    assert (rig.part.writes, rig.part.begun) == (0, 1)


def test_an_scd30_that_has_just_got_its_power_is_waited_for(make_rig):
    patient(make_rig("scd30"))


def test_losing_power_costs_an_scd30_no_reading_once_it_is_back(scd30_rig):
    rig = scd30_rig()
    patient(rig)
    rig.part.power_up()
    rig.clock.pass_ms(2000)
    patient(rig)


def test_an_scd30_that_is_just_starting_anew_is_reported_and_used_again(scd30_rig):
    rig = scd30_rig()
    patient(rig)
    rig.part.power_up()
    assert "no answer at 0x61" in error(rig)
    patient(rig)


def test_an_absent_scd30_is_reported_with_its_address_and_used_when_it_comes_back(scd30_rig):
    rig = scd30_rig()
    rig.part.unplug()
    told = error(rig)
    assert told.startswith("no answer at 0x61: ")
    assert "SEL" in told
    rig.part.plug()
    patient(rig)


def test_an_scd30_that_measures_no_more_is_reported(scd30_rig):
    rig = scd30_rig()
    patient(rig)
    rig.part.hang()
    assert "is not ready" in error(rig)
    rig.part.release()
    patient(rig)


def test_an_scd30_without_carbon_dioxide_is_reported(scd30_rig):
    rig = scd30_rig()
    rig.part.co2 = 0
    assert "measures no carbon dioxide" in error(rig)


@pytest.mark.parametrize("co2", [math.nan, 45000.0, 1e9])
def test_what_no_air_has_is_refused_by_an_scd30(scd30_rig, co2):
    rig = scd30_rig()
    rig.part.co2 = 500
    patient(rig)
    rig.part._feel = lambda: (co2, 20.0, 50.0)
    assert "reads what it cannot measure" in error(rig)


def test_a_wrong_checksum_of_an_scd30_is_reported(scd30_rig):
    for turns in (0, 3, 5, 9, 20):
        rig = scd30_rig()
        for _ in range(turns):
            rig.turn()
        rig.part.corrupt()
        assert "its checksum is wrong" in error(rig)
        rig.part.release()
        patient(rig)


def test_a_stuck_scd30_is_reported(make_rig):
    rig = make_rig("scd30", noise=1.0)
    rig.part.co2 = 600
    patient(rig)
    rig.part.stick()
    assert "is stuck" in error(rig, 1000)
    rig.part.release()
    patient(rig)


def test_an_scd30_read_too_early_never_gives_an_old_reading(scd30_rig):
    rig = scd30_rig()
    patient(rig)
    rig.values[0] = -1
    with pytest.raises(SensorError):
        for _ in range(20):
            rig.sensor.start()
            assert rig.sensor.read(rig.values) is False
    assert rig.values[0] == -1
    patient(rig)


def test_no_fault_of_an_scd30s_bus_escapes_as_anything_but_a_sensor_error(scd30_rig):
    options = {"altitude": 300}
    needed = transfers(scd30_rig(**options))
    assert needed > 20
    for survived in range(needed + 2):
        rig = scd30_rig(**options)
        rig.bus.answers_left = survived
        try:
            patient(rig)
            patient(rig)
        except SensorError as e:
            assert "no answer at 0x61" in str(e)
        assert (rig.bus.answers_left < 0) == (survived < needed)
        rig.bus.answers_left = math.inf
        patient(rig)


@pytest.mark.parametrize("part", ["scd4x", "scd30"])
def test_a_scan_of_the_bus_finds_the_part(scd, part):
    scd(part).part.write(b"")
