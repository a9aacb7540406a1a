"""The log: one line per event on the console: seconds since the start, level, the part that speaks, what happened.

Only events are logged, never a reading and never a secret: a line may be shown to anyone. A part that can be
ill for long speaks through a Voice, which says a thing when it changes and not at every try.
"""


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
    """Writes lines through `write`, a function that takes a text (print by default)."""

    def __init__(self, clock, write=print):
        self.uptime = Uptime(clock)
        self._write = write

    def info(self, part, text):
        self._line("info ", part, text)

    def warn(self, part, text):
        self._line("warn ", part, text)

    def error(self, part, text):
        self._line("error", part, text)

    def _line(self, level, part, text):
        self.uptime.fold()
        self._write("%6d.%03d %s %s: %s" % (self.uptime.seconds, self.uptime.ms, level, part, text))


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
