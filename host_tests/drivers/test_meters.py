"""INA219 and ADS1115 on register models: conversions, readings, and every fault in its own words."""

import math

import pytest
from drivers import SensorError, ads1115, ina219
from hypothesis import given
from hypothesis import strategies as st
from support.narrow import Narrow

WORD = st.integers(-32768, 32767)


# Conversions


def test_the_data_sheets_values_are_met():
    assert ina219.voltage(0x5D98) == 11980
    assert ina219.current(ina219.signed(b"\x07\xd0"), 2) == 100_000  # 20 mV across 2 mΩ are 10 A
    assert ina219.power(11980, 100_000) == 119_800
    for raw, wanted in ((0x7FFF, 409587), (0x8000, -409600), (0xFFFF, -13), (0x0001, 12), (0x4000, 204800)):
        assert ads1115.voltage(ads1115.signed(raw.to_bytes(2, "big")), 4096) == wanted


@given(WORD, st.integers(1, 10000), st.integers(0, 0xFFFF))
def test_no_current_or_power_leaves_31_bits(raw, shunt, bus):
    mv, tenth = ina219.voltage(Narrow(bus)), ina219.current(Narrow(raw), Narrow(shunt))
    assert mv == (bus >> 3) * 4
    assert abs(int(tenth) - raw * 100 / shunt) < 1
    assert abs(int(ina219.power(mv, tenth)) - int(mv) * int(tenth) / 10000) < 1


@given(WORD, st.sampled_from([256, 512, 1024, 2048, 4096, 6144]))
def test_no_voltage_leaves_31_bits(raw, full):
    assert abs(int(ads1115.voltage(Narrow(raw), Narrow(full))) - raw * full * 100 / 32768) < 1


# INA219


@pytest.mark.parametrize(("volts", "amperes"), [(0.0, 0.0), (3.3, 0.0123), (12.0, -1.5), (26.0, 3.1)])
@pytest.mark.parametrize("samples", [1, 16, 128])
def test_it_reads_volts_amperes_and_watts(make_rig, volts, amperes, samples):
    rig = make_rig("ina219", samples=samples)
    rig.part.volts, rig.part.amperes = volts, amperes
    assert rig.reading() == {
        "voltage": pytest.approx(volts * 1000, abs=2),
        "current": pytest.approx(amperes * 10000, abs=1),
        "power": pytest.approx(volts * amperes * 1000, abs=8),
    }


def test_another_shunt_is_another_current(make_rig):
    rig = make_rig("ina219", shunt=2)
    rig.part.ohms, rig.part.amperes = 0.002, 100.0
    assert rig.reading()["current"] == pytest.approx(1_000_000, abs=60)


@pytest.mark.parametrize("samples", [1, 2, 4, 8, 16, 32, 64, 128])
def test_a_reading_is_asked_for_no_sooner_than_it_is_there(make_rig, samples):
    rig = make_rig("ina219", samples=samples)
    rig.reading()
    wait = rig.sensor.start()
    assert rig.part.conversion_ms() + 1 <= wait <= rig.part.conversion_ms() + 4


def test_a_reading_too_early_and_one_that_never_ends_are_told(make_rig):
    rig = make_rig("ina219")
    rig.reading()
    rig.sensor.start()
    with pytest.raises(SensorError, match="INA219 at 0x40 is not ready"):
        rig.sensor.read(rig.values)
    rig.part.hang()
    assert "is not ready" in rig.error()
    rig.part.release()
    rig.reading()


@pytest.mark.parametrize("amperes", [3.3, -3.3])
def test_more_than_the_shunt_can_tell_is_refused(make_rig, amperes):
    rig = make_rig("ina219")
    rig.part.amperes = amperes
    assert "more than 320 mV across its shunt" in rig.error()
    rig.part.amperes = 1.0
    rig.reading()


def test_losing_power_costs_no_reading(make_rig):
    rig = make_rig("ina219")
    rig.reading()
    rig.part.power_up()
    rig.reading()
    rig.sensor.start()
    rig.part.power_up()
    rig.part.amperes = 2.0
    rig.clock.pass_ms(20)
    assert rig.sensor.read(rig.values)
    assert rig.values[1] == 20000


def test_what_is_no_ina219_is_told(make_rig):
    for config, words in ((0x1234, "is not an INA219: after a reset its configuration is 0x1234"),
                          (0xFFFF, "the bus reads only 0xff"), (0, "the bus reads only 0x00")):  # fmt: skip
        rig = make_rig("ina219")
        rig.part.resets = rig.part.resets | {0: config}
        assert words in rig.error()


