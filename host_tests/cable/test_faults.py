"""What goes wrong between a computer and a board, and that tools see it as they would on a cable."""

import os
import subprocess
import time

import pytest
import serial
from girouette import external
from girouette.errors import Failure
from girouette.external import find
from girouette.simboard import Flash
from plug import Tools, run

LOOP = "import time\nprint('running')\nwhile True:\n    time.sleep_ms(10)"


@pytest.fixture
def board(plugged):
    board = plugged(LOOP)
    board.board.wait_line("running")
    return board


def test_a_cable_pulled_at_a_byte_ends_the_tool_and_the_port(board, tmp_path):
    (tmp_path / "file").write_bytes(bytes(20_000))
    board.cut_at(9000)
    failed = run("mpremote", "connect", board.port, "fs", "cp", tmp_path / "file", ":")
    assert failed.returncode == 1
    assert not os.path.lexists(board.port)
    assert 0 < (board.board.firmware / "file").stat().st_size < 20_000
    board.plug()
    assert Tools(board.port).mpremote("exec", "print('back')").strip() == "back"


def test_who_has_the_port_open_gets_an_error_when_it_goes(board, terminal):
    user = terminal(board.port)
    board.unplug()
    with pytest.raises((OSError, serial.SerialException)):
        user.until(b"never")
    assert "failed to access" in run("mpremote", "connect", board.port, "ls").stderr


def test_the_board_runs_on_without_its_cable(board):
    board.unplug()
    assert board.board.boots == ["power on"]
    board.plug()
    assert board.board.boots == ["power on"]


def test_a_board_without_power_says_nothing(plugged, terminal):
    board = plugged()
    board.board.wait_prompt()
    user = terminal(board.port)
    board.board.power_off()
    user.send(b"print('heard')\r")
    board.board.power_on()
    assert b"print" not in user.until(b"\n>>> ")


def test_a_port_that_another_program_holds_is_refused(board):
    with board.held():
        failed = run("mpremote", "connect", board.port, "ls")
    assert failed.returncode == 1
    assert "it may be in use by another program" in failed.stderr
    Tools(board.port).mpremote("ls")


def test_a_busy_board_answers_late_and_loses_nothing(board, terminal):
    user = terminal(board.port)
    board.busy(0.7)
    begun = time.monotonic()
    user.send(b"\r\x03\x01print('late')\x04")
    user.until(b"OKlate\r\n")
    assert time.monotonic() - begun >= 0.7


def test_noise_reaches_the_computer_and_not_the_board(board, terminal):
    user = terminal(board.port)
    board.noise(b"\xff\xfe")
    assert user.until(b"\xff\xfe") == b"\xff\xfe"
    Tools(board.port).mpremote("exec", "print(1)")


def test_a_garbled_byte_changes_what_the_board_gets(board, terminal):
    user = terminal(board.port)
    user.send(b"\r\x03\x01")
    user.until(b"CTRL-B to exit\r\n>")
    board.garble_at(7)
    user.send(b"print('a')\x04")
    assert user.until(b"\x04>") == b"OKq\r\n\x04\x04>"
    user.send(b"print('a')\x04")
    assert user.until(b"\x04>") == b"OKa\r\n\x04\x04>"


def test_a_watchdog_bites_in_the_middle_of_a_copy(plugged, tmp_path):
    """Ctrl-C stops the program that feeds it, and nothing stops the watchdog."""
    board = plugged(
        "import machine, time\nwatchdog = machine.WDT(timeout=2500)\nprint('running')\n"
        "while True:\n    watchdog.feed()\n    time.sleep_ms(10)"
    )
    board.board.wait_line("running")
    (tmp_path / "file").write_bytes(bytes(400_000))
    copy = subprocess.Popen(
        [find("mpremote"), "connect", board.port, "fs", "cp", tmp_path / "file", ":"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        board.board.wait_boot("soft")
        board.board.wait_boot("watchdog")
    finally:
        copy.kill()
        copy.communicate()
    assert (board.board.firmware / "file").stat().st_size < 400_000
    board.board.wait_line("running")


def test_a_port_is_not_full_of_what_was_said_before_it_was_opened(plugged, terminal):
    """What a chip says while nobody has the port open is lost; here all but what is on its way at that moment."""
    program = "import sys\nfor i in range(3000): print('line', i)\nprint('end')\nsys.stdin.readline()\nprint('new')"
    board = plugged(program)
    board.board.wait_line("end")
    user = terminal(board.port)
    user.send(b"\n")
    assert len(user.until(b"new\r\n")) < 10_000


def test_a_pulled_cable_is_explained(board, tmp_path):
    (tmp_path / "file").write_bytes(bytes(20_000))
    board.cut_at(3000)
    with pytest.raises(Failure, match="connection to the board was lost.*Plug it in"):
        external.run(["mpremote", "connect", board.port, "fs", "cp", str(tmp_path / "file"), ":"])


def test_a_full_flash_is_explained_even_where_littlefs_blames_the_name(plugged, tmp_path):
    board = plugged("print('ready')", flash=Flash("64k"))
    board.board.wait_prompt()
    board.board.flash.full(True)
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(Failure, match="flash of the board is full"):
        external.run(["mpremote", "connect", board.port, "fs", "cp", str(tmp_path / "file"), ":"])
