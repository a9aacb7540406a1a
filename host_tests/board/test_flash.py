"""A board whose "/" is a file system on a modelled flash chip: its room, its wear, and the power cut in a write."""

import pytest
from girouette.simboard import Board, Flash
from girouette.simboard.flash import BLOCK

COUNT = """
import os
try:
    with open("count") as f:
        count = int(f.read())
except (OSError, ValueError):
    count = 0
print("count", count, os.statvfs("/")[2])
"""


def test_the_firmware_folder_is_what_a_blank_flash_holds(make_board, bits, tmp_path):
    board = make_board(
        """
import os, gate
print(sorted(os.listdir("/"))[-3:], os.listdir("/lib"), gate.__file__)
os.mkdir("new")
with open("new/text", "w") as f:
    f.write("written")
""",
        files={"config.json": "{}"},
        bits=bits,
        flash=Flash("256k"),
    )
    board.wait_line("['config.json', 'lib', 'main.py'] ['gate.py']")
    board.wait_prompt()
    board.power_off()
    (tmp_path / "out").mkdir()
    board.flash.unpack(tmp_path / "out")
    assert (tmp_path / "out" / "new" / "text").read_text() == "written"
    assert not (board.firmware / "new").exists()


def test_files_outlive_a_loss_of_power(make_board):
    board = make_board(COUNT + "with open('count', 'w') as f: f.write(str(count + 1))", flash=Flash("128k"))
    for n in range(3):
        assert board.wait_line("count") == f"count {n} 32"
        board.wait_prompt()
        board.power_cycle()


@pytest.mark.parametrize("system", ["littlefs", "fat"])
def test_a_small_flash_is_full_at_some_point(make_board, system):
    board = make_board(
        """
n = 0
try:
    with open("big", "wb") as f:
        while True:
            n += f.write(bytes(1000))
except OSError as e:
    print("errno", e.errno, n)
""",
        flash=Flash("128k", system=system),
    )
    _, errno, written = board.wait_line("errno").split()
    assert errno == "28"
    assert 60_000 < int(written) < 128_000


def test_a_flash_that_takes_nothing_more_is_enospc_until_it_does(make_board):
    board = make_board(
        COUNT
        + """
import time
while True:
    try:
        with open("log", "w") as f:
            f.write("x" * 5000)
        print("kept")
    except OSError as e:
        print("errno", e.errno)
    time.sleep_ms(10)
""",
        flash=Flash(),
    )
    board.wait_line("kept")
    board.flash.full(True)
    board.wait_line("errno 28")
    board.flash.full(False)
    board.wait_line("kept")


def test_a_power_cut_at_every_write_leaves_the_old_file_or_the_new_one(make_board):
    board = make_board(
        COUNT
        + """
while True:
    count += 1
    with open("count", "w") as f:
        f.write(str(count))
    print("wrote", count)
""",
        flash=Flash("64k"),
    )
    board.wait_line("count")
    for n in range(16):
        board.wait_line("wrote")
        board.flash.cut_at(n)
        board.flash.wait_cut()
        assert board.pid is None
        wrote = [int(line.split()[1]) for line in board.lines if line.startswith("wrote")][-1]
        board.power_on()
        found = int(board.wait_line("count").split()[1])
        assert found in (wrote, wrote + 1)


def test_what_a_flash_forgot_halfway_is_seen(tmp_path):
    flash = Flash("8k")
    flash.erase(0)
    assert flash.program(0, 0, b"\xf0\x0f") == 0
    assert flash.program(0, 0, b"\x33\x33") == 0
    assert flash.read(0, 0, 3) == b"\x30\x03\xff"  # programming only clears bits
    flash.erase(0)
    assert flash.read(0, 0, 2) == b"\xff\xff"
    assert flash.wear == [2, 0]
    assert flash.writes == 4


def test_an_image_is_kept_in_its_file(make_board, tmp_path):
    image = tmp_path / "image"
    board = make_board(COUNT + "with open('count', 'w') as f: f.write('41')", flash=Flash("64k", image))
    board.wait_prompt()
    board.power_off()
    assert image.stat().st_size == 64 * 1024
    with Board(board.firmware, flash=Flash("64k", image)) as again:
        again.wait_line("count 41")


def test_a_file_system_beyond_repair_is_told_and_leaves_the_board_at_its_prompt(make_board):
    board = make_board("print('never seen again')", flash=Flash("64k"))
    board.wait_line("never")
    board.power_off()
    for block in (0, 1):
        board.flash.program(block, 0, bytes(BLOCK))
    board.power_on()
    board.wait_line("The filesystem appears to be corrupted")
    board.wait_prompt()


def test_reading_a_file_allocates_nothing_for_the_flash(make_board):
    board = make_board(
        """
from gate import verdict
buf = bytearray(64)
f = open("main.py", "rb")
def step():
    f.seek(0)
    f.readinto(buf)
step()
verdict(step, 200)
""",
        flash=Flash("64k"),
    )
    board.wait_line("0 0 locked")


def test_a_file_system_that_is_not_modelled_is_told_in_words():
    with pytest.raises(ValueError, match="no file system 'ext4'; there are littlefs and fat"):
        Flash(system="ext4")
