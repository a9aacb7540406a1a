"""Ctrl-C on the console of the simulated board, wherever the program is at that moment."""

import pytest
from programs import JOIN

BUSY = {
    "computing": "n += 1",
    "asleep": "time.sleep_ms(60000)",
    "on the bus": "i2c.readfrom_mem_into(0x76, 0xD0, buf)",
    "asking": "machine.unique_id()",
}


@pytest.mark.parametrize("doing", BUSY)
def test_ctrl_c_interrupts_the_program_and_the_board_goes_on(make_board, bits, doing):
    board = make_board(
        f"""
import machine, time
i2c, buf, n = machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21)), bytearray(1), 0
for life in range(4):
    try:
        print("working")
        while True:
            {BUSY[doing]}
    except KeyboardInterrupt:
        print("interrupted", machine.unique_id()[5], i2c.readfrom_mem(0x76, 0xD0, 1))
""",
        bits=bits,
    )
    for _ in range(4):
        board.wait_line("working")
        board.interrupt()
        assert board.wait_line("interrupted") == "interrupted 1 b'`'"
    assert board.boots == ["power on"]


def test_ctrl_c_interrupts_a_program_that_waits_for_the_network(make_board, echo):
    board = make_board(
        JOIN
        + f"""
link = dial("127.0.0.1", {echo.port})
poll = select.poll()
poll.register(link, select.POLLIN)
print("waiting")
poll.poll(60000)
"""
    )
    board.wait_line("waiting")
    board.interrupt()
    board.wait_line("KeyboardInterrupt")
    board.wait_prompt()


def test_ctrl_c_at_the_prompt_changes_nothing(make_board):
    board = make_board("")
    board.wait_prompt()
    board.interrupt()
    board.reset()
    board.wait_boot("hard")
    board.wait_prompt()
    assert board.boots == ["power on", "hard"]


def test_the_watchdog_bites_a_program_that_was_interrupted(make_board):
    board = make_board(
        """
import machine
if machine.reset_cause() == 1:
    dog = machine.WDT(timeout=500)
    print("working")
    while True:
        dog.feed()
"""
    )
    board.wait_line("working")
    board.interrupt()
    board.wait_line("KeyboardInterrupt")
    board.wait_boot("watchdog")
