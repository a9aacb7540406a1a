"""What others may take: `mpremote mip install` of the client or a driver, and the node frozen into a MicroPython."""

import hashlib
import json
from pathlib import Path

import pytest
from girouette import build, firmware, packages, parts
from girouette.mpy import compile_file
from girouette.paths import FIRMWARE, LIB, ROOT
from mpremote import mip
from mpremote.transport_serial import SerialTransport


class Folder(SerialTransport):
    """mpremote's transport with a folder in place of a board's file system."""

    def __init__(self, path: Path):
        self.path = path

    def fs_exists(self, src):
        return (self.path / src.lstrip("/")).exists()

    def fs_mkdir(self, path):
        (self.path / path.lstrip("/")).mkdir()

    def fs_hashfile(self, path, algo, chunk_size=256):
        return hashlib.new(algo, (self.path / path.lstrip("/")).read_bytes()).digest()

    def fs_writefile(self, dest, data, chunk_size=256, progress_callback=None):
        (self.path / dest.lstrip("/")).write_bytes(data)


def install(folder: Path, *names: str):
    """As `mpremote mip install --target /lib NAME...` in the checkout, by mpremote's own code."""
    for name in names:
        mip._install_package(Folder(folder), str(ROOT / name), mip._PACKAGE_INDEX, "/lib", None, True)


# mip


def test_the_packages_are_those_of_the_files_that_are_there():
    for path, text in packages.packages().items():
        assert path.is_file() and path.read_text() == text, "run: girouette packages"
    there = {*LIB.glob("*.json"), *(LIB / "drivers").glob("*.json")}
    assert there <= set(packages.packages()), "run: girouette packages"


def test_every_module_of_the_client_is_in_one_package_and_every_driver_has_one():
    lists = [json.loads(path.read_text())["urls"] for path in (ROOT / "package.json", *LIB.glob("*.json"))]
    listed = {url[0] for urls in lists for url in urls}
    assert len(listed) == sum(map(len, lists)), "in two packages"
    there = {f"leanmqtt/{path.name}" for path in (LIB / "leanmqtt").glob("*.py")}
    of_a_pc = {"leanmqtt/host.py", "leanmqtt/tlshost.py", "leanmqtt/aiohost.py"}
    assert there - listed == of_a_pc, "what imitates MicroPython on a PC is of no use on a board"
    assert {path.stem for path in (LIB / "drivers").glob("*.json")} == set(parts.all_parts())


ALONE = """
import io
from leanmqtt import Client, OutboxFull, Will
client = Client('a', '127.0.0.1', %d, will=Will('t', 'x'), birth=Will('t', 'y'), qos2=True)
came = []
client.subscribe('in', 2, lambda m: came.append(m.payload))
client.subscribe('large', 1, lambda m: came.append(m.total), stream=True)
client.connect()
client.publish_stream('large', 4, io.BytesIO(b'1234'))
client.publish('in', 'x', 2)
while len(came) < 2 or client.pending:
    client.poll(100)
client.disconnect()
print(sorted(map(str, came)))
try:
    Client('a', 'b', tls={})
except (ImportError, ValueError) as e:
    print(e)
"""


def test_the_client_alone_is_installed_and_does_all_that_is_not_optional(tmp_path, mp32, mosquitto):
    install(tmp_path, "package.json")
    assert [path.name for path in (tmp_path / "lib").iterdir()] == ["leanmqtt"]
    done = mp32.run(ALONE % mosquitto.port, path=(tmp_path / "lib",))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["['4', \"b'x'\"]", "no module named 'leanmqtt.tls'"]


PARTS = {
    "asyncio": "from leanmqtt.aio import Client as C; C('a', 'b')",
    "journal": "from leanmqtt.journal import Client as C, Journal; C('a', 'b', clean=False, journal=Journal('kept'))",
    "mqtt5": "Client('a', 'b', version=5).publish('t', 'x', properties={'content_type': 'y'})",
    "nolocal": "from leanmqtt.nolocal import NoLocal; NoLocal(Client('a', 'b'))",
    "seal": "from leanmqtt.seal import Sealer; Sealer(bytes(32), 'kept')",
    "tls": "Client('a', 'b', tls={'insecure': True})",
    "umqtt": "from leanmqtt.umqtt import MQTTClient; MQTTClient('a', 'b')",
    "websocket": "Client('a', 'ws://b')",
}


