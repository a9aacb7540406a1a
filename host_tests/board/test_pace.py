"""A board whose time goes faster than the host's."""

import time

import pytest
from girouette.simboard import NtpServer
from programs import JOIN

RATE = 100


@pytest.mark.parametrize(
    "wait",
    ["time.sleep_ms(30000)", "time.sleep(30)", "select.poll().poll(30000)", "list(select.poll().ipoll(30000))"],
)
def test_waiting_takes_a_part_of_its_time_and_the_ticks_count_all_of_it(make_board, bits, wait):
    board = make_board(
        f"""
import select, time
print("begin")
start = time.ticks_ms()
{wait}
print("took", time.ticks_diff(time.ticks_ms(), start))
""",
        bits=bits,
        rate=RATE,
    )
    board.wait_line("begin")
    begun = time.monotonic()
    took = int(board.wait_line("took").split()[1])
    assert 0.25 < time.monotonic() - begun < 20
    assert took >= 29_900


def test_waits_below_a_millisecond_of_the_host_do_not_return_at_once(make_board):
    board = make_board(
        """
import select, time
poll = select.poll()
start = time.ticks_ms()
for _ in range(100):
    poll.poll(50)
print("took", time.ticks_diff(time.ticks_ms(), start))
""",
        rate=RATE,
    )
    assert int(board.wait_line("took").split()[1]) >= 5000


def test_ticks_wrap_as_they_do_at_the_hosts_pace(make_board, bits):
    board = make_board(
        """
import time
last = time.ticks_ms()
begin = last
while last >= begin:
    now = time.ticks_ms()
    assert 0 <= time.ticks_diff(now, last) < 100000
    last = now
print("wrapped", begin, last)
""",
        bits=bits,
        rate=RATE,
        ticks_start=2**30 - 100_000,
    )
    begin, last = map(int, board.wait_line("wrapped").split()[1:])
    assert last < 100_000 < 2**30 - 100_000 <= begin


def test_clock_and_ticks_go_at_the_same_pace(make_board):
    board = make_board(
        """
import time
ticks, clock = time.ticks_ms(), time.time()
time.sleep_ms(60000)
print("apart", abs(time.ticks_diff(time.ticks_ms(), ticks) // 1000 - (time.time() - clock)))
""",
        rate=RATE,
    )
    # the host may stall between two looks, and counts a hundredfold
    assert int(board.wait_line("apart").split()[1]) <= 3


def test_the_watchdog_and_deep_sleep_are_as_fast(make_board):
    board = make_board(
        """
import machine, time
if machine.reset_cause() == 1:
    machine.deepsleep(60000)
if machine.reset_cause() == 4:
    machine.WDT(timeout=60000)
    while True:
        pass
""",
        rate=RATE,
    )
    begun = time.monotonic()
    board.wait_boot("deep sleep")
    board.wait_boot("watchdog")
    assert 1.1 < time.monotonic() - begun < 15


def test_links_and_polls_work_at_any_pace(make_board, echo):
    board = make_board(
        JOIN
        + f"""
link = dial("127.0.0.1", {echo.port})
poll = select.poll()
poll.register(link, select.POLLIN)
for i in range(100):
    link.write(b"%02d" % i)
    assert poll.poll(60000)
    assert link.recv(2) == b"%02d" % i
print("all back")
""",
        rate=RATE,
    )
    board.wait_line("all back")


def test_ticks_waits_and_polls_allocate_nothing_at_a_pace(make_board):
    board = make_board(
        """
import select, time
from gate import verdict
poll = select.poll()
def step():
    time.ticks_ms()
    time.sleep_ms(5)
    for _ in poll.ipoll(5):
        pass
step()
verdict(step, 200)
""",
        rate=RATE,
    )
    board.wait_line("0 0 locked")


def test_a_time_server_is_as_fast_as_the_board(make_board):
    server = NtpServer()
    make_board("", ntp=server, rate=RATE)
    before = server.now()
    time.sleep(0.1)
    assert server.now() - before > 9


def test_time_cannot_stand_still(make_board):
    with pytest.raises(ValueError, match="0 times as fast"):
        make_board("", rate=0)


def test_a_board_at_the_hosts_pace_pays_nothing_for_it(make_board):
    make_board("import select, sys\nprint('here', '_pace' in sys.modules)").wait_line("here False")


def test_a_sensor_is_ready_when_the_board_has_waited_for_it(make_board):
    board = make_board(
        """
import machine, time
i2c = machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21))
late = 0
for _ in range(50):
    i2c.writeto_mem(0x76, 0xF4, b"\\x25")  # one measurement, in forced mode
    time.sleep_ms(10)
    late += i2c.readfrom_mem(0x76, 0xF3, 1)[0] >> 3 & 1
print("late", late)
""",
        rate=RATE,
    )
    board.wait_line("late 0")
