"""The portal's servers: names that all lead to it, visitors of every kind, and its end after ten minutes."""

import contextlib
import socket
import struct
import time

import pytest
from support import wait_for
from visitor import ADDRESS, Visitor, datagram, looked_up, settings

PROBES = (  # how phones and computers find out that they are in a portal
    ("connectivitycheck.gstatic.com", "/generate_204"),
    ("captive.apple.com", "/hotspot-detect.html"),
    ("www.msftconnecttest.com", "/connecttest.txt"),
    ("www.msftncsi.com", "/ncsi.txt"),
    ("detectportal.firefox.com", "/success.txt?ipv4"),
    ("nmcheck.gnome.org", "/check_network_status.txt"),
    ("neverssl.com", "/"),
    (ADDRESS, "/anything"),
)


def raw(board, data: bytes = b"") -> socket.socket:
    sock = socket.create_connection(board.reach(80), timeout=30)
    sock.sendall(data)
    return sock


def rest(sock: socket.socket) -> bytes:
    """All that comes; a reset is an end too."""
    got = b""
    with sock, contextlib.suppress(ConnectionError):
        while data := sock.recv(4096):
            got += data
    return got


def test_every_name_and_every_probe_of_a_phone_leads_to_the_page(portal):
    board = portal()
    for host, path in PROBES:
        assert looked_up(board, host) == [socket.inet_aton(ADDRESS)]
        answer = Visitor(board).ask(path, host=host)
        assert (answer.status, answer.headers["Location"]) == (302, f"http://{ADDRESS}/")
    assert looked_up(board, "captive.apple.com", kind=28) == []  # AAAA
    assert looked_up(board, "captive.apple.com", kind=65) == []  # HTTPS


def test_what_is_no_question_gets_no_answer_and_does_no_harm(portal):
    board = portal()
    question = b"\x01a\0\0\1\0\1"
    head = struct.pack("!6H", 1, 0x0100, 1, 0, 0, 0)
    broken = [
        b"", b"x", head, head + b"\x3fabc\0\0\1\0\1", head + b"\xc0\x0c\0\1\0\1", head + b"\x01a",
        struct.pack("!6H", 1, 0x8180, 1, 0, 0, 0) + question, struct.pack("!6H", 1, 0x0100, 2, 0, 0, 0) + question * 2,
        head + b"\x01" * 500, bytes(512), b"\xff" * 512,
    ]  # fmt: skip
    for query in broken:
        with pytest.raises(TimeoutError):
            datagram(board, query, timeout=0.1)
    assert looked_up(board, "still.there") == [socket.inet_aton(ADDRESS)]


def test_slow_silent_and_broken_visitors_hold_nobody_up(portal):
    board = portal()
    silent = [raw(board) for _ in range(8)]
    slow = raw(board, b"GET / HT")
    gone = raw(board, b"POST /save HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nname=")
    gone.close()
    for data in (b"\r\n\r\n", b"\0" * 300, b"GET\r\n\r\n", b"x" * 9000, b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 2000):
        with contextlib.suppress(ConnectionError):
            raw(board, data).close()
    begun = time.monotonic()
    assert Visitor(board).ask().status == 200
    assert time.monotonic() - begun < 5
    for sock in (*silent, slow):
        sock.close()


def test_a_visitor_who_falls_silent_is_given_up(portal):
    board = portal(rate=10)
    begun = time.monotonic()
    assert rest(raw(board, b"GET / HTTP/1.1\r\nHost: ")) == b""
    assert time.monotonic() - begun < 8


def test_several_visitors_are_served_at_once_and_one_who_reads_slowly_gets_all(portal):
    board = portal()
    board.net.slow(20_000)
    ask = f"GET / HTTP/1.1\r\nHost: {ADDRESS}\r\n\r\n".encode()
    socks = [raw(board, ask) for _ in range(4)]
    pages = [rest(sock) for sock in socks]
    assert [page.count(b"</html>") for page in pages] == [1] * 4


