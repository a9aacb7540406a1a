"""The PMS5003 driver at the end of a modelled serial line: readings, sleep, and every fault in its own words."""

import pytest
from drivers import SensorError, pms5003
from girouette.simboard.parts.serial import Pms5003, framed
from girouette.simboard.uart import Uart
from hypothesis import given
from hypothesis import strategies as st

PUBLISHED = (
    ("424d001c0002000a000a0002000a000a024600af0031001600000000970002ac", (2, 10, 10)),
    ("424d001c000300040007000400050008031b00f9001b0006000300039a0002a2", (4, 5, 8)),
)


class Port:
    """machine.UART as drivers use it, in front of the chip's model."""

    def __init__(self, uart):
        self.uart = uart
        self.written = []

    def any(self):
        return self.uart.any()

    def readinto(self, buf):
        buf[:] = self.uart.read(len(buf))

    def write(self, data):
        self.written.append(bytes(data))
        self.uart.write(bytes(data))


class Bench:
    def __init__(self, monkeypatch, baud=9600, sleep=True):
        self.s = 0.0
        self.part = Pms5003(clock=lambda: self.s, noise=0.0)
        self.part.dust = 20.0
        self.port = Port(Uart(self.part, baud))
        monkeypatch.setattr(pms5003, "ticks_ms", lambda: int(self.s * 1000))
        self.sensor = pms5003.driver(self.port, sleep=sleep)
        self.values = [0, 0, 0]

    def turn(self) -> bool:
        self.s += self.sensor.start() / 1000
        return self.sensor.read(self.values)

    def reading(self, most: int = 60) -> list[int]:
        for _ in range(most):
            if self.turn():
                return self.values
        raise AssertionError(f"{most} turns and no reading")

    def error(self) -> str:
        with pytest.raises(SensorError) as caught:
            for _ in range(60):
                self.turn()
        return str(caught.value)


@pytest.fixture
def bench(monkeypatch):
    return lambda **options: Bench(monkeypatch, **options)


@pytest.mark.parametrize(("frame", "wanted"), PUBLISHED)
def test_published_frames_are_understood(bench, monkeypatch, frame, wanted):
    made = bench()
    made.part._measured = lambda now: bytes.fromhex(frame)
    assert tuple(made.reading()) == wanted


def test_every_command_is_the_data_manuals(bench):
    made = bench()
    made.reading()
    assert set(made.port.written) == {
        bytes.fromhex(words)
        for words in ("424de400010174", "424de100000170", "424de200000171", "424de400000173")
    }  # fmt: skip


def test_a_reading_is_of_air_that_has_blown_through_for_half_a_minute(bench):
    made = bench()
    begin = made.s
    assert made.reading() == [14, 20, 22]
    assert 30 <= made.s - begin < 32
    assert made.part.asleep
    made.s += 300
    made.part.dust = 100.0
    begin = made.s
    assert made.reading() == [70, 100, 110]
    assert 30 <= made.s - begin < 32


def test_no_step_is_long_and_none_waits_for_the_part(bench):
    made = bench()
    for _ in range(40):
        assert made.sensor.start() <= 1000
        made.s += 1


def test_without_sleep_each_further_reading_is_there_at_once(bench):
    made = bench(sleep=False)
    made.reading()
    made.part.dust = 50.0
    begin = made.s
    assert made.reading() == [35, 50, 55]
    assert made.s - begin < 0.5
    assert not made.part.asleep


def test_a_part_that_talks_unasked_is_made_to_listen(bench):
    made = bench()
    made.s = 5.0  # it has been in active mode all the time
    assert made.reading() == [14, 20, 22]
    assert made.part.passive


@given(st.binary(max_size=90))
def test_noise_before_a_frame_costs_nothing(noise):
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(patch, sleep=False)
        made.reading()
        made.s += made.sensor.start() / 1000
        for byte in noise:
            made.sensor._took(byte)
        made.sensor.read(made.values)  # the frame may have begun in the middle of one that the noise began
        assert made.reading() == [14, 20, 22]


@given(st.integers(0, 31), st.integers(1, 255))
def test_a_frame_with_a_wrong_byte_is_never_believed(at, change):
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(patch)
        frame = bytearray(bytes.fromhex(PUBLISHED[0][0]))
        frame[at] ^= change
        assert not any(made.sensor._took(byte) for byte in frame)


# Faults


def test_a_part_that_says_nothing_is_told_and_used_again(bench):
    made = bench()
    made.part.unplug()
    assert made.error().startswith("PMS5003 says nothing: check its 5 V")
    made.part.plug()
    assert made.reading() == [14, 20, 22]
    made.part.hang()
    assert "says nothing" in made.error()
    made.part.release()
    made.reading()


def test_another_speed_is_another_part(bench):
    made = bench(baud=19200)
    told = made.error()
    assert "says nothing that a PMS5003 would" in told or "says nothing: check" in told


def test_damaged_frames_are_told_and_a_single_one_is_not(bench):
    made = bench()
    made.reading()
    made.part.corrupt()
    assert "its checksum is wrong" in made.error()
    made.part.release()
    made.reading()
    made.part.corrupt()
    while made.sensor._wrong == 0:
        made.turn()
    made.part.release()
    made.reading()


def test_an_error_of_its_own_is_told(bench):
    made = bench()
    made.part.broken = True
    assert "reports a fault of its own" in made.error()
    made.part.broken = False
    made.reading()


def test_frames_that_stay_empty_are_no_clean_air(bench):
    made = bench()
    made.part._measured = lambda now: framed([0] * 13)
    assert "sends zeros only" in made.error()


def test_a_part_that_did_not_hear_passive_as_it_woke_is_told_again(bench):
    made = bench()
    obey, heard = made.part._obey, []

    def deaf(what, value, now):
        heard.append(what)
        if heard.count("mode") != 1 or what != "mode":
            obey(what, value, now)

    made.part._obey = deaf
    made.reading()
    assert heard.count("mode") == 2
    assert made.part.passive or made.part.asleep


def test_losing_power_costs_a_few_turns(bench):
    made = bench(sleep=False)
    made.reading()
    made.part.power_up()
    told = made.error() if not made.part.passive else ""
    assert told == "" or "PMS5003" in told
    assert made.reading() == [14, 20, 22]
