"""The register model of BME280 and BMP280 against the data sheet."""

import pytest
from girouette.simboard import Bme280, Bmp280
from girouette.simboard.parts import Nak
from girouette.simboard.parts.compensation import REAL, Calibration, humidity, pressure, raw_values, t_fine, temperature
from girouette.simboard.weather import Truth

FORCED_X1 = 0b001_001_01
NORMAL_X1 = 0b001_001_11


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def part(clock):
    part = Bme280(clock=clock, noise=0)
    part.weather.set(temperature=22.93127, humidity=63.1655, pressure=1000.4325)
    clock.now = 0.01
    return part


def read(part, register, n=1) -> bytes:
    part.write(bytes([register]))
    return part.read(n)


def raw(part) -> tuple:
    data = read(part, 0xF7, 8)
    return int.from_bytes(data[3:6], "big") >> 4, int.from_bytes(data[:3], "big") >> 4, int.from_bytes(data[6:], "big")


def measure(part, clock, ctrl=FORCED_X1, ctrl_hum=1):
    part.write(bytes([0xF2, ctrl_hum]))
    part.write(bytes([0xF4, ctrl]))
    clock.now += part.conversion_ms() / 1000


def test_double_formulas_meet_the_published_vectors():
    fine = t_fine(REAL, 524112)
    assert temperature(REAL, 524112) == pytest.approx(22.93127, abs=1e-5)
    assert pressure(REAL, 309104, fine) == pytest.approx(100043.25, abs=0.05)
    assert humidity(REAL, 30987, fine) == pytest.approx(63.1655, abs=1e-4)
    sheet = Calibration((27504, 26435, -1000), (36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000), REAL.h)
    assert temperature(sheet, 519888) == pytest.approx(25.08, abs=0.005)
    assert pressure(sheet, 415148, t_fine(sheet, 519888)) == pytest.approx(100653.27, abs=0.01)


@pytest.mark.parametrize("air", [Truth(-40, 0, 300), Truth(85, 100, 1100), Truth(0, 50, 1013.25), Truth(22.5, 33, 987)])
def test_raw_values_are_those_that_give_the_air_back(air):
    raw_t, raw_p, raw_h = raw_values(REAL, air)
    assert temperature(REAL, raw_t) == pytest.approx(air.temperature, abs=0.0003)
    assert pressure(REAL, raw_p, t_fine(REAL, raw_t)) == pytest.approx(air.pressure * 100, abs=0.2)
    assert humidity(REAL, raw_h, t_fine(REAL, raw_t)) == pytest.approx(air.humidity, abs=0.01)


def test_calibration_registers_are_laid_out_as_published():
    cal = Calibration(
        (27849, 25955, 50), (37751, -10856, 3024, 9063, 186, -7, 9900, -10230, 4285), (75, 348, 0, 351, 0, 30)
    )
    assert cal.low().hex() == "c96c63653200779398d5d00b6723ba00f9ffac260ad8bd10004b"
    assert cal.high().hex() == "5c0100150f001e"


def test_a_real_part_gives_its_published_raw_values(part, clock):
    measure(part, clock, ctrl=0b101_101_01, ctrl_hum=5)  # x16: 20 bits
    raw_t, raw_p, raw_h = raw(part)
    assert (raw_t, raw_h) == (524112, 30987)
    assert abs(raw_p - 309104) <= 1


def test_chip_ids():
    assert read(Bme280(), 0xD0) == b"\x60"
    assert read(Bmp280(), 0xD0) == b"\x58"


def test_after_power_on_nothing_is_measured_and_the_calibration_is_copied_within_2_ms(clock):
    part = Bme280(clock=clock)
    assert read(part, 0xF7, 8).hex() == "8000008000008000"
    assert read(part, 0xF3)[0] & 1
    assert read(part, 0x88, 26) == bytes(26)
    clock.now = 0.002
    assert not read(part, 0xF3)[0] & 1
    assert read(part, 0x88, 26) == REAL.low()
    assert read(part, 0xE1, 7) == REAL.high()


def test_a_soft_reset_is_the_word_b6_and_nothing_else(part, clock):
    measure(part, clock)
    part.write(b"\xe0\xb5")
    assert read(part, 0xF4) != b"\x00"
    part.write(b"\xe0\xb6")
    assert read(part, 0xF4) == b"\x00"
    assert raw(part) == (0x80000, 0x80000, 0x8000)


