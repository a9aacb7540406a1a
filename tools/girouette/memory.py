"""What each part of the node costs: RAM, measured on a running station with the objects of a chip, and flash.

A station with one part more than the plain one runs on the simulated board until it has settled; its heap in use, after
a collection, less that of the plain one is what the part takes. Flash is the size of the compiled files.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from . import boards, firmware, parts, schema, wiring
from .demo.brokers import broker
from .simboard import Board
from .simboard import parts as models

_TABLE = re.compile(r"(<!-- memory -->\n).*?(<!-- end -->)", re.DOTALL)
_LOOKS = 4  # the heap is told every two seconds; the last is taken

_METER = """
import gc, time
from node import app
from node.station import Station
turn, due = Station.turn, time.ticks_ms()
def deep(n):  # over what is left on the C stack, which might keep garbage alive
    return deep(n - 1) + 1 if n else 0
def metered(self):
    global due
    turn(self)
    if self.client.connected and time.ticks_diff(time.ticks_ms(), due) > 2000:
        due = time.ticks_ms()
        deep(30)
        gc.collect()
        print("heap", gc.mem_alloc())
Station.turn = metered
app.main()
"""
# By chance an old pointer may keep 20 KB of garbage alive. It does not in a heap that begins otherwise.
_OTHERWISE = "beside = [0] * 50\n"
_NOTHING = "import gc\ngc.collect()\nprint('heap', gc.mem_alloc())\n"


class Part(NamedTuple):
    """title for a person; keys of config.json that ask for it; its compiled files below the flash."""

    title: str
    keys: dict
    files: tuple[str, ...]


_BME280 = {"type": "bme280", "scl": 22, "sda": 21, "interval": 1}
_NODE = ("node/*.mpy", "node/cmd/*.mpy", "lib/leanmqtt/*.mpy")
_CLOCK = ("node/wall.mpy", "node/sntp.mpy", "node/lives.mpy", "node/rtc.mpy", "lib/leanmqtt/amend.mpy")
_STORE = ("node/store.mpy", *(f"lib/leanmqtt/{name}.mpy" for name in ("journal", "store", "kept", "records")))
_FIVE = tuple(f"lib/{Path(name).with_suffix('.mpy')}" for name in firmware.FIVE)
_FIVE += ("node/five.mpy", "node/refused.mpy", "node/refusal.mpy")
_SEEN = ("node/discovery.mpy", "node/announce.mpy", "node/entities.mpy", "lib/leanmqtt/stream.mpy")
_THINGS = ("node/things.mpy", "node/pins.mpy")
_REFINED = tuple(f"node/{name}.mpy" for name in ("refine", "refining", "refined", "line", "keys_quantity"))
_DERIVED = (*_REFINED, *(f"node/{name}.mpy" for name in ("windows", "derived", "deriving", "sources", "about_derived")))
_SHOWN = ("node/shown.mpy", "node/source.mpy")
_EVENTS = ("node/events.mpy", "node/unheard.mpy", "lib/leanmqtt/withdraw.mpy")


def _of_drivers(part: str) -> set[str]:
    """The compiled files of a part's driver, and of what it builds on."""
    return {f"lib/drivers/{name}{'/*' * (schema.DRIVERS / name).is_dir()}.mpy" for name in parts.modules([part])}


def _part(part: str, about: dict) -> Part:
    """A part there is a driver for, at pins that are free, beside the plain station's BME280."""
    section = next(key for key, kind in schema.sections().items() if kind == schema.role(about))
    entry = wiring.entry(part, boards.load("ESP32_GENERIC"))
    files = _of_drivers(part) - _of_drivers(_BME280["type"])
    if "scl" in entry:
        entry |= {"scl": 19, "sda": 18}  # on a bus of its own: its address may be the BME280's
    if section == "sensors":
        return Part(f"`{part}`", {section: [_BME280, entry]}, tuple(sorted(files)))
    told = _EVENTS if "events" in about else _SHOWN if "shows" in about else ()
    return Part(f"`{part}`", {section: [entry]}, (*_THINGS, *told, *sorted(files)))


