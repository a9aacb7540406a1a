"""The port of a board is found by itself, and one that is not there or not allowed is told with the cure."""

import os
import pty
from types import SimpleNamespace

import pytest
from girouette import ports
from girouette.errors import Failure


@pytest.fixture
def plugged_in(monkeypatch):
    """(port, vid, pid) triples -> what the system says is plugged in."""

    def plug(*boards):
        infos = [SimpleNamespace(device=d, vid=v, pid=p, serial_number=f"n{i}") for i, (d, v, p) in enumerate(boards)]
        monkeypatch.setattr(ports.list_ports, "comports", lambda: infos)

    plug()
    return plug


@pytest.fixture
def port():
    """A serial port that is really there."""
    ends = pty.openpty()
    yield os.ttyname(ends[1])
    for end in ends:
        os.close(end)


def test_the_only_board_is_found(plugged_in, port):
    plugged_in(("/dev/ttyS0", None, None), (port, 0x10C4, 0xEA60), ("/dev/ttyACM7", 0x1234, 0x5678))
    assert ports.choose(None) == port


@pytest.mark.parametrize(
    ("vid", "pid", "what"),
    [
        (0x303A, 0x1001, "Espressif"),
        (0x1A86, 0x55D4, "CH9102"),
        (0x2E8A, 0x0005, "Pico"),
        (0xF055, 0x9802, "pyboard"),
        (0x0483, 0x374B, "Nucleo"),
    ],
)
def test_boards_are_known_by_their_usb_ids(plugged_in, vid, pid, what):
    plugged_in(("/dev/ttyACM0", vid, pid))
    assert what in str(ports.found()[0])


def test_of_several_boards_one_has_to_be_named(plugged_in):
    plugged_in(("/dev/ttyUSB1", 0x1A86, 0x7523), ("/dev/ttyACM0", 0x2E8A, 5))
    with pytest.raises(Failure, match=r"(?s)--port.*/dev/ttyACM0: Raspberry.*n1.*/dev/ttyUSB1: CH340.*n0"):
        ports.choose(None)


def test_without_a_board_the_cable_is_asked_for(plugged_in):
    plugged_in(("/dev/ttyS0", None, None))
    with pytest.raises(Failure, match="no board found.*carries data"):
        ports.choose(None)


def test_a_port_that_is_not_there_names_those_that_are(plugged_in):
    plugged_in(("/dev/ttyACM0", 0x2E8A, 5))
    with pytest.raises(Failure, match=r"(?s)no port /dev/nowhere.*/dev/ttyACM0"):
        ports.choose("/dev/nowhere")


def test_a_file_is_no_port(plugged_in, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Failure, match="no serial port"):
        ports.choose(str(tmp_path / "file"))


def test_a_port_without_permission_names_its_group(plugged_in, port, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(Failure, match=r"usermod -aG \w+ \$USER"):
        ports.choose(port)


def test_a_named_port_and_a_url_are_taken_as_they_are(plugged_in, port):
    assert ports.choose(port) == port
    assert ports.choose("rfc2217://localhost:4000") == "rfc2217://localhost:4000"
