"""SHT3x and SHT4x drivers on models: readings, conversions, waking up, and every fault in its own words."""

import math

import pytest
from drivers import SensorError, sht3x, sht4x
from drivers.crc import crc8
from hypothesis import given
from hypothesis import strategies as st
from support.narrow import Narrow

WORD = st.integers(0, 0xFFFF)
PARTS = ("sht3x", "sht4x")
LEVELS = ("low", "medium", "high")
OPTION = {"sht3x": "repeatability", "sht4x": "precision"}


def near(wanted, tolerance):
    return pytest.approx(wanted, abs=tolerance)


@pytest.fixture(params=PARTS)
def part(request):
    return request.param


@pytest.fixture
def sht(make_rig):
    """(part, **options) -> a Rig of a part that has had its power for a while."""

    def make(part, model=None, **options):
        rig = make_rig(part, model, **options)
        rig.clock.pass_ms(100)
        return rig

    return make


def reading(rig) -> dict:
    """Turns until there is a reading."""
    for _ in range(6):
        if rig.turn():
            return dict(zip((q[0] for q in rig.sensor.quantities), rig.values, strict=True))
    raise AssertionError("six turns and no reading")


def error(rig, turns=6) -> str:
    """What the sensor says is wrong."""
    with pytest.raises(SensorError) as caught:
        for _ in range(turns):
            rig.turn()
    return str(caught.value)


# Conversions


@pytest.mark.parametrize(
    ("word", "crc"),
    [("BEEF", 0x92), ("01A4", 0x4D), ("ABCD", 0x6F), ("8000", 0xA2), ("6666", 0x93), ("0000", 0x81)],
)
def test_the_checksum_is_the_published_one(word, crc):
    """BEEF: data sheet of the SHT3x-DIS, 4.12; the others: tests of Sensirion and of periph.io."""
    assert crc8(bytes.fromhex(word), 0, 2) == crc


@pytest.mark.parametrize("frame", ["beef92", "8000a2666693", "0d2047610111", "68c5513b8231"])
def test_published_frames_are_whole(frame):
    assert not sht3x.damaged(bytes.fromhex(frame))


@pytest.mark.parametrize("at", range(6))
def test_a_damaged_byte_is_found_wherever_it_is(at):
    frame = bytearray.fromhex("8000a2666693")
    frame[at] ^= 0x20
    assert sht3x.damaged(frame)


@pytest.mark.parametrize(("word", "celsius", "rh"), [(0, -4500, 0), (65535, 13000, 10000)])
def test_the_ends_of_an_sht3xs_scale_are_the_published_ones(word, celsius, rh):
    """Sensirion's python-i2c-sht."""
    assert sht3x.temperature(word) == celsius
    assert sht3x.humidity(word) == rh


def test_an_sht3xs_formulas_meet_a_published_measurement():
    """68 C5 51 3B 82 31 (periph.io, of a part with the same formulas): 26.621 °C, 23.246 %."""
    assert sht3x.temperature(0x68C5) == 2662
    assert sht3x.humidity(0x3B82) == 2325


def test_an_sht4xs_formulas_meet_the_published_values():
    """Sensirion's tests: 0x8000 is 42.5 °C and 56.5 %."""
    assert sht3x.temperature(0x8000) == 4250
    assert sht4x.humidity(0x8000) == 5650


@pytest.mark.parametrize(("word", "rh"), [(0, 0), (3145, 0), (3200, 10), (55705, 10000), (65535, 10000)])
def test_an_sht4xs_humidity_is_cut_at_0_and_100_percent(word, rh):
    assert sht4x.humidity(word) == rh


@given(WORD)
def test_conversions_are_the_formulas_rounded_and_no_value_leaves_31_bits(s):
    assert sht3x.temperature(Narrow(s)) == near(-4500 + 17500 * s / 65535, 0.501)
    assert sht3x.humidity(Narrow(s)) == near(10000 * s / 65535, 0.501)
    assert sht4x.humidity(Narrow(s)) == near(min(max(-600 + 12500 * s / 65535, 0), 10000), 0.501)


