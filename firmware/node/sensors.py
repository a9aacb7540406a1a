"""Reads the sensors, each at its own interval, and publishes what they measure.

Nothing here knows a part: its driver is found by name and says what it measures. A part's fault is told once, and the
others never notice. A reading allocates nothing: topics, text buffer and the frame of each generator are made once.
"""

from leanmqtt import OutboxFull

from .text import Decimal


class Sensor:
    """One sensor: topics are bytes, one for each of the driver's quantities.

    entry has `interval` (s), `retain` and `qos`. form has text(value, decimals, unit). errors: readings that failed;
    lost: values that found no room in the outbox, beside those it dropped itself. properties: of MQTT 5, a dict.
    """

    properties = None

    def __init__(self, driver, topics, entry, client, voice, clock, form=None, name=""):  # cold: once
        self._driver = driver
        self._gate = driver if hasattr(driver, "passes") else None  # refine.py's, which may hold a quantity back
        self._topics = topics
        self._quantities = driver.quantities
        self._values = [0] * len(topics)
        self._form = form or Decimal()
        self.interval = entry["interval"] * 1000  # in ms; one that is set counts from the next reading on
        self._retain = entry["retain"]
        self._qos = entry.get("qos", 1)
        self._client = client
        self._voice = voice
        self._clock = clock
        self._at = 0  # the quantity to be published
        self._resting = False
        self.name = name
        self.errors = self.lost = 0
        self._begin = self._due = clock.ticks_ms()
        self._heard = ()
        self._life = self._live()

    def tell(self, heard):
        """heard(values) is called with each reading from now on, before it is published. Returns the quantities."""
        self._heard += (heard,)
        return self._quantities

    def read_now(self):
        """Take a reading at the next turn; the intervals count from there."""
        if self._gate:
            self._gate.renew()
        if self._resting:
            self._due = self._begin = self._clock.ticks_ms()

    def poll(self):
        """One step when it is time for one: milliseconds until the next."""
        now = self._clock.ticks_ms()
        left = self._clock.ticks_diff(self._due, now)
        if left > 0:
            return left
        left = next(self._life)
        # From here on: a driver may have been busy on its bus before it began what is waited for.
        self._due = self._clock.ticks_add(self._clock.ticks_ms(), left)
        return left

    def _live(self):
        # A generator of milliseconds to wait. Its frame lives as long as the sensor, so its `try` costs no memory.
        while True:
            try:
                self._resting = False
                yield self._driver.start()
                while not self._driver.read(self._values):  # the part was asleep: that was a step of its waking up
                    yield self._driver.start()
                for heard in self._heard:
                    heard(self._values)
                self._at = lost = 0
                while self._at < len(self._topics):
                    try:
                        self._publish()
                    except OutboxFull:
                        self._at += 1
                        lost += 1
                self._tell(lost)
            except Exception as fault:  # whatever a driver does must not stop the node
                self.errors += 1
                self._voice.trouble(str(fault) or repr(fault))
            self._resting = True
            yield self._rest()

    def _publish(self):
        # The values that are left.
        while self._at < len(self._topics):
            self._publish_one(self._at)
            self._at += 1

    def _publish_one(self, i):
        value = self._values[i]
        if self._gate and not self._gate.passes(i, value):
            return
        text = self._form.text(value, self._quantities[i][2], self._quantities[i][1])  # one name less: see frames
        self._client.publish(self._topics[i], text, self._qos, self._retain, self.properties)
        if self._gate:
            self._gate.sent(i, value)

    def _tell(self, lost):
        self.lost += lost
        if lost:
            self._voice.trouble("no room in the outbox: readings are lost until the broker answers")
        else:
            self._voice.well("works again")

    def _rest(self):
        # From beginning to beginning, so that the time a reading takes does not add up; beginnings missed are left out.
        now = self._clock.ticks_ms()
        self._begin = self._clock.ticks_add(self._begin, self.interval)
        left = self._clock.ticks_diff(self._begin, now)
        if left < -self.interval:
            self._begin = now
        return left if left > 0 else 0