# ADS1115


def test_it_reads_four_voltages_one_after_the_other(make_rig):
    rig = make_rig("ads1115")
    rig.part.volts = [0.0, 3.3, 1.2345, 4.09]
    assert [rig.turn() for _ in range(5)] == [False, False, False, True, False]
    assert rig.values == [pytest.approx(volts * 100_000, abs=13) for volts in rig.part.volts]


@pytest.mark.parametrize("full", [256, 512, 1024, 2048, 4096, 6144])
def test_each_range_has_its_steps(make_rig, full):
    rig = make_rig("ads1115", range=full)
    rig.part.volts = [full / 1000 * part for part in (0, 0.25, 0.5, 0.999)]
    for _ in range(4):
        rig.turn()
    step = full * 100 / 32768
    assert rig.values == [pytest.approx(volts * 100_000, abs=step + 1) for volts in rig.part.volts]


def test_three_are_measured_against_the_fourth(make_rig):
    rig = make_rig("ads1115", reference="A3")
    rig.part.volts = [0.5, 1.0, 3.0, 2.0]
    for _ in range(4):
        rig.turn()
    assert rig.values == [pytest.approx(volts * 100_000, abs=13) for volts in (-1.5, -1.0, 1.0, 2.0)]


@pytest.mark.parametrize("rate", [8, 16, 32, 64, 128, 250, 475, 860])
def test_a_conversion_is_asked_for_no_sooner_than_it_is_there(make_rig, rate):
    rig = make_rig("ads1115", rate=rate)
    rig.turn()
    wait = rig.sensor.start()
    assert rig.part.conversion_ms() + 0.5 <= wait <= rig.part.conversion_ms() + 3


@pytest.mark.parametrize("turns", range(4))
def test_a_conversion_too_early_or_never_begun_is_told(make_rig, turns):
    rig = make_rig("ads1115")
    for _ in range(turns + 4):
        rig.turn()
    rig.sensor.start()
    with pytest.raises(SensorError, match="ADS1115 at 0x48 is not ready"):
        rig.sensor.read(rig.values)
    rig.clock.pass_ms(20)
    assert [rig.turn() for _ in range(4)] == [False, False, False, True]


@pytest.mark.parametrize("at", range(4))
def test_an_input_beyond_the_range_is_named(make_rig, at):
    rig = make_rig("ads1115", range=2048)
    rig.part.volts[at] = 3.0
    with pytest.raises(SensorError, match=f"has more at A{at} than its range: choose a larger"):
        for _ in range(5):
            rig.turn()


@pytest.mark.parametrize("turns", range(4))
def test_losing_power_within_a_conversion_is_told(make_rig, turns):
    rig = make_rig("ads1115")
    for _ in range(turns + 4):
        rig.turn()
    rig.sensor.start()
    rig.part.power_up()
    rig.clock.pass_ms(20)
    with pytest.raises(SensorError, match="lost its supply for a moment"):
        rig.sensor.read(rig.values)
    assert [rig.turn() for _ in range(4)] == [False, False, False, True]


def test_what_is_no_ads1115_is_told(make_rig, monkeypatch):
    for config, words in ((0x1234, "does not keep its configuration, and reads 0x1234"),
                          (0xFFFF, "the bus reads only 0xff"), (0, "the bus reads only 0x00")):  # fmt: skip
        rig = make_rig("ads1115")
        monkeypatch.setattr(rig.part, "fetch", lambda register, config=config: config)
        assert words in rig.error()


# Both


@pytest.mark.parametrize(("part", "address", "transfers"), [("ina219", "0x40", 8), ("ads1115", "0x48", 14)])
def test_no_fault_of_the_bus_escapes_as_anything_but_a_sensor_error(make_rig, part, address, transfers):
    """The part vanishes at each single transfer of a wake-up and what follows, in turn."""
    turns = 2 if part == "ina219" else 4
    for survived in range(transfers + 2):
        rig = make_rig(part)
        rig.bus.answers_left = survived
        try:
            for _ in range(turns):
                rig.turn()
        except SensorError as e:
            assert f"no answer at {address}" in str(e)
        assert (rig.bus.answers_left < 0) == (survived < transfers)
        rig.bus.answers_left = math.inf
        for _ in range(4):
            rig.turn()
