"""What the client takes before it does anything: RAM of import and construction, bytes of its files."""

import shutil

import pytest
from bench import size
from bench.setting import DEVICE, Setting
from girouette.mpy import compile_tree


@pytest.fixture
def setting(tmp_path, lib_mpy, mp32) -> Setting:
    """The compiled client alone, and the programs that weigh it."""
    lean, device = tmp_path / "lean", tmp_path / "device"
    shutil.copytree(lib_mpy / "leanmqtt", lean / "leanmqtt")
    compile_tree(DEVICE, device)
    return Setting(lean, lean, device, search=(device, lean), mp=mp32)


@pytest.mark.parametrize(("place", "most"), [("files", 26_624), ("romfs", 14_336)])
def test_import_and_a_client_with_default_buffers_fit(setting, place, most):
    taken = size.ram(setting, "lean", place)
    assert 512 + 2048 < taken.made <= most, f"{taken.made:,} bytes ({taken.imported:,} for the import)"


def test_the_files_of_the_core_take_at_most_16_kb(setting):
    files = {path.stem: path.stat().st_size for path in (setting.lean / "leanmqtt").glob("*.mpy")}
    core = sum(taken for name, taken in files.items() if name in size.CORE)
    assert {"client", "session", "outbox", "codec"} <= files.keys()
    assert core <= 16_384, f"{core:,} bytes: {files}"
