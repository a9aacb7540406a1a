"""A flat JSON table, `{"state":"ON","brightness":128}`, read key by key and without allocating.

json.loads makes a dict of it and takes what is cut short or has something behind it; a command must be whole. Values
are texts without escapes, numbers and true, false or null. What the keys mean is not known here.
"""

from drivers import const

_MOST = const(1_000_000)  # a thousand times as much is still a small integer

TEXT = 34  # the kinds of a value: what it begins with
NUMBER = 48
WORD = 97


class Flat:
    """One reader, used again for each table: open(text), then next() until it is False. Raises ValueError."""

    def __init__(self):
        self._text = b""
        self._at = self._key = self._key_end = self._value = self._value_end = 0
        self._first = True
        self.kind = TEXT
        self.number = 0  # a NUMBER, in thousandths

    def open(self, text):
        """Begins with a table, given as bytes."""
        self._text = text
        self._at = 0
        self._take(123)  # {
        self._first = True

    def next(self):
        """Goes to the next key and its value; False at the end of the table."""
        if self._peek() == 125:  # }
            return self._close()
        if not self._first:
            self._take(44)  # ,
        self._first = False
        self._key = self._string()
        self._key_end = self._at - 1
        self._take(58)  # :
        self._read(self._peek())
        return True

    def key_is(self, name):
        """Whether the key at hand is `name` (bytes)."""
        return self._same(name, self._key, self._key_end)

    def text_is(self, text):
        """Whether the value at hand is the text `text` (bytes)."""
        return self.kind == TEXT and self._same(text, self._value, self._value_end)

    def _same(self, text, start, end):
        return end - start == len(text) and self._text.find(text, start, end) == start

    def _close(self):
        self._at += 1
        if self._peek() >= 0:
            self._wrong("something behind the last }")
        return False

    def _read(self, c):
        if c == 34:
            self.kind = TEXT
            self._value = self._string()
            self._value_end = self._at - 1
        elif c == 45 or 48 <= c <= 57:
            self.kind = NUMBER
            self._number(c == 45)
        elif 97 <= c <= 122:
            self.kind = WORD
            self._word()
        else:
            self._wrong("a value that is no text, number, true, false or null")

    def _peek(self):
        # The next character that is no white space, -1 at the end.
        text = self._text
        while self._at < len(text):
            c = text[self._at]
            if c != 32 and not 9 <= c <= 13:
                return c
            self._at += 1
        return -1

    def _take(self, c):
        if self._peek() != c:
            self._wrong("no %s where one must be" % chr(c))
        self._at += 1

    def _string(self):
        # Where it begins behind its quote; `_at` is behind the other one then.
        self._take(34)
        start = self._at
        self._at = self._text.find(b'"', start) + 1
        if not self._at or self._text.find(b"\\", start, self._at) >= 0:
            self._at = start
            self._wrong("a text with an escape or without its second quote")
        return start

    def _number(self, negative):
        if negative:
            self._at += 1
        n = self._digits(0) * 1000
        if self._code() == 46:  # .
            self._at += 1
            n += self._fraction()
        if self._code() in b"eE+-.":
            self._wrong("a number with an exponent")
        self.number = -n if negative else n

    def _digits(self, n):
        start = self._at
        while 48 <= self._code() <= 57 and n < _MOST:
            n = n * 10 + self._code() - 48
            self._at += 1
        if self._at == start or n >= _MOST:
            self._wrong("a number too large or without digits")
        return n

    def _fraction(self):
        # Three digits of it count.
        n, unit = 0, 100
        while 48 <= self._code() <= 57:
            n += (self._code() - 48) * unit
            unit //= 10
            self._at += 1
        return n

    def _word(self):
        self._value = self._at
        while 97 <= self._code() <= 122:
            self._at += 1
        self._value_end = self._at
        if not (self._is(b"true") or self._is(b"false") or self._is(b"null")):
            self._wrong("a value that is no text, number, true, false or null")

    def _is(self, word):
        return self._same(word, self._value, self._value_end)

    def _code(self):
        return self._text[self._at] if self._at < len(self._text) else 0

    def _wrong(self, what):  # cold: only for a bad command
        raise ValueError(what)
