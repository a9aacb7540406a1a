"""The model of an SSD1306: what it shows of what other firmwares send, and what it finds wrong."""

import pytest
from girouette.simboard.parts import Nak
from girouette.simboard.parts.display import Ssd1306

# As widely used libraries begin: horizontal addressing over the whole memory, and values of the data sheet
INIT = bytes.fromhex("ae d580 a83f d300 40 8d14 2000 a1 c8 da12 81cf d9f1 db20 a4 a6 2e af")
WINDOW = bytes.fromhex("21007f 220007")


@pytest.fixture
def display() -> Ssd1306:
    return Ssd1306()


def command(display, data: bytes):
    display.write(b"\x00" + data)


def draw(display, dots=()):
    """A picture of these (x, y) by horizontal addressing."""
    picture = bytearray(1024)
    for x, y in dots:
        picture[y // 8 * 128 + x] |= 1 << y % 8
    command(display, WINDOW)
    for at in range(0, 1024, 16):
        display.write(b"\x40" + picture[at : at + 16])


def seen(display) -> set[tuple[int, int]]:
    return {(x, y) for y, row in enumerate(display.pixels()) for x, dot in enumerate(row) if dot}


CORNERS = {(0, 0), (127, 0), (0, 63), (5, 17)}


@pytest.fixture
def shining(display):
    command(display, INIT)
    draw(display, CORNERS)
    assert seen(display) == CORNERS
    return display


def test_a_picture_by_horizontal_addressing_is_seen_as_it_is(shining):
    assert shining.faults == []
    assert [ord(row[0]) - 0x2800 for row in shining.picture()] == [1] + [0] * 14 + [0x40]


def test_commands_may_come_a_byte_at_a_time_each_behind_its_control_byte(display):
    for byte in INIT:
        display.write(bytes([0x80, byte]))
    draw(display, CORNERS)
    assert (seen(display), display.faults) == (CORNERS, [])


def test_commands_and_data_may_share_a_transfer(shining):
    draw(shining)
    command(shining, b"\x20\x02")
    shining.write(bytes([0x80, 0xB1, 0x80, 0x04, 0x80, 0x13, 0x40, 0x01, 0x80]))
    assert (seen(shining), shining.faults) == ({(0x34, 8), (0x35, 15)}, [])


def test_page_addressing_stays_in_its_page_and_vertical_addressing_goes_down(shining):
    draw(shining)
    command(shining, b"\x20\x02\xb7\x0e\x17")
    shining.write(b"\x40\x01\x02\x04")
    found = {(127, 57), (126, 58)}  # back to where the row began
    assert seen(shining) == found
    command(shining, b"\x20\x01\x21\x03\x04\x22\x01\x02")
    shining.write(b"\x40\x01\x01\x02\x04")
    assert seen(shining) == found | {(3, 8), (3, 16), (4, 9), (4, 18)}
    assert shining.faults == []


def test_without_the_charge_pump_nothing_shines_until_it_runs_and_the_panel_is_switched_on(display):
    command(display, INIT.replace(b"\x8d\x14", b""))
    draw(display, CORNERS)
    assert seen(display) == set()
    command(display, b"\x8d\x14")
    assert seen(display) == set()
    command(display, b"\xaf")
    assert seen(display) == CORNERS
    command(display, b"\x8d\x10")
    assert seen(display) == set()


def test_modes_of_the_whole_display(shining):
    everything = {(x, y) for x in range(128) for y in range(64)}
    command(shining, b"\xa7")
    assert seen(shining) == everything - CORNERS
    command(shining, b"\xa6\xa5")
    assert seen(shining) == everything
    command(shining, b"\xa4\xae")
    assert (seen(shining), shining.read(1)) == (set(), b"\x40")
    command(shining, b"\xaf")
    assert (seen(shining), shining.read(1)) == (CORNERS, b"\x00")


def test_lines_are_shifted_by_the_start_line_and_the_offset(shining):
    command(shining, b"\x41")
    assert seen(shining) == {(x, (y - 1) % 64) for x, y in CORNERS}
    command(shining, b"\x40\xd3\x02")
    assert seen(shining) == {(x, (y - 2) % 64) for x, y in CORNERS}
    assert shining.faults == []


def test_turning_round_acts_on_lines_at_once_and_on_columns_with_the_next_data(shining):
    command(shining, b"\xa0\xc0")
    assert seen(shining) == {(x, 63 - y) for x, y in CORNERS}
    draw(shining, CORNERS)
    assert seen(shining) == {(127 - x, 63 - y) for x, y in CORNERS}


def test_lines_that_are_wired_in_another_way_are_out_of_order(shining):
    command(shining, b"\xda\x02")
    assert seen(shining) != CORNERS
    assert len(seen(shining)) == len(CORNERS)


def test_a_loss_of_power_leaves_it_dark_and_its_memory_full_of_anything(shining):
    shining.power_up()
    assert (seen(shining), shining.contrast) == (set(), 0x7F)
    command(shining, INIT)
    assert 1000 < len(seen(shining)) < 7000


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        (b"\x00\x9f", "command 0x9f"),
        (b"\x00\x20\x03", "command 0x20 with 03"),
        (b"\x00\xa8\x07", "command 0xa8 with 07"),
        (b"\x00\xdb\x40", "command 0xdb with 40"),
        (b"\x00\x21\x05\x04", "command 0x21 with 05 04"),
        (b"\x00\xb0", "command 0xb0 outside of page addressing"),
        (b"\x00\x20\x02\x21\x00\x05", "command 0x21 in page addressing"),
        (b"\x00\x81", ""),
        (b"\x33\x00", "control byte 0x33"),
    ],
)
def test_what_the_data_sheet_does_not_know_is_kept(shining, sent, fault):
    shining.write(sent)
    assert shining.faults == ([fault] if fault else [])


def test_data_in_the_middle_of_a_command_is_a_fault(shining):
    shining.write(b"\x00\x81")
    shining.write(b"\x40\x00")
    assert shining.faults == ["data within command 0x81"]


def test_one_that_is_unplugged_answers_nothing_and_shows_nothing(shining):
    shining.unplug()
    with pytest.raises(Nak):
        shining.write(b"\x00\xe3")
    assert seen(shining) == set()
