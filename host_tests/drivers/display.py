"""A display's driver on its model, on CPython: with the font of MicroPython's framebuf, a bus that counts what it
takes, and a clock that the test owns. What a text looks like is worked out here anew, without the driver.
"""

from functools import lru_cache

from drivers import SensorError, glyphs, ssd1306
from girouette.simboard.parts import Nak, models
from pins import Clock
from support.mp import Mp

HZ = 100_000

_PRINT_FONT = """
import framebuf
columns = bytearray(8)
frame = framebuf.FrameBuffer(columns, 8, 8, framebuf.MONO_VLSB)
for c in range(32, 127):
    frame.fill(0)
    frame.text(chr(c), 0, 0)
    print(" ".join(str(x) for x in columns))
"""


@lru_cache
def font() -> dict[str, bytes]:
    """The eight columns of each character, the lowest bit on top, as MicroPython draws them; and those of our own."""
    rows = Mp(64).run(_PRINT_FONT).stdout.splitlines()
    shapes = {chr(32 + i): bytes(map(int, row.split())) for i, row in enumerate(rows)}
    own = glyphs._MORE.decode("latin-1")
    return shapes | {c: glyphs._SHAPES[8 * i : 8 * i + 8] for i, c in enumerate(own)}


class Framebuf:
    """The module, as far as the drivers use it."""

    MONO_VLSB = 0

    class FrameBuffer:
        def __init__(self, buf, width, height, mode):
            assert (len(buf), width, height, mode) == (8, 8, 8, Framebuf.MONO_VLSB)
            self._buf = buf

        def fill(self, color):
            assert color == 0
            self._buf[:] = bytes(8)

        def text(self, text, x, y):
            assert y == 0
            for i, column in enumerate(b"".join(font()[c] for c in text)):
                if 0 <= x + i < 8:
                    self._buf[x + i] |= column


class Bus:
    """machine.SoftI2C as the driver uses it. us: what the transfers have taken at 100 kHz."""

    def __init__(self, model):
        self.model = model
        self.us = self.transfers = 0
        self.fails_at = None  # the number of a transfer that is not answered

    def writeto(self, address, data):
        assert isinstance(data, bytes | bytearray)
        self.transfers += 1
        self.us += (9 * (1 + len(data)) + 2) * 1_000_000 // HZ
        try:
            if address != self.model.address or self.transfers == self.fails_at:
                raise Nak
            self.model.write(bytes(data))
        except Nak:
            raise OSError(19) from None


class Rig:
    """A driver with its display, polled as the node does. worst: the microseconds of bus time of its longest step."""

    def __init__(self, monkeypatch, text="hello", height=64, panel=None, **options):
        self.clock = Clock()
        monkeypatch.setattr(ssd1306, "ticks_ms", self.clock)
        monkeypatch.setattr(glyphs, "framebuf", Framebuf)
        self.model = models()["ssd1306"](height=panel or height, clock=lambda: self.clock.now / 1000)
        self.bus = Bus(self.model)
        self.driver = ssd1306.driver(self.bus, height=height, text=text, **options)
        self.worst = 0
        self.told: list[str] = []  # the faults, in order

    def pass_ms(self, ms=1000):
        end = self.clock.now + ms
        while True:
            wait = self._poll()
            if self.clock.now + wait > end:
                self.clock.now = end
                return self
            self.clock.now += wait

    def _poll(self) -> int:
        before = self.bus.us
        try:
            wait = self.driver.poll()
        except SensorError as fault:
            self.told.append(str(fault))
            return 1000  # things.py
        self.worst = max(self.worst, self.bus.us - before)
        assert isinstance(wait, int)
        assert 1 <= wait <= 60_000
        return wait

    def set(self, command: str | bytes):
        self.driver.set(command if isinstance(command, bytes) else command.encode())
        return self

    def shows(self, *lines: str) -> bool:
        return self.model.pixels() == drawn(lines, self.model.height)


def drawn(lines, height=64) -> list[list[bool]]:
    """The dots of lines of text, each 128 wide; one that begins with "# " is large."""
    rows = []
    for line in lines:
        rows += _line(line[2:], 2, 4) if line.startswith("# ") else small(line)
    return rows + [[False] * 128 for _ in range(height - len(rows))]


def small(text: str) -> list[list[bool]]:
    """A line of small characters, whatever it begins with."""
    return _line(text, 1, 2)


def _line(text: str, wide: int, high: int) -> list[list[bool]]:
    columns = b"".join(font().get(c, font()["?"]) for c in text)
    rows = []
    for y in range(8):
        row = [bool(column >> y & 1) for column in columns for _ in range(wide)][:128]
        rows += [row + [False] * (128 - len(row))] * high
    return rows
