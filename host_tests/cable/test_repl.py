"""The prompt of the simulated board, byte by byte, as docs/reference/repl.rst of MicroPython and pyexec.c have it."""

import pytest
from girouette.simboard import Board
from girouette.simboard.serial.typing import goes_on

BANNER = b'Type "help()" for more information.\r\n>>> '
RAW = b"raw REPL; CTRL-B to exit\r\n>"
PASTE = b"\x05A\x01"


@pytest.fixture
def at_prompt(plugged, terminal):
    """A terminal at the prompt of a board with nothing on it, and the board."""
    board = plugged(heap="512k")
    board.board.wait_prompt()
    user = terminal(board.port)
    user.send(b"\r\x01")
    user.until(RAW)
    user.send(b"\x02")
    user.until(BANNER)
    return user, board


@pytest.fixture
def raw(at_prompt):
    user, board = at_prompt
    user.send(b"\x01")
    user.until(RAW)
    return user, board


def run(user, source: bytes) -> tuple[bytes, bytes]:
    user.send(source + b"\x04")
    assert user.until(b"OK") == b"OK"
    answer = user.until(b"\x04")[:-1], user.until(b"\x04")[:-1]
    assert user.until(b">") == b">"
    return answer


def test_the_friendly_prompt_echoes_what_is_typed_and_shows_values(at_prompt):
    user, _ = at_prompt
    user.send(b"6 * 8\x7f7\r")
    assert user.until(b">>> ") == b"6 * 8\b \b7\r\n42\r\n>>> "


def test_the_friendly_prompt_asks_for_the_rest_of_a_block(at_prompt):
    user, _ = at_prompt
    user.send(b"for i in range(2):\r")
    assert user.until(b"... ").endswith(b"\r\n... ")
    user.send(b"    print('i', i)\r\r")
    assert user.until(b">>> ").endswith(b"\r\ni 0\r\ni 1\r\n>>> ")


def test_an_exception_leaves_the_prompt(at_prompt):
    user, _ = at_prompt
    user.send(b"nobody\r")
    assert user.until(b">>> ").endswith(
        b"  File \"<stdin>\", line 1, in <module>\r\nNameError: name 'nobody' isn't defined\r\n>>> "
    )


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("x = 1", False),
        ("x = (1,", True),
        ("x = '('", False),
        ("x = 1 # (", False),
        ("x = '''a", True),
        ("x = '''a'''", False),
        ("x = 1 \\", True),
        ("if x:", True),
        ("if x:\n    y", True),
        ("if x:\n    y\n", False),
        ("@f", True),
        ("iffy", False),
        ("async def f():", True),
    ],
)
def test_the_prompt_knows_what_goes_on(text, more):
    assert bool(goes_on(text)) is more


def test_arrow_up_brings_the_last_line_back(at_prompt):
    user, _ = at_prompt
    user.send(b"1 + 1\r")
    user.until(b">>> ")
    user.send(b"\x1b[A\r")
    assert user.until(b">>> ") == b"1 + 1\r\n2\r\n>>> "


def test_paste_mode_takes_lines_as_they_are(at_prompt):
    user, _ = at_prompt
    user.send(b"\x05def f():\r    return 7\rprint(f())\r\x04")
    assert user.until(b"\n>>> ").endswith(b"=== \r\n7\r\n>>> ")


def test_raw_mode_tells_output_from_errors(raw):
    user, _ = raw
    assert run(user, b"print('a')\nprint('b')") == (b"a\r\nb\r\n", b"")
    out, error = run(user, b"print('before')\nraise OSError(28)")
    assert out == b"before\r\n"
    assert error.startswith(b'Traceback (most recent call last):\r\n  File "<stdin>", line 2, in <module>\r\nOSError: ')


def test_raw_mode_keeps_names_from_one_command_to_the_next(raw):
    user, _ = raw
    run(user, b"kept = 5")
    assert run(user, b"print(kept)") == (b"5\r\n", b"")


def test_a_syntax_error_is_told_as_one(raw):
    user, _ = raw
    out, error = run(user, b"1 +")
    assert (out, error.splitlines()[-1]) == (b"", b"SyntaxError: invalid syntax")


def test_raw_bytes_pass_through_stdout_buffer_unchanged(raw):
    user, _ = raw
    assert run(user, b"import sys\nprint('a')\n_ = sys.stdout.buffer.write(b'\\n\\xff')\nprint('b')")[0] == (
        b"a\r\n\n\xffb\r\n"
    )


