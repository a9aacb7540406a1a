"""What MicroPython's ports do differently, as a firmware meets it on the simulated board."""

import pytest
from girouette.simboard import Board

CAUSE = """
import machine, time
print("cause", machine.reset_cause(), time.localtime()[0])
"""


def lines(board, word: str) -> list[str]:
    board.wait_prompt()
    return [line for line in board.lines if line.startswith(word)]


@pytest.mark.parametrize(
    ("port", "timeout", "words"),
    [
        ("rp2", 8389, "ValueError: timeout exceeds 8388"),
        ("stm32", 32768, "ValueError: WDT timeout too long"),
        ("esp32", 0, "ValueError: WDT timeout too short"),
    ],
)
def test_a_watchdog_refuses_what_its_timer_cannot_count(make_board, port, timeout, words):
    board = make_board(f"import machine; machine.WDT(timeout={timeout})", port=port)
    board.wait_line(words)
    assert board.watchdog is None


@pytest.mark.parametrize(("port", "timeout"), [("rp2", 8388), ("stm32", 32767), ("esp32", 3_600_000)])
def test_a_watchdog_takes_the_longest_its_port_has(make_board, port, timeout):
    board = make_board(f"import machine; machine.WDT(timeout={timeout})", port=port)
    board.wait_prompt()
    assert board.watchdog == timeout / 1000


def test_an_rp2_has_two_causes_and_tells_a_reset_as_the_watchdog(make_board):
    board = make_board(CAUSE + "print('names', [n for n in dir(machine) if n.endswith('_RESET')])", port="rp2")
    board.wait_prompt()
    board.reset()
    assert lines(board, "cause") == ["cause 1 2021", "cause 3 2021"]
    assert "HARD_RESET" not in board.lines[1]
    assert "PWRON_RESET" in board.lines[1]


def test_an_rp2_says_after_a_soft_reset_what_it_said_before(make_board):
    board = make_board(CAUSE + "machine.soft_reset()", port="rp2")
    board.wait_boot("soft")
    board.wait_line("cause 1")
    board.wait_line("cause 1")


def test_an_stm32_has_a_cause_for_each_start(make_board):
    board = make_board(
        CAUSE
        + """
if machine.reset_cause() == machine.PWRON_RESET:
    machine.reset()
if machine.reset_cause() == machine.HARD_RESET:
    machine.soft_reset()
""",
        port="stm32",
    )
    board.wait_boot("soft")
    assert lines(board, "cause") == ["cause 1 2000", "cause 2 2000", "cause 0 2000"]


def test_an_rp2_counts_from_1970(make_board, bits):
    board = make_board(
        """
import machine, time
machine.RTC().datetime((2026, 2, 3, 1, 4, 5, 6, 0))
now = time.time()
print(now, time.gmtime(now)[:6], time.localtime()[:6], time.mktime(time.gmtime(now)) == now, time.gmtime(0)[0])
""",
        port="rp2",
        bits=bits,
    )
    board.wait_prompt()
    assert board.lines[0] == "1770091506 (2026, 2, 3, 4, 5, 6) (2026, 2, 3, 4, 5, 6) True 1970"


@pytest.mark.parametrize(("port", "there"), [("esp32", True), ("rp2", False), ("stm32", False)])
def test_only_an_esp32_has_memory_in_its_rtc(make_board, port, there):
    board = make_board("import machine; print(hasattr(machine.RTC(), 'memory'))", port=port)
    board.wait_line(str(there))


def test_a_port_that_is_not_modelled_is_told_in_words(tmp_path):
    (tmp_path / "main.py").write_text("")
    with pytest.raises(ValueError, match="no port 'esp8266'; there are esp32, rp2, stm32"):
        Board(tmp_path, port="esp8266")
