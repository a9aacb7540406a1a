"""The SSD1306: what it shows, what it obeys and says, and which texts it refuses."""

import re

import pytest
from display import Rig, drawn, font, small
from drivers import glyphs
from hypothesis import example, given
from hypothesis import strategies as st
from pins import state

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
    rig = show("hello", boot="off")
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


def wrapped(text: str) -> list[str]:
    """The rows of a text, worked out word by word."""
    rows = []
    for line in text.split("\n"):
        row = ""
        for part in re.findall(" |[^ ]+", line):
            if len(row + part) > 16 >= len(part) and part != " ":
                rows.append(row)
                row = ""
            for c in part:
                if len(row) == 16 and c != " ":
                    rows.append(row)
                    row = ""
                row = (row + c)[:16]
        rows.append(row)
    return rows[:4]


@given(st.text(st.sampled_from("abcdefg  \n°"), min_size=1, max_size=90))
def test_any_text_is_broken_between_words(text):
    with pytest.MonkeyPatch.context() as patch:
        rig = Rig(patch).set(text).pass_ms()
        assert rig.shows(*wrapped(text))
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
@example(b"\xbf\x90\xbf\x90")  # what follows a first byte, without one
@example(b"\xc0\x80")  # longer than it need be
@example(b"\xed\xa0\x80")  # half a character of UTF-16
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
        ("", "text: expected something on each page, found nothing on page 1"),
        ("a\n---", "found nothing on page 2"),
        ("---\na", "found nothing on page 1"),
        ("a\n---\n\n---\nb", "found nothing on page 2"),
        ("1\n2\n3\n4\n5", "text: expected 4 rows on a page, .*, found no room for line 5 on page 1"),
        ("a\n---\n# 1\n# 2\n3", "found no room for line 5 on page 2"),
        ("x {air.temperature", "text: expected a } behind each {, found none in line 1"),
        ("{a.b}" * 127, "text: expected at most 126 places, found more"),
        ("a\tb", "text: expected characters that can be shown, found another one in line 1"),
        (5, "text: expected text, found 5"),
    ],
)
def test_a_text_that_cannot_be_shown_is_refused_in_words(make_display, text, why):
    with pytest.raises(ValueError, match=why):
        make_display(text)


def test_what_a_display_of_64_rows_takes_one_of_32_may_not(make_display):
    make_display("1\n2\n3")
    with pytest.raises(ValueError, match="text: expected 2 rows on a page, .*, found no room for line 3"):
        make_display("1\n2\n3", height=32)


def test_the_longest_text_has_room(show):
    rig = show("\n---\n".join(["{a.b}" * 5 + "{c.d}" * 5] * 9), page_time=1)
    assert len(rig.driver.places()) == 90
    rig.driver.place(89, b"x")
    assert rig.pass_ms(7000).shows("--" * 8)
