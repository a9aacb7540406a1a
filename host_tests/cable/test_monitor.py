"""`girouette monitor` shows a console as it is, and outlives its cable."""

import contextlib
import json
import os
import pty
import subprocess
import sys
import termios
import time

import girouette.console
import pytest
from girouette import ports
from girouette.cli import main
from girouette.console import Console, Event, event
from girouette.errors import Failure
from serial.urlhandler import protocol_loop

TALK = """
import time
while True:
    print("     0.004 info  node: started: power on")
    print("     1.250 warn  broker: gone")
    print("not of the node")
    print("     2.000 error wifi: off")
    time.sleep_ms(50)
"""


@contextlib.contextmanager
def monitored(*args, keyboard=None):
    """The command, running; with `keyboard`, at a terminal of that file descriptor."""
    process = subprocess.Popen(
        [sys.executable, "-m", "girouette.cli", "monitor", *args], stdin=keyboard or subprocess.DEVNULL,
        stdout=keyboard or subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(stream, text: str) -> str:
    for line in stream:
        if text in line:
            return line
    raise AssertionError(f"it ended without {text!r}")


@pytest.fixture
def talkative(plugged):
    """A board that says a line of each kind, again and again."""
    return plugged(TALK)


def test_a_line_of_the_log_is_told_apart_from_others():
    assert event("    20.079 info  node: Ctrl-C: bye") == Event(20.079, "info", "node", "Ctrl-C: bye")
    assert event(">>> ") is None
    assert event('  File "main.py", line 1') is None


def test_lines_have_a_time_and_end_when_what_is_waited_for_comes(talkative, capsys):
    assert main(["monitor", "--port", talkative.port, "--until", "wifi: off", "--seconds", "20"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.endswith("  not of the node") for line in lines)
    assert lines[-1].endswith("       2.000 error wifi: off")
    assert all(time.strptime(line.split()[0].split(".")[0], "%H:%M:%S") for line in lines)


def test_json_has_level_part_and_text_of_each_line(talkative, capsys):
    assert main(["monitor", "--port", talkative.port, "--json", "--until", "off", "--seconds", "20"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    last = told[-1]
    assert last.pop("time")
    assert last == {"level": "error", "uptime": 2.0, "part": "wifi", "text": "off"}
    assert "level" not in next(line for line in told if line["text"] == "not of the node")


def test_what_does_not_come_in_time_is_status_1(plugged, capsys):
    board = plugged("print('silent from now on')\nwhile True:\n    pass")
    assert main(["monitor", "--port", board.port, "--until", "never", "--seconds", "0.3"]) == 1


def test_it_goes_on_when_the_cable_comes_back(talkative):
    with monitored("--port", talkative.port, "--json") as process:
        until(process.stdout, "gone")
        talkative.unplug()
        assert json.loads(until(process.stdout, '"event"'))["event"] == "lost"
        talkative.plug()
        assert json.loads(until(process.stdout, '"event"'))["event"] == "back"
        until(process.stdout, "gone")


def test_a_board_that_was_found_is_found_again_under_another_name(plugged, monkeypatch, capsys):
    first, second = plugged("while True:\n    pass"), plugged(TALK)
    at = [first.port]
    monkeypatch.setattr(ports, "found", lambda: [ports.Found(at[0], "a board")])
    opened = Console.open

    def then_moved(console):
        opened(console)
        if console.port == first.port:
            at[0] = second.port
            first.unplug()

    monkeypatch.setattr(Console, "open", then_moved)
    assert main(["monitor", "--until", "wifi: off", "--seconds", "20"]) == 0
    assert "the port is back" in capsys.readouterr().out


def test_at_a_terminal_levels_have_colours_and_keys_reach_the_board(plugged):
    board = plugged(TALK)
    mine, its = pty.openpty()
    with monitored("--port", board.port, keyboard=its) as process, os.fdopen(mine, "rb", 0) as screen:
        os.close(its)
        seen = _screen_until(screen, b"gone")
        assert b"\x1b[33m     1.250 warn" in seen
        os.write(mine, b"\x18")  # Ctrl-X
        _screen_until(screen, b"KeyboardInterrupt")
        _screen_until(screen, b">>> ")
        os.write(mine, b"6 * 7\r")
        _screen_until(screen, b"42")
        os.write(mine, b"\x1d")  # Ctrl-]
        assert process.wait(20) == 0
    assert board.board.boots == ["power on"]


def test_ctrl_c_ends_the_monitor_and_not_the_program(talkative):
    mine, its = pty.openpty()
    with monitored("--port", talkative.port, keyboard=its) as process, os.fdopen(mine, "rb", 0) as screen:
        os.close(its)
        _screen_until(screen, b"gone")
        os.write(mine, b"\x03")
        assert process.wait(20) == 0
    assert not any("KeyboardInterrupt" in line for line in talkative.board.lines)


def _screen_until(screen, text: bytes, timeout: float = 20) -> bytes:
    seen, end = b"", time.monotonic() + timeout
    while text not in seen:
        assert time.monotonic() < end, seen
        seen += screen.read(4096)
    return seen


def test_a_port_that_is_held_is_told_in_plain_words(talkative, capsys):
    with talkative.held():
        assert main(["monitor", "--port", talkative.port, "--seconds", "1"]) == 1
    assert "another program holds" in capsys.readouterr().err


class Lines(protocol_loop.Serial):
    """A port that remembers how its control lines went: [(DTR, RTS)]."""

    def open(self):
        self.states = [(True, True)]  # as Linux sets them
        super().open()

    def _update_dtr_state(self):
        self.states.append((self._dtr_state, self.states[-1][1]))

    def _update_rts_state(self):
        self.states.append((self.states[-1][0], self._rts_state))


@pytest.fixture
def lines(monkeypatch):
    ports = []

    def opened(url, baud, **options):
        ports.append(Lines(None, baud, timeout=0.05))
        ports[-1].port = "loop://"
        ports[-1].open()
        return ports[-1]

    monkeypatch.setattr("girouette.console.serial.serial_for_url", opened)
    return ports


def test_opening_a_port_does_not_reset_an_esp32(lines):
    """Its circuit pulls EN while RTS is on and DTR is off, and chooses the boot loader the other way round."""
    with Console("loop://") as console:
        console.send(b"x")
        assert all(dtr == rts for dtr, rts in lines[0].states)


def test_reset_pulls_en_and_never_the_boot_loaders_pin(lines):
    with Console("loop://") as console:
        console.reset()
        changes = lines[0].states
        assert (False, True) in changes
        assert (True, False) not in changes
        assert changes[-1] == (False, False)


def test_a_port_that_goes_away_while_it_is_opened_is_tried_again(lines, monkeypatch):
    opened, tries = girouette.console.serial.serial_for_url, []

    def going(*args, **options):
        tries.append(args)
        if len(tries) < 3:
            raise termios.error(5, "Input/output error")
        return opened(*args, **options)

    monkeypatch.setattr("girouette.console.serial.serial_for_url", going)
    with Console("loop://") as console:
        console.send(b"x")
    assert len(tries) == 3


def test_a_port_that_never_comes_is_told_in_words(monkeypatch):
    def gone(*args, **options):
        raise termios.error(5, "Input/output error")

    monkeypatch.setattr("girouette.console.serial.serial_for_url", gone)
    monkeypatch.setattr("girouette.console._RESTART", 0)
    with pytest.raises(Failure, match=r"^cannot open loop://: \(5, 'Input/output error'\)$"), Console("loop://"):
        pass
