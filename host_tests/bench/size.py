"""What the client costs: bytes of .mpy, and bytes of RAM on 32-bit MicroPython, from files and from ROMFS."""

from pathlib import Path
from typing import NamedTuple

from mpremote.romfs import VfsRomWriter

from .setting import MQTT_AS, Setting
from .speed import spinning_sink
from .table import show, verdict

# What every client that connects and publishes has loaded, for a moment at least (test_bench.py looks); all else is
# optional, and loaded only by who asks for it, receives, or has a fault to tell.
CORE = {"__init__", "client", "codec", "config", "link", "outbox", "port", "session", "transport", "wait"}
MOST_MPY = 16 * 1024
MOST_RAM = {"files": 26 * 1024, "romfs": 14 * 1024}


def romfs(folder: Path) -> bytes:
    """A ROMFS image of a folder, as `mpremote romfs build` makes it."""
    writer = VfsRomWriter()

    def add(directory: Path):
        for path in sorted(directory.iterdir()):
            if path.is_dir():
                writer.opendir(path.name)
                add(path)
                writer.closedir()
            else:
                writer.mkfile(path.name, path.read_bytes())

    add(folder)
    return bytes(writer.finalise())


class Ram(NamedTuple):
    """Bytes of RAM, one on top of the other."""

    imported: int
    client: int  # with default buffers, not connected
    work: int  # connected, subscribed, a message received
    modules: dict  # bytes of each module by its name, where asked for

    @property
    def made(self) -> int:
        return self.imported + self.client


def ram(setting: Setting, subject: str, place: str, *detail: str) -> Ram:
    """Measure one client, from `files` or from `romfs`; with `detail`, each module too."""
    folder = setting.lean if subject == "lean" else setting.simple
    image = setting.device / f"{subject}.romfs"
    image.write_bytes(romfs(folder))
    path = (setting.device, folder) if place == "files" else (setting.device,)
    with spinning_sink() as port:
        lines = setting._replace(search=path).run("ram", subject, place, image, port, *detail).splitlines()
    return Ram(*map(int, lines[0].split()), {name: int(taken) for name, taken in map(str.split, lines[1:])})


def report(setting: Setting):
    """Measure and print the tables."""
    rows = []
    for place, title in (("files", "from a file system"), ("romfs", "from ROMFS")):
        lean, simple = (ram(setting, subject, place) for subject in ("lean", "simple"))
        target = verdict(lean.made, MOST_RAM[place], False)
        rows.append([f"RAM: import and a client, {title}", lean.made, simple.made, None, target])
        recorded = MQTT_AS[0] if place == "files" else None
        rows.append([f"RAM: import alone, {title}", lean.imported, simple.imported, recorded, ""])
        working = [measured.made + measured.work for measured in (lean, simple)]
        rows.append([f"RAM: connected and a message received, {title}", *working, None, ""])
    sizes = {path.stem: path.stat().st_size for path in sorted((setting.lean / "leanmqtt").glob("*.mpy"))}
    core = sum(size for name, size in sizes.items() if name in CORE)
    of_simple = sum(path.stat().st_size for path in setting.simple.rglob("*.mpy"))
    rows.append([".mpy files, without optional modules", core, of_simple, MQTT_AS[1], verdict(core, MOST_MPY, False)])
    show(
        "Size on 32-bit MicroPython, in bytes",
        ["", "leanmqtt", "umqtt.simple", "mqtt_as (recorded)", "target"],
        rows,
        notes=("The figures of mqtt_as were recorded earlier, not measured now: it is not on PyPI.",),
    )
    _by_module(setting, sizes)


def _by_module(setting: Setting, sizes: dict):
    detail = {place: ram(setting, "lean", place, "detail").modules for place in MOST_RAM}
    rows = []
    for name in sorted(sizes, key=sizes.get, reverse=True):
        imported_as = "leanmqtt" if name == "__init__" else f"leanmqtt.{name}"
        taken = [detail[place].get(imported_as) for place in MOST_RAM]
        rows.append([f"{name}{'' if name in CORE else ' (optional)'}", sizes[name], *taken])
    show(
        "leanmqtt by module, in bytes",
        ["module", ".mpy", "RAM of import, files", "RAM of import, ROMFS"],
        rows,
        notes=("RAM is without what it imports in turn; - marks a module not loaded until a message is received.",),
    )
