class Valve:
    """An actuator with two pins of its own; `fault` is raised by whatever is asked of it."""

    last = None

    def __init__(self, pins, speed):
        if speed > 9:
            raise ValueError("speed: too fast")
        self.pins = pins
        self.speed = speed
        self.is_open = self.was_safe = False
        self.fault = None
        self.polls = 0
        Valve.last = self

    def set(self, payload):
        if payload not in (b"OPEN", b"CLOSE"):
            raise ValueError("expected OPEN or CLOSE")
        if self.fault:
            raise self.fault
        self.is_open = payload == b"OPEN"

    def state(self, buf):
        text = b"open" if self.is_open else b"closed"
        for i, c in enumerate(text):
            buf[i] = c
        return len(text)

    def poll(self):
        self.polls += 1
        if self.fault:
            raise self.fault
        return 700

    def safe(self):
        self.is_open = False
        self.was_safe = True


driver = Valve
