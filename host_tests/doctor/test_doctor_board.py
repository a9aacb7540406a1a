"""The doctor says of a board what it is, whether a node can live on it, and leaves it as it was."""

import json
import re

import pytest
from girouette.doctor import board, filesystem
from girouette.maintenance import BROKEN_OFF
from girouette.paths import FIRMWARE

FOUND = {
    "platform": "esp32", "machine": "Generic ESP32 module with ESP32", "version": [1, 29, 0], "mpy": 10758,
    "filesystem": "littlefs", "free": 1_900_000, "size": 2_097_152, "heap": 150_000, "node": True,
    "girouette": "0.1.0", "config": True, "maintenance": None,
}  # fmt: skip


def judged(check: str, stopped: bool = False, needed: int = 0, **changed):
    """What is said of a board that is so."""
    verdicts = {v.check: v for v in board.examine(FOUND | changed, "/dev/ttyUSB0", stopped, needed)}
    return verdicts[check]


def test_a_board_that_will_do_is_well():
    verdicts = list(board.examine(FOUND, "P", False))
    assert {v.level for v in verdicts} == {"ok"}
    assert verdicts[0].words == "MicroPython 1.29.0 on Generic ESP32 module with ESP32"


@pytest.mark.parametrize(("version", "mpy"), [([1, 18, 0], 5), ([1, 12, 0], 0)])
def test_a_micropython_that_cannot_load_the_files_is_named(version, mpy):
    verdict = judged("MicroPython", version=version, mpy=mpy)
    assert verdict.level == "bad" and "cannot load Girouette's .mpy files" in verdict.words
    assert "girouette flash" in verdict.cure


def test_a_micropython_older_than_supported_is_named():
    verdict = judged("MicroPython", version=[1, 21, 0], mpy=0x106)
    assert verdict.level == "bad" and "too old: 1.22 or newer" in verdict.words


@pytest.mark.parametrize("platform", ["pyboard", "rp2", "esp32"])
def test_fat_is_named_with_what_it_means_and_the_commands_that_make_littlefs(platform):
    verdict = judged("file system", filesystem="fat", platform=platform)
    assert verdict.level == "warn" and "power cut" in verdict.words
    assert "ERASES every file" in verdict.cure
    (line,) = [line for line in verdict.cure.splitlines() if "mkfs" in line]
    code = re.search(r'mpremote connect /dev/ttyUSB0 exec "(.*)" \+ reset', line)[1]
    compile(code, "cure", "exec")
    assert verdict.cure.index("cp -r") < verdict.cure.index("mkfs")


def test_the_nodes_log_and_the_doctor_agree_on_fat():
    log = " ".join(re.search(r"_FAT = \((.*?)\n\)", (FIRMWARE / "node" / "store.py").read_text(), re.DOTALL)[1].split())
    doctors = filesystem.reformat("pyboard", "P").replace("'", '"')
    for statement in ('os.umount("/flash")', "os.VfsLfs2.mkfs(pyb.Flash(start=0))", "import os, pyb"):
        assert statement in log and statement in doctors
    for meaning in ("a power cut while it is written may cost", "or more", "LittleFS lives through that"):
        assert meaning in log and meaning in filesystem.MEANS


def test_too_little_flash_is_named():
    assert judged("free space", free=100_000).level == "ok"
    assert judged("free space", free=100_000, node=False).level == "bad"
    assert "about 390 KB" in judged("free space", free=100_000, needed=400_000).words


NODES = {
    "none": ({"node": False}, False, "warn", "girouette deploy"),
    "without configuration": ({"config": False}, False, "bad", "config push"),
    "in maintenance": ({"maintenance": "To leave: ..."}, False, "warn", "rm :maintenance + reset"),
    "a copy that was broken off": ({"maintenance": BROKEN_OFF + ": ..."}, False, "bad", "girouette deploy"),
    "stopped by the doctor": ({"maintenance": "To leave: ..."}, True, "ok", ""),
}


@pytest.mark.parametrize("name", NODES)
def test_the_state_of_the_node_is_told(name):
    changed, stopped, level, cure = NODES[name]
    verdict = judged("node", stopped, **changed)
    assert verdict.level == level and cure in verdict.cure


@pytest.fixture
def mpremote(monkeypatch):
    """(answers..., ran) -> the calls that are made; each answer is what mpremote prints."""
    calls = []

    def made(*answers, ran=False):
        left = list(answers)

        def run(argv, *args, **options):
            calls.append([str(word) for word in argv])
            return left.pop(0)

        monkeypatch.setattr(board.external, "run", run)
        monkeypatch.setattr(board.Console, "open", lambda console: None)
        monkeypatch.setattr(board.maintenance, "interrupt", lambda port: ran)
        return calls

    return made


def answer(**changed) -> str:
    return "some noise\nGIROUETTE " + json.dumps(FOUND | changed) + "\n"


def test_a_node_that_ran_is_taken_out_of_the_maintenance_the_question_brought(mpremote):
    calls = mpremote(answer(maintenance="To leave: ..."), "", ran=True)
    found = board.Board("P")
    found.leave()
    assert found.stopped and calls[-1][-1] == "reset" and "os.remove('maintenance')" in " ".join(calls[-1])


def test_a_node_that_was_in_maintenance_stays_there(mpremote):
    calls = mpremote(answer(maintenance="To leave: ..."))
    board.Board("P").leave()
    assert len(calls) == 1


def test_a_node_without_a_watchdog_is_started_again(mpremote):
    calls = mpremote(answer(), "")
    board.Board("P").leave()
    assert calls[-1][-1] == "reset"


def test_an_answer_that_is_none_is_told(mpremote):
    mpremote("garbage")
    with pytest.raises(board.Failure, match="something else than was asked: 'garbage'"):
        board.Board("P")
