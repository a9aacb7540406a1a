"""A display of characters: rows of 16 cells, each 8 dots wide and 16 high; a large character is 2 by 2 cells.

It knows which parts of the picture have changed since they were painted. A block is what is painted at once: 32 columns
of 8 dots, the upper or the lower half of four cells. The wires are the driver's. Nothing allocates.
"""

from drivers import const
from drivers.glyphs import SPACE, Font, code_of

COLUMNS = 16
_LARGE = const(1)  # the kinds of a row; this and the next: the upper and the lower half of large characters
_LOWER = const(2)

# A pattern of dots with each dot twice; the same of two dots, four times
_TWICE = b"\x00\x03\x0c\x0f\x30\x33\x3c\x3f\xc0\xc3\xcc\xcf\xf0\xf3\xfc\xff"
_FOUR = b"\x00\x0f\xf0\xff"


class Cells:
    """Written from the top: start(), then put() and end() for each line, large() before a line of large ones, or flow()
    for each row of a text; finish().

    due: a byte for each block, 1 while it has to be painted: row * 8 + 2 * (column // 4) + half.
    block: the one that was painted last, and a byte before it that is the driver's.
    """

    def __init__(self, rows):  # cold: once a display
        self.due = bytearray(rows * 8)
        self.block = bytearray(33)
        self.font = Font()
        self._rows = rows
        self._codes = bytearray(rows * COLUMNS)
        self._kinds = bytearray(rows)
        self._row = self._col = self._large = self._shift = 0
        self._begins = True

    # Writing

    def start(self):
        self._row = self._col = self._large = 0
        self._begins = True

    def large(self):
        self._large = 1

    def put(self, code):
        """The next character; one that has no room is left out."""
        at = self._row * COLUMNS + self._col
        width = 1 + self._large
        if self._row >= self._rows or self._col + width > COLUMNS:
            return
        self._col += width
        self._set(at, code)
        if self._large:
            self._set(at + 1, code)
            self._set(at + COLUMNS, code)
            self._set(at + COLUMNS + 1, code)

    def end(self):
        """The line ends; the rest of it is empty."""
        if self._row >= self._rows:
            return
        while self._col < COLUMNS:
            self.put(SPACE)
        self._kind(self._row, self._large * _LARGE)
        if self._large:
            self._kind(self._row + 1, _LOWER)
        self._row += 1 + self._large
        self._col = self._large = 0

    def finish(self):
        while self._row < self._rows:
            self.end()

    def flow(self, letters):
        """The next row of a text that is broken between words where it can be; False at its end."""
        row = self._row
        while self._row == row:
            c = letters.next()
            if c < 0:
                return False
            self._add(c, letters)
        return self._row < self._rows

    def _add(self, c, letters):
        if c == 10:
            self.end()
        elif c == 32:
            self.put(SPACE)
        else:
            self._break(letters.ahead() + 1 if self._begins else 1)
            self.put(code_of(c))
        self._begins = c <= 32  # a word

    def _break(self, n):
        # A new line where so many characters have no room, and would have in a line of their own.
        if self._col + min(n, COLUMNS) > COLUMNS and (n <= COLUMNS or self._col == COLUMNS):
            self.end()

    # What changes

    def all_due(self):
        for i in range(len(self.due)):
            self.due[i] = 1

    def _set(self, at, code):
        if self._codes[at] != code:
            self._codes[at] = code
            self._touch(at >> 2)

    def _touch(self, group):
        self.due[2 * group] = 1
        self.due[2 * group + 1] = 1

    def _kind(self, row, kind):
        if self._kinds[row] != kind:
            self._kinds[row] = kind
            for i in range(4):
                self._touch(4 * row + i)

    # Painting

    def paint(self, block):
        """A block into `block`, from its second byte on: 32 columns from left to right, the lowest bit on top."""
        kind = self._kinds[block >> 3]
        self._shift = 4 * (kind - 1) + 2 * (block & 1) if kind else 4 * (block & 1)
        for i in range(4):
            self.font.draw(self._codes[4 * (block >> 1) + i])
            if kind:
                self._wide(i)
            else:
                self._tall(8 * i)

    def _tall(self, at):
        for column in self.font.columns:
            at += 1
            self.block[at] = _TWICE[column >> self._shift & 15]

    def _wide(self, i):
        # A block begins with the left half of a character, so a cell is a left one where i is even.
        for j in range(4):
            self._two(8 * i + 2 * j + 1, self.font.columns[4 * (i & 1) + j])

    def _two(self, at, column):
        dots = _FOUR[column >> self._shift & 3]
        self.block[at] = dots
        self.block[at + 1] = dots
