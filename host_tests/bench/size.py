"""What the client costs: bytes of .mpy, and bytes of RAM on 32-bit MicroPython, from files and from ROMFS."""

from pathlib import Path

from girouette.paths import BUILD
from mpremote.romfs import VfsRomWriter

from .setting import MQTT_AS, Setting
from .table import show, verdict

# Loaded only by those who ask for them; `host` is the client's CPython side and never on a board.
OPTIONAL = {"qos2", "v5", "tls", "websocket", "journal", "aio", "seal", "umqtt", "host"}
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


def _ram(setting: Setting, subject: str, place: str, *detail: str) -> tuple[int, int, dict]:
    """Bytes of the import, bytes of a client, and bytes of each module (if `detail` is asked for)."""
    folder = setting.lean if subject == "lean" else setting.simple
    image = BUILD / "bench" / f"{subject}.romfs"
    image.write_bytes(romfs(folder))
    path = (setting.device, folder) if place == "files" else (setting.device,)
    lines = setting._replace(search=path).run("ram", subject, place, image, *detail).splitlines()
    imported, client = map(int, lines[0].split())
    return imported, client, {name: int(taken) for name, taken in (line.split() for line in lines[1:])}


def report(setting: Setting):
    """Measure and print the tables."""
    lean = {place: _ram(setting, "lean", place) for place in MOST_RAM}
    simple = {place: _ram(setting, "simple", place) for place in MOST_RAM}
    sizes = {path.stem: path.stat().st_size for path in sorted((setting.lean / "leanmqtt").glob("*.mpy"))}
    core = sum(size for name, size in sizes.items() if name not in OPTIONAL)
    of_simple = sum(path.stat().st_size for path in setting.simple.rglob("*.mpy"))
    rows = []
    for place, title in (("files", "from a file system"), ("romfs", "from ROMFS")):
        totals = [sum(ram[place][:2]) for ram in (lean, simple)]
        rows.append([f"RAM: import and a client, {title}", *totals, None, verdict(totals[0], MOST_RAM[place], False)])
        of_peer = MQTT_AS[0] if place == "files" else None
        rows.append([f"RAM: import alone, {title}", lean[place][0], simple[place][0], of_peer, ""])
    rows.append([".mpy files, without optional modules", core, of_simple, MQTT_AS[1], verdict(core, MOST_MPY, False)])
    show(
        "Size on 32-bit MicroPython, in bytes",
        ["", "leanmqtt", "umqtt.simple", "mqtt_as (recorded)", "target"],
        rows,
        notes=("The figures of mqtt_as were recorded earlier, not measured now: it is not on PyPI.",),
    )
    _by_module(setting, sizes)


def _by_module(setting: Setting, sizes: dict):
    detail = {place: _ram(setting, "lean", place, "detail")[2] for place in MOST_RAM}
    rows = []
    for name in sorted(sizes, key=sizes.get, reverse=True):
        imported_as = "leanmqtt" if name == "__init__" else f"leanmqtt.{name}"
        ram = [detail[place].get(imported_as) for place in MOST_RAM]
        rows.append([f"{name}{' (optional)' if name in OPTIONAL else ''}", sizes[name], *ram])
    show(
        "leanmqtt by module, in bytes",
        ["module", ".mpy", "RAM of import, files", "RAM of import, ROMFS"],
        rows,
        notes=("RAM is without the modules it imports in turn; - marks a module that a default client does not load.",),
    )