# Readings


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("celsius", "rh"), [(21.53, 48.2), (-12.34, 95.0), (-39.9, 3.0), (0.0, 50.0), (84.0, 12.5), (124.9, 0.0)]
)
def test_readings_are_the_weather(sht, part, level, celsius, rh):
    rig = sht(part, **{OPTION[part]: level})
    rig.weather.set(temperature=celsius, humidity=rh)
    assert reading(rig) == {"temperature": near(celsius * 100, 1), "humidity": near(rh * 100, 1)}


def test_readings_follow_the_weather_one_a_turn(sht, part):
    rig = sht(part)
    reading(rig)
    rig.weather.set(temperature=40.0, humidity=10.0)
    assert rig.turn()
    assert rig.values == [near(4000, 1), near(1000, 1)]


@pytest.mark.parametrize("rh", [0.0, 100.0])
def test_humidity_stays_within_0_and_100_percent(sht, part, rh):
    rig = sht(part, noise=5.0)
    rig.weather.set(humidity=rh)
    for _ in range(20):
        assert 0 <= reading(rig)["humidity"] <= 10000


@pytest.mark.parametrize("level", LEVELS)
def test_a_reading_is_asked_for_no_sooner_than_the_part_has_it_by_any_clock_of_whole_milliseconds(sht, part, level):
    rig = sht(part, **{OPTION[part]: level})
    reading(rig)
    wait = rig.sensor.start()
    longest = (rig.part._done_at - rig.clock.now) * 1000
    assert longest + 1 <= wait <= longest + 3


def test_a_quiet_room_is_not_mistaken_for_a_stuck_part(sht, part):
    rig = sht(part, noise=1.0)
    rig.weather.set(temperature=20.0, humidity=50.0)
    reading(rig)
    for _ in range(500):
        assert rig.turn()


@pytest.mark.parametrize(("part", "address"), [("sht3x", 0x45), ("sht4x", 0x45), ("sht4x", 0x46)])
def test_a_part_at_another_address_is_asked_there(sht, part, address):
    rig = sht(part, address=address)
    rig.bus.parts = {address: rig.part}
    reading(rig)


# Options


@pytest.mark.parametrize("value", ["", "highest", 3, None])
def test_an_option_the_part_does_not_have_is_refused_when_made(part, value):
    driver = {"sht3x": sht3x, "sht4x": sht4x}[part].driver
    with pytest.raises(ValueError, match=f"{OPTION[part]} is low, medium or high"):
        driver(None, **{OPTION[part]: value})


def test_a_driver_touches_nothing_before_it_is_started(part):
    {"sht3x": sht3x, "sht4x": sht4x}[part].driver(bus=None)


# Faults


def test_an_absent_part_is_reported_with_its_address(sht, part):
    rig = sht(part)
    rig.part.unplug()
    assert error(rig).startswith("no answer at 0x44: ")


def test_a_part_that_comes_back_is_used_again(sht, part):
    rig = sht(part)
    reading(rig)
    rig.part.unplug()
    assert "no answer" in error(rig)
    rig.part.plug()
    rig.clock.pass_ms(5)
    reading(rig)


def test_a_reading_asked_for_too_early_is_refused(sht, part):
    rig = sht(part)
    reading(rig)
    rig.sensor.start()
    with pytest.raises(SensorError, match="at 0x44 is not ready: it still measures"):
        rig.sensor.read(rig.values)
    rig.clock.pass_ms(20)
    reading(rig)


def test_a_measurement_that_never_ends_is_reported(sht, part):
    rig = sht(part)
    reading(rig)
    rig.part.hang()
    assert "is not ready" in error(rig)
    rig.part.release()
    rig.clock.pass_ms(20)
    reading(rig)


