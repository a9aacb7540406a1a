"""Every way a chip starts, and what it remembers of the time before."""

import os
import select
import signal
import subprocess
import sys
import threading

import pytest
from girouette.errors import ToolMissing
from girouette.simboard import Board

CAUSE = """
import machine
names = {1: "PWRON", 2: "HARD", 3: "WDT", 4: "DEEPSLEEP", 5: "SOFT"}
assert (machine.PWRON_RESET, machine.HARD_RESET, machine.WDT_RESET) == (1, 2, 3)
assert (machine.DEEPSLEEP_RESET, machine.SOFT_RESET) == (4, 5)
cause = machine.reset_cause()
print("cause", names[cause])
"""


def test_each_start_knows_its_cause(make_board, bits):
    board = make_board(
        CAUSE
        + """
import sys
if cause == 1:
    machine.reset()
if cause == 2:
    machine.soft_reset()
if cause == 5:
    machine.deepsleep(50)
if cause == 4:
    machine.WDT(timeout=100)
    while True:
        pass
""",
        bits=bits,
    )
    board.wait_boot("watchdog")
    board.wait_prompt()
    assert board.boots == ["power on", "hard", "soft", "deep sleep", "watchdog"]
    causes = [line.split()[1] for line in board.lines if line.startswith("cause")]
    assert causes == ["PWRON", "HARD", "SOFT", "DEEPSLEEP", "WDT"]


def test_the_watchdog_cannot_be_stopped_and_bites_at_the_prompt(make_board):
    board = make_board(CAUSE + "if cause == 1: machine.WDT(timeout=200)")
    board.wait_prompt()
    board.wait_boot("watchdog")


def test_the_watchdog_survives_a_soft_reset_and_bites(make_board):
    board = make_board(
        CAUSE
        + """
if cause == 1:
    machine.WDT(timeout=400)
    machine.soft_reset()
while cause == 5:
    pass
"""
    )
    board.wait_boot("soft")
    board.wait_boot("watchdog")
    board.wait_prompt()
    assert board.watchdog is None  # a bite disarms it until the firmware starts it again


def test_a_fed_watchdog_does_not_bite(make_board):
    board = make_board(
        CAUSE
        + """
import time
dog = machine.WDT(timeout=1000)
for _ in range(15):
    dog.feed()
    time.sleep_ms(100)
print("fed")
"""
    )
    board.wait_line("fed")
    assert board.boots == ["power on"]


def test_losing_power_stops_the_program_at_once_and_returning_starts_it_anew(make_board):
    board = make_board(CAUSE + "while True: pass")
    board.wait_line("PWRON")
    board.power_off()
    board.power_off()
    assert board.boots == ["power on"]
    board.power_on()
    board.wait_line("PWRON")
    board.power_cycle()
    board.wait_line("PWRON")
    assert board.boots == ["power on"] * 3


def test_the_reset_button_starts_it_anew_even_from_endless_sleep(make_board):
    board = make_board(CAUSE + "print('good night') if cause == 1 else print('good morning')\nmachine.deepsleep()")
    board.wait_line("good night")
    board.reset()
    board.wait_line("good morning")
    assert board.boots == ["power on", "hard"]


def test_power_can_go_during_a_deep_sleep(make_board):
    board = make_board(CAUSE + "machine.deepsleep(3600000)")
    board.wait_line("PWRON")
    board.power_cycle()
    board.wait_line("PWRON")


def test_the_flash_is_the_folder_and_outlives_power(make_board):
    board = make_board(
        """
import os
if "kept" in os.listdir("/"):
    print(open("/kept").read(), open("kept").read())
with open("/kept", "w") as f:
    f.write("here")
"""
    )
    board.wait_prompt()
    assert (board.firmware / "kept").read_text() == "here"
    board.power_cycle()
    board.wait_line("here here")


def test_rtc_memory_outlives_a_reset_but_no_loss_of_power(make_board):
    board = make_board("import machine\nr = machine.RTC()\nprint('memory', r.memory())\nr.memory(b'\\x01kept')")
    board.wait_prompt()
    board.reset()
    board.wait_prompt()
    board.power_cycle()
    board.wait_prompt()
    assert [line for line in board.lines if "memory" in line] == ["memory b''", "memory b'\\x01kept'", "memory b''"]


