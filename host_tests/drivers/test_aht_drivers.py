"""AHT20 and AHT10 drivers on models: readings, conversions, waking up, and every fault in its own words."""

import math
import sys

import pytest
from drivers import SensorError, aht10, aht20
from drivers.crc import crc8
from hypothesis import given
from hypothesis import strategies as st
from support.narrow import Narrow

FRAME = bytes.fromhex("187552058e407f")  # of a real part (periph.io's tests): 19.445801 °C, 45.82824 %


def near(wanted, tolerance):
    return pytest.approx(wanted, abs=tolerance)


@pytest.fixture(params=["aht20", "aht10"])
def part(request):
    return request.param


@pytest.fixture
def aht(make_rig):
    """(part, **options) -> a Rig of a part that has had its power for a while."""

    def make(part, model=None, **options):
        rig = make_rig(part, model, **options)
        rig.clock.pass_ms(200)
        return rig

    return make


def reading(rig) -> dict:
    """Turns until there is a reading."""
    for _ in range(15):
        if rig.turn():
            return dict(zip((q[0] for q in rig.sensor.quantities), rig.values, strict=True))
    raise AssertionError("fifteen turns and no reading")


def error(rig, turns=15) -> str:
    """What the sensor says is wrong."""
    with pytest.raises(SensorError) as caught:
        for _ in range(turns):
            rig.turn()
    return str(caught.value)


# Conversions


def test_the_published_frame_is_met():
    assert crc8(FRAME, 0, 6) == FRAME[6]
    assert aht20.temperature(aht20.raw_temperature(FRAME)) == 1945
    assert aht20.humidity(aht20.raw_humidity(FRAME)) == 4583


def test_the_published_damaged_frame_is_refused():
    """The same with 7E at its end."""
    sensor = aht20.AHT20(None)
    with pytest.raises(SensorError, match="its checksum is wrong"):
        sensor._prove(FRAME[:6] + b"\x7e")


@given(st.integers(0, 0xFFFFF))
def test_conversions_are_the_formulas_rounded_and_no_value_leaves_31_bits(s):
    assert aht20.temperature(Narrow(s)) == near(20000 * s / 0x100000 - 5000, 0.501)
    assert aht20.humidity(Narrow(s)) == near(10000 * s / 0x100000, 0.501)


@given(st.integers(0, 0xFFFFF), st.integers(0, 0xFFFFF))
def test_the_two_numbers_of_a_frame_share_a_byte(rh, celsius):
    frame = b"\x18" + (rh << 20 | celsius).to_bytes(5, "big")
    assert (aht20.raw_humidity(frame), aht20.raw_temperature(frame)) == (rh, celsius)


# Readings


@pytest.mark.parametrize(
    ("celsius", "rh"), [(21.53, 48.2), (-12.34, 95.0), (-39.9, 3.0), (0.0, 50.0), (84.9, 12.5), (25.0, 100.0)]
)
def test_readings_are_the_weather(aht, part, celsius, rh):
    rig = aht(part)
    rig.weather.set(temperature=celsius, humidity=rh)
    assert reading(rig) == {"temperature": near(celsius * 100, 1), "humidity": near(rh * 100, 1)}


def test_readings_follow_the_weather_one_a_turn(aht, part):
    rig = aht(part)
    reading(rig)
    rig.weather.set(temperature=40.0, humidity=10.0)
    assert rig.turn()
    assert rig.values == [near(4000, 1), near(1000, 1)]


def test_humidity_stays_within_0_and_100_percent(aht, part):
    for rh in (0.0, 100.0):
        rig = aht(part, noise=5.0)
        rig.weather.set(humidity=rh)
        for _ in range(20):
            assert 0 <= reading(rig)["humidity"] <= 10000


def test_a_reading_is_asked_for_no_sooner_than_the_part_has_it_by_any_clock_of_whole_milliseconds(aht, part):
    rig = aht(part)
    reading(rig)
    assert rig.sensor.start() >= rig.part.measuring_s * 1000 + 1


def test_a_quiet_room_is_not_mistaken_for_a_stuck_part(aht, part):
    rig = aht(part, noise=1.0)
    rig.weather.set(temperature=20.0, humidity=50.0)
    reading(rig)
    for _ in range(500):
        assert rig.turn()


def test_an_aht10_at_its_other_address_is_asked_there(aht):
    rig = aht("aht10", address=0x39)
    rig.bus.parts = {0x39: rig.part}
    reading(rig)


def test_a_driver_touches_nothing_before_it_is_started():
    aht20.driver(bus=None)
    aht10.driver(bus=None)


# Waking up


def test_a_part_that_wants_its_initialization_gets_its_own(aht, part):
    rig = aht(part)
    rig.part.needs_initialization = True
    rig.part.power_up()
    rig.clock.pass_ms(100)
    reading(rig)


def test_a_part_without_calibration_is_reported(aht, part):
    rig = aht(part)
    rig.part.calibrated = False
    assert "has no calibration" in error(rig)
    rig.part.calibrated = True
    reading(rig)


def test_a_part_that_never_finishes_starting_is_reported(aht, part):
    rig = aht(part)
    rig.turn()
    rig.part._done_at = math.inf
    assert "does not finish starting" in error(rig)


