"""`girouette build`: what goes to a device is exactly what is needed, portable, and the same every time."""

import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from girouette import build, firmware, mpyfile, parts
from girouette.build import ram
from girouette.errors import Failure
from girouette.paths import ROOT
from girouette.simboard import Board

GARDEN = ROOT / "examples" / "station" / "garden" / "config.json"
LAMP = {
    "name": "lamp",
    "board": "ESP32_GENERIC",
    "network": [{"ssid": "home", "password": "sesame"}],
    "broker": {"host": "192.168.1.10"},
    "actuators": [{"type": "relay", "pin": 26}],
}


@pytest.fixture(scope="module")
def garden(tmp_path_factory) -> build.Built:
    return build.make("ESP32_GENERIC", tmp_path_factory.mktemp("garden") / "out", GARDEN)


@pytest.fixture
def lamp(tmp_path) -> Path:
    path = tmp_path / "lamp" / "config.json"
    path.parent.mkdir()
    path.write_text(json.dumps(LAMP))
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def girouette(*arguments) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "girouette.cli", "build", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, text=True, capture_output=True, timeout=110, stdin=subprocess.DEVNULL)


# What is in it


def test_only_boot_and_main_stay_sources_and_all_else_is_portable_bytecode(garden):
    others = {path for path in garden.files if not path.endswith(".mpy")}
    assert others == {"boot.py", "main.py", "node/portal/page.html"}
    compiled = [path for path in garden.files if path.endswith(".mpy")]
    assert len(compiled) > 80
    for path in compiled:
        data = (garden.folder / path).read_bytes()
        assert data[:3] == b"M\x06\x00", f"{path}: format 6, no sub-version and no architecture"
        assert data[3] <= 31, f"{path}: small integers of a 32-bit chip"


def test_the_manifest_names_every_file_with_its_hash_and_neither_itself_nor_the_configuration(garden):
    manifest = json.loads((garden.folder / "manifest.json").read_text())
    lying = contents(garden.folder)
    for name in ("manifest.json", "config.json", "secrets.json"):
        lying.pop(name)
    assert manifest["files"] == {name: hashlib.sha256(data).hexdigest() for name, data in lying.items()}
    assert list(manifest["files"]) == sorted(manifest["files"])
    assert manifest == garden.manifest
    assert (manifest["girouette"], manifest["board"], manifest["mpy"]) == (build.version(), "ESP32_GENERIC", 6)
    assert garden.sizes == {name: len(lying[name]) for name in manifest["files"]}


def test_only_the_drivers_the_configuration_uses_are_in_it_with_what_they_share(garden, lamp, tmp_path):
    assert garden.parts == ["bme280", "bmp280"]
    assert not {"button", "dimmer", "relay", "thing.mpy", "flat.mpy"} & set(drivers(garden))
    relay = build.make("ESP32_GENERIC", tmp_path / "relay", lamp)
    assert drivers(relay) == {"__init__.mpy", "relay", "thing.mpy"}
    for built in (
        build.make("ESP32_GENERIC", tmp_path / "all", lamp, everything=True),
        build.make("ESP32_GENERIC", tmp_path / "none"),
    ):
        assert drivers(built) >= {"bme280", "dimmer", "relay"}


def drivers(built: build.Built) -> set[str]:
    return {path.split("/")[2] for path in built.files if path.startswith("lib/drivers/")}


@pytest.mark.parametrize("version", [5, [5, 4]])
def test_mqtt_5_is_in_it_where_the_configuration_wants_it_also_by_its_secrets(lamp, tmp_path, version):
    five = {f"lib/{Path(name).with_suffix('.mpy')}" for name in firmware.FIVE}
    without = build.make("ESP32_GENERIC", tmp_path / "without", lamp)
    assert len(five) > 10 and not five & set(without.files)
    assert five < set(build.make("ESP32_GENERIC", tmp_path / "all", lamp, everything=True).files)
    assert five < set(build.make("ESP32_GENERIC", tmp_path / "none").files)
    (lamp.parent / "secrets.json").write_text(json.dumps({"broker": {"version": version}}))
    made = build.make("ESP32_GENERIC", tmp_path / "with", lamp)
    assert set(made.files) - set(without.files) == five


