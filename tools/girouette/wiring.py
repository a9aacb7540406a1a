"""Where a part may go on a board: its smallest entry of config.json, with pins that are free and good for it.

What a pin is good for is the board's to say, what a part needs its schema's. Nothing of any one part or board is here.
"""

from . import boards, schema
from .boards import BoardInfo, Pin
from .errors import Failure


def entry(part: str, board: BoardInfo, taken: set[str] | None = None) -> dict:
    """The smallest entry of a part on that board; the pins it gets are added to `taken`. Raises Failure."""
    about = schema.drivers()[part]
    taken = set() if taken is None else taken
    made = {"type": part}
    wires = board.buses.get(about["bus"], {})
    for key in about.get("required", ()):
        rule = about["properties"][key]
        if key in wires:
            made[key] = wires[key]
        elif key in schema.pins(about):
            made[key] = _free(part, schema.kind(about, key), board, taken)
        else:
            made[key] = _sample(rule)
    return made


def _free(part: str, bus: str, board: BoardInfo, taken: set[str]) -> int | str:
    used = taken | {str(pin) for wires in board.buses.values() for pin in wires.values()}
    for pin in sorted(board.pins, key=lambda pin: bool(pin.adc or pin.caution)):  # the plainest first
        if pin.name not in used and _fits(pin, bus):
            taken.add(pin.name)
            return int(pin.name) if pin.name.isdecimal() else pin.name
    raise Failure(f"{board.id} has no free pin for {part} ({bus})")


def _fits(pin: Pin, bus: str) -> bool:
    if pin.taken or pin.strapping or bus == "adc" and not pin.adc:
        return False
    return bus in ("adc", "input") or not pin.input_only


def _sample(rule: dict):
    """A value that a rule allows."""
    if "examples" in rule:
        return rule["examples"][0]
    return rule["enum"][0] if "enum" in rule else rule["minimum"]


def fitting(part: str) -> dict[str, dict]:
    """The smallest entry of a part on each board that has pins for it."""
    made = {}
    for board in boards.ids():
        try:
            made[board] = entry(part, boards.load(board))
        except Failure:  # a chip without what the part needs
            continue
    return made
