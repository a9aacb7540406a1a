"""The SSD1306: what it shows, what it obeys and says, and how it comes back."""

import pytest
from display import Rig, drawn, font, small
from drivers import glyphs, ssd1306
from girouette.simboard import Board
from girouette.simboard.parts import models
from hypothesis import given
from hypothesis import strategies as st
from pins import state


@pytest.fixture
def make(monkeypatch):
    """(text, **options) -> a Rig that has not been polled yet."""
    return lambda *args, **options: Rig(monkeypatch, *args, **options)


@pytest.fixture
def show(make):
    """The same, with its first picture drawn."""
    return lambda *args, **options: make(*args, **options).pass_ms()


# Pictures


def test_a_text_is_seen_as_it_is_written(show):
    rig = show("hello\n# 21.5 °C\n~}|#")
    assert rig.shows("hello", "# 21.5 °C", "~}|#")
    assert rig.model.faults == []


def test_the_picture_is_this_one(show):
    """Golden: of the small character each dot is two high, of the large one two wide and four high."""
    rig = show("T\n# -")
    art = ["".join(".#"[dot] for dot in row[:16]) for row in rig.model.pixels()]
    stroke = ["...##..........."] * 12
    assert art[:16] == [".######........."] * 2 + stroke + ["." * 16] * 2
    assert art[16:48] == ["." * 16] * 12 + ["..############.."] * 4 + ["." * 16] * 16
    assert [len(row) for row in rig.model.picture()] == [64] * 16
    left = [row[:8].replace("\u2800", " ").rstrip() for row in rig.model.picture()]
    assert left[:8] == ["⠘⢻⡟⠃", " ⢸⡇", " ⢸⡇", " ⠘⠃", "", "", "", " ⣿⣿⣿⣿⣿⣿"]


@pytest.mark.parametrize("text", ["two rows\nof text", "# large", "# 12345678"])
def test_a_display_of_32_rows_shows_half_of_it(show, text):
    rig = show(text, height=32)
    assert rig.shows(*text.split("\n"))
    assert (rig.model.height, rig.model.faults) == (32, [])


@pytest.mark.parametrize("height", [64, 32])
def test_a_display_that_is_flipped_is_upside_down(show, height):
    rig = show("up", height=height, flip=True)
    assert rig.model.pixels() == [row[::-1] for row in drawn(["up"], height)[::-1]]


@pytest.mark.parametrize(("height", "panel"), [(64, 32), (32, 64)])
def test_the_wrong_height_is_seen_at_once(show, height, panel):
    assert not show("# hello", height=height, panel=panel).shows("# hello")


@given(st.text(st.sampled_from(sorted(font())), min_size=1, max_size=20).filter(lambda text: text.strip()))
def test_every_character_has_its_shape_and_what_is_too_long_is_cut(text):
    if {"{", "}"} & set(text) or text == "---" or text.startswith("# "):
        return
    with pytest.MonkeyPatch.context() as patch:
        assert Rig(patch, f"{text}\n# {text}").pass_ms().shows(text[:16], "# " + text[:8])


def test_what_has_no_shape_is_a_question_mark_and_the_greek_letter_is_micro(show):
    rig = show("\u0416\u20ac\U0001f321 \u03bcg/m³")
    assert rig.shows("??? µg/m³")


def test_all_shapes_of_our_own_are_different_from_all_others():
    assert len({bytes(shape) for shape in font().values()}) == 95 + len(glyphs._MORE)


def test_contrast_is_passed_on(show):
    assert show("x", contrast=7).model.contrast == 7


# Places


def test_readings_take_their_places(show):
    rig = show("# {air.temperature} °C\n{air.humidity} % {air.temperature}")
    assert rig.driver.places() == ["air.temperature", "air.humidity", "air.temperature"]
    assert rig.shows("# -- °C", "-- % --")
    buf = bytearray(b"21.53")
    rig.driver.place(0, memoryview(buf))
    rig.driver.place(1, b"48")
    buf[:] = b"xxxxx"  # it has room of its own
    assert rig.pass_ms().shows("# 21.53 °C", "48 % --")
    rig.driver.place(0, b"9")
    assert rig.pass_ms().shows("# 9 °C", "48 % --")