def test_raw_paste_obeys_its_window(raw):
    """The window is 128 bytes, two of them free at first; each 128 bytes received free another one."""
    user, _ = raw
    user.send(PASTE)
    assert user.until(b"\x80\x00\x01") == b"R\x01\x80\x00\x01"
    source = b"x = 1\n" * 100 + b"print(x)"
    for at in range(0, len(source), 128):
        user.send(source[at : at + 128])
        if len(source) - at >= 128:
            assert user.until(b"\x01") == b"\x01"
    user.send(b"\x04")
    assert user.until(b"\x04\x04>") == b"\x04" + b"1\r\n" + b"\x04\x04>"


def test_an_unknown_kind_of_paste_is_refused(raw):
    user, _ = raw
    user.send(b"\x05Z\x01")
    assert user.until(b">") == b"R\x00>"
    assert run(user, b"print(1)") == (b"1\r\n", b"")


def test_ctrl_c_ends_a_raw_program(raw):
    user, _ = raw
    user.send(b"print('on')\nwhile True:\n pass\n\x04")
    user.until(b"on\r\n")
    user.send(b"\x03")
    assert user.until(b"\x04>").endswith(b"KeyboardInterrupt: \r\n\x04>")


def test_a_soft_reset_forgets_and_in_raw_mode_leaves_main_alone(plugged, terminal):
    board = plugged("print('main ran')", files={"boot.py": "print('boot ran')"})
    board.board.wait_prompt()
    user = terminal(board.port)
    user.send(b"\r\x01")
    user.until(RAW)
    run(user, b"forgotten = 1")
    user.send(b"\x04")
    assert user.until(RAW) == b"OK\r\nMPY: soft reboot\r\nboot ran\r\n" + RAW
    assert run(user, b"print(forgotten)")[1].endswith(b"NameError: name 'forgotten' isn't defined\r\n")
    user.send(b"\x02\x04")
    user.until(b"MPY: soft reboot\r\n")
    assert user.until(b">>> ").startswith(b"boot ran\r\nmain ran\r\nMicroPython v")


def test_machine_reset_starts_a_chip_anew_in_friendly_mode(plugged, terminal):
    board = plugged("import machine\nprint('cause', machine.reset_cause())")
    board.board.wait_line("cause 1")
    board.board.wait_prompt()
    user = terminal(board.port)
    user.send(b"\r\x01")
    user.until(RAW)
    user.send(b"import machine\nmachine.reset()\x04")
    user.until(b"OK")
    assert b"rst:0xc" in user.until(b"cause 2\r\n")
    user.until(BANNER)


def test_a_program_reads_what_is_typed_and_the_prompt_gets_the_rest(plugged, terminal):
    board = plugged("import sys\nprint('name?')\nprint('hello', sys.stdin.readline().strip())")
    user = terminal(board.port)
    board.board.wait_line("name?")
    user.send(b"Ada\n7 * 6\r")
    assert b"hello Ada" in user.until(b"42\r\n")


def test_ctrl_c_is_a_byte_like_others_when_the_program_says_so(plugged, terminal):
    board = plugged(
        "import micropython, sys\nmicropython.kbd_intr(-1)\nprint('ready')\n"
        "print(sys.stdin.buffer.read(3))\nmicropython.kbd_intr(3)\nprint('open')\nwhile True:\n pass"
    )
    user = terminal(board.port)
    board.board.wait_line("ready")
    user.send(b"a\x03b")
    user.until(b"b'a\\x03b'\r\nopen\r\n")
    user.send(b"\x03")
    user.until(b"KeyboardInterrupt")
    user.until(BANNER)


def test_a_program_larger_than_one_message_arrives_whole(raw):
    user, _ = raw
    lines = b"n += 1  # " + b"." * 50 + b"\n"
    source = b"n = 0\n" + lines * 1500 + b"print(n)"
    assert len(source) > 65536
    assert run(user, source) == (b"1500\r\n", b"")


def test_a_cable_costs_the_firmware_no_heap(plugged, tmp_path):
    program = "import gc, sys, os, micropython\ngc.collect()\nprint('free', gc.mem_free())"
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "main.py").write_text(program)
    with Board(tmp_path / "plain", bits=32) as board:
        without = int(board.wait_line("free").split()[1])
    assert abs(int(plugged(program, bits=32).board.wait_line("free").split()[1]) - without) < 200
