"""What a deployment decides before it begins, and what it makes of a console: pure."""

import pytest
from girouette import boards
from girouette.deploy import fit, wanted
from girouette.deploy.life import Life
from girouette.deploy.plan import File, Found, found, plan
from girouette.errors import Failure

ABOUT = {
    "machine": "Generic ESP32 module with ESP32", "build": "ESP32_GENERIC", "version": [1, 26, 1], "mpy": 6 | 3 << 8,
    "block": 4096, "free": 1 << 20, "total": 2 << 20, "marker": False, "level": None,
}  # fmt: skip
A, B = File(100, "a"), File(5000, "b")


def board(files=None, folders=(), **about) -> Found:
    return Found(ABOUT | about, files or {}, list(folders))


def test_only_what_differs_is_copied_the_configuration_last_and_the_way_in_first():
    files = {"main.py": A, "node/app.mpy": A, "node/x.mpy": B, "manifest.json": A, "config.json": A, "secrets.json": A}
    made = plan(board({"node/x.mpy": B, "config.json": B}), files, True)
    assert list(made.swap) == ["main.py"] and list(made.copy) == ["node/app.mpy"]
    assert list(made.last) == ["manifest.json", "config.json", "secrets.json"]
    assert made.bytes == 500 and made.folders == ["node"]


def test_folders_come_before_what_is_in_them():
    made = plan(board(), {"node/cmd/read.mpy": A, "lib/drivers/bme280/keys.mpy": A}, False)
    assert made.folders == ["lib", "lib/drivers", "lib/drivers/bme280", "node", "node/cmd"]


def test_folders_that_no_longer_belong_go_from_the_inside():
    there = board({"node/old/x.mpy": A}, ["node", "node/old", "node/old/er"])
    assert plan(there, {"node/app.mpy": A}, False).empty == ["node/old/er", "node/old"]


def test_half_of_a_main_py_and_a_trial_that_a_new_configuration_ends_are_removed():
    there = board({"main.py.new": A, "config.trial": A, "secrets.json": A})
    assert plan(there, {"config.json": A}, True).stale == ["secrets.json", "main.py.new", "config.trial"]
    assert plan(there, {}, False).stale == ["main.py.new"]


def test_a_programs_files_are_kept_aside_once_and_girouettes_never():
    files = {"main.py": A}
    assert plan(board({"main.py": B}), files, True).aside == ["main.py"]
    assert plan(board({"main.py": B, "node/app.mpy": A}), files, True).aside == []
    assert plan(board({"main.py": File(0, "")}), files, True).aside == []


def test_the_room_is_counted_in_blocks_with_the_old_file_beside_the_new():
    made = plan(board({"node/x.mpy": File(9000, "old")}, ["node"]), {"node/x.mpy": File(9000, "new")}, False)
    assert made.needed == 3 * 4096 + 2 * 4096
    fit.space(board(free=made.needed), made)
    with pytest.raises(Failure, match=r"needs 20,480 bytes of flash, and 20,479 of .* are free.*Nothing was changed"):
        fit.space(board(free=made.needed - 1), made)


def test_an_answer_that_lost_a_line_is_not_believed():
    text = '@board {"marker": false}\n@file ["a", 1, "x"]\n@file ["b", 1\n@end 2\n'
    with pytest.raises(Failure, match="not whole"):
        found(text)
    assert found(text.replace('["b", 1', '["b", 1, "y"]')).files["b"] == File(1, "y")


