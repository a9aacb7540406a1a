"""Solomon Systech SSD1306: an OLED display of 128 by 64 or 128 by 32 dots over I2C, for readings and short texts.

It shows pages of text one after the other, with readings in their places, or a text it was told to show. A picture is
sent in blocks of 32 columns, one at a step and only what has changed, so no step keeps a bus of 100 kHz for more than
4 ms. The part says nothing of itself and cannot be asked what it shows, so it is set up and drawn anew each minute: one
that lost its supply shows again.
Data sheet: SSD1306 rev 1.1, 8.1.5 (I2C), 9 and 10 (commands), and the application note in it.
"""

from drivers import SensorError, const, release
from drivers.cells import Cells
from drivers.glyphs import Letters, code_of
from drivers.thing import LONG_MS, OFF, ON, put, ticks_diff, ticks_ms

_MOST = const(128)  # bytes of a text it is told
_WIDTH = const(12)  # characters of a value
_SOON_MS = const(1)
_REST_MS = LONG_MS  # after which all is drawn again
_RETRY_MS = const(3_000)

END = 255  # in a page: of a line; see pages.py
LARGE = 254
PLACE = 128
_NONE = const(255)  # behind a value
_NOWHERE = const(-1)

_DARK = const(0)
_LIT = const(1)
_UNKNOWN = const(2)


