# Runs on the board: the sensors of parts.json, identified and read, and what a reading allocates. Actuators are left
# alone: nobody knows what hangs on them. One line each: type, "ok" or "fault", values or words, bytes kept, "locked".

import gc
import json
import sys
import time

import micropython
from drivers import SensorError
from node.bus import Buses

TIMES = int(sys.argv[1])


class Reading:
    """One sensor."""

    def __init__(self, part, bus):
        module = __import__("drivers." + part["type"], None, None, ("driver",))
        self.driver = module.driver(bus, **part["options"])
        self.values = [0] * len(self.driver.quantities)
        self.done = False
        self.wait = 0

    def begin(self):
        self.wait = self.driver.start()

    def end(self):
        self.done = self.driver.read(self.values)

    def whole(self):
        self.done = False
        while not self.done:  # a part that was asleep takes more than one step
            self.begin()
            time.sleep_ms(self.wait)
            self.end()

    def shown(self):
        return ", ".join(
            "%s %.*f %s" % (name, decimals, value / 10**decimals, unit)
            for (name, unit, decimals), value in zip(self.driver.quantities, self.values)
        )


def live(step):
    gc.collect()
    gc.disable()
    kept = gc.mem_alloc()
    for _ in range(TIMES):
        step()
    kept = gc.mem_alloc() - kept
    gc.enable()
    return kept


def locked(step):
    micropython.heap_lock()
    try:
        step()
        return "locked"
    except MemoryError:
        return "MemoryError"
    finally:
        micropython.heap_unlock()


def test(part, buses):
    try:
        reading = Reading(part, buses.get(part["bus"], part["keys"]))
        for _ in range(3):
            reading.whole()
        return "ok", reading.shown(), live(reading.whole), locked(reading.whole)
    except (SensorError, OSError, ValueError, ImportError) as fault:
        return "fault", str(fault) or repr(fault), 0, "-"


buses = Buses()
with open("parts.json") as file:
    parts = json.load(file)
for part in parts:
    print("sensor", part["type"], *test(part, buses), sep="\t")