@pytest.mark.parametrize(
    ("asked", "machine", "fits"),
    [
        ("ESP32_GENERIC", "Generic ESP32 module with ESP32", True),
        ("ESP32_GENERIC", "TinyPICO with ESP32-PICO-D4", True),
        ("ESP32_GENERIC", "Generic ESP32S3 module with ESP32S3", False),
        ("ESP32_GENERIC", "ESP32C3 module with ESP32-C3", False),
        ("ESP32_GENERIC_S3", "Generic ESP32S3 module with ESP32S3", True),
        ("RPI_PICO_W", "Raspberry Pi Pico 2 W with RP2350", False),
        ("NUCLEO_F767ZI", "NUCLEO-F767ZI with STM32F767xx", True),
        ("NUCLEO_F767ZI", "NUCLEO-F429ZI with STM32F429xx", False),
        ("PYBD_SF2", "PYBD-SF2W with STM32F722IEK", True),
    ],
)
def test_a_board_is_known_by_its_chip(asked, machine, fits):
    there = board(machine=machine, build="")
    if fits:
        fit.board(boards.load(asked), there, False)
    else:
        with pytest.raises(Failure, match="is another one"):
            fit.board(boards.load(asked), there, True)


def test_an_image_with_a_variant_is_the_same_board():
    fit.board(boards.load("ESP32_GENERIC"), board(build="ESP32_GENERIC-SPIRAM"), False)


def test_another_board_with_the_same_chip_will_do_when_asked():
    with pytest.raises(Failure, match="--any-board goes on without"):
        fit.board(boards.load("OLIMEX_ESP32_POE"), board(), False)
    fit.board(boards.load("OLIMEX_ESP32_POE"), board(), True)


@pytest.mark.parametrize(("version", "mpy"), [([1, 21, 0], 6), ([1, 26, 0], 5), ([1, 18, 0], 5)])
def test_a_system_that_is_too_old_is_refused(version, mpy):
    with pytest.raises(Failure, match="too old"):
        fit.board(boards.load("ESP32_GENERIC"), board(version=version, mpy=mpy), False)


def test_what_is_secret_is_known(tmp_path):
    (tmp_path / "config.json").write_text(
        '{"network": [{"ssid": "home", "password": "sesame"}], "name": "roof", "seal": "0dead0",'
        ' "broker": {"headers": {"Authorization": "Bearer 1"}}}'
    )
    (tmp_path / "secrets.json").write_text('{"broker": {"user": "porch", "password": "of the broker", "n": "ab"}}')
    assert wanted.secrets(tmp_path) == ["of the broker", "Bearer 1", "sesame", "0dead0", "porch"]


# -- the console


def heard(*lines, **about):
    life = Life(**about)
    for second, line in enumerate(lines):
        if verdict := life.line(line, second):
            return verdict
    return life.over(60)


def test_a_node_lives_when_it_is_connected():
    assert heard("     0.001 info  node: started: reset", "     0.327 info  broker: connected to b").well


def test_a_fault_of_the_firmware_is_told_with_its_traceback():
    verdict = heard(
        "Traceback (most recent call last):", '  File "app", line 3, in main', "MemoryError: ",
        "     2.000 error node: restarts in 10 s after a fault of its own",
    )  # fmt: skip
    assert verdict.well is False
    assert verdict.words.startswith("a fault of the firmware:\nTraceback") and "MemoryError" in verdict.words


def test_a_program_that_ended_is_told_with_its_traceback():
    life = Life()
    for line in ("Traceback (most recent call last):", "ImportError: no module named 'node'"):
        assert life.line(line, 0) is None
    assert "ImportError" in life.silence(1, ">>> ").words


def test_trouble_that_is_over_is_not_told():
    trouble, over = "     5.0 warn  wifi: x", '     6.000 info  wifi: on "home", address 192.168.4.17'
    assert heard(trouble.replace("5.0", "5.000"), over).words == "it started, and is not connected after 60 s"
    assert heard(trouble.replace("5.0", "5.000")).words == "wifi: x"


def test_a_node_that_may_not_tell_is_not_called_dead():
    assert heard(speaks=False).well is None
    assert heard(away=True).well is None
    assert heard("     5.000 warn  broker: 127.0.0.1:1883: refused", away=True).well is False
    assert heard().well is False


def test_a_node_without_a_configuration_lives_when_it_waits_for_one():
    told = ("error config.json: the file is missing", "info  config.json: waiting for a repaired file")
    lines = [f"     0.100 {line}" for line in told]
    assert heard(*lines, configured=False).well
    assert heard(*lines).words == "config.json: the file is missing; waiting for a repaired file"