@pytest.mark.parametrize(
    "request_, status",
    [
        (b"POST /save HTTP/1.1\r\nHost: 192.168.4.1\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000, b"413"),
        (b"POST /save HTTP/1.1\r\nHost: 192.168.4.1\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (b"POST /save HTTP/1.1\r\nHost: 192.168.4.1\r\nContent-Length: -1\r\n\r\n", b"413"),
        (b"POST /other HTTP/1.1\r\nHost: 192.168.4.1\r\nContent-Length: 0\r\n\r\n", b"404"),
        (b"DELETE / HTTP/1.1\r\nHost: 192.168.4.1\r\n\r\n", b"405"),
        (b"GET / HTTP/1.1\r\nHost: 192.168.4.1\r\n" + b"A: b\r\n" * 2500 + b"\r\n", b"431"),
        (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: 192.168.4.1\r\n\r\n", b"302"),
        (b"HEAD / HTTP/1.0\nHost: 192.168.4.1\n\n", b"200"),
    ],
)
def test_what_cannot_be_served_is_refused_in_the_terms_of_http(portal, request_, status):
    board = portal()
    assert rest(raw(board, request_)).split()[1:2] == [status]
    assert Visitor(board).status()["phase"] == "form"


def test_a_head_is_answered_without_a_page_and_a_cookie_is_found_among_others(portal):
    board = portal()
    visitor = Visitor(board)
    assert "<html" not in visitor.ask(method="HEAD").text
    own, visitor.cookie = visitor.cookie, f"router=1; {visitor.cookie}; x=y"
    visitor.send("/scan", ssid="home", password="sesame-street")
    assert visitor.ask().text.count("entered; empty keeps it") == 1
    visitor.cookie = own
    assert visitor.ask().text.count("entered; empty keeps it") == 1


def test_no_answer_holds_a_secret_and_the_next_visitor_cannot_use_it(portal, mosquitto_factory):
    broker = mosquitto_factory(accounts={"roof": "right-secret"})
    board = portal()
    owner, other = Visitor(board), Visitor(board)
    fields = settings(broker, user="roof", secret="right-secret", name="a b")
    page = owner.send(**fields)
    assert page.text.count("entered; empty keeps it") == 2
    for visitor in (owner, other):
        for path in ("/", "/status", "/save", "/scan", "/config.json", "/secrets.json", "/../secrets.json", "//"):
            answer = visitor.ask(path)
            assert "sesame-street" not in answer.text + str(answer.headers)
            assert "right-secret" not in answer.text + str(answer.headers)
    page = other.send(**(fields | {"password": "", "secret": "", "name": "porch", "ssid": "evil"}))
    assert "entered; empty keeps it" not in page.text
    assert board._chip.station.settings.get("ssid") in (None, "evil")
    wait_for(lambda: owner.status().get("phase") == "form", "the end of that test", timeout=60)
    assert "entered; empty keeps it" not in owner.ask().text
    assert "right-secret" not in "\n".join(board.lines)


def test_what_its_owner_entered_is_kept_for_the_next_try(portal, mosquitto_factory, witness):
    broker = mosquitto_factory(accounts={"roof": "right-secret"})
    board = portal()
    visitor = Visitor(board)
    fields = settings(broker, user="roof", secret="right-secret")
    visitor.send(**(fields | {"name": "a b"}))
    assert "porch works" in visitor.tested(**(fields | {"password": "", "secret": ""})).text


def test_the_portal_closes_after_ten_minutes_and_opens_again_with_the_power(portal):
    board = portal(rate=60)
    visitor = Visitor(board)
    visitor.send(ssid="home", password="sesame-street")
    assert 0 < visitor.status()["left"] <= 600
    board.wait_line("ten minutes are over", timeout=40)
    assert board.access_point() is None
    with pytest.raises(OSError):
        visitor.ask()
    closed = len(board.lines)
    time.sleep(1)  # a minute of the board's: its watchdog is fed, it does nothing
    assert board.boots == ["power on"]
    assert len(board.lines) == closed
    board.power_cycle()
    board.wait_line("nothing is set up")
    assert "entered; empty keeps it" not in visitor.ask().text


def test_the_watchdog_runs_from_the_first_visitor_on(portal):
    board = portal()
    assert board.watchdog is None
    Visitor(board).ask()
    assert board.watchdog == 30


def test_ctrl_c_without_visitors_leads_to_the_prompt_and_with_them_into_maintenance(portal):
    board = portal()
    board.interrupt()
    board.wait_prompt()
    assert board.boots == ["power on"]
    assert board.access_point() is None
    board = portal()
    Visitor(board).ask()
    board.interrupt()
    board.wait_boot("hard")
    board.wait_line("the node does not start")


def test_starts_of_the_portal_do_not_count_as_failed_ones(portal):
    board = portal()
    for _ in range(6):
        board.power_cycle()
        board.wait_line("nothing is set up")
    assert not any("failed" in line for line in board.lines)


@pytest.mark.parametrize("heap", ["64k"])
def test_the_portal_runs_in_a_small_heap(portal, mosquitto, witness, heap):
    board = portal(heap=heap)
    visitor = Visitor(board)
    for _ in range(3):
        assert sorted(visitor.send(ssid="home", password="x", host="", port="1").alerts) == ["host", "password"]
    assert "porch works" in visitor.tested(**settings(mosquitto)).text
    assert witness.first("ha/porch/status") == "online"
    assert board.boots == ["power on", "hard"]
