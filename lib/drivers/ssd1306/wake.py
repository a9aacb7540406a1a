"""Checks an SSD1306's options, and makes of its text what is drawn. Loaded while a display is made.

A page is bytes: codes of characters, LARGE before a line of large ones, END behind each line, and PLACE + i where the
value of the place i goes.
"""

from drivers.glyphs import code_of
from drivers.pinned import one_of, within
from drivers.ssd1306 import END, LARGE, PLACE

_MOST = 512
_PLACES = LARGE - PLACE


def configure(d, height, text, page_time, flip, contrast, boot):  # cold: once a display
    """The options of the driver d; ValueError names the one that is wrong."""
    d._rows = one_of("height", height, (64, 32)) // 16
    d._page_ms = within("page_time", page_time, 1, 3600) * 1000
    d._on = one_of("boot", boot, ("ON", "OFF")) == "ON"
    if flip not in (False, True):
        raise ValueError("flip: expected true or false, found %r" % (flip,))
    d._init = _commands(height, flip, within("contrast", contrast, 0, 255))
    d._names = []
    d._pages = [bytes([END])] if text is None else _pages(text, d._rows, d._names)


def _commands(height, flip, contrast):  # cold: once a display
    """What is sent to one that has just got its power; one that is on already does not flicker. Data sheet rev 1.1,
    section 10, and its application note for the charge pump."""
    return bytes((
        0x00,  # commands follow
        0xD5, 0x80,  # clock, as after a reset
        0xA8, height - 1,  # lines
        0xD3, 0,  # no offset
        0x40,  # the first line of the memory is on top
        0x8D, 0x14,  # the charge pump makes the panel's voltage
        0x20, 0x02,  # page addressing
        0xA0 if flip else 0xA1,  # on the usual modules, with the header on top
        0xC0 if flip else 0xC8,
        0xDA, 0x12 if height == 64 else 0x02,  # how the panel's lines are wired
        0x81, contrast,
        0xD9, 0xF1,  # pre-charge, as advised with the charge pump
        0xDB, 0x20,  # as after a reset
        0x2E,  # no scrolling
        0xA4, 0xA6,  # the memory, and a 1 shines
    ))  # fmt: skip


def _pages(text, rows, names):  # cold: once a display
    if not isinstance(text, str):
        _wrong("expected text, found %r" % (text,))
    if len(text) > _MOST:
        _wrong("expected at most %d characters, found %d" % (_MOST, len(text)))
    made, page, used, number = [], bytearray(), 0, 0
    for line in text.split("\n") + ["---"]:
        number += 1
        if line == "---":
            if not any(code != END and code != LARGE for code in page):
                _wrong("page %d is empty: it ends before line %d" % (len(made) + 1, number))
            made.append(bytes(page))
            page, used = bytearray(), 0
            continue
        used += _line(line, number, page, names)
        if used > rows:
            _wrong("page %d has no room for line %d: there are %d rows, and a large line takes two" % (
                len(made) + 1, number, rows))  # fmt: skip
    return made


def _line(line, number, page, names):  # cold: once a display
    """Adds a line to its page; how many rows it takes."""
    large = line.startswith("# ")
    if large:
        page.append(LARGE)
        line = line[2:]
    while line:
        plain, brace, line = line.partition("{")
        for c in plain:
            page.append(code_of(_printable(ord(c), number)))
        if brace:
            name, brace, line = line.partition("}")
            page.append(_place(name, brace, number, names))
    page.append(END)
    return 1 + large


def _place(name, brace, number, names):  # cold: once a display
    if not brace:
        _wrong("line %d has a { without a }" % number)
    part, _, quantity = name.partition(".")
    if not _word(part) or not _word(quantity):
        _wrong('line %d: "{%s}" is no place such as {air.temperature}' % (number, name))
    if len(names) == _PLACES:
        _wrong("it has more than %d places" % _PLACES)
    names.append(name)
    return PLACE + len(names) - 1


def _word(name):
    return name != "" and all(c.isalpha() or c.isdigit() or c in "-_" for c in name)


def _printable(c, number):
    if c < 32 or 127 <= c < 160:
        _wrong("line %d has a character that cannot be shown" % number)
    return c


def _wrong(what):
    raise ValueError("text: " + what)
