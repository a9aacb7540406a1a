"""The log: one line per event on the console: seconds since the start, level, the part that speaks, what happened.

Only events are logged, never a reading and never a secret: a line may be shown to anyone. Those for a person far away
wait in a bounded ring, which broker.py empties onto the node's log topic. A part that can be ill for long speaks
through a Voice, which says a thing when it changes and not at every try.
"""

from micropython import const

LEVELS = ("debug", "info", "warn", "error")
_DEBUG = const(0)
_INFO = const(1)
_WARN = const(2)
_ERROR = const(3)
OFF = const(4)
_LONGEST = const(240)  # of what waits in the ring


class Uptime:
    """Seconds since the start; ticks wrap after 12 days, so they are folded into seconds at each turn of the loop."""

    def __init__(self, clock):
        self._clock = clock
        self._last = clock.ticks_ms()
        self.seconds = 0
        self.ms = 0

    def fold(self):
        now = self._clock.ticks_ms()
        ms = self.ms + self._clock.ticks_diff(now, self._last)
        self._last = now
        self.seconds += ms // 1000
        self.ms = ms % 1000


class Log:
    """Writes lines through `write`, a function that takes a text (print by default).

    level, topic: the least that goes to the console and into the ring, 0 (debug) to 3 (error) or OFF. ring: the lines
    that wait for a connection, the oldest first; at most `room`, of which the newest stay.
    """

    def __init__(self, clock, write=print):
        self.uptime = Uptime(clock)
        self._write = write
        self.level = _INFO
        self.topic = _WARN
        self.room = 10
        self.ring = []
        self.watched = False  # a watchdog may run: what Ctrl-C leads to depends on it

    def debug(self, part, text):
        self._line(_DEBUG, part, text)

    def info(self, part, text):
        self._line(_INFO, part, text)

    def warn(self, part, text):
        self._line(_WARN, part, text)

    def error(self, part, text):
        self._line(_ERROR, part, text)

    def answer(self, part, text):
        """An event that somebody far away has asked for: it goes to the log topic at any level, unless that is off."""
        self._line(_INFO, part, text)
        if _INFO < self.topic < OFF:
            self._keep(_INFO, part, text)

    def _line(self, level, part, text):
        if level >= self.level:
            self.uptime.fold()
            self._write("%6d.%03d %-5s %s: %s" % (self.uptime.seconds, self.uptime.ms, LEVELS[level], part, text))
        if level >= self.topic:
            self._keep(level, part, text)

    def _keep(self, level, part, text):
        if self.room:
            if len(self.ring) == self.room:
                self.ring.pop(0)
            self.ring.append(("%s %s: %s" % (LEVELS[level], part, text))[:_LONGEST])


class Voice:
    """One part's voice in the log: a trouble is told once, until it changes or is over."""

    def __init__(self, log, part):
        self._log = log
        self._part = part
        self._trouble = None

    def info(self, text):
        """An event; ends whatever trouble there was."""
        self._trouble = None
        self._log.info(self._part, text)

    def trouble(self, text):
        if text != self._trouble:
            self._trouble = text
            self._log.warn(self._part, text)

    def well(self, text):
        """Says `text` only when it ends a trouble."""
        if self._trouble is not None:
            self.info(text)