class SSD1306:
    """A display on an I2C bus; it is not touched before the first poll().

    height: 64 or 32 dots; text: what is shown, see schema.json; page_time: s; flip: upside down; contrast: 0 to 255;
    boot: "on" or "off".
    """

    _name = "SSD1306"
    _folder = "ssd1306"

    def __init__(self, bus, address=0x3C, height=64, text=None, page_time=5, flip=False, contrast=128, boot="on"):
        # cold: once a display
        from drivers.ssd1306 import wake

        wake.configure(self, height, text, page_time, flip, contrast, boot)
        release(wake)
        self._bus = bus
        self._address = address
        self._cells = Cells(self._rows)
        self._letters = Letters()
        self._reader = Letters()  # of the text that is being laid out
        self._values = bytearray(_WIDTH * len(self._names))
        self._told = bytearray(_MOST)  # the text instead of the pages,
        self._length = 0  # in UTF-8; 0: there is none
        self._page = 0
        self._at = _NOWHERE  # in the page that is being laid out
        self._go = bytearray(b"\x00\xb0\x00\x10")  # commands: a page, the column in two halves
        self._cells.block[0] = 0x40  # data
        self._switch = bytearray(2)
        self._awake = False
        self._stale = True  # what is shown has changed
        self._lit = _UNKNOWN
        self._fault = None
        self._since = self._turned = ticks_ms()  # the last set-up, or try of one; the last page
        for i in range(len(self._names)):
            self.place(i, b"--")

    # What is shown

    def places(self):
        """The names of the places in the text, in order."""
        return self._names

    def place(self, i, text):
        """The value of a place now, as UTF-8; 12 characters at the most are shown."""
        self._letters.open(text, len(text))
        at = i * _WIDTH
        for _ in range(_WIDTH):
            self._value(at, self._letters.next())
            at += 1

    def _value(self, at, c):
        code = code_of(c) if c >= 0 else _NONE
        if self._values[at] != code:
            self._values[at] = code
            self._stale = True

    def set(self, payload):
        """ON, OFF, a text of at most 128 bytes instead of the pages, or nothing for the pages."""
        if payload == ON:
            self._on = True
        elif payload == OFF:
            self._on = False
        else:
            self._check(payload)
            self._length = put(self._told, 0, payload)
            self._stale = True

    def state(self, buf):
        if not self._on:
            return put(buf, 0, OFF)
        for at in range(self._length):
            buf[at] = self._told[at]
        return self._length

    def safe(self):
        """Stays as it is: nothing it shows can do harm."""

    def _check(self, payload):
        if len(payload) > _MOST:
            self._bad("expected ON, OFF or a text of at most 128 bytes")
        letters = self._letters
        letters.open(payload, len(payload))
        c = letters.next()
        while c >= 0:
            if c < 32 and c != 10 or 127 <= c < 160:
                self._bad("expected text of characters that can be shown")
            c = letters.next()

    def _bad(self, expected):  # cold: only for a bad command
        raise ValueError(expected)

    # Steps

    def poll(self):
        """One step; milliseconds until the next. Raises SensorError while there is no answer."""
        now = ticks_ms()
        if self._fault and ticks_diff(now, self._since) < _RETRY_MS:
            self._complain()
        try:
            return self._step(now)
        except OSError:
            self._fail("lost")

    def _step(self, now):
        if not self._awake or ticks_diff(now, self._since) >= _REST_MS:
            return self._wake(now)
        if self._lit and not self._on:
            return self._light(_DARK)
        self._turn(now)
        if self._stale or self._at != _NOWHERE:
            return self._lay()
        block = self._cells.due.find(b"\x01")
        if block >= 0:
            return self._send(block)
        if self._on and self._lit != _LIT:  # nobody sees how it is drawn
            return self._light(_LIT)
        return self._rest(now)

    def _wake(self, now):
        self._since = now
        if not self._cells.font.ready():
            self._fail("framebuf")
        self._bus.writeto(self._address, self._init)
        self._cells.all_due()
        self._lit = _UNKNOWN
        self._awake = True
        self._fault = None
        return _SOON_MS

    def _light(self, lit):
        self._switch[1] = 0xAE | lit
        self._bus.writeto(self._address, self._switch)
        self._lit = lit
        return _SOON_MS

    def _several(self):
        # Whether pages follow each other.
        return len(self._pages) > 1 and not self._length

    def _turn(self, now):
        if self._several() and ticks_diff(now, self._turned) >= self._page_ms:
            self._turned = now
            self._page = (self._page + 1) % len(self._pages)
            self._stale = True

    def _rest(self, now):
        left = _REST_MS - ticks_diff(now, self._since)
        if self._several():
            left = min(left, self._page_ms - ticks_diff(now, self._turned))
        return max(left, _SOON_MS)

    def _send(self, block):
        self._cells.paint(block)
        self._go[1] = 0xB0 | (block >> 3) * 2 | block & 1
        self._go[3] = 0x10 | (block >> 1 & 3) * 2
        self._bus.writeto(self._address, self._go)
        self._bus.writeto(self._address, self._cells.block)
        self._cells.due[block] = 0
        return _SOON_MS

    # From what is shown to cells

    def _lay(self):
        # A line at a step.
        if self._stale:
            self._stale = False
            self._at = 0
            self._reader.open(self._told, self._length)
            self._cells.start()
        more = self._cells.flow(self._reader) if self._length else self._line()
        if not more:
            self._cells.finish()
            self._at = _NOWHERE
        return _SOON_MS

    def _line(self):
        page = self._pages[self._page]
        code = PLACE
        while code != END:
            code = page[self._at]
            self._put(code)
            self._at += 1
        return self._at < len(page)

    def _put(self, code):
        if code == END:
            self._cells.end()
        elif code == LARGE:
            self._cells.large()
        elif code >= PLACE:
            self._fill((code - PLACE) * _WIDTH)
        else:
            self._cells.put(code)

    def _fill(self, at):
        for i in range(_WIDTH):
            code = self._values[at + i]
            if code == _NONE:
                return
            self._cells.put(code)

    # Faults

    def _fail(self, why):  # cold: on an error
        self._awake = False
        from drivers import faults

        self._fault = faults.told(self, why)
        release(faults)
        self._since = ticks_ms()
        self._complain()

    def _complain(self):  # cold: on an error
        raise SensorError(self._fault)


driver = SSD1306
