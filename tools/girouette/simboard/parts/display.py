"""OLED displays at the level of their commands: SSD1306 (Solomon Systech), from its data sheet, rev 1.1.

What it is sent becomes pixels of the panel that is glued to it, in the way of the usual modules. Commands it does not
know, and values that are not allowed, are kept in `faults`, since a real one says nothing. No driver code lives here.
"""

import random

from . import I2cPart

WIDTH, PAGES, LINES = 128, 8, 64  # of the memory: a byte is eight pixels below each other, the lowest bit on top

PAGE_MODE, HORIZONTAL, VERTICAL = 2, 0, 1

# How many values follow a command (section 9, table 9-1), those of more than one value or with limits.
_VALUES = {
    0x20: 1, 0x21: 2, 0x22: 2, 0x26: 6, 0x27: 6, 0x29: 5, 0x2A: 5, 0x81: 1, 0x8D: 1, 0xA3: 2, 0xA8: 1, 0xD3: 1,
    0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1,
}  # fmt: skip
_ALLOWED = {
    0x20: lambda a: a in (0, 1, 2),
    0x21: lambda a, b: a <= b < WIDTH,
    0x22: lambda a, b: a <= b < PAGES,
    0x81: lambda a: True,
    0x8D: lambda a: a & 0xFB == 0x10,
    0xA8: lambda a: 15 <= a <= 63,
    0xD3: lambda a: a <= 63,
    0xD5: lambda a: True,
    0xD9: lambda a: a & 15 and a >> 4,
    0xDA: lambda a: a & 0xCF == 2,
    0xDB: lambda a: a in (0x00, 0x20, 0x30),
}
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # of a braille character, row by row