def test_a_driver_that_builds_on_another_brings_that_one_along():
    assert parts.modules(["bme280"]) == {"__init__", "bme280", "bmp280", "part", "faults"}
    assert parts.modules(["dimmer"]) == {"__init__", "dimmer", "flat", "thing"}
    assert parts.modules([]) == {"__init__"}


def test_what_a_driver_needs_is_found_however_it_imports_it(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "__init__.py").write_text("def f():\n    from drivers.b import x\n")
    (tmp_path / "b" / "__init__.py").write_text("from . import y\nimport drivers.shared as s\n")
    (tmp_path / "b" / "y.py").write_text("from drivers import c, const\n")
    (tmp_path / "c" / "__init__.py").write_text("import time\n")
    (tmp_path / "shared.py").write_text("from array import array\n")
    assert parts.modules(["a"], tmp_path) == {"__init__", "a", "b", "c", "shared"}


def test_the_configuration_and_its_secrets_are_there_byte_for_byte(garden):
    assert (garden.folder / "config.json").read_bytes() == GARDEN.read_bytes()
    assert (garden.folder / "secrets.json").read_bytes() == (GARDEN.parent / "secrets.json").read_bytes()
    assert (garden.folder / "secrets.json").stat().st_mode & 0o077 == 0


def test_what_serves_only_on_a_pc_stays_there(garden):
    of_a_pc = {f"lib/leanmqtt/{name}.mpy" for name in ("host", "tlshost", "aiohost")}
    assert not {*of_a_pc, "manifest.mpy", "manifest.py"} & set(garden.files)
    assert not [path for path in garden.files if "__pycache__" in path or "schema" in path]


# The same every time


def test_the_same_input_makes_the_same_bytes_in_another_place_at_another_time(garden, tmp_path, monkeypatch):
    copied = tmp_path / "elsewhere" / "config.json"
    shutil.copytree(GARDEN.parent, copied.parent)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    again = build.make("ESP32_GENERIC", tmp_path / "a" / "deeper" / "place", copied)
    assert contents(again.folder) == contents(garden.folder)


def test_a_new_build_replaces_the_old_one_wholly(lamp, tmp_path):
    target = tmp_path / "out"
    build.make("ESP32_GENERIC", target, GARDEN)
    (target / "stale.mpy").write_text("old")
    built = build.make("ESP32_GENERIC", target, lamp)
    assert set(contents(target)) == {*built.files, "manifest.json", "config.json"}
    assert {path.name for path in tmp_path.iterdir()} == {"lamp", "out"}


# Faults


def test_a_faulty_configuration_builds_nothing_and_all_its_faults_are_told(lamp, tmp_path):
    target = tmp_path / "out"
    good = build.make("ESP32_GENERIC", target, lamp)
    lamp.write_text(json.dumps(LAMP | {"name": "a b", "actuators": [{"type": "relay", "pin": 34}]}, indent=1))
    with pytest.raises(build.Faulty) as caught:
        build.make("ESP32_GENERIC", target, lamp)
    told = str(caught.value)
    assert "has 2 faults: nothing was built" in told
    assert f"{lamp}:2:10: name: expected" in told
    assert "actuators[0].pin: expected a pin that can be driven" in told
    assert len(caught.value.report.faults) == 2
    assert set(contents(target)) >= set(good.files), "what was there before is there still"


def test_a_configuration_of_another_board_is_refused(lamp, tmp_path):
    with pytest.raises(Failure, match="made for the board ESP32_GENERIC, not for ESP32_GENERIC_S3"):
        build.make("ESP32_GENERIC_S3", tmp_path / "out", lamp)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(Failure, match="holds something else than a build"):
        build.make("ESP32_GENERIC", tmp_path / "mine")
    assert contents(tmp_path / "mine") == {"thesis.txt": b"mine"}
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Failure, match="is a file"):
        build.make("ESP32_GENERIC", tmp_path / "file")


def test_a_missing_configuration_and_an_unknown_board_are_told_in_words(tmp_path):
    with pytest.raises(Failure, match=r"cannot read .*nothing.json: No such file"):
        build.make("ESP32_GENERIC", tmp_path / "out", tmp_path / "nothing.json")
    with pytest.raises(Failure, match="there is no board ARDUINO"):
        build.make("ARDUINO", tmp_path / "out")
    assert not (tmp_path / "out").exists()


# Which devices can run it


