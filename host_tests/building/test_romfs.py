"""A build as a ROMFS image, mounted by real MicroPython: the same files, and code that runs from it."""

import json

import pytest
from girouette import build
from girouette.build import romfs
from girouette.paths import ROOT

MOUNT = """
import vfs, sys, os
with open(%r, "rb") as file:
    image = bytearray(file.seek(0, 2))
    file.seek(0)
    file.readinto(image)
vfs.mount(vfs.VfsRom(memoryview(image)), "/rom")
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> build.Built:
    made = build.make("RPI_PICO_W", tmp_path_factory.mktemp("romfs") / "out")
    romfs.write(made)
    return made


def image_of(built: build.Built) -> str:
    return str(built.folder.with_name("out.romfs"))


def test_the_image_holds_what_the_manifest_names_and_nothing_else(built, mp32):
    code = MOUNT % image_of(built) + """
def walk(folder):
    for name, kind, *_ in os.ilistdir(folder):
        if kind == 0x4000:
            walk(folder + "/" + name)
        else:
            print(folder[5:] + "/" + name if folder != "/rom" else name, os.stat(folder + "/" + name)[6])
walk("/rom")
"""
    lines = dict(line.split() for line in mp32.run(code, heap="1m").stdout.splitlines())
    assert {name: int(size) for name, size in lines.items()} == built.sizes


def test_the_node_and_a_driver_are_imported_from_it(built, mp32):
    code = MOUNT % image_of(built) + """
sys.path[:] = ["/rom", "/rom/lib"]
import leanmqtt, node, drivers.bme280
from node import topics, keys
print(leanmqtt.__file__, node.VERSION, drivers.bme280.driver.__name__, topics.is_word("roof"))
"""
    result = mp32.run(code, heap="512k")
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.split() == ["/rom/lib/leanmqtt/__init__.mpy", build.version(), "BME280", "True"]


def test_the_same_build_makes_the_same_image_and_no_secret_is_in_it(tmp_path):
    config = ROOT / "examples" / "station" / "garden" / "config.json"
    made = build.make("ESP32_GENERIC", tmp_path / "out", config)
    assert (tmp_path / "out" / "secrets.json").is_file()
    image = romfs.image(made)
    assert image == romfs.image(made)
    secrets = json.loads((config.parent / "secrets.json").read_text())
    assert secrets["broker"]["password"].encode() not in image and b'"garden"' not in image