def test_forced_mode_measures_once_and_sleeps(part, clock):
    part.write(bytes([0xF4, FORCED_X1]))
    assert read(part, 0xF3)[0] & 8
    assert raw(part) == (0x80000, 0x80000, 0x8000)
    clock.now += part.conversion_ms() / 1000
    assert not read(part, 0xF3)[0] & 8
    assert read(part, 0xF4)[0] & 3 == 0
    first = raw(part)
    part.weather.set(temperature=-10)
    clock.now += 10
    assert raw(part) == first


def test_normal_mode_measures_again_and_again(part, clock):
    measure(part, clock, ctrl=NORMAL_X1)
    first = raw(part)
    part.weather.set(temperature=-10)
    clock.now += 1
    assert raw(part) != first
    assert read(part, 0xF4)[0] & 3 == 3


def test_conversion_time_is_the_data_sheets_maximum(part):
    part.write(bytes([0xF2, 1]))
    part.write(bytes([0xF4, FORCED_X1]))
    assert part.conversion_ms() == pytest.approx(9.3)
    part.write(bytes([0xF2, 5]))
    part.write(bytes([0xF4, 0b101_101_01]))
    assert part.conversion_ms() == pytest.approx(112.8)


def test_ctrl_hum_takes_effect_with_ctrl_meas(part, clock):
    measure(part, clock, ctrl_hum=0)
    assert raw(part)[2] == 0x8000
    part.write(bytes([0xF2, 1]))
    clock.now += 1
    assert raw(part)[2] == 0x8000
    part.write(bytes([0xF4, FORCED_X1]))
    clock.now += 1
    assert raw(part)[2] != 0x8000


def test_a_skipped_measurement_reads_0x80000(part, clock):
    measure(part, clock, ctrl=0b000_001_01)
    assert raw(part)[0] == 0x80000
    measure(part, clock, ctrl=0b001_000_01)
    assert raw(part)[1] == 0x80000


@pytest.mark.parametrize(("code", "lost"), [(1, 4), (2, 3), (3, 2), (4, 1), (5, 0)])
def test_oversampling_decides_how_many_bits_there_are(part, clock, code, lost):
    seen = 0
    for step in range(64):
        part.weather.set(temperature=20 + step / 1000)
        measure(part, clock, ctrl=code << 5 | code << 2 | 1)
        seen |= raw(part)[0]
    assert seen & (1 << lost) - 1 == 0
    assert seen >> lost & 1


def test_the_filter_follows_a_step_by_degrees_and_gives_20_bits(part, clock):
    part.write(bytes([0xF5, 0b100 << 2]))
    measure(part, clock)
    before = raw(part)[0]
    part.weather.set(temperature=32.93127)
    measure(part, clock)
    step = raw(part)[0] - before
    full = raw_values(REAL, part.weather.now())[0] - before
    assert step == pytest.approx(full / 16, rel=0.01)


def test_a_write_is_pairs_of_register_and_value(part):
    part.write(bytes([0xF2, 3, 0xF5, 0x10]))
    assert (read(part, 0xF2), read(part, 0xF5)) == (b"\x03", b"\x10")


def test_a_bmp280_has_no_humidity(clock):
    part = Bmp280(clock=clock)
    clock.now = 1
    measure(part, clock)
    assert read(part, 0xFD, 2) == b"\x00\x00"
    assert read(part, 0xE1, 7) == bytes(7)


def test_an_unplugged_part_does_not_answer_and_a_plugged_one_starts_anew(part, clock):
    measure(part, clock)
    part.unplug()
    with pytest.raises(Nak):
        read(part, 0xD0)
    part.plug()
    assert raw(part) == (0x80000, 0x80000, 0x8000)


def test_faults_end_with_release(part, clock):
    measure(part, clock)
    before = raw(part)
    part.weather.set(temperature=0)
    part.stick()
    measure(part, clock)
    assert raw(part) == before
    part.release()
    part.hang()
    measure(part, clock)
    assert read(part, 0xF3)[0] & 8
    part.release()
    assert raw(part) != before
