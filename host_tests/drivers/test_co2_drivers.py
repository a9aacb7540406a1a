"""SCD4x and SCD30 drivers on models: readings, conversions, waking up, and every fault in its own words."""

import math

import pytest
from drivers import SensorError, scd4x
from hypothesis import given
from hypothesis import strategies as st
from test_conversion import Narrow

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