class Ssd1306(I2cPart):
    """A module of 128 pixels in a row with its header on top. `height`: the rows of its panel, 64 or 32.

    faults    what it was sent that the data sheet does not know
    pixels()  what a person sees
    """

    name = "ssd1306"
    wires = (*I2cPart.wires, "height")
    addresses = (0x3C, 0x3D)

    def __init__(self, *where, height=64, **options):
        self.height = height
        self.faults: list[str] = []
        super().__init__(*where, **options)

    def power_up(self):
        """The reset state of section 8.9 and table 9-1. Its memory holds whatever it likes."""
        noise = random.Random(1306)
        self.memory = [bytearray(noise.randbytes(WIDTH)) for _ in range(PAGES)]
        self.on = self.pumped = self.inverse = self.all_lit = self.scrolling = False
        self.mode, self.contrast = PAGE_MODE, 0x7F
        self.remapped = self.reversed = self.pump = False
        self.mux, self.offset, self.start = 63, 0, 0
        self.alternative, self.swapped = True, False
        self.clock_setting, self.precharge, self.deselect = 0x80, 0x22, 0x20
        self._columns, self._pages = (0, WIDTH - 1), (0, PAGES - 1)
        self._column = self._page = self._first = 0
        self._waiting: list[int] = []  # a command whose values have not all come

    # The bus: section 8.1.5

    def write(self, data: bytes):
        self.answer()
        at = 0
        while at < len(data):
            control = data[at]
            if control & 0x3F:
                self.faults.append(f"control byte {control:#04x}")
                return
            end = at + 2 if control & 0x80 else len(data)
            for byte in data[at + 1 : end]:
                self._store(byte) if control & 0x40 else self._take(byte)
            at = end

    def read(self, n: int) -> bytes:
        """The status: bit 6 while the panel is off."""
        self.answer()
        return bytes([0 if self.on else 0x40]) * n

    # Memory: section 8.7 and 10.1.1 to 10.1.6

    def _store(self, byte: int):
        if self._waiting:
            self.faults.append(f"data within command {self._waiting[0]:#04x}")
            self._waiting = []
        self.memory[self._page][WIDTH - 1 - self._column if self.remapped else self._column] = byte
        if self.mode == PAGE_MODE:
            self._column = self._column + 1 if self._column < WIDTH - 1 else self._first
        elif self.mode == HORIZONTAL:
            self._column, over = self._next(self._column, self._columns)
            if over:
                self._page, _ = self._next(self._page, self._pages)
        else:
            self._page, over = self._next(self._page, self._pages)
            if over:
                self._column, _ = self._next(self._column, self._columns)

    @staticmethod
    def _next(at: int, window: tuple[int, int]) -> tuple[int, bool]:
        if at == window[1]:
            return window[0], True
        return at + 1, False

    # Commands: section 9 and 10

    def _take(self, byte: int):
        self._waiting.append(byte)
        command, *values = self._waiting
        if len(values) < _VALUES.get(command, 0):
            return
        self._waiting = []
        if command in _ALLOWED and not _ALLOWED[command](*values):
            self.faults.append(f"command {command:#04x} with {bytes(values).hex(' ')}")
        elif command in _VALUES:
            self._set(command, values)
        elif not self._simple(command):
            self.faults.append(f"command {command:#04x}")

    def _simple(self, command: int) -> bool:
        """A command without values; False: there is none."""
        if command < 0x20 or 0xB0 <= command < 0xB8:
            self._point(command)
        elif 0x40 <= command < 0x80:
            self.start = command & 0x3F
        elif command in (0xA0, 0xA1):
            self.remapped = command == 0xA1
        elif command in (0xA4, 0xA5):
            self.all_lit = command == 0xA5
        elif command in (0xA6, 0xA7):
            self.inverse = command == 0xA7
        elif command in (0xAE, 0xAF):
            self._switch(command == 0xAF)
        elif command in (0xC0, 0xC8):
            self.reversed = command == 0xC8
        elif command in (0x2E, 0x2F):
            self.scrolling = command == 0x2F
        else:
            return command == 0xE3  # nothing
        return True

    def _switch(self, on: bool):
        # The charge pump starts with the panel: 8D 14, then AF (application note of the data sheet, 2.1).
        self.on = on
        self.pumped = on and self.pump

    def _point(self, command: int):
        """Where page addressing goes on."""
        if self.mode != PAGE_MODE:
            self.faults.append(f"command {command:#04x} outside of page addressing")
        elif command >= 0xB0:
            self._page = command & 7
        else:
            low = command < 0x10
            self._column = self._column & 0x70 | command if low else self._column & 15 | (command & 7) << 4
            self._first = self._column

    def _set(self, command: int, values: list[int]):
        a, b = values[0], values[-1]
        if command == 0x20:
            self.mode = a
        elif command in (0x21, 0x22):
            self._window(command, (a, b))
        elif command == 0x81:
            self.contrast = a
        elif command == 0x8D:
            self.pump = bool(a & 4)
            self.pumped = self.pumped and self.pump
        elif command == 0xA8:
            self.mux = a
        elif command == 0xD3:
            self.offset = a
        elif command == 0xD5:
            self.clock_setting = a
        elif command == 0xD9:
            self.precharge = a
        elif command == 0xDA:
            self.alternative, self.swapped = bool(a & 0x10), bool(a & 0x20)
        elif command == 0xDB:
            self.deselect = a

    def _window(self, command: int, window: tuple[int, int]):
        if self.mode == PAGE_MODE:
            self.faults.append(f"command {command:#04x} in page addressing")
        elif command == 0x21:
            self._columns, self._column = window, window[0]
        else:
            self._pages, self._page = window, window[0]

    # What is seen

    def pixels(self) -> list[list[bool]]:
        """Rows from top to bottom of what shines; the header of the module is on top, where its lines end."""
        if not (self.present and self.on and self.pumped):
            return [[False] * WIDTH for _ in range(self.height)]
        return [self._row(self._driven(self._line(y))) for y in range(self.height)]

    def _row(self, row: int | None) -> list[bool]:
        # SEG0 is at the right edge of the glass.
        if row is None:
            return [False] * WIDTH
        page, bit = self.memory[row // 8], row % 8
        return [self.all_lit or (page[seg] >> bit & 1) != self.inverse for seg in reversed(range(WIDTH))]

    def _line(self, y: int) -> int:
        """The COM at which a row of the panel is. The last row is at the first line of the glass.

        A panel of 64 has its lines from both sides of the chip in turn, one of 32 from one side (table 10-3)."""
        line = self.height - 1 - y
        if self.height == LINES:
            side, at = line % 2, line // 2
        else:
            side, at = 0, line
        if self.swapped:
            side ^= 1
        return 2 * at + side if self.alternative else 32 * side + at

    def _driven(self, com: int) -> int | None:
        """The row of the memory that a COM shows (tables 10-1 and 10-2); None: it is not driven."""
        lines = self.mux + 1
        if self.reversed:
            com = (lines - 1 - com) % LINES
        row = (com + self.offset) % LINES
        return (row + self.start) % LINES if row < lines else None

    def picture(self) -> list[str]:
        """The same as text: a braille character is two pixels wide and four high."""
        return braille(self.pixels())


def braille(rows: list[list[bool]]) -> list[str]:
    """Rows of pixels, four to a row of text."""
    return ["".join(_braille(rows, x, y) for x in range(0, WIDTH, 2)) for y in range(0, len(rows), 4)]


def _braille(rows: list[list[bool]], x: int, y: int) -> str:
    dots = sum(_DOTS[dy][dx] for dy in range(4) for dx in range(2) if rows[y + dy][x + dx])
    return chr(0x2800 + dots)


MODELS = {"ssd1306": Ssd1306}
