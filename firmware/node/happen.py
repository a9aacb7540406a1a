"""Rules that an event of an input starts: a click, once and for now. Loaded with the first of them.

What the actuator refuses is not tried again, since the event is over by then.
"""

from .rules import command


class Happening:
    """One such rule; the input only notes the event, and the rule acts at its next step, in the same turn."""

    def __init__(self, rule, actuator, thing, station):  # cold: once a rule
        self._actuator = actuator
        self._log = station.log
        self._name = rule["set"] or rule["toggle"]
        self._to = None if rule["toggle"] else command(rule["to"] or "ON")
        self._event = rule["is"].encode()
        self._why = "%%s, since there was a %s of %s" % (rule["is"], rule["when"])
        self._came = False
        thing.tell(self._hear)

    def _hear(self, event):
        if event == self._event:
            self._came = True

    def step(self, now):
        if self._came:
            self._came = False
            self._act()

    def _act(self):  # cold: at an event
        wanted = self._to or (b"OFF" if self._actuator.is_on() else b"ON")
        if self._actuator.act(wanted):
            self._log.info(self._name, self._why % str(wanted, "utf-8"))
