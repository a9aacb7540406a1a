"""DS18B20 drivers on models of the parts, bit by bit: readings, several on a pin, and every fault in its own words."""

import math

import pytest
from drivers import SensorError, ds18b20
from girouette.simboard import lines
from girouette.simboard.parts.dallas import Ds18b20, Ds18s20
from girouette.simboard.parts.lines import OneWirePart
from hypothesis import given
from hypothesis import strategies as st
from support.narrow import Narrow

ONE = "28ac410e07000074"
_OTHERS = ("ff641e8216c3", "aabbccddeeff", "000000000001", "800000000000", "ac410e070001")

# The table of the data sheet: raw words and degrees.
TABLE = {
    0x07D0: 125, 0x0550: 85, 0x0191: 25.0625, 0x00A2: 10.125, 0x0008: 0.5, 0x0000: 0, 0xFFF8: -0.5, 0xFF5E: -10.125,
    0xFE6F: -25.0625, 0xFC90: -55,
}  # fmt: skip


def pad(raw: int, config=0x7F, six=0x10, seven=0x10) -> bytes:
    return raw.to_bytes(2, "little") + bytes([0x4B, 0x46, config, 0xFF, six, seven])


def rom_of(part) -> str:
    return part.rom.hex()


def beside(rig, *parts):
    """More parts on the pin of the rig."""
    for part in parts:
        part.clock, part.weather = rig.clock, rig.weather
        part.noise = 0
        part.power_up()
        rig.bus.parts.append(part)
    return parts


@pytest.mark.parametrize(("raw", "celsius"), TABLE.items())
def test_published_temperatures_are_met(raw, celsius):
    found = ds18b20.sixteenths(pad(raw), 0x28)
    assert found / 16 == celsius
    assert ds18b20.temperature(found) == math.floor(celsius * 100 + 0.5)


@pytest.mark.parametrize(("data", "celsius"), [("32004b46ffff0b10", 25.0625), ("ceff4b46ffff0d10", -25.0625)])
def test_published_temperatures_of_the_ds18s20_are_met(data, celsius):
    assert ds18b20.sixteenths(bytes.fromhex(data), 0x10) / 16 == celsius


def test_a_published_scratchpad_is_30_degrees():
    data = bytes.fromhex("e00100003fff1010")
    assert ds18b20.sixteenths(data, 0x28) / 16 == 30.0


@pytest.mark.parametrize("data", ["021cb801000000a2", "28ac410e07000074", "e00100003fff10103f", "50054b467fff0c101c"])
def test_published_checksums_are_met(data):
    data = bytes.fromhex(data)
    assert ds18b20.crc8(data, len(data) - 1) == data[-1]
    assert ds18b20.crc8(data, len(data)) == 0


@given(st.binary(min_size=8, max_size=8), st.sampled_from((0x28, 0x10)))
def test_no_value_leaves_31_bits_whatever_the_part_sends(data, family):
    ds18b20.temperature(ds18b20.sixteenths([Narrow(byte) for byte in data], family))


@given(st.integers(-880, 2000), st.integers(0, 3))
def test_bits_below_the_resolution_count_for_nothing(raw, lost):
    config = 3 - lost << 5 | 0x1F
    for below in range(1 << lost):
        word = (raw >> lost << lost | below) & 0xFFFF
        assert ds18b20.sixteenths(pad(word, config), 0x28) == raw >> lost << lost


@given(st.integers(-880, 2000))
def test_a_ds18s20_says_all_sixteenths(sixteenths):
    part = Ds18s20()
    part.converted(sixteenths / 16)
    assert ds18b20.sixteenths(part.scratchpad, 0x10) == sixteenths


@pytest.mark.parametrize("celsius", [-55, -10.125, -0.0625, 0, 21.4375, 85, 125])
@pytest.mark.parametrize("resolution", [9, 10, 11, 12])
def test_a_reading_follows_the_truth(make_rig, celsius, resolution):
    rig = make_rig("ds18b20", resolution=resolution)
    rig.weather.set(temperature=20)
    rig.reading()
    rig.weather.set(temperature=celsius)
    step = 16 >> (resolution - 8) if resolution < 12 else 1
    assert rig.reading()["temperature"] == pytest.approx(celsius * 100, abs=100 * max(step, 1) / 16 + 1)


def test_the_resolution_is_set_and_the_wait_is_that_of_the_data_sheet(make_rig):
    for resolution, longest in ((9, 93.75), (10, 187.5), (11, 375), (12, 750)):
        rig = make_rig("ds18b20", resolution=resolution)
        rig.turn()
        assert rig.part.scratchpad[4] == resolution - 9 << 5 | 0x1F
        assert bytes(rig.part.scratchpad[2:4]) == rig.part.eeprom[:2], "the alarms stay"
        assert longest + 1 <= rig.sensor.start() <= longest + 2.001
        assert rig.part.eeprom[2] == 0x7F, "the EEPROM is not worn"


def test_a_ds18s20_is_read(make_rig):
    rig = make_rig("ds18b20", wiring={"rom": None})
    rig.bus.parts.clear()
    beside(rig, Ds18s20())
    rig.weather.set(temperature=-7.3125)
    assert rig.reading() == {"temperature": -731}


