"""Characters for displays of dots: UTF-8 read one by one, and their shapes, eight dots wide and eight high.

The shapes are those of MicroPython's own framebuf, whose font has ASCII; a few more are drawn here. Nothing allocates.
No display lives here.
"""

try:
    import framebuf
except ImportError:  # CPython, whose tests put theirs here; or a MicroPython built without it
    framebuf = None

SPACE = 0
OTHER = 31  # a question mark, for what has no shape
_OWN = 95  # the first code of those drawn here
# By code: framebuf.text() draws a whole text, and what lies beside the eight columns is cut. One character of it would
# be a text of its own, which MicroPython keeps for ever.
_ASCII = (" !\"#$%&'()*+,-./0123456789:;<=>?", "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_", "`abcdefghijklmnopqrstuvwxyz{|}~")
_MORE = b"\xb0\xb5\xb2\xb3\xe4\xf6\xfc\xdf\xc4\xd6\xdc\xe9\xe8\xea\xe0\xe7"  # what they are in Unicode
_SHAPES = (
    b"\x00\x02\x07\x05\x07\x02\x00\x00"  # degree
    b"\x00\xfc\xfc\x40\x40\x7c\x3c\x00"  # micro
    b"\x00\x00\x19\x15\x15\x12\x00\x00"  # superscript 2
    b"\x00\x00\x11\x15\x15\x0a\x00\x00"  # superscript 3
    b"\x00\x21\x75\x54\x54\x7d\x79\x00"  # a umlaut
    b"\x00\x39\x7d\x44\x44\x7d\x39\x00"  # o umlaut
    b"\x00\x3d\x7d\x40\x40\x7d\x7d\x00"  # u umlaut
    b"\x00\x7e\x7f\x01\x49\x7f\x36\x00"  # sharp s
    b"\x00\x79\x7d\x14\x14\x7d\x79\x00"  # A umlaut
    b"\x00\x3d\x7f\x42\x42\x7f\x3d\x00"  # O umlaut
    b"\x00\x3d\x7d\x40\x40\x7d\x3d\x00"  # U umlaut
    b"\x00\x38\x7c\x56\x57\x5d\x58\x00"  # e acute
    b"\x00\x38\x7d\x57\x56\x5c\x58\x00"  # e grave
    b"\x00\x38\x7e\x55\x55\x5e\x58\x00"  # e circumflex
    b"\x00\x20\x75\x57\x56\x7c\x78\x00"  # a grave
    b"\x00\x38\x7c\xc4\xc4\x6c\x28\x00"  # c cedilla
)


def code_of(c):
    """The number of a character's shape; c is its place in Unicode."""
    if 32 <= c < 127:
        return c - 32
    if c == 0x3BC:  # the Greek letter, which some units are written with
        c = 0xB5
    code = _OWN
    for known in _MORE:
        if known == c:
            return code
        code += 1
    return OTHER


class Letters:
    """Reads UTF-8, given as bytes, character by character: open(), then next() until it is -1. Raises ValueError."""

    def __init__(self):
        self._text = b""
        self._at = self._end = 0

    def open(self, text, end):
        self._text = text
        self._at = 0
        self._end = end

    def next(self):
        """The next character's place in Unicode."""
        if self._at >= self._end:
            return -1
        c = self._byte()
        if c < 0x80:
            return c
        if 0xC2 <= c < 0xE0:
            return self._more(c & 31, 1, 0x80)
        if 0xE0 <= c < 0xF0:
            return self._more(c & 15, 2, 0x800)
        if not 0xF0 <= c < 0xF5:  # one that follows others, or is never used
            self._wrong()
        return self._more(c & 7, 3, 0x10000)

    def ahead(self):
        """How many characters follow without a space between them."""
        n = 0
        for at in range(self._at, self._end):
            c = self._text[at]
            if c <= 32:
                return n
            if c & 0xC0 != 0x80:
                n += 1
        return n

    def _byte(self):
        at = self._at
        self._at = at + 1
        return self._text[at] if at < self._end else 0

    def _more(self, c, n, least):
        while n:
            b = self._byte()
            if b & 0xC0 != 0x80:
                self._wrong()
            c = c << 6 | b & 63
            n -= 1
        if not least <= c < 0x110000 or 0xD800 <= c < 0xE000:
            self._wrong()
        return c

    def _wrong(self):  # cold: only for a bad text
        raise ValueError("expected text in UTF-8")


class Font:
    """Draws a character into `columns`: eight bytes from left to right, the lowest bit on top."""

    def __init__(self):  # cold: once a display
        self.columns = bytearray(8)
        self._drawn = -1
        self._frame = None
        if framebuf:
            self._frame = framebuf.FrameBuffer(self.columns, 8, 8, framebuf.MONO_VLSB)

    def ready(self):
        """Whether this MicroPython has what it takes."""
        return self._frame is not None

    def draw(self, code):
        if code == self._drawn:
            return
        self._drawn = code
        if code < _OWN:
            self._frame.fill(0)
            self._frame.text(_ASCII[code >> 5], -8 * (code & 31), 0)
        else:
            self._own((code - _OWN) * 8)

    def _own(self, at):
        for i in range(8):
            self.columns[i] = _SHAPES[at + i]
