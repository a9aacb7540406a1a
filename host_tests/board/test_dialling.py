"""Opening links and looking up names from the simulated board, with the network up, down and in between."""

from girouette.simboard import net
from programs import JOIN


def test_dialling_without_an_address_fails_at_once_and_works_afterwards(make_board, echo):
    board = make_board(
        f"""
import socket
address = socket.getaddrinfo("127.0.0.1", {echo.port})[0][-1]
for host in ("127.0.0.1", "localhost"):
    try:
        socket.socket().connect(socket.getaddrinfo(host, {echo.port})[0][-1])
    except OSError as e:
        print(host, e.errno)
"""
        + JOIN
        + """
link = socket.socket()
link.connect(address)
link.write("hello")
print(link.recv(5))
"""
    )
    board.wait_line("b'hello'")
    assert board.lines[:2] == ["127.0.0.1 111", "localhost -202"]


def test_dialling_into_a_radio_lost_unnoticed_hangs_until_it_is_found_again(make_board, echo):
    board = make_board(
        JOIN
        + f"""
address = socket.getaddrinfo("127.0.0.1", {echo.port})[0][-1]
while not machine.Pin(4).value():
    pass
link = socket.socket()
link.setblocking(False)
try:
    link.connect(address)
except OSError as e:
    print("errno", e.errno, wlan.isconnected())
poll = select.poll()
poll.register(link, select.POLLOUT)
print("early", poll.poll(300))
poll.poll(10000)
link.setblocking(True)
link.write("hello")
print(link.recv(5))
"""
    )
    board.wait_line("joined")
    board.net.freeze()
    board.pin(4).drive(1)
    assert board.wait_line("errno") == "errno 115 True"
    board.wait_line("early []")
    assert echo.links == []
    board.net.thaw()
    board.wait_line("b'hello'")
    assert len(echo.links) == 1


def test_a_server_that_is_down_resets_the_link(make_board, free_port):
    board = make_board(
        JOIN
        + f"""
try:
    link = dial("127.0.0.1", {free_port})
    link.recv(1)
except OSError as e:
    print("errno", e.errno)
"""
    )
    board.wait_line("errno 104")


def test_names_are_resolved_by_the_networks_own_dns_and_the_hosts(make_board, echo):
    board = make_board(
        JOIN
        + f"""
for host in ("broker.girouette", "localhost"):
    link = dial(host, {echo.port})
    link.write(host)
    print(link.recv(40).decode())
try:
    dial("nobody.invalid", 1883)
except OSError as e:
    print("errno", e.errno)
""",
        names={"broker.girouette": "127.0.0.1"},
    )
    board.wait_line("errno -202")
    assert board.lines[1:3] == ["broker.girouette", "localhost"]


def test_a_name_is_looked_up_in_vain_while_the_radio_is_lost_unnoticed(make_board, monkeypatch):
    monkeypatch.setattr(net, "_DNS_PATIENCE_S", 0.2)
    board = make_board(
        JOIN
        + """
while not machine.Pin(4).value():
    pass
try:
    dial("localhost", 1883)
except OSError as e:
    print("errno", e.errno, wlan.isconnected())
"""
    )
    board.wait_line("joined")
    board.net.freeze()
    board.pin(4).drive(1)
    board.wait_line("errno -202 True")


def test_asyncio_streams_work_over_the_model(make_board, echo):
    board = make_board(
        JOIN
        + f"""
import asyncio
async def main():
    reader, writer = await asyncio.open_connection("127.0.0.1", {echo.port})
    writer.write(b"streams\\n")
    await writer.drain()
    print((await reader.readline()).decode().strip())
asyncio.run(main())
"""
    )
    board.wait_line("streams")