def test_a_value_that_is_the_same_sends_nothing_and_another_only_what_changes(show):
    rig = show("{a.b} {a.c}\nx")
    rig.driver.place(0, b"21.53")
    sent = rig.pass_ms().bus.transfers
    rig.driver.place(0, b"21.53")
    assert rig.pass_ms().bus.transfers == sent
    rig.driver.place(0, b"21.54")
    assert rig.pass_ms().bus.transfers == sent + 4, "two blocks, each told where it goes"
    assert rig.shows("21.54 --", "x")


def test_of_a_value_twelve_characters_are_shown(show):
    rig = show("{a.b}|\n")
    rig.driver.place(0, "°123456789012345".encode())
    assert rig.pass_ms().shows("°12345678901|")


# Pages


def test_pages_follow_each_other(show):
    rig = show("one\n---\n# two\n{a.b}\n---\nthree", page_time=2)
    rig.driver.place(0, b"7")
    for _ in range(2):
        for lines in (["one"], ["# two", "7"], ["three"]):
            assert rig.shows(*lines)
            rig.pass_ms(2000)


def test_with_one_page_the_driver_sleeps_until_it_draws_anew(show):
    rig = show("one")
    assert 50_000 < rig.driver.poll() <= 60_000
    assert show("one\n---\ntwo", page_time=3600).driver.poll() <= 60_000


# Commands


def test_off_is_dark_and_on_shows_it_again(show):
    rig = show("hello")
    assert state(rig.driver) == ""
    rig.set("OFF").pass_ms(10)
    assert (state(rig.driver), rig.shows(), rig.model.on) == ("OFF", True, False)
    rig.set("ON").pass_ms(10)
    assert (state(rig.driver), rig.shows("hello")) == ("", True)


def test_a_display_that_begins_dark_shows_at_the_first_on(show):
    rig = show("hello", boot="OFF")
    assert (state(rig.driver), rig.shows()) == ("OFF", True)
    assert rig.set("ON").pass_ms().shows("hello")


def test_a_text_is_shown_until_an_empty_one_comes(show):
    rig = show("one\n---\ntwo", page_time=2)
    rig.set("Dinner!\n°")
    assert rig.pass_ms(10_000).shows("Dinner!", "°")
    assert state(rig.driver) == "Dinner!\n°"
    rig.set("OFF").pass_ms()
    assert state(rig.driver) == "OFF"
    assert rig.set("ON").pass_ms().shows("Dinner!", "°")
    rig.set("").pass_ms(100)
    assert (state(rig.driver), rig.shows("one") or rig.shows("two")) == ("", True)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("the window in the bathroom is open", ["the window in", "the bathroom is", "open"]),
        ("exactly sixteen! and more", ["exactly sixteen!", "and more"]),
        ("exactly sixteen!\nx", ["exactly sixteen!", "x"]),
        ("a donaudampfschiffahrtsgesellschaft", ["a donaudampfschi", "ffahrtsgesellsch", "aft"]),
        ("a\n\n b", ["a", "", " b"]),
        ("1\n2\n3\n4\n5", ["1", "2", "3", "4"]),
        ("ä" * 64, ["ä" * 16] * 4),
        ("{air.temperature}", ["{air.temperature", "}"]),
    ],
)
def test_a_text_is_broken_between_words_and_cut_at_the_end(show, text, lines):
    rig = show("hello").set(text).pass_ms()
    assert rig.shows(*lines)


def test_a_text_that_it_is_told_has_no_large_lines(show):
    rig = show("hello").set("x\n# 1").pass_ms()
    assert rig.model.pixels()[:32] == small("x") + small("# 1")


