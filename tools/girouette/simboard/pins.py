"""The pins of a chip, each with what a test measures or puts on it. What is wired to them is chip.py's business.

What the chip does by itself with a pin is here too: pulse width modulation, and the converter that reads volts.
"""

import re

_FULL = 65535
_PWM_FREQ = 5000  # an ESP32's, when none is given; its duty is a half then
_PULL_UP = 2
_OUTPUTS = (3, 7)  # OUT, OPEN_DRAIN

_LED = 64  # of a Pico W: a pin of its radio chip


def numbered(port: str, pin: int | str) -> int:
    """The number of a pin that has a name: on an STM32 those of the chip, "B8"; on an RP2 "GP5" and "LED"."""
    if isinstance(pin, int) and pin in range(256):
        return pin
    if port == "stm32" and (found := re.fullmatch(r"([A-K])(\d|1[0-5])", str(pin))):
        return (ord(found[1]) - ord("A")) * 16 + int(found[2])
    if port == "rp2" and (found := re.fullmatch(r"GP(\d|[12]\d)|LED", str(pin))):
        return int(found[1]) if found[1] else _LED
    raise ValueError("its pins are numbers from 0 to 255, and names such as B8 on an STM32, GP5 and LED on an RP2")


class PinModel:
    """One pin: what the board drives it to, or what a test does.

    `volts` is what a test puts on an analogue input, 0 to 3.3. A part that is wired to the pin may be asked instead:
    source() -> volts, contact() -> level, or None while it lets go; train(since, until) -> (time, level) of each edge
    that it made meanwhile, for what is too fast to be looked at. seen(level) is called at each edge a test makes,
    shown(level) at each that the board makes at an output."""

    def __init__(self):
        self.volts = 0.0
        self.source = self.contact = self.train = self.seen = self.shown = None
        self._output = 0
        self._is_output = False
        self._driven: int | None = None
        self._rest = 0
        self._pwm: list[int] | None = None  # frequency in Hz, duty of 65535

    def drive(self, level: int | None):
        """Put a level on an input; None lets go, and a pull resistor decides."""
        before, self._driven = self.value, level
        if self.seen and self.value != before:
            self.seen(self.value)

    @property
    def value(self) -> int:
        if self._pwm:
            return int(self.duty >= 0.5)
        if self._is_output:
            return self._output
        driven = self.contact() if self.contact and self._driven is None else self._driven
        return self._rest if driven is None else driven

    @property
    def duty(self) -> float:
        """The part of the time an output is high, 0.0 to 1.0; without PWM its level."""
        return self._pwm[1] / _FULL if self._pwm else float(self.value)

    @property
    def frequency(self) -> int | None:
        """Of the PWM, in Hz; None without."""
        return self._pwm[0] if self._pwm else None

    # What the chip does with it

    def configure(self, mode: int, pull: int, value: int | None):
        if mode >= 0:
            self._is_output = mode in _OUTPUTS
            self._pwm = None  # a pin set up anew is taken from the PWM
        self._rest = 1 if pull == _PULL_UP else 0
        if value is not None:
            self.set(value)

    def set(self, level: int):
        before, self._output = self._output, 1 if level else 0
        if self.shown and self._is_output and self._output != before:
            self.shown(self._output)

    def begin_pwm(self, freq: int | None, duty: int | None):
        """What is not given stays; at first 5 kHz and a half, as on an ESP32."""
        old = self._pwm or [_PWM_FREQ, _FULL // 2 + 1]
        self._pwm = [old[0] if freq is None else freq, old[1] if duty is None else duty]

    def end_pwm(self):
        self._pwm, self._output = None, 0

    @property
    def pwm_duty(self) -> int:
        return self._pwm[1] if self._pwm else 0

    @pwm_duty.setter
    def pwm_duty(self, duty: int):
        if self._pwm:
            self._pwm[1] = duty

    def converted(self, full_scale: float, steps: int = _FULL) -> int:
        """What the converter reads: `steps` at `full_scale` volts and above."""
        volts = self.source() if self.source else self.volts
        return round(min(max(volts, 0.0) / full_scale, 1.0) * steps)

    def microvolts(self, full_scale: float) -> int:
        return self.converted(full_scale, round(full_scale * 1_000_000))
