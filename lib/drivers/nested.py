"""A JSON table whose values may be flat tables themselves, `{"state":"ON","color":{"r":255,"g":0,"b":0}}`.

Read as flat.py reads, one level deeper and without allocating either. What the keys mean is not known here.
"""

from drivers.flat import Flat

TABLE = 123  # a kind of value, beside those of flat.py


class Nested(Flat):
    """After a value of kind TABLE next() goes through its keys until it is False, then on behind it."""

    _inside = False

    def open(self, text):
        self._inside = False
        super().open(text)

    def skip(self):
        """Reads over the value at hand."""
        if self.kind == TABLE:
            while self.next():
                pass

    def _read(self, c):
        if c != TABLE or self._inside:
            super()._read(c)
            return
        self.kind = TABLE
        self._at += 1
        self._inside = self._first = True

    def _close(self):
        if not self._inside:
            return super()._close()
        self._at += 1
        self._inside = self._first = False
        return False
