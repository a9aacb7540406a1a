"""BME280 and BMP280 drivers on register models: readings, waking up, and every fault in its own words."""

import math

import pytest
from drivers import SensorError, bme280
from vectors import HIGH, LOW, PARSED


def near(wanted, tolerance):
    return pytest.approx(wanted, abs=tolerance)


@pytest.mark.parametrize("oversampling", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("filter", [0, 16])
def test_a_bme280_reads_the_weather(make_rig, oversampling, filter):
    rig = make_rig("bme280", oversampling=oversampling, filter=filter)
    rig.weather.set(temperature=-12.34, humidity=56.78, pressure=987.65)
    reading = rig.reading()
    assert reading["temperature"] == near(-1234, 2)
    assert reading["humidity"] == near(5678, 3)
    assert reading["pressure"] == near(98765, 4)


def test_a_bmp280_reads_the_weather(make_rig):
    rig = make_rig("bmp280")
    rig.weather.set(temperature=31.07, pressure=1031.5)
    assert rig.reading() == {"temperature": near(3107, 2), "pressure": near(103150, 4)}


def test_readings_follow_the_weather(make_rig):
    rig = make_rig("bme280")
    rig.reading()
    rig.weather.set(temperature=40.0, humidity=10.0, pressure=700.0)
    assert rig.turn()
    assert rig.values == [near(4000, 2), near(1000, 3), near(70000, 4)]


@pytest.mark.parametrize("humidity", [0.0, 100.0])
def test_humidity_stays_within_0_and_100_percent(make_rig, humidity):
    rig = make_rig("bme280", noise=5.0)
    rig.weather.set(humidity=humidity)
    for _ in range(20):
        assert 0 <= rig.reading()["humidity"] <= 10000


def test_calibration_registers_are_parsed_as_published():
    class Bus:
        def readfrom_mem_into(self, address, register, buf):
            source = {0x88: LOW, 0xE1: HIGH}[register]
            buf[:] = bytes.fromhex(source)

    sensor = bme280.BME280(Bus())
    sensor._calibrate()
    assert tuple(sensor.calibration) == PARSED


def test_a_driver_touches_nothing_before_it_is_started():
    bme280.BME280(bus=None)


def test_a_reading_is_asked_for_no_sooner_than_the_part_has_it_by_any_clock_of_whole_milliseconds(make_rig):
    for oversampling in (1, 2, 4, 8, 16):
        rig = make_rig("bme280", oversampling=oversampling)
        rig.reading()
        wait = rig.sensor.start()
        assert rig.part.conversion_ms() + 1 <= wait <= rig.part.conversion_ms() + 2.001


def test_a_reading_asked_for_too_early_is_refused(make_rig):
    rig = make_rig("bme280")
    rig.reading()
    rig.sensor.start()
    with pytest.raises(SensorError, match="BME280 at 0x76 is not ready"):
        rig.sensor.read(rig.values)


def test_a_part_that_takes_long_to_start_is_waited_for_without_blocking(make_rig):
    rig = make_rig("bme280")
    assert rig.turn() is False  # reset
    rig.part._ready_at = rig.clock.now + 0.02
    turns = 0
    while not rig.turn():
        turns += 1
    assert 3 < turns < 10


def test_a_part_that_never_finishes_starting_is_reported(make_rig):
    rig = make_rig("bme280")
    rig.turn()
    rig.part._ready_at = rig.clock.now + 3600
    with pytest.raises(SensorError, match="does not finish starting"):
        for _ in range(30):
            rig.turn()


def test_an_absent_part_is_reported_with_its_address(make_rig):
    rig = make_rig("bme280")
    rig.part.unplug()
    assert rig.error().startswith("no answer at 0x76: ")


def test_a_part_that_comes_back_is_used_again_with_its_own_calibration(make_rig):
    rig = make_rig("bme280")
    rig.weather.set(temperature=20.0)
    rig.reading()
    rig.part.unplug()
    assert "no answer" in rig.error()
    rig.part.calibration = rig.part.calibration._replace(t=(27504, 26435, -1000))  # another part of its kind
    rig.part.plug()
    assert rig.reading()["temperature"] == near(2000, 2)


def test_losing_power_between_two_readings_costs_no_reading(make_rig):
    rig = make_rig("bme280")
    rig.reading()
    rig.part.power_up()
    rig.clock.pass_ms(5)
    assert rig.turn()


def test_losing_power_during_a_measurement_is_reported(make_rig):
    rig = make_rig("bme280")
    rig.reading()
    rig.clock.pass_ms(rig.sensor.start())
    rig.part.power_up()
    with pytest.raises(SensorError, match="has measured nothing since it was started"):
        rig.sensor.read(rig.values)


def test_a_bmp280_sold_as_a_bme280_is_named(make_rig):
    error = make_rig("bme280", model="bmp280").error()
    assert "is a BMP280 (chip id 0x58), not a BME280, sold as one: it has no humidity" in error
    assert '"bmp280"' in error


def test_a_bme280_configured_as_a_bmp280_is_named(make_rig):
    assert 'is a BME280 (chip id 0x60), not a BMP280: set its type to "bme280"' in make_rig("bmp280", "bme280").error()


@pytest.mark.parametrize("chip_id", [0x00, 0xFF])
def test_a_bus_that_reads_only_one_level_is_no_answer(make_rig, chip_id):
    rig = make_rig("bme280")
    rig.part.become(chip_id)
    assert rig.error().startswith(f"no answer at 0x76: the bus reads only 0x{chip_id:02x}")


@pytest.mark.parametrize(("chip_id", "words"), [(0x61, "is a BME680"), (0x55, "is a BMP180"), (0x42, "not a BME280")])
def test_a_foreign_part_is_named_by_its_chip_id(make_rig, chip_id, words):
    rig = make_rig("bme280")
    rig.part.become(chip_id)
    assert words in rig.error()
    assert f"0x{chip_id:02x}" in rig.error()


@pytest.mark.parametrize("chip_id", [0x56, 0x57])
def test_samples_of_the_bmp280_are_accepted(make_rig, chip_id):
    rig = make_rig("bmp280")
    rig.part.become(chip_id)
    rig.reading()


@pytest.mark.parametrize(("t1", "p1"), [(0, 38237), (28176, 0), (0xFFFF, 0xFFFF)])
def test_an_unprogrammed_calibration_is_reported(make_rig, t1, p1):
    rig = make_rig("bme280")
    cal = rig.part.calibration
    rig.part.calibration = cal._replace(t=(t1, *cal.t[1:]), p=(p1, *cal.p[1:]))
    assert "has no calibration" in rig.error()


def test_a_measurement_that_never_ends_is_reported(make_rig):
    rig = make_rig("bme280")
    rig.reading()
    rig.part.hang()
    assert "is not ready" in rig.error()
    rig.part.release()
    rig.reading()


def test_a_stuck_part_is_reported_after_an_hour_of_minutes(make_rig):
    rig = make_rig("bme280", noise=1.0)
    rig.reading()
    rig.part.stick()
    with pytest.raises(SensorError, match="is stuck"):
        for _ in range(62):
            rig.turn()


def test_a_quiet_room_is_not_mistaken_for_a_stuck_part(make_rig):
    rig = make_rig("bme280", noise=1.0)
    rig.weather.set(temperature=20.0, humidity=50.0, pressure=1000.0)
    rig.reading()
    for _ in range(500):
        assert rig.turn()


@pytest.mark.parametrize(("data", "words"), [("0000000000000000", "temperature"), ("FFFFF07FF0007000", "pressure")])
def test_values_no_air_has_are_refused(make_rig, data, words):
    rig = make_rig("bme280")
    rig.reading()
    rig.part.stick()
    rig.part.registers[0xF7:0xFF] = bytes.fromhex(data)
    assert f"reads a {words} no air has" in rig.error()


@pytest.mark.parametrize("options", [{"oversampling": 3}, {"oversampling": 0}, {"filter": 1}, {"filter": 32}])
def test_an_option_the_part_does_not_have_is_refused_when_made(make_rig, options):
    with pytest.raises(ValueError, match="oversampling is 1, 2, 4, 8 or 16"):
        make_rig("bme280", **options)


def test_no_fault_of_the_bus_escapes_as_anything_but_a_sensor_error(make_rig):
    """The part vanishes at each single transfer of a wake-up and a reading, in turn."""
    for survived in range(20):
        rig = make_rig("bme280")
        rig.bus.answers_left = survived
        try:
            for _ in range(3):
                rig.turn()
        except SensorError as e:
            assert "no answer at 0x76" in str(e)
        assert (rig.bus.answers_left < 0) == (survived < 15), "15 transfers wake a BME280 and read it twice"
        rig.bus.answers_left = math.inf
        rig.reading()
