"""Checks an SSD1306's options, and makes of its text what is drawn. Loaded while a display is made."""

from drivers.glyphs import code_of
from drivers.pinned import one_of, within
from drivers.ssd1306 import END, LARGE, PLACE


def configure(d, height, text, page_time, flip, contrast, boot):  # cold: once a display
    """The options of the driver d; ValueError names the one that is wrong."""
    d._rows = one_of("height", height, (64, 32)) // 16
    d._page_ms = within("page_time", page_time, 1, 3600) * 1000
    d._on = one_of("boot", boot, ("on", "off")) == "on"
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
        raise ValueError("text: expected text, found %r" % (text,))
    from drivers import pages, release

    try:
        return pages.pages(text, rows, names, code_of, (LARGE, END, PLACE))
    except ValueError as e:
        raise ValueError("text: expected %s, found %s" % e.args)
    finally:
        release(pages)
