"""DHT22 and DHT11 drivers on models of the parts, pulse by pulse: readings, and every fault in its own words."""

import math

import pytest
from drivers import SensorError, dht11, dht22
from girouette.simboard.parts.dht import Dht22
from hypothesis import given
from hypothesis import strategies as st
from support.narrow import Narrow

# Frames and what they say, in tenths: of the data sheet, and of real parts in public reports (tinygo; Tasmota 14165).
DHT22 = {
    "028c015fee": (351, 652), "039b001dbb": (29, 923), "01c10002c4": (2, 449), "01c880024b": (-2, 456),
    "0233fff72b": (-9, 563), "0211fff103": (-15, 529), "0210fff102": (-15, 528),
}  # fmt: skip
# Of a data sheet, and of real parts (esp32_dht11, issue 1).
DHT11 = {"350018004d": (240, 530), "3500180451": (244, 530), "43001a0764": (267, 670)}


def frame(*data: int) -> bytes:
    return bytes(data) + bytes([sum(data) & 255])


@pytest.mark.parametrize(("text", "values"), DHT22.items())
def test_published_frames_of_a_dht22_are_met(make_rig, text, values):
    rig = make_rig("dht22")
    rig.part.send(bytes.fromhex(text))
    assert tuple(rig.reading().values()) == values


@pytest.mark.parametrize(("text", "values"), DHT11.items())
def test_published_frames_of_a_dht11_are_met(make_rig, text, values):
    rig = make_rig("dht11")
    rig.part.send(bytes.fromhex(text))
    assert tuple(rig.reading().values()) == values


@pytest.mark.parametrize(
    ("high", "low", "tenths"),
    [(0x80, 0x65, -101), (0xFF, 0xFF, -1), (0x80, 0x00, 0), (0x0F, 0xF8, -8), (0x81, 0x90, -400), (0x03, 0x20, 800)],
)
def test_negative_temperatures_are_read_in_all_three_ways_that_parts_have(high, low, tenths):
    assert dht22.temperature(high, low) == tenths


@given(st.binary(min_size=5, max_size=5))
def test_no_value_leaves_31_bits_whatever_the_part_sends(data):
    data = [Narrow(byte) for byte in data]
    dht22.fault(data)
    for module in (dht22, dht11):
        module.temperature(data[2], data[3])
        module.humidity(data[0], data[1])


@pytest.mark.parametrize("twos", [False, True])
@pytest.mark.parametrize(
    ("celsius", "percent"), [(-40, 0), (-12.3, 45.6), (-0.1, 99.9), (0, 50), (21.7, 33.3), (80, 100)]
)
def test_a_dht22_follows_the_truth(make_rig, celsius, percent, twos):
    rig = make_rig("dht22", wiring={"twos": twos})
    rig.weather.set(temperature=celsius, humidity=percent)
    assert rig.reading() == {"temperature": round(celsius * 10), "humidity": round(percent * 10)}


@pytest.mark.parametrize(("celsius", "percent"), [(-20, 5), (-3.4, 46), (0, 50), (21.7, 33), (60, 95)])
def test_a_dht11_follows_the_truth(make_rig, celsius, percent):
    rig = make_rig("dht11")
    rig.weather.set(temperature=celsius, humidity=percent)
    assert rig.reading() == {"temperature": round(celsius * 10), "humidity": round(percent * 10)}


@pytest.mark.parametrize("part", ["dht22", "dht11"])
def test_what_was_measured_long_ago_is_not_told(make_rig, part):
    rig = make_rig(part)
    rig.weather.set(temperature=10)
    rig.reading()
    rig.clock.pass_ms(600_000)
    rig.weather.set(temperature=30)
    rig.clock.pass_ms(1000)
    assert rig.turn()
    assert rig.values[0] == 300


def test_in_short_intervals_a_part_is_asked_once_for_each_reading(make_rig):
    rig = make_rig("dht22")
    rig.reading()
    before = rig.bus.frames
    for _ in range(10):
        rig.clock.pass_ms(1000)
        assert rig.turn()
    assert rig.bus.frames == before + 10


@pytest.mark.parametrize(("part", "pause"), [("dht22", 2000), ("dht11", 1000)])
def test_a_part_is_never_asked_before_its_pause_is_over(make_rig, part, pause):
    rig = make_rig(part)
    asked = []
    start = rig.part.start
    rig.part.start = lambda low_us: asked.append(rig.clock.now) or start(low_us)
    for rest in (0, 1, 300, 1500, 2000, 5000, 0, 60_000, 0):
        rig.clock.pass_ms(rest)
        rig.reading()
    assert asked[0] >= pause / 1000
    assert min(after - before for before, after in zip(asked, asked[1:], strict=False)) >= pause / 1000


