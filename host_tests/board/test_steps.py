"""A board whose time stands still until it is told to go on."""

import time

import pytest
from girouette.simboard import NtpServer, wire
from programs import JOIN

COUNTING = """
import time
n = 0
while True:
    time.sleep(1)
    n += 1
    print("second", n, time.ticks_ms())
"""


@pytest.fixture
def stepped(make_board):
    return lambda program, **options: make_board(program, steps=True, **options)


def test_time_stands_still_until_it_is_advanced(stepped):
    board = stepped(COUNTING)
    board.advance(0.5)
    assert not [line for line in board.lines if "second" in line]
    board.advance(3600)
    board.wait_line("second 3600 3600000")
    assert board.now == 3600.5


@pytest.mark.parametrize(
    "wait",
    ["time.sleep_ms(30000)", "time.sleep(30)", "select.poll().poll(30000)", "list(select.poll().ipoll(30000))"],
)
def test_a_wait_takes_its_time_and_none_of_the_hosts(stepped, bits, wait):
    program = f"""
import select, time
start = time.ticks_ms()
{wait}
print("took", time.ticks_diff(time.ticks_ms(), start))
"""
    board = stepped(program, bits=bits)
    begun = time.monotonic()
    board.advance(31)
    assert board.wait_line("took") == "took 30000"
    assert time.monotonic() - begun < 20


def test_an_answer_of_the_network_takes_no_time_of_the_board(stepped):
    program = f"""
{JOIN}
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"\\x23" + bytes(47), socket.getaddrinfo("pool.ntp.org", 123)[0][-1])
start = time.ticks_ms()
poll = select.poll()
poll.register(s, select.POLLIN)
print("came", len(poll.poll(60000)), time.ticks_diff(time.ticks_ms(), start))
"""
    server = NtpServer()
    board = stepped(program, ntp=server)
    board.advance(70)
    assert board.wait_line("came") == "came 1 0"
    server.silent = True
    board.reset()
    board.advance(70)
    assert board.wait_line("came") == "came 0 60000"


def test_the_watchdog_and_a_deep_sleep_go_by_the_boards_time(stepped):
    board = stepped("import machine, time\nmachine.WDT(timeout=20000)\ntime.sleep(100)")
    board.advance(19)
    assert board.boots == ["power on"]
    board.advance(2)
    board.wait_boot("watchdog")
    asleep = stepped("import machine\nprint('awake')\nmachine.deepsleep(3600000)")
    asleep.wait_line("awake")
    asleep.advance(3599)
    assert asleep.boots == ["power on"]
    asleep.advance(2)
    asleep.wait_boot("deep sleep")


def test_time_passes_a_board_that_is_off_or_at_its_prompt(stepped):
    board = stepped("print('done')")
    board.wait_prompt()
    board.advance(100)
    board.power_off()
    board.advance(100)
    assert board.now == 200


def test_the_time_server_goes_with_the_board(stepped):
    server = NtpServer()
    board = stepped(COUNTING, ntp=server)
    before = server.now()
    board.advance(1000)
    assert server.now() - before == pytest.approx(1000)


def test_a_turn_of_the_node_waits_for_the_host_once(stepped, bits, monkeypatch):
    """Feeding the watchdog and asking for the connection are what it does most: a week has a million turns."""
    waited = []
    answer = wire.Wire._answer

    async def counted(self, op, *question):
        waited.append(op)
        return await answer(self, op, *question)

    monkeypatch.setattr(wire.Wire, "_answer", counted)
    program = f"""
{JOIN}
import machine
dog = machine.WDT(timeout=2000)
while True:
    dog.feed()
    wlan.isconnected()
    time.sleep(1)
"""
    board = stepped(program, bits=bits)
    board.advance(10)
    waited.clear()
    board.advance(100)
    assert board.boots == ["power on"]
    assert 95 < len(waited) < 105


def test_the_watchdog_bites_when_it_is_not_fed_any_more(stepped):
    board = stepped("""
import machine, time
dog = machine.WDT(timeout=5000)
for _ in range(10):
    time.sleep(4)
    dog.feed()
while True:
    time.sleep(1)
""")
    board.advance(44)
    assert board.boots == ["power on"]
    board.advance(2)
    assert len(board.boots) == 2


def test_the_connection_is_known_as_it_is_at_each_moment(stepped):
    board = stepped(f"""
{JOIN}
def tell(when):
    print(when, wlan.isconnected(), network.WLAN(network.AP_IF).isconnected())
tell("there")
time.sleep(100)
tell("lost")
time.sleep(100)
tell("back")
wlan.disconnect()
tell("left")
""")
    board.advance(50)
    board.wifi(False)
    board.advance(100)
    board.wifi(True)
    board.advance(100)
    assert [board.wait_line(word) for word in ("there", "lost", "back", "left")] == [
        "there True False", "lost False False", "back True False", "left False False",
    ]  # fmt: skip
