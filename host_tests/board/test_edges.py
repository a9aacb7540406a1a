"""Interrupts of pins on the simulated board: each edge is told once, in order, with the time at which it happened."""

import pytest
from girouette.simboard.edges import FALLING, Edges
from girouette.simboard.parts.contacts import Anemometer, FlowMeter
from girouette.simboard.pins import PinModel

COUNT = """
import time
from machine import Pin

seen = []
def edge(pin):
    seen.append((pin.value(), time.ticks_ms()))

pin = Pin(27, Pin.IN, Pin.PULL_UP)
pin.irq(edge, %s)
print("ready")
for _ in range(200):
    time.sleep_ms(10)
    pin.value()
    if len(seen) >= %d:
        break
print("seen", *[level for level, _ in seen])
print("apart", *[time.ticks_diff(b[1], a[1]) for a, b in zip(seen, seen[1:])])
"""


@pytest.mark.parametrize(
    ("trigger", "levels"),
    [("Pin.IRQ_FALLING", "0 0"), ("Pin.IRQ_RISING", "1 1"), ("Pin.IRQ_RISING | Pin.IRQ_FALLING", "0 1 0 1")],
)
def test_each_edge_is_told_once_with_its_level(make_board, trigger, levels):
    board = make_board(COUNT % (trigger, len(levels.split())))
    board.wait_line("ready")
    for level in (0, 1, 0, 1):
        board.pin(27).drive(level)
    assert board.wait_line("seen") == "seen " + levels


def test_no_edge_is_told_to_who_no_longer_watches(make_board):
    board = make_board(
        """
from machine import Pin
pin = Pin(27, Pin.IN, Pin.PULL_UP)
pin.irq(lambda pin: print("edge"), Pin.IRQ_FALLING)
pin.irq(None)
print("ready")
while pin.value():
    pass
print("down")
"""
    )
    board.wait_line("ready")
    board.pin(27).drive(0)
    board.wait_line("down")
    assert "edge" not in board.lines


def test_an_exception_of_a_handler_is_printed_and_the_program_goes_on(make_board):
    board = make_board(
        """
from machine import Pin
pin = Pin(27, Pin.IN, Pin.PULL_UP)
pin.irq(lambda pin: 1 / 0, Pin.IRQ_FALLING)
print("ready")
while pin.value():
    pass
print("down", pin.value())
"""
    )
    board.wait_line("ready")
    board.pin(27).drive(0)
    board.wait_line("down")
    assert "ZeroDivisionError: divide by zero" in board.lines


@pytest.mark.parametrize("rate", [1, 20])
def test_the_pulses_of_a_part_come_at_their_times_while_the_program_sleeps(make_board, rate):
    program = COUNT.replace("sleep_ms(10)", "sleep_ms(1000)").replace("range(200)", "range(3)")
    meter = FlowMeter(pin=27)
    meter.flow = 60 / 450 * 4  # four a second
    board = make_board(program % ("Pin.IRQ_FALLING", 999), sensors=[meter], rate=rate)
    apart = [int(ms) for ms in board.wait_line("apart").split()[1:]]
    assert len(apart) >= 8
    assert abs(sorted(apart)[len(apart) // 2] - 250) <= 4 * rate, "most of them: the host may stall between two looks"


def test_in_time_that_goes_in_steps_too(make_board):
    program = COUNT.replace("sleep_ms(10)", "sleep_ms(1000)").replace("range(200)", "range(3)")
    meter = FlowMeter(pin=27)
    meter.flow = 60 / 450 * 4
    board = make_board(program % ("Pin.IRQ_FALLING", 999), sensors=[meter], steps=True)
    board.advance(4)
    apart = [int(ms) for ms in board.wait_line("apart").split()[1:]]
    assert len(apart) >= 10
    assert all(249 <= ms <= 251 for ms in apart)


def test_handlers_allocate_nothing_on_32_bits(make_board):
    """A thousand edges, counted by the driver's own counter."""
    board = make_board(
        """
import gc, micropython, time
from machine import Pin
count = 0
def edge(pin):
    global count
    if not pin.value():
        count = count + 1
pin = Pin(27, Pin.IN, Pin.PULL_UP)
pin.irq(edge, Pin.IRQ_FALLING | Pin.IRQ_RISING)
while not count:
    pin.value()
def go(n):
    end = count + n
    while count < end:
        pin.value()
before = total = 0
go(10)
gc.collect()
gc.disable()
before, total = gc.mem_alloc(), micropython.mem_total()
go(300)
total, before = micropython.mem_total() - total, gc.mem_alloc() - before
print("took", before, total)
""",
        bits=32,
        sensors=[Anemometer(pin=27)],
        rate=50,
    )
    assert board.wait_line("took", timeout=60) == "took 0 0"


def test_a_contact_that_still_bounces_when_it_is_asked_for_is_told_as_of_now():
    now = [0.0]
    edges, pin = Edges(lambda: now[0]), PinModel()
    pin.train = lambda since, until: [(until + 0.002, 0)] if until > since else []
    edges.watch(27, pin, FALLING)
    now[0] = 1.0
    assert edges.pending()
    assert edges.next() == 27