def test_damaged_data_is_reported_and_not_used(sht, part):
    rig = sht(part)
    reading(rig)
    rig.part.corrupt()
    before = list(rig.values)
    rig.weather.set(temperature=-7.0)
    assert "its checksum is wrong" in error(rig)
    assert rig.values == before
    rig.part.release()
    assert reading(rig)["temperature"] == near(-700, 1)


def test_a_stuck_part_is_reported_after_an_hour_of_minutes(sht, part):
    rig = sht(part, noise=1.0)
    reading(rig)
    rig.part.stick()
    assert "is stuck" in error(rig, turns=63)
    rig.part.release()
    reading(rig)


@pytest.mark.parametrize("celsius", [-45.0, -41.0, 126.0, 130.0])
def test_a_temperature_the_part_cannot_measure_is_refused(sht, part, celsius):
    rig = sht(part)
    rig.weather.set(temperature=celsius)
    assert "reads what it cannot measure" in error(rig)


def test_losing_power_between_two_readings_costs_no_reading(sht, part):
    rig = sht(part)
    reading(rig)
    rig.part.power_up()
    rig.clock.pass_ms(5)
    assert rig.turn()


@pytest.mark.parametrize(("part", "words"), [("sht3x", "has measured nothing"), ("sht4x", "or it lost its supply")])
def test_losing_power_during_a_measurement_is_reported(sht, part, words):
    rig = sht(part)
    reading(rig)
    rig.clock.pass_ms(rig.sensor.start())
    rig.part.power_up()
    rig.clock.pass_ms(5)
    with pytest.raises(SensorError, match=words):
        rig.sensor.read(rig.values)
    reading(rig)


@pytest.mark.parametrize(("part", "model"), [PARTS, PARTS[::-1]])
def test_the_other_family_at_the_same_address_is_named(sht, part, model):
    rig = sht(part, model)
    said = error(rig)
    assert said.startswith("the part at 0x44 does not answer as an SHT")
    assert f'set its type to "{model}"' in said


def test_a_damaged_answer_to_the_identification_is_reported(sht, part):
    rig = sht(part)
    rig.part.corrupt()
    assert "does not answer as an SHT" in error(rig)
    rig.part.release()
    reading(rig)


@pytest.mark.parametrize("level", [0x00, 0xFF])
def test_a_bus_that_reads_only_one_level_is_no_answer(sht, part, level):
    rig = sht(part)
    rig.part.read = lambda n: bytes([level] * n)
    assert error(rig).startswith(f"no answer at 0x44: the bus reads only 0x{level:02x}")


def test_an_sht3x_that_measures_by_itself_since_before_the_board_was_reset_is_stopped(sht):
    rig = sht("sht3x")
    rig.part.measure_periodically()
    reading(rig)
    assert not rig.part.periodic


@pytest.mark.parametrize(("part", "transfers"), [("sht3x", 8), ("sht4x", 7)])
def test_no_fault_of_the_bus_escapes_as_anything_but_a_sensor_error(sht, part, transfers):
    """The part vanishes at each single transfer of a wake-up and two readings, in turn."""
    for survived in range(transfers + 4):
        rig = sht(part)
        rig.bus.answers_left = survived
        try:
            readings = 0
            while readings < 2:
                readings += rig.turn()
        except SensorError as e:
            assert "no answer at 0x44" in str(e)
        assert (rig.bus.answers_left < 0) == (survived < transfers)
        rig.bus.answers_left = math.inf
        rig.clock.pass_ms(20)
        reading(rig)


def test_what_is_loaded_to_wake_up_and_to_speak_is_let_go(sht, part):
    import sys

    rig = sht(part)
    rig.part.unplug()
    error(rig)
    rig.part.plug()
    rig.clock.pass_ms(5)
    reading(rig)
    assert not {f"drivers.{part}.wake", f"drivers.{part}.words", "drivers.faults"} & sys.modules.keys()
