"""Draws a board's headers, as SVG, from board.json alone: what to write in config.json, and what each pin is good for.

Pads lie as on the board, seen from above. Colours tell free pins from those to think about and those to leave alone;
small flags name the default buses. The committed drawings are these, byte for byte.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from .boards import BoardInfo, Pin

_ROW, _PAD, _GAP = 26, 17, 34  # from one pad to the next; a pad; between connectors
_LABEL, _FLAG = 58, 64  # least widths of a pin's word and of a bus flag
_SIDE, _TOP, _LEGEND = 276, 124, 44
_COLUMNS = 3  # of the legend
_PCB, _INK, _PALE = "#1f6f50", "#1d2733", "#66727f"
_KINDS = {  # what a pin is: its colour, that of its word, and what the legend says
    "free": ("#2f9e64", "#ffffff", "free"),
    "adc": ("#1f7ab8", "#ffffff", "free, and an analog input"),
    "input": ("#7b5cc4", "#ffffff", "input only"),
    "caution": ("#f2c14e", "#1d2733", "usable, with care"),
    "strapping": ("#e8853d", "#1d2733", "read when the chip starts"),
    "taken": ("#c9cfd6", "#4b5662", "taken: leave it alone"),
    "power": ("#3b4450", "#ffffff", "power, ground, control"),
}
_BUSES = {"i2c": "I2C", "spi": "SPI", "rmii": "RMII", "w5500": "W5500"}
_FLAGS = {"i2c": "#b3306f", "spi": "#0d7f86", "rmii": "#66727f", "w5500": "#66727f"}


@dataclass(frozen=True)
class Place:
    """One pad: the word for config.json, what else is printed beside it, its kind, its bus flags, a note."""

    word: str
    printed: str
    kind: str
    flags: tuple[tuple[str, str], ...]
    note: str


def svg(board: BoardInfo) -> str:
    """The whole drawing."""
    sides = {side: [_connector(board, one) for one in board.header[side]] for side in ("left", "right")}
    height = max(_height(connectors) for connectors in sides.values())
    inner = any(rows[1] for connectors in sides.values() for _, rows in connectors)
    core = 560 if inner else 220
    width = 2 * _SIDE + core
    parts = [*_title(board), *_board(board, core, height)]
    for side, connectors in sides.items():
        parts += _column(connectors, side, core)
    legend = [*_legend(sides, width, _TOP + height + 34)]
    whole = _TOP + height + 34 + _LEGEND + 26 * -(-_entries(legend) // _COLUMNS)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {whole}" width="{width}" height="{whole}"'
        ' font-family="Helvetica, Arial, sans-serif" font-size="12">'
    )
    back = f'<rect width="{width}" height="{whole}" fill="#ffffff"/>'
    return "\n".join([head, f"<title>{escape(board.name)}: pinout</title>", back, *parts, *legend, "</svg>", ""])


def place(board: BoardInfo, written: int | str) -> Place:
    """What is at a place of the header."""
    word, _, printed = str(written).partition("/")
    pin = board.pin(int(word) if word.isdigit() else word)
    if not pin:
        return Place(word, printed, "power", (), "")
    if not printed:
        printed = pin.name if pin.name != word else next(iter(board.called(pin)), "")
        printed = "" if printed == f"P{word}" else printed
    note = pin.taken or pin.strapping or pin.caution or ""
    return Place(word, printed, _kind(pin), tuple(_flags(board, pin)), note)


def _kind(pin: Pin) -> str:
    if pin.taken:
        return "taken"
    if pin.strapping:
        return "strapping"
    if pin.input_only:
        return "input"
    if pin.caution:
        return "caution"
    return "adc" if pin.adc else "free"


def _flags(board: BoardInfo, pin: Pin) -> Iterator[tuple[str, str]]:
    for bus, wires in board.buses.items():
        for key, wanted in wires.items():
            if board.pin(wanted) == pin and (bus in ("i2c", "spi") or pin.taken):
                yield bus, f"{_BUSES[bus]} {key.upper().replace('_', ' ')}"


def _connector(board: BoardInfo, about: dict) -> tuple[str, tuple[list[Place], list[Place]]]:
    rows = tuple([place(board, written) for written in about.get(row, ())] for row in ("outer", "inner"))
    return about.get("name", ""), rows


def _height(connectors) -> int:
    return sum(_ROW * len(rows[0]) for _, rows in connectors) + _GAP * (len(connectors) - 1)


def _title(board: BoardInfo) -> Iterator[str]:
    like = f", drawn as the {board.header['like']}" if "like" in board.header else ""
    lie = "seen from above" if "usb" in board.header else "each row in the order of its numbers"
    yield _text(24, 38, board.name, 20, weight="bold")
    yield _text(24, 60, f"{board.id}{like}; {lie}", 13, _PALE)
    yield _text(24, 79, "the word in the coloured field is the one for config.json", 13, _PALE)


def _board(board: BoardInfo, core: int, height: int) -> Iterator[str]:
    x, y, middle = _SIDE, _TOP - 14, _SIDE + core / 2
    yield f'<rect x="{x}" y="{y}" width="{core}" height="{height + 28}" rx="12" fill="{_PCB}"/>'
    if "usb" in board.header:
        at = y - 8 if board.header["usb"] == "top" else y + height + 28 - 16
        yield f'<rect x="{middle - 27:g}" y="{at}" width="54" height="24" rx="4" fill="#c9cfd6" stroke="#8a949e"/>'
        yield _text(middle, at + 16, "USB", 11, _INK, "middle")
    size = min(96, height / 3)
    top = _TOP + height / 2 - size / 2
    yield f'<rect x="{middle - 48}" y="{top:g}" width="96" height="{size:g}" rx="6" fill="#20262d"/>'
    lines = board.header["module"].split("-", 1)
    for i, line in enumerate(lines):
        yield _text(middle, top + size / 2 + 5 + 15 * (i - (len(lines) - 1) / 2), line, 11, "#e8ecef", "middle")


def _column(connectors, side: str, core: int) -> Iterator[str]:
    """The connectors of one side, from top to bottom."""
    y = _TOP
    edge, step = (_SIDE, 1) if side == "left" else (_SIDE + core, -1)
    for name, (outer, inner) in connectors:
        if name:
            across = edge + step * (30 if not inner else 46)
            yield _text(across, y - 3, name, 11, "#d5efe3", "start" if step > 0 else "end", "bold")
        for i, one in enumerate(outer):
            yield from _pad(one, edge + step * 16, y + _ROW * i + _ROW / 2, -step)
        for i, one in enumerate(inner):
            yield from _pad(one, edge + step * 38, y + _ROW * i + _ROW / 2, step, inside=True)
        y += _ROW * len(outer) + _GAP


def _pad(one: Place, x: float, y: float, way: int, inside: bool = False) -> Iterator[str]:
    """A pad, and its labels on the one side (way -1) or the other."""
    fill, ink, _ = _KINDS[one.kind]
    yield f'<rect x="{x - _PAD / 2:g}" y="{y - _PAD / 2:g}" width="{_PAD}" height="{_PAD}" rx="3" fill="#e3c778"/>'
    yield f'<circle cx="{x:g}" cy="{y:g}" r="4.5" fill="#20262d"/>'
    start = x + way * (16 if inside else 26)
    if not inside:
        yield f'<path d="M{x + way * 9:g} {y:g}H{start:g}" stroke="{fill}" stroke-width="2"/>'
    if one.word == "NC":
        fill = "#9fcdb8" if inside else _PALE
        yield _text(start + way * 8, y + 4, one.printed or "not connected", 11, fill, _side(way))
        return
    width = max(_LABEL, 9 * len(one.word) + 8)
    yield _box(start, y, way, width, fill, one.word, ink, one.note)
    at = start + way * (width + 6)
    if one.printed:
        yield _text(at, y + 4, one.printed, 11, _PALE if not inside else "#d5efe3", _side(way))
        at += way * (7.2 * len(one.printed) + 6)
    for bus, label in one.flags:
        width = max(_FLAG, 8 * len(label) + 6)
        yield _box(at, y, way, width, _FLAGS[bus], label, "#ffffff", "", 18, 10.5)
        at += way * (width + 6)


def _side(way: int) -> str:
    return "start" if way > 0 else "end"


def _box(x, y, way, width, fill, word, ink, note, height=20, size=12) -> str:
    left = x if way > 0 else x - width
    hint = f"<title>{escape(note)}</title>" if note else ""
    box = f'<rect x="{left:g}" y="{y - height / 2:g}" width="{width}" height="{height}" rx="4" fill="{fill}"/>'
    return f"<g>{hint}{box}{_text(left + width / 2, y + size * 0.36, word, size, ink, 'middle', 'bold')}</g>"


def _legend(sides, width: int, y: int) -> Iterator[str]:
    places = [one for connectors in sides.values() for _, rows in connectors for row in rows for one in row]
    there = {one.kind for one in places if one.word != "NC"}
    shown = [(fill, words) for kind, (fill, _, words) in _KINDS.items() if kind in there]
    buses = {bus for one in places for bus, _ in one.flags}
    shown += [(_FLAGS[bus], f"{_BUSES[bus]}: {meant}") for bus, meant in _MEANT.items() if bus in buses]
    if any(one.word == "NC" and one.printed for one in places):
        shown.append(("none", "without a field: not known to the firmware"))
    yield f'<path d="M24 {y}H{width - 24}" stroke="#e1e5e9"/>'
    for i, (fill, words) in enumerate(shown):
        x, row = 24 + (width - 48) / _COLUMNS * (i % _COLUMNS), y + 30 + 26 * (i // _COLUMNS)
        sample = f'<rect x="{x:g}" y="{row - 12}" width="28" height="16" rx="4" fill="{fill}"/>'
        yield sample + _text(x + 38 if fill != "none" else x, row, words, 13)


def _entries(legend: list[str]) -> int:
    return len(legend) - 1  # the line above it is none


_MEANT = {
    "i2c": "the usual pins",
    "spi": "the usual pins",
    "rmii": "the Ethernet on the board",
    "w5500": "the Ethernet on the board",
}


def _text(x, y, words, size=12, fill=_INK, anchor="start", weight="normal") -> str:
    bold = ' font-weight="bold"' if weight == "bold" else ""
    style = f'font-size="{size}" fill="{fill}" text-anchor="{anchor}"{bold}'
    return f'<text x="{x:g}" y="{y:g}" {style}>{escape(str(words))}</text>'