def test_boot_py_runs_before_main_py_and_imports_come_from_the_flash(make_board):
    board = make_board(
        "import sys\nprint('main', sys.path, __name__)\nimport used_by_main",
        files={"boot.py": "print('boot')", "used_by_main.py": "print('imported')"},
    )
    board.wait_prompt()
    assert board.lines[0] == "boot"
    assert board.lines[1].endswith("__main__")
    assert board.lines[2] == "imported"


@pytest.mark.parametrize("ending", ["sys.exit()", "raise SystemExit"])
def test_a_program_that_exits_is_a_soft_reset(make_board, ending):
    board = make_board(CAUSE + f"import sys\nif cause == 1: {ending}")
    board.wait_boot("soft")
    board.wait_line("SOFT")


def test_an_exception_prints_its_traceback_and_leaves_the_board_at_its_prompt(make_board):
    board = make_board("print('before')\n1 / 0")
    board.wait_prompt()
    assert board.lines[0] == "before"
    assert "ZeroDivisionError: divide by zero" in board.lines
    assert '  File "main.py", line 2, in <module>' in board.lines
    assert board.boots == ["power on"]


def test_a_crash_of_micropython_itself_is_a_reset(make_board):
    board = make_board(CAUSE + "while cause == 1: pass")
    board.wait_line("PWRON")
    os.kill(board.pid, signal.SIGSEGV)
    board.wait_boot("hard")
    board.wait_line("HARD")
    assert any("ended by itself, status -11" in line for line in board.lines)


def test_a_fault_of_the_models_is_told_on_the_console_and_is_a_reset(make_board):
    board = make_board(CAUSE + "import _board\nif cause == 1: _board.call(99)", files={})
    board.wait_line("(the simulated board starts anew: its model failed.")
    board.wait_line("KeyError: 99")
    board.wait_boot("hard")


def test_a_board_that_cannot_start_says_why_and_leaves_nothing_behind(tmp_path, monkeypatch):
    (tmp_path / "main.py").write_text("")
    monkeypatch.setenv("MICROPYTHON32", "/nowhere/micropython")
    before = set(threading.enumerate())
    with pytest.raises(ToolMissing, match="/nowhere/micropython"), Board(tmp_path):
        pass
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize("use", ["", "machine.PWM", "hasattr(network, 'LAN')"])
def test_the_firmware_has_the_heap_it_is_given(make_board, mp, use):
    program = "import gc\ngc.collect()\nprint('free', gc.mem_free())"
    bare = int(mp.run(program, heap="112k").stdout.split()[1])
    board = make_board(f"import machine, network\n{use}\n{program}", bits=mp.bits, heap="112k")
    assert abs(int(board.wait_line("free").split()[1]) - bare) < 1000


def test_a_firmware_without_main_py_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"holds no main.py"):
        Board(tmp_path)


def test_a_board_dies_with_a_host_that_is_killed(tmp_path):
    (tmp_path / "main.py").write_text("while True: pass")
    start = f"from girouette.simboard import Board; board = Board({str(tmp_path)!r}).start()"
    host = f"{start}; print(board.pid, flush=True); input()"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", host], stdin=pipe, stdout=pipe, text=True) as process:
        ended = os.pidfd_open(int(process.stdout.readline()))
        process.kill()
    try:
        readable, _, _ = select.select([ended], [], [], 20)
        assert readable
    finally:
        os.close(ended)


def test_nothing_is_left_running_when_a_board_is_closed(make_board):
    board = make_board("while True: pass")
    pid = board.pid
    board.close()
    board.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_memory_of_the_clock_has_its_size_and_costs_no_more_than_its_bytes(make_board, bits):
    board = make_board(
        """
import machine, micropython
rtc = machine.RTC()
full = bytes(range(256)) * 8
try:
    rtc.memory(full + b"x")
except ValueError as e:
    print("refused", e)
before = micropython.mem_total()
rtc.memory(full)
print("written", micropython.mem_total() - before)
print("read", rtc.memory() == full, micropython.mem_total() - before < 6000)
rtc.memory(b"")
print("empty", rtc.memory())
""",
        bits=bits,
    )
    board.wait_line("refused buffer too long")
    board.wait_line("written 0")
    board.wait_line("read True True")
    board.wait_line("empty b''")
