"""The SSD1306 on its bus: how long a step takes, how it comes back when it was away, and the simulated board."""

import pytest
from display import drawn
from drivers import glyphs, ssd1306
from girouette.simboard import Board
from girouette.simboard.parts import models


def test_no_step_takes_longer_than_four_milliseconds_of_the_bus(show):
    rig = show("# {a.b}\n1\n2\n---\n# x\n# y", page_time=1)
    for command in ("OFF", "ON", "text", ""):
        rig.set(command).pass_ms(70_000)
    assert 3_000 < rig.worst <= 4_000


def test_a_display_without_an_answer_is_told_with_its_address_and_shows_when_it_is_plugged_in(make_display):
    rig = make_display("hello")
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


def test_nothing_is_seen_before_it_is_drawn(make_display):
    rig = make_display("hello")
    while not rig.model.on:
        rig._poll()
    assert rig.shows("hello")


def test_the_other_address_is_used(make_display):
    rig = make_display("hello", address=0x3D)
    rig.model.address = 0x3D
    assert rig.pass_ms().shows("hello")


def test_a_bus_that_fails_at_any_transfer_is_told_and_gets_over_it(make_display):
    for survived in range(66):
        rig = make_display("# hello\nyou")
        rig.bus.fails_at = survived + 1
        assert rig.pass_ms(6000).shows("# hello", "you")
        assert (bool(rig.told), rig.model.faults) == (True, [])


def test_a_micropython_without_framebuf_is_told_in_words(make_display, monkeypatch):
    rig = make_display("hello")
    monkeypatch.setattr(glyphs, "framebuf", None)
    rig.driver = ssd1306.driver(rig.bus, text="hello")
    rig.pass_ms(2000)
    assert "needs the module framebuf, which this MicroPython was built without" in rig.told[0]
    assert rig.bus.transfers == 0


def test_the_clock_may_wrap(make_display, monkeypatch):
    """ticks_ms() goes back to 0 after 2**30 ms, and ticks_diff is the chips' here."""
    period = 1 << 30
    monkeypatch.setattr(ssd1306, "ticks_diff", lambda a, b: (a - b + period // 2) % period - period // 2)
    rig = make_display("one\n---\ntwo", page_time=2)
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
