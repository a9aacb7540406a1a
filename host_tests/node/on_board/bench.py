"""What the tests of the node stand on: a clock that moves when told to, a log that is kept, a client that notes."""

import time

from node.log import Log


class Clock:
    """time's names; `now` may start anywhere before the wrap."""

    def __init__(self, now=0):
        self.now = now
        self.ticks_add = time.ticks_add
        self.ticks_diff = time.ticks_diff
        self.asleep = None  # what happens during a sleep: function(ms)

    def ticks_ms(self):
        return self.now

    def add(self, ms):
        self.now = time.ticks_add(self.now, ms)

    def sleep_ms(self, ms):
        self.add(ms)
        if self.asleep:
            self.asleep(ms)


class Lines(Log):
    """A log that keeps its lines, without their times."""

    def __init__(self, clock):
        self.lines = []
        super().__init__(clock, self.keep)

    def keep(self, line):
        self.lines.append(line.split(" ", 1)[1] if line[0] != " " else line.lstrip().split(" ", 1)[1])

    def take(self):
        taken = self.lines[:]
        self.lines.clear()
        return taken


class Client:
    """Notes what is published as (topic, text, qos, retain)."""

    def __init__(self):
        self.published = []

    def publish(self, topic, payload, qos, retain, properties=None):
        self.published.append((topic.decode(), bytes(payload).decode(), qos, retain))

    def take(self):
        taken = self.published[:]
        self.published.clear()
        return taken


def equal(found, expected):
    assert found == expected, f"\nfound    {found!r}\nexpected {expected!r}"
