"""Local time from a zone as POSIX writes it: "CET-1CEST,M3.5.0,M10.5.0/3". Loaded for a moment, once a year.

Summer time begins and ends by rules of the form Mm.w.d/time: all zones of today have it. Times are minutes since 1970;
no zone of today changes within a minute, and no number here needs more than 30 bits.
"""

from .rtc import days

_HOUR = 60
_DAY = 1440


def sound(found):
    """Whether it is such a text."""
    try:
        Zone(found)
        return True
    except (ValueError, TypeError, IndexError):
        return False


def table(text, minute):
    """What local time is ahead of UTC, in the year of a time in UTC: [from, minutes, from, minutes, ..., end]."""
    year = 1970 + minute // (366 * _DAY)
    while days(year + 1, 1, 1) * _DAY <= minute:
        year += 1
    begin = days(year, 1, 1) * _DAY
    made = [begin, 0]
    for at, offset in Zone(text).changes(year):
        if at <= begin:
            made[1] = offset
        elif at < days(year + 1, 1, 1) * _DAY:
            made += [at, offset]
    return made + [days(year + 1, 1, 1) * _DAY]


def offset(text, minute):
    """The same at one time."""
    found = table(text, minute)
    i = len(found) - 3
    while found[i] > minute:
        i -= 2
    return found[i + 1]


class Zone:
    """A zone's text, read from left to right; ValueError where it is none."""

    def __init__(self, text):
        self._text = text + "\0"
        self._at = 0
        self._name()
        self._usual = -self._time(24)  # the text has what must be added to local time
        self._summer = None
        if self._next() != "\0":
            self._name()
            self._summer = self._usual + _HOUR if self._next() == "," else -self._time(24)
            self._rules = self._rule(), self._rule()
        self._take("\0")

    def changes(self, year):
        """(time, offset from then on) in order, from the year before to that after."""
        if self._summer is None:
            return [(0, self._usual)]
        made = []
        begin, end = self._rules
        for one in (year - 1, year, year + 1):
            made.append((_moment(one, begin) - self._usual, self._summer))
            made.append((_moment(one, end) - self._summer, self._usual))
        return sorted(made)

    def _next(self):
        return self._text[self._at]

    def _take(self, what):
        if self._next() != what:
            raise ValueError
        self._at += 1

    def _name(self):
        # Three to ten letters, or in angle brackets also digits and signs.
        bracket = self._next() == "<"
        self._at += bracket
        begin = self._at
        while _is_letter(self._next()) or bracket and self._next() in "+-0123456789":
            self._at += 1
        if not 3 <= self._at - begin <= 10:
            raise ValueError
        if bracket:
            self._take(">")

    def _number(self, least, most, digits):
        begin = self._at
        while self._at - begin < digits and "0" <= self._next() <= "9":
            self._at += 1
        number = int(self._text[begin : self._at])
        if not least <= number <= most or self._at - begin == 3 and number < 100:
            raise ValueError
        return number

    def _time(self, most):
        sign = -1 if self._next() == "-" else 1
        if self._next() in "+-":
            self._at += 1
        minutes = self._number(0, most, len(str(most))) * _HOUR
        if self._next() == ":":
            self._at += 1
            begin = self._at
            minutes += self._number(0, 59, 2)
            if self._at - begin != 2:
                raise ValueError
        return sign * minutes

    def _rule(self):
        # (month, week, day of the week, minutes): M10.5.0/3
        self._take(",")
        self._take("M")
        if self._next() == "0":
            raise ValueError
        month = self._number(1, 12, 2)
        self._take(".")
        week = self._number(1, 5, 1)
        self._take(".")
        day = self._number(0, 6, 1)
        minutes = 2 * _HOUR
        if self._next() == "/":
            self._at += 1
            minutes = self._time(167)
        return month, week, day, minutes


def _is_letter(c):
    return "a" <= c <= "z" or "A" <= c <= "Z"


def _moment(year, rule):
    # In the local time before it. Week 5 is the last that the month has.
    month, week, day, minutes = rule
    first = days(year, month, 1)
    after = days(year, month + 1, 1) if month < 12 else days(year + 1, 1, 1)
    at = first + (day - first - 4) % 7 + 7 * (week - 1)
    while at >= after:
        at -= 7
    return at * _DAY + minutes