def test_several_on_a_pin_are_read_by_their_rom_and_convert_at_the_same_time(make_rig):
    rig = make_rig("ds18b20", rom=ONE)
    (other,) = beside(rig, Ds18b20(offset=5.0))
    other.rom = Ds18b20(rom=None).rom[:1] + bytes.fromhex(_OTHERS[0])
    other.rom += bytes([ds18b20.crc8(other.rom, 7)])
    second = ds18b20.DS18B20(rig.bus, rom=rom_of(other))
    rig.weather.set(temperature=10)
    values = [0]
    for _ in range(3):
        first = rig.sensor.start()
        rig.clock.pass_ms(400)
        wait = second.start()
        rig.clock.pass_ms(first - 400)
        assert rig.sensor.read(rig.values)
        rig.clock.pass_ms(wait - (first - 400))
        assert second.read(values)
        assert (rig.values, values) == ([1000], [1500])


def numbered(n: int) -> Ds18b20:
    part = Ds18b20()
    body = bytes([0x28]) + bytes.fromhex(_OTHERS[n])
    part.rom = body + bytes([ds18b20.crc8(body, 7)])
    return part


def test_several_without_a_rom_are_listed_to_be_copied(make_rig):
    rig = make_rig("ds18b20")
    others = beside(rig, *(numbered(n) for n in range(5)))
    error = rig.error()
    assert "is not alone on its pin" in error
    for part in (rig.part, *others):
        assert rom_of(part) in error


@given(st.sets(st.binary(min_size=6, max_size=6), max_size=12))
def test_the_search_finds_every_part_whatever_their_roms(serials):
    from drivers.ds18b20 import wake
    from rig import OneWire

    parts = []
    for serial in serials:
        body = b"\x28" + serial
        parts.append(Ds18b20(rom=(body + bytes([ds18b20.crc8(body, 7)])).hex()))
    found = wake.search(OneWire(*parts))
    assert sorted(found) == sorted(part.rom for part in parts)


def test_more_parts_than_a_line_holds_are_counted(make_rig):
    rig = make_rig("ds18b20")
    beside(rig, *(Ds18b20(rom=_rom(n)) for n in range(11)))
    assert rig.error().endswith(" and 4 more")


def _rom(n: int) -> str:
    body = b"\x28" + n.to_bytes(6, "big")
    return (body + bytes([ds18b20.crc8(body, 7)])).hex()


def test_a_rom_that_is_not_there_is_told_with_those_that_are(make_rig):
    rig = make_rig("ds18b20", rom=_rom(77))
    error = rig.error()
    assert error.startswith(f"DS18B20 {_rom(77)} does not answer, while others on its pin do: {ONE}")


def test_nothing_on_the_pin_is_told(make_rig):
    rig = make_rig("ds18b20")
    rig.part.unplug()
    assert "does not answer, nor does anything else on its pin" in rig.error()


def test_a_part_that_comes_back_is_used_again(make_rig):
    rig = make_rig("ds18b20", rom=ONE)
    (other,) = beside(rig, numbered(0))
    rig.reading()
    rig.part.unplug()
    assert f"{ONE} does not answer, while others on its pin do: {rom_of(other)}" in rig.error()
    rig.part.plug()
    rig.weather.set(temperature=3)
    assert rig.reading() == {"temperature": 300}


def test_without_a_rom_another_part_may_take_its_place(make_rig):
    rig = make_rig("ds18b20")
    rig.reading()
    rig.part.unplug()
    rig.error()
    beside(rig, numbered(1))
    rig.reading()


def test_a_second_part_that_joins_an_unnamed_one_is_noticed_by_the_next_wake_up(make_rig):
    rig = make_rig("ds18b20")
    rig.reading()
    beside(rig, numbered(1))
    rig.reading()  # it is known by its ROM: nothing is mixed up


def test_a_line_at_ground_is_told_when_waking_and_later(make_rig):
    rig = make_rig("ds18b20")
    rig.part.short()
    assert "its data line is always low" in rig.error()
    rig.part.release()
    rig.reading()
    rig.part.short()
    rig.sensor.start()
    rig.clock.pass_ms(752)
    with pytest.raises(SensorError, match="its data line is always low|is not ready"):
        rig.sensor.read(rig.values)


def test_a_line_that_falls_to_ground_after_others_spoke_is_told(make_rig):
    rig = make_rig("ds18b20")
    rig.reading()
    wait = rig.sensor.start()
    rig.bus.last = None
    rig.part.short()
    rig.clock.pass_ms(wait)
    with pytest.raises(SensorError, match="its data line is always low"):
        rig.sensor.read(rig.values)


def test_a_damaged_answer_is_told(make_rig):
    rig = make_rig("ds18b20")
    rig.reading()
    rig.part.corrupt()
    assert "sends damaged data" in rig.error()
    assert "sends damaged data" in rig.error()
    rig.part.release()
    rig.reading()


