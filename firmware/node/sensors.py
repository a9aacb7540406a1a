"""Reads the sensors, each at its own interval, and publishes what they measure.

Nothing here knows a part: its driver is found by name and says what it measures. A part's fault is told once, and the
others never notice. A reading allocates nothing: topics, text buffer and the frame of each generator are made once.
"""

from .log import Voice
from .text import Decimal


def open_driver(entry, buses):
    """The driver of a sensor's entry in config.json, on its bus, with its options."""
    from . import parts

    part = parts.keys_of(entry["type"])
    module = __import__("drivers." + entry["type"], None, None, ("driver",))
    options = {key: _option(entry[key]) for key in part.OPTIONS}
    return module.driver(buses.get(part.BUS, entry), **options)


def _option(value):
    # JSON has no hexadecimal numbers, so an address is written as text.
    return int(value, 16) if isinstance(value, str) and value.startswith("0x") else value


def all_of(settings, buses, client, log, clock):
    """A Sensor for each entry of `sensors`."""
    from . import parts, topics

    entries = settings["sensors"]
    names = topics.ids(entries)
    wanted = topics.of_readings(settings, parts.measured(settings))
    made = []
    for i, entry in enumerate(entries):
        try:
            driver = open_driver(entry, buses)
        except (ValueError, TypeError, OSError) as fault:  # a pin this chip does not have
            raise parts.Unfit("sensors[%d]: %s" % (i, fault))
        where = [topic.encode() for topic in wanted[i]]
        made.append(Sensor(driver, where, entry, client, Voice(log, names[i]), clock, names[i]))
    return made


class Sensor:
    """One sensor: topics are bytes, one for each of the driver's quantities; entry has `interval` (s) and `retain`.

    interval: in ms, may be changed. errors: readings that failed.
    """

    def __init__(self, driver, topics, entry, client, voice, clock, name=""):
        self.name = name
        self.errors = 0
        self._driver = driver
        self._topics = topics
        self._decimals = [quantity[2] for quantity in driver.quantities]
        self._values = [0] * len(topics)
        self._decimal = Decimal()
        self.interval = entry["interval"] * 1000
        self._retain = entry["retain"]
        self._client = client
        self._voice = voice
        self._clock = clock
        self._begin = self._due = clock.ticks_ms()
        self._resting = False
        self._life = self._live()

    def poll(self):
        """One step when it is time for one: milliseconds until the next."""
        now = self._clock.ticks_ms()
        left = self._clock.ticks_diff(self._due, now)
        if left > 0:
            return left
        left = next(self._life)
        self._due = self._clock.ticks_add(now, left)
        return left

    def read_now(self):
        """Read at the next poll, and from there at the interval; a reading under way is that one."""
        if self._resting:
            self._begin = self._due = self._clock.ticks_ms()

    def _live(self):
        # A generator of milliseconds to wait. Its frame lives as long as the sensor, so its `try` costs no memory.
        while True:
            try:
                yield self._driver.start()
                while not self._driver.read(self._values):  # the part was asleep: that was a step of its waking up
                    yield self._driver.start()
                self._publish()
                self._voice.well("works again")
            except Exception as fault:  # whatever a driver does must not stop the node
                self.errors += 1
                self._voice.trouble(str(fault) or repr(fault))
            self._resting = True
            yield self._rest()
            self._resting = False

    def _publish(self):
        for i in range(len(self._topics)):
            self._publish_one(i)

    def _publish_one(self, i):
        text = self._decimal.text(self._values[i], self._decimals[i])
        self._client.publish(self._topics[i], text, 1, self._retain)

    def _rest(self):
        # From beginning to beginning, so that the time a reading takes does not add up; beginnings missed are left out.
        now = self._clock.ticks_ms()
        self._begin = self._clock.ticks_add(self._begin, self.interval)
        left = self._clock.ticks_diff(self._begin, now)
        if left < -self.interval:
            self._begin = now
        return left if left > 0 else 0
