"""What actuators and inputs work on, on CPython: a pin, a PWM output, and a clock that the test owns."""


class Pin:
    """machine.Pin as drivers use it. `levels`: all it has been driven to, in order."""

    IN, OUT, PULL_UP, PULL_DOWN = 1, 3, 2, 1

    def __init__(self):
        self.mode = self.pull = None
        self.levels = []
        self.level = 1  # of an input, as a test sets it

    def init(self, mode, pull=None, *, value=None):
        assert (mode == self.OUT) == (value is not None), "an output is given its level before it drives"
        self.mode, self.pull = mode, pull
        if value is not None:
            self.levels.append(int(value))

    def value(self, x=None):
        if x is None:
            return self.level
        assert self.mode == self.OUT
        self.levels.append(int(x))
        return None


class Pwm:
    """machine.PWM as drivers use it. `duties`: all it has been set to, of 65535."""

    def __init__(self):
        self.duties = []

    def duty_u16(self, duty):
        assert isinstance(duty, int)
        assert 0 <= duty <= 65535
        self.duties.append(duty)


class Clock:
    """What `ticks_ms` of a driver's module is replaced by."""

    def __init__(self):
        self.now = 0

    def __call__(self) -> int:
        return self.now


def pins_of(schema: dict):
    """What a driver with this schema takes first."""
    return {"output": Pin, "input": Pin, "open_drain": Pin, "pwm": Pwm}.get(schema["bus"], lambda: None)()


def state(driver) -> str:
    buf = bytearray(128)
    return bytes(buf[: driver.state(buf)]).decode()
