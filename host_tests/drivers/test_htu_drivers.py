"""HTU21D driver on a model of it, of an SHT21 and of an Si7021: readings, conversions, and every fault in its words."""

import math
import sys

import pytest
from drivers import SensorError, htu21d
from drivers.crc import crc8
from girouette.simboard.parts.htu import Htu21d
from hypothesis import given
from hypothesis import strategies as st
from support.narrow import Narrow


def near(wanted, tolerance):
    return pytest.approx(wanted, abs=tolerance)


@pytest.fixture
def rig(make_rig):
    """A part that has had its power for a while."""
    rig = make_rig("htu21d")
    rig.clock.pass_ms(100)
    return rig


@pytest.fixture(params=list(Htu21d.kinds))
def of_each_kind(request, make_rig):
    """The same for each part of the family."""
    rig = make_rig("htu21d")
    rig.part.become(request.param)
    rig.clock.pass_ms(100)
    return rig


def reading(rig) -> dict:
    """Turns until there is a reading."""
    for _ in range(4):
        if rig.turn():
            return dict(zip((q[0] for q in rig.sensor.quantities), rig.values, strict=True))
    raise AssertionError("four turns and no reading")


def error(rig, turns=6) -> str:
    """What the sensor says is wrong."""
    with pytest.raises(SensorError) as caught:
        for _ in range(turns):
            rig.turn()
    return str(caught.value)


# Conversions


@pytest.mark.parametrize(("data", "crc"), [("DC", 0x79), ("683A", 0x7C), ("4E85", 0x6B)])
def test_the_checksum_is_the_published_one(data, crc):
    """HTU21D(F) data sheet, CRC checksum."""
    data = bytes.fromhex(data)
    assert crc8(data, 0, len(data), 0) == crc


@pytest.mark.parametrize(("word", "celsius"), [(0x683A, 2469), (0, -4685)])
def test_published_temperatures_are_met(word, celsius):
    assert htu21d.temperature(word) == celsius


@pytest.mark.parametrize(("word", "rh"), [(0x4E85, 3234), (0x6350, 4249), (0, 0)])
def test_published_humidities_are_met(word, rh):
    """32.3 % and 42.5 % as they were printed."""
    assert htu21d.humidity(word) == rh


def test_the_upper_end_of_the_scale_is_the_published_one_without_the_bits_of_the_status():
    """Sensirion's python-i2c-sht: 65535 is 128.87 °C and 119 %; the part never sends it, and air has 100 % at most."""
    assert htu21d.temperature(0xFFFF) == near(12887, 1)
    assert htu21d.humidity(0xFFFF) == 10000


@given(st.integers(0, 0xFFFF))
def test_conversions_are_the_formulas_rounded_and_no_value_leaves_31_bits(s):
    masked = s & 0xFFFC
    assert htu21d.temperature(Narrow(s)) == near(17572 * masked / 65536 - 4685, 0.501)
    assert htu21d.humidity(Narrow(s)) == near(min(max(12500 * masked / 65536 - 600, 0), 10000), 0.501)


@given(st.integers(0, 0x3FFF), st.integers(0, 3))
def test_the_status_bits_mean_nothing_to_a_value(s, status):
    assert htu21d.temperature(s << 2 | status) == htu21d.temperature(s << 2)
    assert htu21d.humidity(s << 2 | status) == htu21d.humidity(s << 2)


# Readings


@pytest.mark.parametrize(
    ("celsius", "rh"), [(21.53, 48.2), (-12.34, 95.0), (-39.9, 3.0), (0.0, 50.0), (84.9, 12.5), (124.9, 100.0)]
)
def test_readings_are_the_weather(of_each_kind, celsius, rh):
    of_each_kind.weather.set(temperature=celsius, humidity=rh)
    assert reading(of_each_kind) == {"temperature": near(celsius * 100, 1), "humidity": near(rh * 100, 2)}


def test_a_reading_is_two_turns_and_fills_nothing_before_it_is_whole(rig):
    reading(rig)
    before = list(rig.values)
    rig.weather.set(temperature=40.0, humidity=10.0)
    assert rig.turn() is False
    assert rig.values == before
    assert rig.turn() is True
    assert rig.values == [near(4000, 1), near(1000, 2)]


@pytest.mark.parametrize("rh", [0.0, 100.0])
def test_humidity_stays_within_0_and_100_percent(make_rig, rh):
    rig = make_rig("htu21d", noise=5.0)
    rig.clock.pass_ms(100)
    rig.weather.set(humidity=rh)
    for _ in range(20):
        assert 0 <= reading(rig)["humidity"] <= 10000


def test_both_halves_are_asked_for_no_sooner_than_the_part_has_them(of_each_kind):
    rig = of_each_kind
    reading(rig)
    for command in (0xF3, 0xF5):
        wait = rig.sensor.start()
        assert wait >= rig.part.conversion_s(command) * 1000 + 1
        rig.clock.pass_ms(wait)
        rig.sensor.read(rig.values)


def test_a_quiet_room_is_not_mistaken_for_a_stuck_part(make_rig):
    rig = make_rig("htu21d", noise=1.0)
    rig.clock.pass_ms(100)
    rig.weather.set(temperature=20.0, humidity=50.0)
    for _ in range(500):
        reading(rig)