def test_85_degrees_of_a_part_that_lost_its_supply_are_refused(make_rig):
    rig = make_rig("ds18b20")
    rig.reading()
    wait = rig.sensor.start()
    rig.part.power_up()
    rig.clock.pass_ms(wait)
    with pytest.raises(SensorError, match="has measured nothing since it was started: it lost its supply"):
        rig.sensor.read(rig.values)
    rig.reading()


def test_85_degrees_that_are_measured_are_believed(make_rig):
    rig = make_rig("ds18b20")
    rig.weather.set(temperature=85)
    assert rig.reading() == {"temperature": 8500}


def test_a_resolution_lost_with_the_supply_is_noticed(make_rig):
    rig = make_rig("ds18b20", resolution=9)
    rig.reading()
    rig.part.power_up()  # between two readings: it converts with 12 bits now, which takes longer
    rig.sensor.start()
    rig.clock.pass_ms(800)
    with pytest.raises(SensorError, match="it lost its supply"):
        rig.sensor.read(rig.values)
    rig.reading()


def test_losing_power_between_two_readings_costs_none_with_the_resolution_of_the_eeprom(make_rig):
    rig = make_rig("ds18b20")
    rig.reading()
    rig.part.power_up()
    assert rig.turn()


def test_parasite_power_is_named_where_it_fails(make_rig):
    rig = make_rig("ds18b20", wiring={"parasite": True})
    assert "is powered by its data line, which is too weak. Connect its VDD" in rig.error()


def test_a_reading_asked_for_too_early_is_refused(make_rig):
    rig = make_rig("ds18b20")
    rig.reading()
    wait = rig.sensor.start()
    rig.bus.last = None  # others spoke on the pin: the part cannot be asked, but the clock can
    rig.clock.pass_ms(wait - 20)
    with pytest.raises(SensorError, match="is not ready"):
        rig.sensor.read(rig.values)


def test_a_conversion_that_never_ends_is_told(make_rig):
    rig = make_rig("ds18b20")
    rig.reading()
    rig.part.hang()
    assert "is not ready" in rig.error()
    rig.part.release()
    rig.reading()


def test_a_counterfeit_that_keeps_its_resolution_is_read_with_that(make_rig):
    rig = make_rig("ds18b20", resolution=9)
    rig.part.written = lambda data: None
    rig.weather.set(temperature=21.0625)
    assert rig.reading() == {"temperature": 2106}


@pytest.mark.parametrize("raw", [126 * 16, -56 * 16])
def test_what_it_cannot_measure_is_refused(make_rig, raw):
    rig = make_rig("ds18b20")
    rig.reading()
    rig.part.converted = lambda _: rig.part.scratchpad.__setitem__(slice(0, 2), (raw & 0xFFFF).to_bytes(2, "little"))
    assert "reads what it cannot measure" in rig.error()


@pytest.mark.parametrize(
    ("family", "what"), [(0x01, "DS2401"), (0x3B, "MAX31850"), (0x77, "no thermometer that is known")]
)
def test_another_part_is_named_by_its_family(make_rig, family, what):
    class Other(OneWirePart):
        def command(self, command):
            yield from self._send(bytes(8))

    Other.family = family
    rig = make_rig("ds18b20")
    rig.bus.parts.clear()
    (other,) = beside(rig, Other())
    error = rig.error()
    assert f"the part {rom_of(other)} on the pin is not a DS18B20: family 0x{family:02x} is {what}" in error


@pytest.mark.parametrize("rom", ["", "28", ONE + "0", ONE[:-1] + "5", "x" * 16, "00" * 8, 5])
def test_a_rom_that_is_none_is_refused_when_made(rom):
    with pytest.raises(ValueError, match="rom is the id of a part, 16 hexadecimal digits"):
        ds18b20.DS18B20(None, rom=rom or " ")


def test_a_rom_may_be_written_in_capitals(make_rig):
    make_rig("ds18b20", rom=ONE.upper()).reading()


def test_a_driver_touches_nothing_before_it_is_started():
    ds18b20.DS18B20(bus=None)


def test_no_fault_of_the_wire_escapes_as_anything_but_a_sensor_error(make_rig):
    """The part vanishes at each single call of a wake-up and a reading, in turn."""
    survived, failed = 0, True
    while failed:
        rig = make_rig("ds18b20", resolution=9)
        rig.bus.answers_left = survived
        failed = False
        try:
            for _ in range(2):
                rig.turn()
        except SensorError as e:
            failed = True
            assert str(e).startswith("DS18B20"), e
        survived += 1
        rig.bus.answers_left = math.inf
        rig.clock.pass_ms(1000)
        rig.reading()
    assert survived > 250, "a wake-up with a search, and two readings"


def test_the_model_sees_bits_by_how_long_the_wire_is_low():
    part = Ds18b20()
    wire = lines.OneWire([part])
    assert wire.reset()
    wire.write(0x33, 8)  # read ROM
    assert bytes(wire.read(8) for _ in range(8)) == part.rom
    assert not lines.OneWire([]).reset()
    part.unplug()
    assert not wire.reset()
    assert wire.read(8) == 255
