"""A hobby servo: an angle, told by the length of a pulse. Where it stays by itself, it is let go once it is there.

Home Assistant's MQTT number: the command and the state are the angle in whole degrees.
"""

from drivers.thing import LONG_MS, put_number, ticks_diff, ticks_ms

_FULL = 65535


class Servo:
    """A servo at a machine.PWM. least, most: the angles it may go to, of the 180 degrees between the two pulses (µs);
    boot: the angle at the start; release: ms after which the pulses end, 0 for never; frequency: of the pulses, Hz."""

    def __init__(
        self, pwm, least=0, most=180, boot=90, pulse_least=500, pulse_most=2500, release=1000, frequency=50
    ):  # cold: once a servo
        for name, value, low, high in (
            ("least", least, 0, 179),
            ("most", most, least + 1, 180),
            ("boot", boot, 0, 180),
            ("pulse_least", pulse_least, 300, 2000),
            ("pulse_most", pulse_most, 1000, 3000),
            ("release", release, 0, 60000),
            ("frequency", frequency, 40, 330),
        ):
            if not low <= value <= high:
                raise ValueError("%s: expected %d to %d, found %r" % (name, low, high, value))
        if pulse_most <= pulse_least:
            raise ValueError("pulse_most: expected more than pulse_least")
        self._pwm = pwm
        self._least = least
        self._most = most
        self._short = pulse_least
        self._span = pulse_most - pulse_least
        self._period = 1_000_000 // frequency
        self._release = release
        self._moves = False
        self._go(min(max(boot, least), most))

    def set(self, payload):
        """An angle in whole degrees, within its limits."""
        angle = self._number(payload)
        if not self._least <= angle <= self._most:
            self._bad()
        self._go(angle)

    def _number(self, payload):
        n = i = 0
        end = len(payload)
        if end > 2 and payload[end - 2] == 46 and payload[end - 1] == 48:  # Home Assistant may send 90.0
            end -= 2
        while i < end:
            c = payload[i]
            if not 48 <= c <= 57 or i > 3:
                self._bad()
            n = n * 10 + c - 48
            i += 1
        return n if i else -1

    def _bad(self):  # cold: only for a bad command
        raise ValueError("expected an angle from %d to %d" % (self._least, self._most))

    def state(self, buf):
        return put_number(buf, 0, self._angle)

    def poll(self):
        """Lets it go once it has had time to get there; milliseconds until then."""
        if not self._moves:
            return LONG_MS
        left = self._release - ticks_diff(ticks_ms(), self._begin)
        if left > 0:
            return left
        self.safe()
        return LONG_MS

    def safe(self):
        """Lets it go where it is."""
        self._moves = False
        self._pwm.duty_u16(0)

    def _go(self, angle):
        self._angle = angle
        pulse = self._short + self._span * angle // 180
        self._pwm.duty_u16(pulse * _FULL // self._period)
        self._begin = ticks_ms()
        self._moves = self._release > 0


driver = Servo
