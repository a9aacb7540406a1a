"""The time of day: asked of NTP servers in turn, kept across a reset by the chip's clock, written into readings.

A reading taken before the time is known carries `boot 7391 +00012345s`: a number that this life of the node drew, and
the seconds since its start. That is as wide as a time, so once the time is known those that still wait are put right
where they lie. Time is kept as the days and seconds at which this life began, beside the uptime: no integer ever needs
more than 30 bits. How a server is asked is sntp.py's.
"""

import os
from struct import pack_into

from micropython import const

from . import lazy, rtc
from .log import Voice

_PORT = const(123)
_ANSWER_MS = const(3_000)
_LOOK_MS = const(20)  # how often an answer is looked for: its delay is taken for the network's
_ROUND_MS = (15_000, 3_600_000)  # until all servers are asked again, none having answered: RFC 4330, 10
_AGAIN_MS = const(4) * 3_600_000
_SPREAD_MS = const(3_600_000)  # at most that much later, so that nodes switched on together do not ask together
_LONG_MS = const(60_000)
_HOLD_MS = const(10_000)  # for so long the first connection waits for the time
_DAY = const(86_400)
_SINCE = const(2025)  # a chip whose clock was never set is in an earlier year
_TOLD_MS = const(1_000)
_STAMP = const(20)
_FORM = b"0000-00-00T00:00:00Z"


def make(station):
    """The station's wall clock."""
    station.wall = Wall(station.settings, station.log, station.clock, station.network.up, station.client)
    return station.wall