@pytest.mark.parametrize("mpy, release", [(0x1F06, (1, 22, 0)), (0x2B06, (1, 29, 0)), (0x0306, (1, 23, 0, "preview"))])
def test_a_device_with_this_format_and_a_system_that_is_new_enough_is_taken(mpy, release):
    assert mpyfile.refusal(mpy, release) is None


@pytest.mark.parametrize(
    "mpy, release, told",
    [
        (0x0205, (1, 18, 0), "runs MicroPython 1.18.0; 1.22 or newer is needed"),
        (0x0106, (1, 21, 0), "runs MicroPython 1.21.0; 1.22 or newer is needed"),
        (None, (1, 12), "runs MicroPython 1.12; 1.22 or newer is needed"),
        (0x0007, (2, 0, 0), "files have format 7, not 6"),
    ],
)
def test_any_other_device_is_told_what_it_runs_and_what_is_needed(mpy, release, told):
    assert told in mpyfile.refusal(mpy, release)


def test_what_a_device_says_of_itself_is_judged(mp):
    said = mp.run("import sys; print(sys.implementation._mpy, *sys.implementation.version[:3])").stdout
    mpy, *release = map(int, said.split())
    assert mpyfile.refusal(mpy, tuple(release)) is None
    assert "1.22 or newer is needed" in mpyfile.refusal(None, (1, 9, 4))
    assert "runs MicroPython 1.18.0" in mpyfile.refusal(1541, (1, 18, 0))


def test_a_file_of_another_format_or_for_one_architecture_is_no_portable_bytecode():
    for data in (b"M\x05\x02\x1f", b"M\x06\x2b\x1f", b"PK\x03\x04", b"M\x06"):
        with pytest.raises(mpyfile.MpyError):
            mpyfile.header(data)


# The command


def test_the_command_tells_files_sizes_and_ram_to_a_person(lamp, tmp_path):
    result = girouette("ESP32_GENERIC", "--config", lamp, "--output", tmp_path / "out")
    assert (result.returncode, result.stderr) == (0, "")
    assert "✓ checking the configuration" in result.stdout and "✓ compiling" in result.stdout
    row = next(line for line in result.stdout.splitlines() if line.startswith("lib/drivers/relay/__init__.mpy"))
    size = (tmp_path / "out" / "lib/drivers/relay/__init__.mpy").stat().st_size
    assert row.split()[1:3] == [f"{size:,}", f"{ram.estimate(size):,}"]


def test_a_program_gets_the_same_as_json_and_no_secret(tmp_path):
    result = girouette("ESP32_GENERIC", "--config", GARDEN, "--output", tmp_path / "out", "--json")
    told = json.loads(result.stdout)
    assert told["ok"] and told["board"] == "ESP32_GENERIC" and told["parts"] == ["bme280", "bmp280"]
    main = (tmp_path / "out" / "main.py").read_bytes()
    assert told["files"]["main.py"] == {"sha256": hashlib.sha256(main).hexdigest(), "size": len(main)}
    assert told["total"]["size"] == sum(about["size"] for about in told["files"].values())
    secrets = json.loads((GARDEN.parent / "secrets.json").read_text())
    assert secrets["broker"]["password"] not in result.stdout + result.stderr


def test_a_dry_run_checks_and_builds_nothing(lamp, tmp_path):
    result = girouette("ESP32_GENERIC", "--config", lamp, "--output", tmp_path / "out", "--dry-run")
    assert "would build" in result.stdout and "relay" in result.stdout
    assert not (tmp_path / "out").exists()
    lamp.write_text("{}")
    result = girouette("ESP32_GENERIC", "--config", lamp, "--dry-run")
    assert result.returncode == 1 and "faults: nothing was built" in result.stderr


# On a board


@pytest.mark.parametrize("part", ["relay", "bme280"])
def test_a_node_starts_from_what_was_built_for_it_alone(part, lamp, tmp_path, free_port):
    entries = {"relay": {"actuators": LAMP["actuators"]}, "bme280": {"sensors": [{"type": part, "scl": 22, "sda": 21}]}}
    plain = {key: value for key, value in LAMP.items() if key != "actuators"}
    lamp.write_text(json.dumps(plain | {"broker": {"host": "127.0.0.1", "port": free_port}} | entries[part]))
    built = build.make("ESP32_GENERIC", tmp_path / "out", lamp)
    with Board(built.folder) as board:
        assert board.wait_line("broker: connecting to 127.0.0.1", timeout=60)
