# Runs on MicroPython: what an actuator does all day, on pins that allocate nothing. Arguments: the part, and a
# deliberate allocation to be found by the gate ("slice", "frame") or "none".

import sys
from time import ticks_add

from gate import verdict


class Pin:
    IN = 1
    OUT = 3
    PULL_UP = 2

    def __init__(self):
        self.level = 0

    def init(self, mode, pull=None, value=None):
        pass

    def value(self, x=None):
        if x is None:
            return self.level
        self.level = x

    def duty_u16(self, duty):
        self.level = duty

    def freq(self, hz):
        self.level = hz

    def writeto(self, address, buf):
        self.value(buf[0])


class Counted(Pin):
    """A tacho that gives a pulse at each look."""

    PULL_UP = IRQ_FALLING = 2

    def irq(self, handler, trigger):
        self.pulse = handler


class Slicing(Pin):
    def value(self, x=None):
        bytearray(8)[0:4]
        return 0

    duty_u16 = value


class Deep(Pin):
    def value(self, x=None):
        a = b = c = d = e = f = g = h = i = self.level
        return a + b + c + d + e + f + g + h + i & 1

    duty_u16 = value


# What a driver cannot do without, beside its pin or bus
TEXT = "# {air.temperature} \xb0C\n{air.humidity} %\n---\nsecond {air.humidity}"
OPTIONS = {"ssd1306": {"text": TEXT, "page_time": 1}}
VALUES = (b"21.53", b"-7", b"--")


class Clock:
    """Ticks that wrap, 7 ms further at each look."""

    now = 0x3FFF0000

    def __call__(self):
        self.now = ticks_add(self.now, 7)
        return self.now


COMMANDS = {
    "relay": (b"ON", b"OFF"),
    "dimmer": (
        b'{"state":"ON","brightness":128,"transition":2.5}',
        b'{"state":"OFF","transition":86400}',
        b'{ "effect":"none", "x":null, "brightness":255, "transition":16.5 }',
        b"ON",
    ),
    "fan": (b"ON", b'{"percentage":40}', b'{"state":"OFF"}', b'{"state":"ON","percentage":100}'),
    "buzzer": (
        b'{"state":"ON","tone":"chime","duration":5,"volume_level":0.5}',
        b'{"state":"ON","tone":"siren"}',
        b"ON",
        b"OFF",
    ),
    "ssd1306": ("K\xfcche: 5 \xb5g, and words that wrap".encode(), b"ON", b"OFF", b"ON", b""),
    "servo": (b"0", b"180", b"45"),
    "cover": (b"OPEN", b'{"position":40}', b"STOP", b"CLOSE"),
    "strip": (
        b'{"state":"ON","color":{"r":255,"g":0,"b":77},"brightness":128,"transition":2.5}',
        b'{"state":"ON","effect":"rainbow","x":{"y":1}}',
        b'{"effect":"chase","white":255}',
        b'{"effect":"twinkle"}',
        b'{"effect":"breathe"}',
        b'{"state":"OFF","transition":86400}',
    ),
}

part, fault = sys.argv[1:]
module = __import__("drivers." + part, None, None, ("driver",))
COMMANDS["strip_rgbw"] = COMMANDS["strip"]


def bitstream(pin, encoding, times, buf):
    pin.value(buf[0])


for found in list(sys.modules.values()):
    if hasattr(found, "bitstream"):
        found.bitstream = bitstream
        found.ticks_ms = Clock()
module.ticks_ms = Clock()
kind = {"none": Pin, "slice": Slicing, "frame": Deep}[fault]
pin = kind()
tacho = Counted()
pins = {"cover": lambda: [pin, kind()], "fan": lambda: [pin, tacho]}.get(part, lambda: pin)()
driver = module.driver(pins, **OPTIONS.get(part, {}))
places = len(driver.places()) if hasattr(driver, "places") else 0
meter = getattr(driver, "measure", None)
if meter:
    sys.modules["drivers.tacho"].ticks_ms = Clock()
buf = bytearray(128)
commands = COMMANDS[part]


def step():
    for command in commands:
        driver.set(command)
        work()
    pin.level ^= 1
    if places:
        read()
    work()


def read():
    for value in VALUES:
        fill(value)
        work()


def fill(value):
    for i in range(places):
        driver.place(i, value)


def work():
    for _ in range(5):
        driver.poll()
        driver.state(buf)
    if meter:
        measure()


def measure():
    tacho.pulse(tacho)
    meter.poll()
    meter.state(buf)


for command in commands:
    driver.set(command)
    print(str(buf[: driver.state(buf)], "utf-8"))
driver.safe()
verdict(step, 3000 if fault == "none" else 20)
