# What of `machine` only some firmwares use, loaded when it is first asked for; on a chip it is in flash like the rest.
# What a loop does with it allocates nothing.

from _board import ask as _ask
from _board import call as _call
from _board import read_into as _read_into
from _board import write_from as _write_from


def _pin(pin):
    return pin if isinstance(pin, int) else pin.id


def bootloader():
    _ask("bootloader")


def dht_readinto(pin, buf):
    if len(buf) < 5:
        raise ValueError("buffer too small")
    _read_into(30, _pin(pin), 0, 0, buf)


def bitstream(pin, encoding, timing, buf):
    if encoding != 0:
        raise ValueError("encoding must be 0")
    _write_from(35, _pin(pin), timing[0], timing[1], b"")
    _write_from(36, _pin(pin), timing[2], timing[3], buf)


class PWM:
    """An output that is high for a part of the time. Without freq and duty_u16: 5 kHz and a half, as on an ESP32."""

    def __init__(self, dest, *, freq=None, duty_u16=None):
        self._pin = _pin(dest)
        self.init(freq=freq, duty_u16=duty_u16)

    def init(self, *, freq=None, duty_u16=None):
        if freq is not None and freq <= 0:
            raise ValueError("frequency must be from 1Hz to 40MHz")
        if duty_u16 is not None:
            self._checked(duty_u16)
        _ask("pwm", self._pin, freq, duty_u16)

    def freq(self, hz=None):
        if hz is None:
            return _ask("pwm", self._pin, None, None)
        self.init(freq=hz)

    def duty_u16(self, duty=None):
        if duty is None:
            return _call(12, self._pin)
        self._checked(duty)
        _call(11, self._pin, duty)

    def _checked(self, duty):
        if not 0 <= duty <= 65535:
            raise ValueError("duty_u16 must be from 0 to 65535")

    def deinit(self):
        _ask("end_pwm", self._pin)


class ADC:
    """Volts at a pin, up to 3.3."""

    def __init__(self, pin):
        self._pin = _pin(pin)
        self._range(0)

    def _range(self, atten):
        self._atten = _ask("adc", self._pin, atten)

    def read_u16(self):
        return _call(13, self._pin, self._atten)

    def read_uv(self):
        return _call(14, self._pin, self._atten)


class _Esp32Adc(ADC):
    """Reads 1.1 V at most unless `atten` makes the range wider."""

    ATTN_0DB = 0
    ATTN_2_5DB = 1
    ATTN_6DB = 2
    ATTN_11DB = 3

    def __init__(self, pin, *, atten=0):
        super().__init__(pin)
        self.atten(atten)

    def atten(self, atten):
        self._range(atten)


if _ask("wired_port") == "esp32":
    ADC = _Esp32Adc


class SPI:
    """A bus to be handed to a chip that is modelled as a whole (WIZNET5K); nobody else is on it, so it reads ones."""

    MSB = 0
    LSB = 1

    def __init__(self, id, baudrate=1000000, *, polarity=0, phase=0, sck=None, mosi=None, miso=None):
        self.id = id

    def init(self, **settings):
        pass

    def deinit(self):
        pass

    def readinto(self, buf, write=0):
        for i in range(len(buf)):
            buf[i] = 255

    def read(self, nbytes, write=0):
        return b"\xff" * nbytes

    def write(self, buf):
        pass

    def write_readinto(self, write_buf, read_buf):
        self.readinto(read_buf)
