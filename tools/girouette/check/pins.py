"""The faults of wiring: what a board's pins cannot do, two parts on one pin, two at one address."""

from collections.abc import Iterator

from girouette.boards import BoardInfo, Pin

from .config import Config, Entry
from .fault import Fault, dotted, shown
from .keys import nearest


def faults(config: Config, board: BoardInfo | None, strapping: bool = False) -> list[Fault]:
    """strapping: whether pins that are read when the chip starts may be used. Without a board its part is left out."""
    found = [*_network(config, board), *_of_board(config, board, strapping)] if board else []
    return [*found, *_shared(config, board), *_addresses(config, board)]


def cautions(config: Config, board: BoardInfo) -> list[str]:
    """What to have in mind with the pins that are used."""
    told = []
    for entry, key, wanted in _used(config):
        pin = board.pin(wanted)
        if pin and pin.caution and not pin.taken:
            told.append(f"{dotted((*entry.path, key))}: pin {_called(wanted, pin)} is {pin.caution}")
    return told


def _used(config: Config) -> Iterator[tuple[Entry, str, int | str]]:
    for entry in config.entries:
        for key, wanted in entry.pins().items():
            yield entry, key, wanted


def _network(config: Config, board: BoardInfo) -> Iterator[Fault]:
    networks = config.found.get("network")
    if isinstance(networks, list) and networks and "wifi" not in board.network:
        yield Fault(("network",), f"a board with Wi-Fi, which {board.id} has not", "Wi-Fi networks", at_key=True)


def _of_board(config: Config, board: BoardInfo, strapping: bool) -> Iterator[Fault]:
    for entry, key, wanted in _used(config):
        path, pin = (*entry.path, key), board.pin(wanted)
        if pin is None:
            hint = nearest(wanted, board.spellings())
            yield Fault(path, f"a pin of {board.id}", shown(wanted), hint)
        elif why := _refused(pin, strapping, entry.only_reads):
            expected, what = why
            yield Fault(path, expected, f"{_called(wanted, pin)}, {what}")
        elif pin.input_only and entry.keys.get("pull", "none") != "none":
            expected = '"none", and a resistor of its own'
            yield Fault((*entry.path, "pull"), expected, f"{shown(entry.keys['pull'])}, which pin {wanted} has not")


def _refused(pin: Pin, strapping: bool, only_read: bool) -> tuple[str, str] | None:
    """What is expected instead of this pin, and what it is. only_read: the part never drives it."""
    if pin.taken:
        return "a free pin", f"which is used by {pin.taken}"
    if pin.input_only and not only_read:
        return "a pin that can be driven", "which is input-only"
    if pin.strapping and not strapping:
        return "a pin that is not read when the chip starts (or --allow-strapping)", f"a strapping pin: {pin.strapping}"
    return None


def _called(wanted: int | str, pin: Pin) -> str:
    return pin.name if str(wanted) == pin.name else f"{wanted} ({pin.name})"


def _same(board: BoardInfo | None, wanted: int | str) -> int | str:
    """One name for a pin, whatever it is called."""
    pin = board.pin(wanted) if board else None
    return pin.name if pin else str(wanted)


def _shared(config: Config, board: BoardInfo | None) -> Iterator[Fault]:
    """A pin belongs to one part, but for the parts on one bus: they have it in the same place of the same bus."""
    taken: dict[str, tuple] = {}
    for entry, key, wanted in _used(config):
        bus = _bus(entry, board)
        if entry.kind and not bus:
            continue  # a pin is missing: it cannot be told which bus this is
        use = (*bus, key) if bus else (*entry.path, key)
        first, where = taken.setdefault(_same(board, wanted), (use, dotted((*entry.path, key))))
        if first != use:
            yield Fault((*entry.path, key), "a pin of its own", f"{shown(wanted)}, which is that of {where}")


def _bus(entry: Entry, board: BoardInfo | None) -> tuple | None:
    kind, *pins = entry.bus() or (None,)
    return (kind, *(_same(board, pin) for pin in pins)) if kind else None


def _addresses(config: Config, board: BoardInfo | None) -> Iterator[Fault]:
    taken: dict[tuple, str] = {}
    for entry in config.entries:
        address, bus = entry.keys.get("address"), _bus(entry, board)
        if not bus or bus[0] != "i2c" or address is None:
            continue
        where = taken.setdefault((*bus, int(address, 16)), dotted(entry.path))
        if where != dotted(entry.path):
            others = [other for other in entry.driver["properties"]["address"].get("enum", ()) if other != address]
            hint = others[0] if len(others) == 1 else None
            found = f"{shown(address)}, where {where} is"
            yield Fault((*entry.path, "address"), "an address of its own on this bus", found, hint)
