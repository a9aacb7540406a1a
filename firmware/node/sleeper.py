"""The life of a node that sleeps: wake, read, and now and then deliver what has gathered; then deep sleep, a new start.

What a wake must not do is lose a reading or drain the battery: readings wait in the pocket until the broker has
acknowledged them, a connection that fails is left for some wakes, and with a low battery the radio stays off. Nothing
here runs for long, so it may allocate: the next wake begins with an empty heap.
"""

import struct
import sys
import time

import machine

from . import fit, parts, topics
from .bus import Buses
from .log import Voice
from .memory import Memory
from .pocket import Pocket

_SLOT = "sleep"
_MARK = "seal"  # the slot with the next counter of sealed.py, so that no wake writes flash for it
_FORM = ">HBIII"  # wakes since the last delivery, failures in a row, ms of the last wake, all wakes, clock when it ends
_LEAST_MS = 1_000  # of sleep
_READ_MS = 10_000  # for all sensors together
_MOST_SKIPPED = 16  # wakes between two tries of a delivery that fails
_SET = 25 * 31_557_600  # a clock beyond 2025 was set by somebody


class Sleeper:
    """One wake of a node made of checked settings; `memory` is what the last one left."""

    epoch = 946_684_800 if time.gmtime(0)[0] == 1970 else 0  # 2000-01-01 on the chip's clock

    def __init__(self, settings, log, clock=time, memory=None):
        self._begun = clock.ticks_ms()
        self.settings = _without_watchdog(settings)
        self.log = log
        self.clock = clock
        self.rules = settings["sleep"]
        self.memory = memory or Memory()
        self._voice = Voice(log, "sleep")
        slot = self.memory.slots.get(_SLOT)
        self.wakes, self.failed, self.last_ms, self.all, clock_at = struct.unpack(_FORM, slot) if slot else (0,) * 5
        self.first = not slot or _is_fresh(machine.reset_cause())
        self._catch_up(clock_at)
        self.topics = topics.of_readings(settings, parts.measured(settings))
        self.quantities = []  # (name, unit, decimals) of each number in the pocket
        self.pocket = Pocket(self.memory, repr(self.topics).encode())
        if self.pocket.lost:
            self._voice.trouble("%d readings of another configuration are lost" % self.pocket.lost)

    def run(self):
        """Never returns: ends in deep sleep."""
        self.wakes += 1
        self.all += 1
        self._read()
        battery = self._battery()
        low = battery is not None and battery < self.rules["battery_min"]
        if low:
            self._voice.info("the battery has %d mV: the radio stays off" % battery)
        elif self.is_due():
            self._deliver(battery)
        self._sleep(low)

    def is_due(self):
        """Whether this wake is to deliver; after failures ever fewer are."""
        if self.first:
            return True
        if self.failed:
            return self.wakes >= min(1 << self.failed - 1, _MOST_SKIPPED)
        return self.wakes >= self.rules["readings"]

    def now(self):
        """Seconds since 2000, whatever the chip's own epoch is."""
        return int(time.time()) - self.epoch

    def is_set(self, at):
        """Whether a time is from a clock that was set."""
        return at > _SET

    def awake_ms(self):
        return self.clock.ticks_diff(self.clock.ticks_ms(), self._begun)

    def _catch_up(self, clock_at):
        # Where the clock stops in deep sleep, it goes on from where it must be by now.
        if clock_at and not self.first and self.now() < clock_at - 60:
            at = time.gmtime(clock_at + self.epoch)
            machine.RTC().datetime((at[0], at[1], at[2], at[6], at[3], at[4], at[5], 0))

    # Reading

    def _read(self):
        # All conversions run side by side; a part that fails is told and leaves the others alone.
        buses, waiting, first = Buses(), [], 0
        names = topics.ids(topics.parts(self.settings))
        for name, entry, found in zip(names, self.settings["sensors"], self.topics):
            driver = fit.open_driver(entry, buses)
            self.quantities += driver.quantities
            reading = _Reading(name, driver, first, len(found))
            if self._stepped(reading, reading.start):
                waiting.append(reading)
            first += len(found)
        while waiting and self.awake_ms() < _READ_MS:
            waiting.sort(key=lambda reading: reading.due)
            reading = waiting.pop(0)
            self.clock.sleep_ms(max(reading.due - self.awake_ms(), 0))
            if self._stepped(reading, reading.finish):
                waiting.append(reading)
        for reading in waiting:
            self.log.warn(reading.name, "is not ready after %d s" % (_READ_MS // 1000))

    def _stepped(self, reading, step):
        # True while there is more to do.
        try:
            wait = step()
        except Exception as fault:  # whatever a driver does must not stop the node
            self.log.warn(reading.name, str(fault) or repr(fault))
            return False
        if wait is None:
            at = self.now()
            for i in range(len(reading.values)):
                self.pocket.add(reading.first + i, reading.values[i], at)
            return False
        reading.due = self.awake_ms() + wait
        return True

    def _battery(self):
        # In millivolts; None where it is not measured.
        if self.rules["battery_pin"] is None:
            return None
        adc = _adc(machine.Pin(self.rules["battery_pin"]))
        volts = adc.read_uv() // 1000 if hasattr(adc, "read_uv") else adc.read_u16() * 3300 // 65535
        return volts * self.rules["battery_ratio"] // 100

    # Delivering

    def _deliver(self, battery):
        from .delivery import Delivery  # a wake without one does without its memory, too

        self.pocket.keep()
        mark = self.memory.slots.pop(_MARK, None)  # out of the memory before it is used: a crash must not use it twice
        self._saved()  # whatever happens from here on
        trial = Delivery(self, battery, mark and int.from_bytes(mark, "big"))
        self.wakes = 0
        if trial.run():
            self.failed = 0
        else:
            self.failed = min(self.failed + 1, 20)
            self._voice.trouble("%d readings wait: %s" % (len(self.pocket), trial.why()))
        trial.stop()
        if trial.mark():
            self.memory.slots[_MARK] = trial.mark().to_bytes(6, "big")

    def _sleep(self, low):
        self.pocket.keep(low)
        ms = max(self.rules["seconds"] * 1000 - self.awake_ms(), _LEAST_MS)
        at = self.now() + ms // 1000 if self.is_set(self.now()) else 0
        self.memory.slots[_SLOT] = struct.pack(_FORM, self.wakes, self.failed, self.awake_ms(), self.all, at)
        self._saved()
        self._voice.info("awake for %d ms, asleep for %d s" % (self.awake_ms(), ms // 1000))
        machine.deepsleep(ms)

    def _saved(self):
        try:
            self.memory.save()
        except (OSError, ValueError) as fault:
            self._voice.trouble("cannot keep the readings: %s" % fault)


class _Reading:
    """One driver at work: start() and finish() return milliseconds until the next step, None when it is done."""

    def __init__(self, name, driver, first, count):
        self.name = name
        self.driver = driver
        self.first = first
        self.values = [0] * count
        self.due = 0

    def start(self):
        return self.driver.start()

    def finish(self):
        return None if self.driver.read(self.values) else self.driver.start()


def _is_fresh(cause):
    # Whether it did not wake from a sleep; an RP2040 cannot tell a wake from any other reset.
    return cause == machine.PWRON_RESET or cause != getattr(machine, "DEEPSLEEP_RESET", cause)


def _adc(pin):
    # An ESP32 sees 1.1 V at most unless it is told to weaken what comes in; the others see 3.3 V.
    if hasattr(machine.ADC, "ATTN_11DB"):
        return machine.ADC(pin, atten=machine.ADC.ATTN_11DB)
    return machine.ADC(pin)


def _without_watchdog(settings):
    # An RP2040's goes on in its deep sleep and would end it: there a node that sleeps has none.
    return dict(settings, watchdog=0) if sys.platform == "rp2" else settings
