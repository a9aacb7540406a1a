"""The network of the simulated board: links that flow, freeze, end and are left behind, as with a real radio."""

import pytest
from programs import JOIN

# Sends a counter every 20 ms and prints what comes back, or how it ended.
TALK = (
    JOIN
    + """
link = dial("127.0.0.1", {port})
poll = select.poll()
poll.register(link, select.POLLIN)
print("open")
try:
    for i in range(1000000):
        link.write("%d\\n" % i)
        print("sent", i)
        if poll.poll(20):
            data = link.recv(100)
            if not data:
                break
            print("echo", data.decode().split()[-1])
    print("ended")
except OSError as e:
    print("errno", e.errno)
"""
)


def test_reading_writing_and_polling_a_link_allocate_nothing(make_board, echo):
    board = make_board("sockets.py", files={"port.py": f"PORT = {echo.port}"})
    board.wait_line("done", timeout=60)
    assert "0 0 locked" in board.lines


def test_bytes_flow_both_ways(make_board, echo, bits):
    board = make_board(TALK.format(port=echo.port), bits=bits)
    board.wait_line("echo 5")
    assert board.net.links == 1
    assert echo.links[0].received.startswith(b"0\n1\n2\n")


@pytest.mark.parametrize("silent", [True, False], ids=["radio lost unnoticed", "access point gone"])
def test_a_lost_radio_holds_a_link_still_and_neither_resets_nor_loses_a_byte(make_board, echo, silent):
    board = make_board(TALK.format(port=echo.port))
    board.wait_line("echo")
    board.net.freeze() if silent else board.wifi(False)
    received = len(echo.links[0].received)
    for _ in range(10):
        board.wait_line("sent")
    assert len(echo.links[0].received) <= received + 4  # at most one that was in the air
    board.net.thaw() if silent else board.wifi(True)
    echo.wait(lambda e: len(e.links[0].received) > received + 100)
    numbers = echo.links[0].received.split(b"\n")[:-1]
    assert numbers == [b"%d" % i for i in range(len(numbers))]
    assert echo.links[0].end == "open"


def test_nothing_flows_while_the_radio_is_lost(make_board, echo):
    board = make_board(
        JOIN
        + f"""
link = dial("127.0.0.1", {echo.port})
link.write("before")
print(link.recv(6))
wait_until_not_connected()
link.write("during")
link.settimeout(0.3)
try:
    print(link.recv(6))
except OSError as e:
    print("nothing", e.errno)
wlan_back = wlan.isconnected
while not wlan_back():
    time.sleep_ms(1)
link.settimeout(5)
print(link.recv(6))
"""
    )
    board.wait_line("b'before'")
    board.wifi(False)
    board.wait_line("nothing")
    assert echo.links[0].received == b"before"
    board.wifi(True)
    board.wait_line("b'during'")


def test_the_chip_buffers_no_more_than_a_chip_while_the_radio_is_lost(make_board, echo):
    board = make_board(
        JOIN
        + f"""
link = dial("127.0.0.1", {echo.port})
link.write("x")
link.recv(1)
print("ready")
wait_until_not_connected()
link.setblocking(False)
taken = 0
while True:
    n = link.write(bytes(100))
    if not n:
        break
    taken += n
print("taken", taken)
"""
    )
    board.wait_line("ready")
    board.wifi(False)
    assert 2000 < int(board.wait_line("taken").split()[1]) < 30000


def test_a_cut_link_is_reset_on_both_sides(make_board, echo):
    board = make_board(TALK.format(port=echo.port))
    board.wait_line("echo")
    board.net.cut()
    board.wait_line("errno 104")
    echo.wait(lambda e: e.links[0].end == "reset")


def test_a_link_the_server_closes_ends_on_the_board(make_board, echo):
    board = make_board(TALK.format(port=echo.port))
    board.wait_line("echo")
    echo.links[0].sock.shutdown(2)
    board.wait_line("ended")


def test_a_slow_net_lets_through_what_it_should(make_board, echo):
    board = make_board(
        JOIN
        + f"""
link = dial("127.0.0.1", {echo.port})
link.write("go"); link.recv(2)
print("ready", machine.Pin(4, machine.Pin.IN).value())
while not machine.Pin(4).value():
    pass
t = time.ticks_ms()
link.write(bytes(1000))
left = 1000
while left:
    left -= len(link.recv(left))
print("took", time.ticks_diff(time.ticks_ms(), t))
"""
    )
    board.wait_line("ready")
    board.net.slow(5000)
    board.pin(4).drive(1)
    assert 380 < int(board.wait_line("took").split()[1]) < 5000  # 1000 bytes out and back at 5000 a second


def test_power_loss_leaves_the_peer_with_an_open_silent_link(make_board, echo):
    board = make_board(JOIN + f"link = dial('127.0.0.1', {echo.port})\nlink.write('hello')\nprint(link.recv(5))")
    board.wait_line("b'hello'")
    board.power_off()
    assert echo.links[0].end == "open"
    board.power_on()
    board.wait_line("b'hello'")
    assert [link.end for link in echo.links] == ["open", "open"]
    echo.links[0].sock.sendall(b"anybody there?")
    echo.wait(lambda e: e.links[0].end == "reset")  # the board is back, and knows nothing of that link
    assert echo.links[1].end == "open"


def test_a_soft_reset_closes_links(make_board, echo):
    board = make_board(
        JOIN
        + f"""
if machine.reset_cause() != machine.SOFT_RESET:
    link = dial("127.0.0.1", {echo.port})
    link.write("x"); link.recv(1)
    machine.soft_reset()
"""
    )
    board.wait_boot("soft")
    echo.wait(lambda e: e.links[0].end == "closed")
