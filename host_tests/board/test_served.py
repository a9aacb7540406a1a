"""What a board serves itself: its access point, and its ports as the host gets to them."""

import contextlib
import socket

import pytest
from support import wait_for

POINT = """
import network, socket, select
ap = network.WLAN(network.AP_IF)
ap.config(ssid="girouette", security=0)
ap.active(True)
def bound(kind, port):
    s = socket.socket(socket.AF_INET, kind)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(socket.getaddrinfo("0.0.0.0", port)[0][-1])
    return s
"""
ECHO = """
listener = bound(socket.SOCK_STREAM, 80)
listener.listen(2)
print("listening", ap.ifconfig()[0])
while True:
    s, _ = listener.accept()
    s.write(b"board:" + s.readline())
    s.close()
"""


def ask(board, text: bytes) -> bytes:
    """b"" when nobody is there."""
    with contextlib.suppress(ConnectionError), socket.create_connection(board.reach(80), timeout=10) as s:
        s.sendall(text + b"\n")
        with s.makefile("rb") as file:
            return file.read()
    return b""


def test_a_port_of_the_board_is_reached_while_its_access_point_is_on_the_air(make_board, bits):
    board = make_board(POINT + ECHO, bits=bits)
    assert board.wait_line("listening") == "listening 192.168.4.1"
    assert [ask(board, b"one"), ask(board, b"two")] == [b"board:one\n", b"board:two\n"]
    assert board.access_point() == {"ssid": "girouette", "security": 0, "key": "", "channel": 1}


def test_nobody_gets_to_a_board_that_is_not_on_the_air(make_board):
    board = make_board(POINT + "ap.active(False)\n" + ECHO)
    board.wait_line("listening")
    assert ask(board, b"one") == b""
    assert board.access_point() is None


def test_a_port_is_reached_on_a_network_that_the_board_has_joined(make_board):
    joined = "ap.active(False)\nsta = network.WLAN(network.STA_IF)\nsta.active(True)\nsta.connect('home', 'x')\n"
    board = make_board(POINT + joined + "while not sta.isconnected():\n    pass\n" + ECHO)
    board.wait_line("listening")
    assert ask(board, b"one") == b"board:one\n"


def test_datagrams_come_and_their_answers_go_back(make_board, bits):
    board = make_board(
        POINT
        + """
s = bound(socket.SOCK_DGRAM, 53)
print("bound")
while True:
    data, who = s.recvfrom(100)
    s.sendto(b"board:" + data, who)
""",
        bits=bits,
    )
    board.wait_line("bound")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(10)
        s.sendto(b"one", board.reach(53))
        assert s.recvfrom(100)[0] == b"board:one"


def test_both_interfaces_work_at_once_and_the_point_follows_the_stations_channel(make_board, echo):
    board = make_board(
        POINT
        + f"""
listener = bound(socket.SOCK_STREAM, 80)
listener.listen(2)
print("listening")
first = listener.accept()[0]
sta = network.WLAN(network.STA_IF)
sta.active(True)
sta.connect("home", "x")
while not sta.isconnected():
    pass
world = socket.socket()
world.connect(socket.getaddrinfo("127.0.0.1", {echo.port})[0][-1])
world.write(b"hello")
visitor = listener.accept()[0]
visitor.readline()
visitor.write(world.read(5))
visitor.close()
print("done")
""",
        wifi=[{"ssid": "home", "password": "x", "channel": 11}],
    )
    board.wait_line("listening")
    with socket.create_connection(board.reach(80), timeout=10) as gone, contextlib.suppress(ConnectionResetError):
        assert gone.recv(1) == b""  # the radio left the channel that this visitor was on
    assert ask(board, b"") == b"hello"
    board.wait_line("done")
    assert board.access_point()["channel"] == 11


def test_a_board_that_starts_anew_is_reached_at_the_same_place(make_board):
    board = make_board(POINT + ECHO)
    board.wait_line("listening")
    before = board.reach(80)
    board.power_off()
    assert ask(board, b"one") == b""
    board.power_on()
    board.wait_line("listening")
    assert board.reach(80) == before
    assert ask(board, b"two") == b"board:two\n"


def test_a_lost_radio_holds_the_visitors_too(make_board):
    board = make_board(POINT + ECHO)
    board.wait_line("listening")
    with socket.create_connection(board.reach(80), timeout=10) as s:
        wait_for(lambda: board._chip.served.links == 1, "the link")
        board.net.freeze()
        s.sendall(b"late\n")
        s.settimeout(0.3)
        with pytest.raises(TimeoutError):
            s.recv(100)
        board.net.thaw()
        s.settimeout(10)
        assert s.recv(100) == b"board:late\n"


@pytest.mark.parametrize("settings", ["security=3, key='short'", "ssid=''", "ssid='x' * 33", "security=77"])
def test_an_access_point_that_cannot_be_is_refused(make_board, settings):
    board = make_board(POINT + f"try:\n    ap.config({settings})\nexcept (OSError, ValueError):\n    print('refused')")
    board.wait_line("refused")


def test_its_password_cannot_be_read_back(make_board):
    read = "try:\n    print(ap.config('key'))\nexcept (OSError, ValueError):\n    print('kept')"
    board = make_board(POINT + "ap.config(key='a secret key', security=3)\n" + read)
    board.wait_line("kept")
    assert board.access_point()["key"] == "a secret key"


def test_a_network_that_gives_no_address_leaves_the_station_joining_with_a_signal(make_board):
    program = """
import network, time
sta = network.WLAN(network.STA_IF)
sta.active(True)
sta.connect("home", "x")
while not sta.status("rssi"):
    time.sleep_ms(10)
print("heard", sta.status("rssi"), sta.status(), sta.isconnected())
"""
    board = make_board(program, wifi=[{"ssid": "home", "password": "x", "dhcp": False}])
    board.wait_line("heard -52 1001 False")
