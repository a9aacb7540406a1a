"""Datagrams of the simulated board, and the time server behind *.ntp.org."""

import socket
import struct
import threading
import time

import pytest
from girouette.simboard import NtpServer
from programs import JOIN

# Asks pool.ntp.org until a second has passed, and prints what came: leap, stratum, version, mode, seconds since 1970.
ASK = (
    JOIN
    + """
import struct
def ask(name="pool.ntp.org", patience=1000):
    address = socket.getaddrinfo(name, 123, 0, socket.SOCK_DGRAM)[0][-1]
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setblocking(False)
    request = bytearray(48)
    request[0] = 0x23
    request[40:48] = b"question"
    s.sendto(request, address)
    poll = select.poll()
    poll.register(s, select.POLLIN)
    if not poll.poll(patience):
        print("no answer")
        return
    answer, sender = s.recvfrom(100)
    first = answer[0]
    print("answer", first >> 6, answer[1], first >> 3 & 7, first & 7, struct.unpack(">I", answer[40:])[0] - 2208988800,
          answer[24:32], sender == address, answer[12:16])
"""
)


def test_a_time_server_tells_the_hosts_time(make_board, bits):
    server = NtpServer()
    board = make_board(ASK + "ask()", bits=bits, ntp=server)
    _, leap, stratum, version, mode, seconds, origin, same, _ = board.wait_line("answer").split()
    assert (leap, stratum, version, mode, origin, same) == ("0", "2", "4", "4", "b'question'", "True")
    assert int(seconds) == pytest.approx(time.time(), abs=5)
    assert server.asked == 1


def test_a_time_server_can_be_wrong_by_an_offset(make_board):
    board = make_board(ASK + "ask('2.debian.pool.ntp.org')", ntp=NtpServer(offset=-86400))
    assert int(board.wait_line("answer").split()[5]) == pytest.approx(time.time() - 86400, abs=5)


@pytest.mark.parametrize(
    ("fault", "leap", "stratum", "reference"),
    [({"kiss": "RATE"}, "3", "0", "b'RATE'"), ({"unsynchronised": True}, "3", "0", "b'INIT'")],
)
def test_a_time_server_says_that_it_has_no_time_to_tell(make_board, fault, leap, stratum, reference):
    server = NtpServer()
    for name, value in fault.items():
        setattr(server, name, value)
    words = make_board(ASK + "ask()", ntp=server).wait_line("answer").split()
    assert (words[1], words[2], words[8]) == (leap, stratum, reference)


def test_an_answer_to_somebody_else_has_another_origin(make_board):
    server = NtpServer()
    server.forged = True
    assert "b'question'" not in make_board(ASK + "ask()", ntp=server).wait_line("answer")


def test_a_silent_server_and_none_at_all_answer_nothing(make_board):
    server = NtpServer()
    server.silent = True
    for ntp in (server, None):
        make_board(ASK + "ask(patience=300)", ntp=ntp).wait_line("no answer")
    assert server.asked == 1


def test_what_is_no_question_of_a_client_gets_no_answer():
    server = NtpServer()
    assert server.answer(bytes(47)) is None
    assert server.answer(bytes([0x24]) + bytes(47)) is None
    assert server.answer(bytes([0x1B]) + bytes(47))[0] == 0x1C


def test_the_seconds_of_ntp_begin_anew_in_2036():
    server = NtpServer()
    server.offset = 2085978496 + 10 - server.now()  # 2036-02-07T06:28:16Z and ten seconds
    assert struct.unpack(">I", server.answer(bytes([0x23]) + bytes(47))[40:44])[0] in (10, 11)


def test_several_servers_have_their_own_names_and_addresses(make_board):
    first, second = NtpServer(), NtpServer()
    second.stratum = 1
    board = make_board(ASK + "ask('time.here')\nask('10.0.0.123')", ntp={"time.here": first, "10.0.0.123": second})
    assert [board.wait_line("answer").split()[2] for _ in range(2)] == ["2", "1"]


def test_no_datagram_gets_through_while_the_radio_is_lost(make_board):
    server = NtpServer()
    board = make_board(
        ASK
        + """
address = socket.getaddrinfo("pool.ntp.org", 123)[0][-1]
ask()
while not machine.Pin(4).value():
    pass
socket.getaddrinfo = lambda *args: [(address,)]
ask(patience=300)
while machine.Pin(4).value():
    pass
ask()
""",
        ntp=server,
    )
    board.wait_line("answer")
    board.net.freeze()
    board.pin(4).drive(1)
    board.wait_line("no answer")
    assert server.asked == 1
    board.net.thaw()
    board.pin(4).drive(0)
    board.wait_line("answer")


def test_datagrams_go_out_to_the_world_and_their_answers_come_back(make_board):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(20)

        def answer():
            data, sender = server.recvfrom(100)
            server.sendto(data.upper(), sender)

        thread = threading.Thread(target=answer)
        thread.start()
        board = make_board(
            JOIN
            + f"""
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"hello", socket.getaddrinfo("localhost", {server.getsockname()[1]})[0][-1])
buf = bytearray(5)
print(s.readinto(buf), buf)
"""
        )
        board.wait_line("5 bytearray(b'HELLO')")
        thread.join(20)