def test_a_part_that_takes_long_to_start_is_waited_for_without_blocking(aht, part):
    rig = aht(part)
    rig.turn()
    rig.part._done_at = rig.clock.now + 0.05
    turns = 0
    while not rig.turn():
        turns += 1
    assert 3 <= turns < 8


def test_a_bus_that_reads_only_one_level_is_no_answer(aht, part):
    for level in (0x00, 0xFF):
        rig = aht(part)
        rig.part.read = lambda n, level=level: bytes([level] * n)
        assert error(rig).startswith(f"no answer at 0x38: the bus reads only 0x{level:02x}")


# Faults


def test_an_absent_part_is_reported_with_its_address(aht, part):
    rig = aht(part)
    rig.part.unplug()
    assert error(rig).startswith("no answer at 0x38: ")


def test_a_part_that_comes_back_is_used_again(aht, part):
    rig = aht(part)
    reading(rig)
    rig.part.unplug()
    assert "no answer" in error(rig)
    rig.part.plug()
    rig.clock.pass_ms(100)
    reading(rig)


def test_a_reading_asked_for_too_early_is_refused(aht, part):
    rig = aht(part)
    reading(rig)
    rig.sensor.start()
    with pytest.raises(SensorError, match="at 0x38 is not ready: it still measures"):
        rig.sensor.read(rig.values)
    reading(rig)


def test_a_measurement_that_never_ends_is_reported(aht, part):
    rig = aht(part)
    reading(rig)
    rig.part.hang()
    assert "is not ready" in error(rig)
    rig.part.release()
    reading(rig)


def test_damaged_data_is_reported_and_not_used(aht):
    rig = aht("aht20")
    reading(rig)
    before = list(rig.values)
    rig.weather.set(temperature=-7.0)
    rig.part.corrupt()
    assert "its checksum is wrong" in error(rig)
    assert rig.values == before
    rig.part.release()
    assert reading(rig)["temperature"] == near(-700, 1)


def test_an_aht10_sold_as_an_aht20_is_told_by_the_checksum_it_does_not_send(aht):
    said = error(aht("aht20", "aht10"))
    assert "sends no checksum, as an AHT10" in said
    assert 'set its type to "aht10"' in said


@pytest.mark.parametrize(("part", "model"), [("aht20", "aht10"), ("aht10", "aht20")])
def test_a_part_that_refuses_the_initialization_of_the_other_is_told_so(aht, part, model):
    rig = aht(part, model)
    rig.part.needs_initialization = True
    rig.part.power_up()
    rig.clock.pass_ms(100)
    assert f'has no calibration: if it is an {model.upper()}, set its type to "{model}"' in error(rig)


def test_an_aht20_that_is_calibrated_reads_as_an_aht10(aht):
    rig = aht("aht10", "aht20")
    rig.weather.set(temperature=21.0)
    assert reading(rig)["temperature"] == near(2100, 1)


def test_a_stuck_part_is_reported_after_an_hour_of_minutes(aht, part):
    rig = aht(part, noise=1.0)
    reading(rig)
    rig.part.stick()
    assert "is stuck" in error(rig, turns=63)
    rig.part.release()
    reading(rig)


@pytest.mark.parametrize("celsius", [-49.0, -41.0, 86.0, 149.0])
def test_a_temperature_the_part_cannot_measure_is_refused(aht, part, celsius):
    rig = aht(part)
    rig.weather.set(temperature=celsius)
    assert "reads what it cannot measure" in error(rig)


def test_losing_power_between_two_readings_costs_no_reading(aht, part):
    rig = aht(part)
    reading(rig)
    rig.part.power_up()
    rig.clock.pass_ms(100)
    assert rig.turn()


@pytest.mark.parametrize("needs_initialization", [False, True])
def test_losing_power_during_a_measurement_is_reported(aht, part, needs_initialization):
    rig = aht(part)
    reading(rig)
    rig.clock.pass_ms(rig.sensor.start())
    rig.part.needs_initialization = needs_initialization
    rig.part.power_up()
    rig.clock.pass_ms(100)
    with pytest.raises(SensorError, match="has measured nothing since it was started"):
        rig.sensor.read(rig.values)
    reading(rig)


def test_no_fault_of_the_bus_escapes_as_anything_but_a_sensor_error(aht, part):
    """The part vanishes at each single transfer of a wake-up and two readings, in turn."""
    for survived in range(10):
        rig = aht(part)
        rig.bus.answers_left = survived
        try:
            readings = 0
            while readings < 2:
                readings += rig.turn()
        except SensorError as e:
            assert "no answer at 0x38" in str(e)
        assert (rig.bus.answers_left < 0) == (survived < 6)
        rig.bus.answers_left = math.inf
        rig.clock.pass_ms(100)
        reading(rig)


def test_what_is_loaded_to_wake_up_and_to_speak_is_let_go(aht, part):
    rig = aht(part)
    rig.part.unplug()
    error(rig)
    rig.part.plug()
    rig.clock.pass_ms(100)
    reading(rig)
    assert not {"drivers.aht20.wake", f"drivers.{part}.words", "drivers.faults"} & sys.modules.keys()