_OFFSET = {"temperature": {"offset": -0.5}}
_MORE = {"temperature": {"offset": -0.5, "median": 5}, "dew_point": {}}
PLAIN = Part(
    "the plain station: one BME280, commands, diagnostics, log, presence", {}, (*_NODE, *_of_drivers(_BME280["type"]))
)
OPTIONS = (
    Part("`broker.version`: 5", {"broker": {"version": 5}}, _FIVE),
    Part("`broker.version`: 5, and `expiry`", {"broker": {"version": 5, "expiry": 3600}}, _FIVE),
    Part("`time`: the clock, and readings that keep theirs", {"time": {}}, _CLOCK),
    Part("`payload`: json, and the clock", {"payload": "json"}, (*_CLOCK, "node/payload.mpy")),
    Part("`store`", {"store": True}, _STORE),
    Part("`discovery`: homeassistant", {"discovery": "homeassistant"}, (*_SEEN, "node/homeassistant.mpy")),
    Part("`discovery`: homie", {"discovery": "homie"}, (*_SEEN, "node/homie.mpy")),
    Part("`quantities`: an offset", {"sensors": [_BME280 | {"quantities": _OFFSET}]}, _REFINED),
    Part("`quantities`: offset, median, dew point", {"sensors": [_BME280 | {"quantities": _MORE}]}, _DERIVED),
    Part("`seal`", {"seal": "5ea1" * 16}, ("node/sealed.mpy", "node/resealed.mpy", "lib/leanmqtt/seal.mpy")),
    Part("`led`", {"led": {"pin": 2}}, ("node/led.mpy",)),
    Part("no commands", {"commands": False}, ()),
    Part("no diagnostics", {"diagnostics": 0}, ()),
)
PARTS = (*OPTIONS, *(_part(part, about) for part, about in schema.drivers().items() if part != _BME280["type"]))
# What only a node of another kind loads: it counts for none of them.
_RULES = tuple(f"node/{name}.mpy" for name in ("rules", "happen", "schedule", "ruled", "zone", "source", "keys_rule"))
_SPECIAL = tuple(f"node/{name}.mpy" for name in ("restored", "states", "interlock", "locked", "measure", "screened"))
_ALONE = tuple(f"node/{name}.mpy" for name in ("sleeper", "delivery", "pocket", "wired", "onewire"))
_LAYERS = ("over", "tls", "tlsmake", "tlswords", "websocket", "wsmake", "wsopen", "wswords")
_CLIENTS = ("node/headers.mpy", *(f"lib/leanmqtt/{name}.mpy" for name in _LAYERS))
_OTHERS = (*_CLIENTS, *_RULES, *_SPECIAL, *_REFINED, *_DERIVED, *_SHOWN, *_ALONE)


class Cost(NamedTuple):
    """Bytes; ram is None for what is no part of a running station."""

    title: str
    ram: int
    flash: int


def measured() -> Iterator[Cost]:
    """The plain station, then each part beside it."""
    with tempfile.TemporaryDirectory() as folder:
        flash = firmware.build(Path(folder, "built"))
        with broker("mosquitto", None, Path(folder)) as server:
            nothing = _heap(Path(folder), flash, server.account, PLAIN, _NOTHING, 1)
            plain = _station(Path(folder), flash, server.account, PLAIN)
            yield Cost(PLAIN.title, plain - nothing, _size(flash, PLAIN))
            for part in PARTS:
                ram = _station(Path(folder), flash, server.account, part) - plain
                yield Cost(part.title, ram, _size(flash, part))


def table() -> str:
    """The costs as a table of Markdown."""
    lines = ["| part | RAM, bytes | flash, bytes |", "|---|---:|---:|"]
    lines += [f"| {cost.title} | {cost.ram:+,} | {cost.flash:,} |" for cost in measured()]
    return "\n".join(lines).replace("| +", "| ", 1) + "\n"


def update(page: str) -> str:
    """The page with its table as measured now."""
    made = table()
    return _TABLE.sub(lambda match: match[1] + made + match[2], page)


def _config(account, part: Part) -> dict:
    broker = {"host": account.host, "port": account.port, "user": account.user, "password": account.password}
    made = {"name": "station", "network": [{"ssid": "home", "password": "sesame"}], "sensors": [_BME280]}
    return made | part.keys | {"broker": broker | part.keys.get("broker", {})}


def _station(folder: Path, built: Path, account, part: Part) -> int:
    return min(_heap(folder, built, account, part, begin + _METER, _LOOKS) for begin in ("", _OTHERWISE))


def _heap(folder: Path, built: Path, account, part: Part, program: str, looks: int) -> int:
    """The heap in use, in bytes, as the program has told it so many times."""
    with tempfile.TemporaryDirectory(dir=folder) as flash:
        shutil.copytree(built, flash, dirs_exist_ok=True)
        config = _config(account, part)
        Path(flash, "config.json").write_text(json.dumps(config))
        Path(flash, "main.py").write_text(program)
        with Board(Path(flash), heap="256k", sensors=models.wired(config)) as board:
            lines = [board.wait_line("heap", timeout=60) for _ in range(looks)]
    return int(lines[-1].split()[1])


def _size(built: Path, part: Part) -> int:
    files = _files(built, part.files)
    if part is PLAIN:
        files -= _files(built, (pattern for other in PARTS for pattern in other.files)) | _files(built, _OTHERS)
    return sum(path.stat().st_size for path in files)


def _files(built: Path, patterns: Iterable[str]) -> set[Path]:
    return {path for pattern in patterns for path in built.glob(pattern)}
