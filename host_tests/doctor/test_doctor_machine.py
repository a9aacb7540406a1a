"""The doctor says of each tool and of the serial port whether it will do, and what to do if not."""

import grp
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest
from girouette import external, ports
from girouette.doctor import examine, machine
from girouette.errors import ToolMissing


def test_the_tools_of_this_checkout_are_all_well():
    verdicts = list(machine.tools(stm32=False))
    assert [v.check for v in verdicts] == ["mpy-cross", "mpremote", "esptool", "ampy"]
    assert {v.level for v in verdicts} == {"ok"}


@pytest.fixture
def tool(tmp_path, monkeypatch):
    """(script) -> the verdict on an esptool that is this shell script."""

    def judged(script: str):
        program = tmp_path / "esptool"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setattr(external, "find", lambda name: str(program))
        return machine._tool(machine.TOOLS[2])

    return judged


TOOLS = {
    "too old": ("echo esptool.py v4.8.1", "4.8.1 is too old, 5 is needed; it flashes the ESP32 family"),
    "broken": ("echo 'ModuleNotFoundError: No module named serial' >&2; exit 1", "does not work: ModuleNotFoundError"),
    "silent": ("true", "does not work: it says nothing"),
}


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_that_will_not_do_is_named_with_its_cure(tool, name):
    script, words = TOOLS[name]
    verdict = tool(script)
    assert (verdict.level, verdict.cure) == ("bad", "make setup") and words in verdict.words


def test_a_missing_tool_is_named(monkeypatch):
    def find(name):
        raise ToolMissing(name)

    monkeypatch.setattr(external, "find", find)
    assert [v.level for v in machine.tools(stm32=False)] == ["bad"] * 4


def test_the_tools_of_stm32_are_looked_for_where_the_board_is_one(monkeypatch):
    monkeypatch.setattr(machine.shutil, "which", lambda name: None)
    verdict = list(machine.tools(stm32=True))[-1]
    assert verdict.level == "warn" and "apt-get install dfu-util" in verdict.cure


# The port


@pytest.fixture
def device(tmp_path, monkeypatch):
    """(group, mode, members, user) -> the verdict on a port of that group which the user may not use."""
    path = tmp_path / "ttyUSB0"
    path.touch()
    real = machine.Path.stat

    def judged(group: str | None, mode: int = 0o660, members=(), user="ada"):
        def getgrgid(number):
            if group is None:
                raise KeyError(number)
            return SimpleNamespace(gr_name=group, gr_mem=list(members))

        def about(self, **options):
            if self != path:
                return real(self, **options)
            return SimpleNamespace(st_gid=20, st_mode=stat.S_IFCHR | mode)

        monkeypatch.setattr(machine.Path, "stat", about)
        monkeypatch.setattr(grp, "getgrgid", getgrgid)
        monkeypatch.setattr(machine.getpass, "getuser", lambda: user)
        monkeypatch.setattr(machine, "_may_use", lambda device: False)
        (verdict,) = machine.port(str(path))
        assert verdict.level == "bad"
        return verdict

    return judged


def test_a_user_outside_the_ports_group_is_told_how_to_join(device):
    assert device("dialout").cure == "sudo usermod -aG dialout ada, then log out and in again"
    assert device("uucp").cure.startswith("sudo usermod -aG uucp ada")


def test_a_user_who_has_joined_but_not_logged_in_again_is_told_so(device):
    verdict = device("dialout", members=["ada"])
    assert "not yet in this session" in verdict.words and "newgrp dialout" in verdict.cure


@pytest.mark.parametrize(("group", "mode"), [("root", 0o660), ("dialout", 0o600), (None, 0o660)])
def test_a_port_for_root_only_is_answered_with_a_udev_rule(device, group, mode):
    verdict = device(group, mode)
    assert (
        "udev rule" in verdict.words
        and 'GROUP="dialout"' in verdict.cure
        and "udevadm control --reload" in verdict.cure
    )


def test_a_port_that_is_not_there_is_named(tmp_path):
    (verdict,) = machine.port(str(tmp_path / "ttyUSB9"))
    assert verdict.level == "bad" and "is not there" in verdict.words and "carries data" in verdict.cure


def test_a_port_that_may_be_used_is_well_and_a_url_is_left_to_the_tool(tmp_path):
    (tmp_path / "ttyUSB0").touch()
    assert [v.level for v in machine.port(str(tmp_path / "ttyUSB0"))] == ["ok"]
    assert list(machine.port("rfc2217://localhost:4000")) == []


def test_programs_that_take_ports_from_others_are_named(monkeypatch):
    assert Path("/proc/self/comm").read_text().strip() in machine._running()
    monkeypatch.setattr(machine, "_running", lambda: {"ModemManager", "bash"})
    assert [v.words for v in machine.greedy()] == ["ModemManager runs"]


# Which port


@pytest.fixture
def boards(monkeypatch):
    """(ports...) -> what is said of the port when these are plugged in and none is named."""

    def judged(*found):
        monkeypatch.setattr(ports, "found", lambda: [ports.Found(port, "CH340 bridge") for port in found])
        return examine._port(None)

    return judged


def test_the_only_board_is_taken_and_several_are_listed(boards):
    port, (verdict,) = boards("/dev/ttyUSB0")
    assert port == "/dev/ttyUSB0" and verdict.level == "ok"
    port, (verdict,) = boards("/dev/ttyUSB0", "/dev/ttyUSB1")
    assert port is None and verdict.level == "warn" and "/dev/ttyUSB1: CH340 bridge" in verdict.cure
    port, (verdict, *_) = boards()
    assert port is None and "no board is plugged in" in verdict.words