def test_a_reading_asked_for_too_early_is_refused(make_rig):
    rig = make_rig("dht22")
    rig.reading()
    rig.sensor.start()
    with pytest.raises(SensorError, match="DHT22 is not ready"):
        rig.sensor.read(rig.values)
    rig.reading()


@pytest.mark.parametrize("part", ["dht22", "dht11"])
def test_an_absent_part_is_told_and_used_when_it_is_back(make_rig, part):
    rig = make_rig(part)
    rig.reading()
    rig.part.unplug()
    assert rig.error().startswith(f"{part.upper()} does not answer: check its power")
    rig.part.plug()
    rig.clock.pass_ms(100)
    rig.reading()


def test_one_damaged_frame_costs_no_reading_and_two_are_told(make_rig):
    rig = make_rig("dht22")
    rig.reading()
    rig.part.corrupt()
    assert rig.turn() is False
    rig.part.release()
    assert rig.turn()
    rig.part.corrupt()
    assert rig.turn() is False
    with pytest.raises(SensorError, match="DHT22 sends damaged data"):
        rig.turn()
    rig.part.release()
    rig.reading()


@pytest.mark.parametrize(("data", "words"), [("0000000000", "sends only zeros"), ("ffffffffff", "sends only ones")])
@pytest.mark.parametrize("part", ["dht22", "dht11"])
def test_frames_of_one_level_are_refused(make_rig, part, data, words):
    rig = make_rig(part)
    rig.part.send(bytes.fromhex(data))
    assert words in rig.error()


def error_of(rig, data: bytes) -> str:
    rig.part.send(data)
    return rig.error()


@given(st.integers(5, 95), st.integers(0, 9), st.integers(0, 60), st.integers(0, 9), st.booleans())
def test_every_frame_of_a_dht11_is_known_by_a_dht22(percent, tenth, whole, tenths, below):
    from rig import Rig

    with pytest.MonkeyPatch.context() as patch:
        words = error_of(
            Rig(dht22.driver, Dht22, patch=patch.setattr), frame(percent, tenth, whole, tenths | 128 * below)
        )
    assert 'answers as a DHT11 does: set its type to "dht11"' in words


@given(st.integers(1, 1000), st.integers(-400, 800), st.booleans())
def test_every_frame_of_a_dht22_is_known_by_a_dht11(percent, celsius, twos):
    from rig import Rig

    with pytest.MonkeyPatch.context() as patch:
        words = error_of(
            Rig(dht11.driver, Dht22, patch=patch.setattr), frame(*Dht22(twos=twos).coded(celsius, percent))
        )
    assert 'DHT11 answers as a DHT22 does: set its type to "dht22"' in words


@pytest.mark.parametrize(
    ("part", "data"),
    [
        ("dht22", frame(0x02, 0, 0x05, 0)),
        ("dht22", frame(0x05, 0x80, 0, 0x80)),
        ("dht22", frame(0x02, 0, 0x82, 0)),
        ("dht11", frame(50, 10, 20, 0)),
        ("dht11", frame(101, 0, 20, 0)),
        ("dht11", frame(50, 0, 90, 0)),
        ("dht11", frame(50, 0, 20, 0x7F)),
    ],
)
def test_what_a_part_cannot_measure_is_refused(make_rig, part, data):
    assert "reads what it cannot measure" in error_of(make_rig(part), data)


def test_losing_power_between_two_readings_costs_none_or_is_told(make_rig):
    rig = make_rig("dht22")
    rig.reading()
    rig.clock.pass_ms(10_000)
    rig.part.power_up()
    rig.clock.pass_ms(1500)
    assert rig.reading()


def test_a_driver_touches_nothing_before_it_is_started():
    dht22.DHT22(None)
    dht11.DHT11(None)


@pytest.mark.parametrize("part", ["dht22", "dht11"])
def test_no_fault_of_the_wire_escapes_as_anything_but_a_sensor_error(make_rig, part):
    """The part vanishes at each single frame, in turn."""
    for survived in range(6):
        rig = make_rig(part)
        rig.bus.answers_left = survived
        with pytest.raises(SensorError, match="does not answer"):
            for _ in range(8):
                rig.turn()
        rig.bus.answers_left = math.inf
        rig.reading()


def test_the_model_measures_for_the_next_answer_and_needs_its_pause():
    rig_clock = [10.0]
    part = Dht22(clock=lambda: rig_clock[0], noise=0)
    rig_clock[0] = 12.0
    assert part.start(500) is None, "too short a low"
    assert part.start(18_000)
    rig_clock[0] += 1.0
    assert part.start(18_000) is None
    rig_clock[0] += 1.1
    assert len(part.start(18_000)) == 3 + 80 + 1
