"""What an actuator measures of itself, such as the speed of a fan: retained, on the topic of its state with a word
behind it. What is wrong by it is told in the log, once. Loaded with the first such actuator.
"""

from . import topics
from .things import Thing


class Gauge(Thing):
    """measure: an actuator's; as an input's driver, with `name`, the word, and `why`, what is wrong or None."""

    def __init__(self, measure, entry, name, text, station):  # cold: once an actuator
        topic = topics.of_thing(station.settings, entry, name, measure.name).encode()
        super().__init__(measure, topic, entry, name, text, station)
        self.name = None  # that is its actuator's

    def _step(self):
        left = self.driver.poll()
        if self._client.connected:
            self._tell()
        if self.driver.why:
            self._voice.trouble(self.driver.why)
        else:
            self._voice.well("works again")
        return left


make = Gauge