@pytest.mark.parametrize("part", packages.OPTIONAL)
def test_an_optional_part_is_installed_with_the_client_and_missed_without(part, tmp_path, mp32):
    program = f"from leanmqtt import Client\n{PARTS[part]}\nprint('there')"
    install(tmp_path, "package.json")
    without = mp32.run(program, path=(tmp_path / "lib",), cwd=tmp_path)
    assert "ImportError: no module named 'leanmqtt." in without.stderr
    install(tmp_path, f"lib/{part}.json")
    done = mp32.run(program, path=(tmp_path / "lib",), cwd=tmp_path)
    assert done.stdout.strip() == "there", done.stdout + done.stderr


@pytest.mark.parametrize("part", sorted(parts.all_parts()))
def test_a_driver_is_installed_with_all_that_it_imports(part, tmp_path, mp32):
    install(tmp_path, f"lib/drivers/{part}.json")
    code = f"from drivers.{part} import driver\nprint(driver.__name__.lower())"
    assert mp32.run(code, path=(tmp_path / "lib",)).stdout.strip() == part.replace("_", "")
    assert {path.name for path in (tmp_path / "lib").iterdir()} == {"drivers"}


def test_a_package_lies_beside_or_above_its_sources():
    for path, text in packages.packages().items():
        about = json.loads(text)
        assert about["version"] == build.version()
        for target, url in about["urls"]:
            assert ".." not in url and (path.parent / url).resolve() == (LIB / target).resolve()


# Freezing


class Manifest:
    """Reads a manifest.py as MicroPython's tools/manifestfile.py does: the files each of its words stands for."""

    def __init__(self, path: Path):
        self.folder, self.files, self.about = path.parent, {}, {}
        words = {name: getattr(self, name) for name in ("metadata", "package", "module", "freeze")}
        exec(compile(path.read_text(), str(path), "exec"), words)  # as that tool does

    def metadata(self, description=None, version=None, license=None, author=None):
        self.about = {"description": description, "version": version}

    def package(self, package_path, files=None, base_path=".", opt=None):
        base = self.folder / base_path
        assert (base / package_path / "__init__.py").is_file(), f"{package_path} is no package"
        for path in sorted((base / package_path).rglob("*.py")):
            self._take(path.relative_to(base).as_posix(), path)

    def module(self, module_path, base_path=".", opt=None):
        self._take(module_path, self.folder / base_path / module_path)

    def freeze(self, path, script=None, opt=None):
        base = self.folder / path
        assert base.is_dir(), f"{path}: run girouette build BOARD --frozen"
        for source in sorted(base.rglob("*.py")):
            self._take(source.relative_to(base).as_posix(), source)

    def _take(self, name: str, source: Path):
        assert source.is_file() and name not in self.files, name
        self.files[name] = source


@pytest.fixture
def manifest(tmp_path) -> Manifest:
    """The manifest, in a checkout of links, so that nobody else's build/ is touched."""
    (tmp_path / "firmware").mkdir()
    for path in FIRMWARE.iterdir():
        (tmp_path / "firmware" / path.name).symlink_to(path)
    (tmp_path / "lib").symlink_to(LIB)
    firmware.write_frozen(tmp_path / "build" / "frozen")
    return Manifest(tmp_path / "firmware" / "manifest.py")


def test_the_manifest_freezes_the_very_modules_that_are_built(manifest, tmp_path):
    built = build.make("ESP32_GENERIC", tmp_path / "out")
    wanted = {path.removeprefix("lib/").replace(".mpy", ".py") for path in built.files}
    wanted -= {"boot.py", "node/portal/page.html"}  # which are files of the device, frozen or not
    # Who freezes it may have a program of their own, too: that gets all of the client.
    of_a_pc = {"leanmqtt/host.py", "leanmqtt/tlshost.py", "leanmqtt/aiohost.py"}
    assert set(manifest.files) - of_a_pc - set(firmware.APART) == wanted
    assert set(firmware.APART) < set(manifest.files) and not set(firmware.APART) & wanted
    assert manifest.about["version"] == build.version()


def test_all_it_freezes_compiles_for_a_board(manifest, tmp_path):
    tables = [name for name in manifest.files if name.endswith(("keys.py", "about.py"))]
    assert "node/keys.py" in tables and "drivers/relay/keys.py" in tables
    for name in [*tables, "main.py"]:
        compile_file(manifest.files[name], tmp_path / "frozen" / name)
