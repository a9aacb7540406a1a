# Runs on MicroPython: what an input does all day, at a pin that allocates nothing: pressed once for each event there
# is, with ticks that wrap. Arguments: the part, and a deliberate allocation to be found by the gate ("slice", "frame")
# or "none".

import sys
from time import ticks_add

from drivers import bounce
from gate import verdict


class Pin:
    IN = 1
    PULL_UP = 2
    PULL_DOWN = 3

    def __init__(self):
        self.level = 0

    def init(self, mode, pull):
        pass

    def value(self):
        return self.level


class Clock:
    """Ticks that wrap, 10 ms further at each look."""

    now = 0x3FFF0000

    def __call__(self):
        self.now = ticks_add(self.now, 10)
        return self.now


part, fault = sys.argv[1:]
bounce.ticks_ms = Clock()
module = __import__("drivers." + part, None, None, ("driver",))
pin = Pin()
if part == "button":
    driver = module.driver(pin, active_low=False)
elif part == "pir":
    driver = module.driver(pin, hold=1, warm_up=0)
else:
    driver = module.driver(pin, pull="down", inverted=True)
buf = bytearray(96)
tells = hasattr(driver, "event")
said = []


def hold(level, looks):
    pin.level = level
    for _ in range(looks):
        driver.poll()
        driver.state(buf)
        if tells:
            n = driver.event(buf)
            if n and said is not None:
                note(n)


def note(n):
    said.append(str(buf[:n], "utf-8"))


def step():
    hold(1, 15)
    hold(0, 15)
    hold(1, 15)  # double
    hold(0, 50)
    hold(1, 100)  # long
    hold(0, 50)
    hold(1, 10)
    hold(0, 120)  # click


def slicing():
    step()
    bytearray(8)[0:4]


def deep():
    a = b = c = d = e = f = g = h = i = j = k = m = pin.level
    step()
    return a + b + c + d + e + f + g + h + i + j + k + m


for level in (0, 1):
    hold(level, 20)
    print(str(buf[: driver.state(buf)], "utf-8"))
hold(0, 300)
said.clear()
step()
for text in said:
    print(text)
said = None
verdict({"none": step, "slice": slicing, "frame": deep}[fault], 60 if fault == "none" else 5)
