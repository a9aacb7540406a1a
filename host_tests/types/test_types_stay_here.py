"""Stubs are for PCs: nothing that makes files for a device takes them along."""

import json

import pytest
from girouette import build, firmware, packages
from girouette.build import romfs
from girouette.paths import LIB, ROOT

NOT_FOR_DEVICES = (".pyi", ".typed", ".toml")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> build.Built:
    return build.make("ESP32_GENERIC", tmp_path_factory.mktemp("built") / "out", everything=True)


def test_there_are_stubs_that_could_go_astray():
    assert (LIB / "leanmqtt" / "py.typed").is_file() and len(list((LIB / "leanmqtt").glob("*.pyi"))) > 5


def test_a_build_has_none(built):
    there = [path for path in built.folder.rglob("*") if path.is_file()]
    assert len(there) > 100 and [path for path in there if path.suffix in NOT_FOR_DEVICES] == []
    assert [name for name in built.files if name.endswith(NOT_FOR_DEVICES)] == []


def test_an_image_has_none(built):
    image = romfs.image(built)
    assert b"outbox.mpy" in image and not [end for end in NOT_FOR_DEVICES if end.encode() in image]


def test_what_is_frozen_has_none(tmp_path):
    # firmware/manifest.py says package("leanmqtt"), which takes what ends in .py (MicroPython's tools/manifestfile.py)
    firmware.write_frozen(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.suffix in NOT_FOR_DEVICES] == []
    assert 'package("leanmqtt", base_path="../lib", opt=3)' in (ROOT / "firmware" / "manifest.py").read_text()


def test_the_packages_for_mip_have_none():
    for text in packages.packages().values():
        assert [url for url in json.loads(text)["urls"] if url[0].endswith(NOT_FOR_DEVICES)] == []
