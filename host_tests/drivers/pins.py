"""What actuators and inputs work on, on CPython: a pin, a PWM output, and a clock that the test owns."""


class Pin:
    """machine.Pin as drivers use it. `levels`: all it has been driven to, in order."""

    IN, OUT, PULL_UP, PULL_DOWN = 1, 3, 2, 1
    IRQ_RISING, IRQ_FALLING = 1, 2

    def __init__(self, hard=False):
        self.hard = hard  # whether it knows hard interrupts, as an RP2 does and an ESP32 does not
        self.asked_hard = False
        self.handler = self.trigger = None
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


    def irq(self, handler, trigger, **options):
        if options and not self.hard:
            raise TypeError("extra keyword arguments given")
        self.asked_hard = bool(options)
        self.handler, self.trigger = handler, trigger

    def edge(self, level):
        """The input goes to that level, and whoever watches it is called."""
        self.level = level
        if self.trigger & (self.IRQ_RISING if level else self.IRQ_FALLING):
            self.handler(self)


class Pwm:
    """machine.PWM as drivers use it. `duties`: all it has been set to, of 65535; `hertz`: its frequencies."""

    def __init__(self):
        self.duties = []
        self.hertz = []

    def freq(self, hz):
        assert isinstance(hz, int)
        assert 10 <= hz <= 40_000
        self.hertz.append(hz)

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
    """What a driver with this schema takes first: one for each of its pins, in a list where there are several."""
    kinds = {"output": Pin, "input": Pin, "open_drain": Pin, "pwm": Pwm}
    keys = [key for key, rule in schema["properties"].items() if rule.get("$ref") == "#/$defs/pin"]
    made = [kinds.get(schema.get("pins", {}).get(key, schema["bus"]), lambda: None)() for key in keys]
    return made if len(keys) > 1 else made[0] if made else None


def state(driver) -> str:
    buf = bytearray(128)
    return bytes(buf[: driver.state(buf)]).decode()