@given(st.text(st.sampled_from("ab c\n°"), max_size=60))
def test_any_text_is_drawn_within_the_display_and_no_word_that_fits_is_broken(text):
    with pytest.MonkeyPatch.context() as patch:
        rig = Rig(patch).set(text).pass_ms()
        words = text.split()
        if words and len(words[0]) <= 16 and text[0] not in " \n":
            assert rig.model.pixels()[:16] != drawn([""])[:16]
        assert (state(rig.driver), rig.model.faults) == (text, [])


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"x" * 129, "at most 128 bytes"),
        ("°".encode() * 65, "at most 128 bytes"),
        (b"\xff", "UTF-8"),
        (b"ab\xc3", "UTF-8"),
        (b"\xc0\x80", "UTF-8"),
        (b"\xed\xa0\x80", "UTF-8"),
        (b"\xf5\x80\x80\x80", "UTF-8"),
        (b"\xe2\x28\xa1", "UTF-8"),
        (b"bell\x07", "characters that can be shown"),
        (b"\x00", "characters that can be shown"),
        ("\x85".encode(), "characters that can be shown"),
    ],
)
def test_a_bad_command_changes_nothing(show, payload, why):
    rig = show("hello").set("before").pass_ms()
    with pytest.raises(ValueError, match=why):
        rig.set(payload)
    assert state(rig.driver) == "before"
    assert rig.pass_ms().shows("before")


@given(st.binary(max_size=12))
def test_what_is_taken_is_utf_8_and_nothing_else(payload):
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        text = None
    letters = glyphs.Letters()
    letters.open(payload, len(payload))
    read = []
    try:
        while (c := letters.next()) >= 0:
            read.append(chr(c))
    except ValueError:
        assert text is None
    else:
        assert "".join(read) == text


def test_a_safe_display_stays_as_it_is(show):
    rig = show("hello")
    rig.driver.safe()
    assert rig.pass_ms().shows("hello")


# The text of the configuration


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", r"text: page 1 \(it ends at line 2\) is empty"),
        ("a\n---", "text: page 2 .* is empty"),
        ("---\na", "text: page 1 .* is empty"),
        ("a\n---\n\n---\nb", "text: page 2 .* is empty"),
        ("1\n2\n3\n4\n5", "text: page 1 has no room for line 5: there are 4 rows"),
        ("a\n---\n# 1\n# 2\n3", "text: page 2 has no room for line 5"),
        ("x {air.temperature", "text: line 1 has a { without a }"),
        ("a\n{air}", r'text: line 2: "{air}" is no place such as {air.temperature}'),
        ("{}", "no place"),
        ("{air.}", "no place"),
        ("{.x}", "no place"),
        ("{a b.c}", "no place"),
        ("a\tb", "text: line 1 has a character that cannot be shown"),
        ("x" * 513, "text: expected at most 512 characters, found 513"),
        (5, "text: expected text"),
    ],
)
def test_a_text_that_cannot_be_shown_is_refused_in_words(make, text, why):
    with pytest.raises(ValueError, match=why):
        make(text)


def test_what_a_display_of_64_rows_takes_one_of_32_may_not(make):
    make("1\n2\n3")
    with pytest.raises(ValueError, match="text: page 1 has no room for line 3: there are 2 rows"):
        make("1\n2\n3", height=32)


def test_the_longest_text_has_room(show):
    rig = show("\n---\n".join(["{a.b}" * 5 + "{c.d}" * 5] * 9), page_time=1)
    assert len(rig.driver.places()) == 90
    rig.driver.place(89, b"x")
    assert rig.pass_ms(7000).shows("--" * 8)


# The bus


def test_no_step_takes_longer_than_four_milliseconds_of_the_bus(show):
    rig = show("# {a.b}\n1\n2\n---\n# x\n# y", page_time=1)
    for command in ("OFF", "ON", "text", ""):
        rig.set(command).pass_ms(70_000)
    assert 3_000 < rig.worst <= 4_000


def test_a_display_without_an_answer_is_told_with_its_address_and_shows_when_it_is_plugged_in(make):
    rig = make("hello")
    rig.model.unplug()
    rig.pass_ms(20_000)
    assert len(set(rig.told)) == 1
    assert rig.told[0].startswith("no answer at 0x3c: check that the SSD1306 is powered")
    assert 5 <= rig.bus.transfers <= 8, "every few seconds"
    rig.model.plug()
    told = len(rig.told)
    assert rig.pass_ms(5000).shows("hello")
    assert len(rig.told) <= told + 3


def test_a_display_that_is_taken_away_comes_back_with_what_is_to_be_shown_then(show):
    rig = show("{a.b}\nhello")
    rig.model.unplug()
    rig.driver.place(0, b"5")
    rig.pass_ms(5000)
    assert rig.told
    rig.model.plug()
    rig.driver.place(0, b"6")
    assert rig.pass_ms(5000).shows("6", "hello")


