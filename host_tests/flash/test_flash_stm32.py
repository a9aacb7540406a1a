"""MicroPython onto an STM32: programs that stand for dfu-util and st-flash note how they were called, and check the
file as the real ones do. A person's own tools are not on the PATH of these tests."""

import sys
from pathlib import Path

import images
import pytest
from girouette.loader.recorder import Recorder
from prompt import Prompt

BOARD = "NUCLEO_F767ZI"
CODE = images.stm32()


@pytest.fixture
def tools(tmp_path, monkeypatch):
    """Makes the named programs; nothing else is on the PATH."""

    def make(*names: str) -> Recorder:
        recorder = Recorder(tmp_path / "bin", *names)
        monkeypatch.setenv("PATH", str(recorder.folder))
        return recorder

    return make


@pytest.fixture
def port(tmp_path):
    prompt = Prompt(tmp_path / "ttyACM0")
    yield prompt
    prompt.close()


def test_a_dfu_file_goes_by_dfu_util(tools, girouette, firmware):
    recorder, path = tools("dfu-util", "st-flash"), firmware(images.dfu(CODE), "f.dfu")
    status, text = girouette("flash", BOARD, "--firmware", path)
    assert status == 0 and "press reset" in text, text
    assert recorder.calls == [
        ["dfu-util", "-l"],
        ["dfu-util", "--device", "0483:df11", "--alt", "0", "-D", str(path)],
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [(images.hex_file(CODE), ["--format", "ihex", "write", "FILE"]), (CODE, ["write", "FILE", "0x08000000"])],
    ids=["hex", "bin"],
)
def test_a_hex_file_or_a_binary_goes_by_st_flash(data, words, tools, girouette, firmware):
    recorder, path = tools("dfu-util", "st-flash"), firmware(data, "f")
    status, text = girouette("flash", BOARD, "--firmware", path)
    assert status == 0, text
    assert recorder.calls == [["st-flash", "--reset", *[str(path) if word == "FILE" else word for word in words]]]


def test_micropython_is_asked_for_the_boot_loader(tools, girouette, firmware, port):
    recorder, path = tools("dfu-util"), firmware(images.dfu(CODE), "f.dfu")
    recorder.set(attached=False)
    port._on_bootloader = recorder.set
    status, text = girouette("flash", BOARD, "--port", port.port, "--firmware", path)
    assert status == 0, text
    assert "machine.bootloader()" in "".join(port.ran)
    assert recorder.calls[-1][-2:] == ["-D", str(path)] and recorder.calls[0] == ["dfu-util", "-l"]


def test_without_a_boot_loader_and_a_port_the_pin_is_named(tools, girouette, firmware):
    recorder = tools("dfu-util")
    recorder.set(attached=False)
    status, text = girouette("flash", BOARD, "--firmware", firmware(images.dfu(CODE), "f.dfu"))
    assert status == 3 and "BOOT0" in text
    assert recorder.calls == [["dfu-util", "-l"]]


@pytest.mark.parametrize(
    ("there", "data", "words"),
    [
        ((), images.dfu(CODE), "sudo apt-get install dfu-util. Nothing"),
        ((), images.hex_file(CODE), "sudo apt-get install stlink-tools. Nothing"),
        (("st-flash",), images.dfu(CODE), "or take the .hex file and st-flash"),
        (("dfu-util",), CODE, "or take the .dfu file and dfu-util"),
    ],
    ids=["no dfu-util", "no st-flash", "st-flash only", "dfu-util only"],
)
def test_a_missing_tool_comes_with_what_installs_it_and_the_other_way(there, data, words, tools, girouette, firmware):
    recorder = tools(*there)
    status, text = girouette("flash", BOARD, "--firmware", firmware(data))
    assert status == 3 and words in text and recorder.calls == []


def test_a_wrong_file_calls_no_tool(tools, girouette, firmware):
    recorder = tools("dfu-util", "st-flash")
    other = images.stm32(machine="NUCLEO-H743ZI with STM32H743")
    status, text = girouette("flash", BOARD, "--firmware", firmware(images.dfu(other)))
    assert status == 3 and "STM32H743" in text and recorder.calls == []


@pytest.mark.parametrize("data", [images.dfu(CODE), CODE], ids=["dfu", "bin"])
def test_a_cable_pulled_is_told(data, tools, girouette, firmware):
    tools("dfu-util", "st-flash").set(fails=True)
    status, text = girouette("flash", BOARD, "--firmware", firmware(data))
    assert status == 1 and "the writing broke off" in text and "no whole firmware now" in text, text


def test_an_st_link_that_is_not_there_is_told(tools, girouette, firmware):
    tools("st-flash").set(attached=False)
    status, text = girouette("flash", BOARD, "--firmware", firmware(CODE))
    assert status == 1 and "no ST-LINK is plugged in" in text, text


def test_a_dry_run_needs_no_tool(tools, girouette, firmware):
    tools()
    path = firmware(images.dfu(CODE), "f.dfu")
    status, text = girouette("flash", BOARD, "--port", "/dev/ttyACM0", "--firmware", path, "--dry-run")
    assert status == 0
    assert [line.strip() for line in text.splitlines()[-3:-1]] == [
        "mpremote connect /dev/ttyACM0 bootloader",
        f"dfu-util --device 0483:df11 --alt 0 -D {path}",
    ]


def test_the_recorder_refuses_what_dfu_util_refuses(tools, tmp_path, firmware):
    import subprocess

    program = tools("dfu-util").folder / "dfu-util"
    done = subprocess.run([program, "-D", firmware(CODE)], capture_output=True, text=True)
    assert done.returncode == 65 and "Invalid DFU suffix" in done.stderr
    assert Path(sys.executable).exists()