class Wall:
    """up() -> bool: the network has an address. drift_ms: how far ahead the clock was when last set right, or None."""

    def __init__(self, settings, log, clock, up, client):  # cold: once
        asked = settings["time"] or {"servers": ["pool.ntp.org"], "utc_offset": 0}
        self._servers = _addresses(asked["servers"])
        self._offset = asked["utc_offset"]
        self._zone = asked.get("zone")
        self._uptime = log.uptime
        self._clock = clock
        self._up = up
        self._client = client
        self._voice = Voice(log, "time")
        self._question = self._sntp = None
        self._server = self._failed = 0  # which is asked next, and how many did not answer in this round
        self._pause = _ROUND_MS[0]
        self._due = clock.ticks_ms()
        self._since = None  # when the network was first up
        self._holds = settings["payload"] == "json"
        self._known = False  # by a server, in this life
        self.is_set = False
        self.drift_ms = None
        self._day = self._second = self._ms = 0  # when this life began: days since 1970, seconds of it
        self._written = -1  # the day that stands in the text
        self._text = bytearray(("boot %04d +00000000s" % (_drawn() % 10_000)).encode())
        self._lives = {}  # when lives began, in seconds since 1970, by their numbers
        self._mark = bytes(self._text[5:9])
        self._from_chip()
        if self._holds and client:
            client.ready = self.ready
        if getattr(client, "stored", 0):
            self._remember()

    # -- for others

    def ready(self):
        """For the client, before it connects: the network is up, and the time known or not to be had soon."""
        if not self._up():
            return False
        if self._holds:
            now = self._clock.ticks_ms()
            if self._since is None:
                self._since = now
            self._holds = not self.is_set and self._clock.ticks_diff(now, self._since) < _HOLD_MS
        return not self._holds

    def stamp(self, buf, at):
        """Write the time it is, 20 bytes: 2026-11-25T03:50:10Z, or how long after which start."""
        if self.is_set:
            self._now()
        else:
            self._digits(11, self._uptime.seconds % 100_000_000, 8)
        pack_into("20s", buf, at, self._text)

    def minutes(self):
        """Since 1970, once the time is_set."""
        seconds = self._uptime.seconds + self._second + (1 if self._ms + self._uptime.ms >= 1000 else 0)
        return self._day * 1440 + seconds // 60

    def correct(self, buf, at, end):  # cold: once a reading from before the first answer
        """Put right what `stamp` wrote into buf[at:end] before the time was known, in a life whose beginning is."""
        at = buf.find(b"boot ", at, end)
        if at < 0 or at + _STAMP > end:
            return
        begin = self._lives.get(bytes(buf[at + 5 : at + 9]))
        if begin is not None:
            text, self._text, self._written = self._text, bytearray(_FORM), -1
            self._at(int(bytes(buf[at + 11 : at + 19])) + begin - self._begin(), -self._ms)
            buf[at : at + _STAMP] = self._text
            self._text, self._written = text, -1

    # -- what the time is

    def _now(self):
        self._at(self._uptime.seconds, self._uptime.ms)

    def _at(self, seconds, ms):
        # The text of the time so long after the start.
        seconds += self._second + (1 if self._ms + ms >= 1000 else 0)
        day = self._day + seconds // _DAY
        if day != self._written:
            self._written = day
            self._date(day + 719468)
        seconds %= _DAY
        self._digits(11, seconds // 3600, 2)
        self._digits(14, seconds // 60 % 60, 2)
        self._digits(17, seconds % 60, 2)

    def _date(self, day):
        # Days since 0000-03-01 in the Gregorian calendar: years begin in March, so that leap days come last.
        era = day // 146097
        day %= 146097
        year = (day - day // 1460 + day // 36524 - day // 146096) // 365
        day -= 365 * year + year // 4 - year // 100
        month = (5 * day + 2) // 153
        day -= (153 * month + 2) // 5 - 1
        month = month + 3 if month < 10 else month - 9
        self._digits(0, era * 400 + year + (1 if month < 3 else 0), 4)
        self._digits(5, month, 2)
        self._digits(8, day, 2)

    def _digits(self, at, value, count):
        while count:
            count -= 1
            self._text[at + count] = 48 + value % 10
            value //= 10

    # -- how it is known

    def _from_chip(self):
        # What the chip's clock says, where that was set before a reset and did not stop.
        now = self._clock.gmtime()
        if now[0] >= _SINCE:
            self._set((rtc.days(now[0], now[1], now[2]) * _DAY + now[3] * 3600 + now[4] * 60 + now[5]) * 1000 + 500)

    def _set(self, now):  # cold: every few hours
        # now: milliseconds since 1970, a large integer.
        begin = now - self._uptime.seconds * 1000 - self._uptime.ms
        self._day = begin // 86_400_000
        self._second = begin // 1000 % _DAY
        self._ms = begin % 1000
        if not self.is_set:
            self.is_set = True
            self._written = -1
            self._text[:] = _FORM

    def _begin(self):  # cold: rarely
        return self._day * _DAY + self._second

    def _ahead(self, now):  # cold: every few hours
        return (self._begin() + self._uptime.seconds) * 1000 + self._ms + self._uptime.ms - now

    def _answered(self, now, name):  # cold: every few hours
        if self._known:
            self.drift_ms = self._ahead(now)
        first = not self.is_set
        self._set(now)
        self._now()
        rtc.keep(self._text)
        if not self._known or abs(self.drift_ms) >= _TOLD_MS:
            self._tell(name)
        else:
            self._voice.well("%s answers" % name)
        self._known = True
        if first and self._client:
            self._correct()

    def _tell(self, name):  # cold: rarely
        text = "%s, by %s" % (str(self._text, "utf-8"), name)
        ahead = lazy.once("zone", "offset", self._zone, self.minutes()) if self._zone else self._offset
        if ahead:
            local = (int(self._text[11:13]) * 60 + int(self._text[14:16]) + ahead) % 1440
            text += ", here %02d:%02d" % (local // 60, local % 60)
        if self._known:
            text += "; the clock was %d ms %s" % (abs(self.drift_ms), "ahead" if self.drift_ms > 0 else "behind")
        self._voice.info(text)

    def _remember(self):  # cold: once
        # What a life before stored it may not have sent: when that began stands in a file, if it came to know it.
        self._lives.update(lazy.once("lives", "read"))
        self._watch()

    def _correct(self):  # cold: once
        self._lives[self._mark] = self._begin()
        self._watch()
        if getattr(self._client, "stored", 0):
            lazy.once("lives", "write", self._lives)

    def _watch(self):  # cold: once or twice
        amend = __import__("leanmqtt.amend", None, None, ("amend",))
        change = self._client.within(self.correct) if hasattr(self._client, "within") else self.correct  # of its seal
        amend.unsent(self._client, change)
        amend.later(self._client, change)

    # -- asking

    def poll(self):
        """One step: milliseconds until the next."""
        if self._question:
            self._listen()
            return _LOOK_MS
        left = self._clock.ticks_diff(self._due, self._clock.ticks_ms())
        if left > 0:
            return left
        if not self._servers:
            self._wait(_LONG_MS)
        elif self._up():
            self._ask()
        else:
            return _LONG_MS  # every turn looks
        return 0

    def stop(self):
        """Give the socket back."""
        if self._question:
            self._question.close()
            self._done()

    def _wait(self, ms):
        self._due = self._clock.ticks_add(self._clock.ticks_ms(), ms)

    def _ask(self):  # cold: every few hours
        try:
            self._sntp = lazy.load("sntp")
            self._question = self._sntp.Question(self._servers[self._server], self._clock)
        except (OSError, MemoryError):
            self._done()
            self._next("cannot be asked")

    def _listen(self):  # cold: every few hours
        name = self._servers[self._server][0]
        why, now, final = None, None, False
        try:
            now = self._question.answer()
            if now is None and self._question.age() >= _ANSWER_MS:
                why = "does not answer"
        except self._sntp.Refused as refused:
            why, final = str(refused), refused.final
        except OSError:
            why = "cannot be asked"
        if why is None and now is None:
            return
        self.stop()
        if why:
            self._next(why, final)
        else:
            self._failed, self._pause = 0, _ROUND_MS[0]
            self._wait(_AGAIN_MS + _drawn() * 1000 % _SPREAD_MS)
            self._answered(now, name)

    def _done(self):  # cold: every few hours
        self._question = self._sntp = None
        lazy.forget("sntp")

    def _next(self, why, final=False):  # cold: every few hours
        # The next server is asked at once, the first again after a while that doubles.
        self._voice.trouble("%s %s" % (self._servers[self._server][0], why))
        if final:
            self._servers.pop(self._server)
        else:
            self._server += 1
            self._failed += 1
        if self._server >= len(self._servers):
            self._server = 0
        if self._failed < len(self._servers):
            return
        self._failed = 0
        self._holds = False
        self._wait(self._pause + _drawn() % (self._pause // 4))
        self._pause = min(2 * self._pause, _ROUND_MS[1])


def _drawn():
    two = os.urandom(2)
    return two[0] << 8 | two[1]


def _addresses(servers):  # cold: once
    from leanmqtt import config

    found = config.host(servers, _PORT)
    lazy.drop("leanmqtt.config")
    return found