def test_a_display_that_lost_its_supply_unseen_shows_again_within_a_minute(show):
    rig = show("hello")
    rig.pass_ms(10_000).model.power_up()
    assert rig.shows()
    assert rig.pass_ms(51_000).shows("hello")
    assert rig.told == []


def test_drawing_anew_does_not_flicker(show):
    rig = show("hello")
    for _ in range(70_000):
        rig.pass_ms(1)
        assert rig.model.on
    assert rig.shows("hello")


def test_a_dark_display_that_is_drawn_anew_stays_dark(show):
    rig = show("hello").set("OFF").pass_ms()
    for _ in range(7000):
        assert rig.pass_ms(10).shows()


def test_nothing_is_seen_before_it_is_drawn(make):
    rig = make("hello")
    while not rig.model.on:
        rig._poll()
    assert rig.shows("hello")


def test_the_other_address_is_used(make):
    rig = make("hello", address=0x3D)
    rig.model.address = 0x3D
    assert rig.pass_ms().shows("hello")


def test_a_bus_that_fails_at_any_transfer_is_told_and_gets_over_it(make):
    for survived in range(66):
        rig = make("# hello\nyou")
        rig.bus.fails_at = survived + 1
        assert rig.pass_ms(6000).shows("# hello", "you")
        assert (bool(rig.told), rig.model.faults) == (True, [])


def test_a_micropython_without_framebuf_is_told_in_words(make, monkeypatch):
    rig = make("hello")
    monkeypatch.setattr(glyphs, "framebuf", None)
    rig.driver = ssd1306.driver(rig.bus, text="hello")
    rig.pass_ms(2000)
    assert "needs the module framebuf, which this MicroPython was built without" in rig.told[0]
    assert rig.bus.transfers == 0


def test_the_clock_may_wrap(make, monkeypatch):
    """ticks_ms() goes back to 0 after 2**30 ms, and ticks_diff is the chips' here."""
    period = 1 << 30
    monkeypatch.setattr(ssd1306, "ticks_diff", lambda a, b: (a - b + period // 2) % period - period // 2)
    rig = make("one\n---\ntwo", page_time=2)
    start = period - 5000
    monkeypatch.setattr(ssd1306, "ticks_ms", lambda: (start + rig.clock.now) % period)
    rig.driver = ssd1306.driver(rig.bus, text="one\n---\ntwo", page_time=2)
    rig.pass_ms(1000)
    seen = []
    for _ in range(10):
        seen.append(rig.shows("one"))
        rig.pass_ms(2000)
    assert seen == [True, False] * 5


# On the simulated board

PROGRAM = """
import time, machine
from _board import ask
from drivers.ssd1306 import driver

bus = machine.SoftI2C(machine.Pin(22), machine.Pin(21), freq=100_000)
display = driver(bus, text="# {air.temperature} °C\\nWühlmaus")
worst = 0

def draw(ms):
    global worst
    end = time.ticks_add(time.ticks_ms(), ms)
    while time.ticks_diff(end, time.ticks_ms()) > 0:
        before = ask("i2c_us")
        wait = display.poll()
        worst = max(worst, ask("i2c_us") - before)
        if wait > 1000:
            return
        time.sleep_ms(wait)

draw(60000)
display.place(0, b"21.5")
draw(60000)
print("drawn", worst)
input()
display.set("\u20ac 5 für Tee".encode())
draw(60000)
print("told")
input()
"""


@pytest.mark.parametrize("bits", [64, 32])
def test_the_compiled_driver_draws_on_the_simulated_board(lib_mpy, tmp_path, bits):
    flash = tmp_path / "flash"
    flash.mkdir()
    (flash / "lib").symlink_to(lib_mpy)
    (flash / "main.py").write_text(PROGRAM.replace("input()", "time.sleep(2)"))
    display = models()["ssd1306"](scl=22, sda=21)
    with Board(flash, bits=bits, sensors=[display]) as board:
        worst = int(board.wait_line("drawn").split()[1])
        assert display.pixels() == drawn(["# 21.5 °C", "Wühlmaus"])
        assert 3_000 < worst <= 4_000
        board.wait_line("told")
        assert display.pixels() == drawn(["? 5 für Tee"])
        assert display.faults == []