def test_a_driver_touches_nothing_before_it_is_started():
    htu21d.driver(bus=None)


# Faults


def test_an_absent_part_is_reported_with_its_address(rig):
    rig.part.unplug()
    assert error(rig).startswith("no answer at 0x40: ")


@pytest.mark.parametrize("half", [False, True])
def test_a_part_that_comes_back_is_used_again_from_the_first_half_on(rig, half):
    reading(rig)
    if half:
        rig.turn()
    rig.part.unplug()
    assert "no answer" in error(rig)
    rig.weather.set(temperature=-5.0, humidity=77.0)
    rig.part.plug()
    rig.clock.pass_ms(100)
    assert reading(rig) == {"temperature": near(-500, 1), "humidity": near(7700, 2)}


@pytest.mark.parametrize("half", [False, True])
def test_a_half_asked_for_too_early_is_refused(rig, half):
    reading(rig)
    if half:
        rig.turn()
    rig.sensor.start()
    with pytest.raises(SensorError, match="at 0x40 is not ready: it still measures"):
        rig.sensor.read(rig.values)
    reading(rig)


def test_a_measurement_that_never_ends_is_reported(rig):
    reading(rig)
    rig.part.hang()
    assert "is not ready" in error(rig)
    rig.part.release()
    reading(rig)


@pytest.mark.parametrize("half", [False, True])
def test_damaged_data_is_reported_and_not_used(rig, half):
    reading(rig)
    before = list(rig.values)
    rig.weather.set(temperature=-7.0)
    if half:
        rig.turn()
    rig.part.corrupt()
    assert "its checksum is wrong" in error(rig)
    assert rig.values == before
    rig.part.release()
    assert reading(rig)["temperature"] == near(-700, 1)


def test_a_stuck_part_is_reported_after_an_hour_of_minutes(make_rig):
    rig = make_rig("htu21d", noise=1.0)
    rig.clock.pass_ms(100)
    reading(rig)
    rig.part.stick()
    assert "is stuck" in error(rig, turns=126)
    rig.part.release()
    reading(rig)


@pytest.mark.parametrize("celsius", [-46.0, -41.0, 126.0, 128.0])
def test_a_temperature_the_part_cannot_measure_is_refused(rig, celsius):
    rig.weather.set(temperature=celsius)
    assert "reads what it cannot measure" in error(rig)


def test_a_low_supply_is_reported_when_the_part_says_so(rig):
    rig.part.weaken()
    assert "says that its supply is too low" in error(rig)
    rig.part.release()
    reading(rig)


@pytest.mark.parametrize("half", [False, True])
def test_losing_power_between_two_halves_or_two_readings_costs_no_reading(rig, half):
    reading(rig)
    if half:
        rig.turn()
    rig.part.power_up()
    rig.clock.pass_ms(20)
    reading(rig)


@pytest.mark.parametrize("half", [False, True])
def test_losing_power_during_a_measurement_is_reported(rig, half):
    reading(rig)
    if half:
        rig.turn()
    rig.clock.pass_ms(rig.sensor.start())
    rig.part.power_up()
    rig.clock.pass_ms(20)
    with pytest.raises(SensorError, match="has measured nothing since it was started"):
        rig.sensor.read(rig.values)
    reading(rig)


@pytest.mark.parametrize("setting", [0x80, 0x01, 0x04])
def test_a_part_whose_register_is_not_as_after_a_reset_is_another(rig, setting):
    rig.turn()
    rig.part.write(bytes([0xE6, setting]))
    assert "does not answer as an HTU21D, SHT2x or Si7021" in error(rig)
    reading(rig)


def test_a_part_that_does_not_know_the_register_is_another(rig):
    rig.turn()
    rig.part.read = Htu21d(clock=rig.clock).read  # it has nothing to say
    rig.clock.pass_ms(100)
    assert "does not answer as an HTU21D" in error(rig)


@pytest.mark.parametrize("level", [0x00, 0xFF])
def test_a_bus_that_reads_only_one_level_is_no_answer(rig, level):
    rig.part.read = lambda n: bytes([level] * n)
    assert error(rig).startswith(f"no answer at 0x40: the bus reads only 0x{level:02x}")


def test_no_fault_of_the_bus_escapes_as_anything_but_a_sensor_error(make_rig):
    """The part vanishes at each single transfer of a wake-up and two readings, in turn."""
    for survived in range(15):
        rig = make_rig("htu21d")
        rig.clock.pass_ms(100)
        rig.bus.answers_left = survived
        try:
            readings = 0
            while readings < 2:
                readings += rig.turn()
        except SensorError as e:
            assert "no answer at 0x40" in str(e)
        assert (rig.bus.answers_left < 0) == (survived < 11)
        rig.bus.answers_left = math.inf
        rig.clock.pass_ms(100)
        reading(rig)


def test_what_is_loaded_to_wake_up_and_to_speak_is_let_go(rig):
    rig.part.unplug()
    error(rig)
    rig.part.plug()
    rig.clock.pass_ms(100)
    reading(rig)
    assert not {"drivers.htu21d.wake", "drivers.htu21d.words", "drivers.faults"} & sys.modules.keys()
