"""Strips of LEDs on models that read the pulses: what they obey, what they say, and how they shine."""

import itertools
import json

import pytest
from drivers import painting, strip, strip_rgbw
from girouette.simboard import lines
from girouette.simboard.parts import models
from girouette.simboard.parts.strip import Mistimed
from hypothesis import given
from hypothesis import strategies as st
from pins import Pin, state

DARK = (0, 0, 0)


class Ticks:
    """Milliseconds for the driver and seconds for the model, which a transfer and a pause move on."""

    def __init__(self):
        self.us = 0

    def ms(self) -> int:
        return self.us // 1000

    def seconds(self) -> float:
        return self.us / 1e6

    def pause(self, us: int):
        self.us += us


class Rig:
    """A driver with its model at the pin."""

    def __init__(self, monkeypatch, part="strip", **options):
        self.ticks = Ticks()
        self.longest = 0
        driver = {"strip": strip, "strip_rgbw": strip_rgbw}[part].driver
        self.model = models()[part](count=options.pop("leds", options.get("count", 60)), clock=self.ticks.seconds)
        for name, value in (("ticks_ms", self.ticks.ms), ("sleep_us", self.ticks.pause), ("bitstream", self.send)):
            monkeypatch.setattr(strip, name, value)
        self.pin = Pin()
        self.driver = driver(self.pin, **{"fade": 0, "gamma": 100, **options})

    def send(self, pin, encoding, times, buf):
        assert (pin, encoding) == (self.pin, 0)
        self.ticks.us += round(lines.bits_s(times, buf) * 1e6)
        lines.bits([self.model], times, bytes(buf))

    def set(self, command, ms=50):
        self.driver.set(command if isinstance(command, bytes) else json.dumps(command).encode())
        self.pass_ms(ms)
        return self

    def pass_ms(self, ms: int):
        """As the node's loop does, a painting step of a millisecond each."""
        end = self.ticks.us + ms * 1000
        while self.ticks.us < end:
            wait = self.driver.poll()
            self.ticks.us = min(self.ticks.us + max(wait, 1) * 1000, end)

    @property
    def colors(self) -> list:
        return self.model.colors

    @property
    def state(self) -> dict:
        return json.loads(state(self.driver))


@pytest.fixture
def make(monkeypatch):
    """(part="strip", **options) -> Rig, without fades and gamma unless they are asked for."""
    return lambda part="strip", **options: Rig(monkeypatch, part, **options)


def test_a_strip_is_dark_from_the_first_moment_on(make):
    rig = make(count=5)
    assert (rig.pin.levels, rig.model.frames) == ([0], 1)
    assert rig.colors == [DARK] * 5


def test_a_strip_that_is_on_after_a_start_is_so_at_once(make):
    rig = make(count=3, boot="on", brightness=50, fade=1000)
    assert rig.colors == [(127, 127, 127)] * 3


def test_a_strip_obeys_home_assistants_commands(make):
    rig = make(count=20)
    rig.set({"state": "ON", "color": {"r": 255, "g": 128, "b": 0}})
    assert rig.colors == [(255, 128, 0)] * 20
    told = {"state": "ON", "color_mode": "rgb", "brightness": 255, "color": {"r": 255, "g": 128, "b": 0}}
    assert rig.state == told | {"effect": "off"}
    rig.set({"state": "ON", "brightness": 128})
    assert rig.colors == [(128, 64, 0)] * 20
    rig.set({"state": "OFF", "transition": 0})
    assert rig.colors == [DARK] * 20
    assert rig.state == told | {"state": "OFF", "brightness": 128, "effect": "off"}
    assert rig.set({"state": "ON"}).colors == [(128, 64, 0)] * 20, "colour and brightness are remembered"
    assert rig.set(b"OFF").colors == [DARK] * 20
    assert rig.set({"brightness": 0}).state["state"] == "OFF"
    assert rig.set({"state": "ON", "white": 100}).colors == [(100, 100, 100)] * 20
    assert rig.set({"state": "ON", "flash": 2, "x": {"y": 1}, "color_temp": 200}).state["state"] == "ON"


def test_a_strip_with_white_leds_has_four_colours(make):
    rig = make("strip_rgbw", count=4)
    assert rig.set(b"ON").colors == [(0, 0, 0, 255)] * 4
    rig.set({"state": "ON", "brightness": 255, "color": {"r": 1, "g": 2, "b": 3, "w": 4}})
    assert rig.colors == [(1, 2, 3, 4)] * 4
    assert rig.state == {
        "state": "ON",
        "color_mode": "rgbw",
        "brightness": 255,
        "color": {"r": 1, "g": 2, "b": 3, "w": 4},
        "effect": "off",
    }
    assert rig.set({"white": 7}).colors == [(0, 0, 0, 7)] * 4


@pytest.mark.parametrize("part", ["strip", "strip_rgbw"])
def test_the_longest_state_fits_into_its_buffer(make, part):
    rig = make(part)
    rig.set({"state": "OFF", "color": dict.fromkeys("rgbw" if part == "strip_rgbw" else "rgb", 255)})
    rig.set({"brightness": 255, "state": "OFF", "effect": "rainbow"})
    assert len(state(rig.driver)) <= 128


@pytest.mark.parametrize("order", ["GRB", "RGB", "BGR"])
def test_the_order_on_the_wire_is_the_one_asked_for(make, order):
    rig = make(count=2, order=order)
    rig.set({"color": {"r": 10, "g": 20, "b": 30}})
    sent = dict(zip("GRB", (rig.colors[0][i] for i in (1, 0, 2)), strict=True))  # as the part takes them
    assert [sent[c] for c in "GRB"] == [{"R": 10, "G": 20, "B": 30}[c] for c in order]


def test_a_fade_takes_its_time_in_even_steps_and_is_told_once(make):
    rig = make(count=10)
    rig.set({"state": "ON", "color": {"r": 200, "g": 0, "b": 100}, "transition": 2}, ms=0)
    assert rig.state["color"] == {"r": 200, "g": 0, "b": 100}
    seen = []
    for _ in range(20):
        rig.pass_ms(100)
        seen.append(rig.colors[0])
    assert seen == sorted(seen)
    assert len(set(seen)) > 15
    assert seen[9][0] == pytest.approx(100, abs=8)
    rig.pass_ms(60)
    assert rig.colors == [(200, 0, 100)] * 10
    frames = rig.model.frames
    rig.pass_ms(59_000)
    assert rig.model.frames == frames, "what stands still is not sent again at once"


@pytest.mark.parametrize("seconds", [1200, 86400])
def test_a_sunrise_of_hours_is_a_fade_too(make, seconds):
    rig = make(count=1)
    rig.set({"state": "ON", "transition": seconds}, ms=0)
    rig.ticks.us += seconds * 500_000
    rig.pass_ms(100)
    assert rig.colors[0][0] == pytest.approx(127, abs=2)


def test_a_strip_that_lost_its_supply_shines_again_within_a_minute(make):
    rig = make(count=8).set(b"ON")
    rig.model.plug()
    assert rig.colors == [DARK] * 8
    rig.pass_ms(60_100)
    assert rig.colors == [(255,) * 3] * 8


def test_the_rainbow_has_all_hues_and_goes_round(make):
    rig = make(count=60)
    rig.set({"state": "ON", "brightness": 255, "effect": "rainbow"}, ms=20)
    first = rig.colors[:]
    assert len(set(first)) > 50
    assert all(max(color) >= 250 and min(color) <= 5 for color in first), "hues of full strength"
    rig.pass_ms(1000)
    assert rig.colors != first
    assert rig.state["effect"] == "rainbow"
    rig.set({"state": "ON", "color": {"r": 9, "g": 9, "b": 9}})
    assert (rig.state["effect"], set(rig.colors)) == ("off", {(9, 9, 9)}), "a colour ends the rainbow"


@pytest.mark.parametrize("effect", ["chase", "twinkle", "breathe"])
def test_an_effect_takes_the_colour_and_moves_within_it(make, effect):
    rig = make(count=40)
    rig.set({"state": "ON", "color": {"r": 0, "g": 200, "b": 0}, "effect": effect})
    seen = set()
    for _ in range(150):
        rig.pass_ms(40)
        seen.add(tuple(rig.colors))
    every = set(itertools.chain(*seen))
    assert len(seen) >= (8 if effect == "chase" else 20)
    assert all(r == b == 0 and g <= 200 for r, g, b in every)
    assert max(every)[1] >= 190
    if effect == "breathe":
        assert all(len(set(frame)) == 1 for frame in seen)
    else:
        assert all(len(set(frame)) > 1 for frame in seen)
    rig.set(b"OFF")
    assert set(rig.colors) == {DARK}
    frames = rig.model.frames
    rig.pass_ms(2000)
    assert rig.model.frames == frames, "nothing moves while it is off"
    assert rig.set(b"ON").state["effect"] == effect
    assert rig.set({"effect": "off"}).colors == [(0, 200, 0)] * 40


@pytest.mark.parametrize("part", ["strip", "strip_rgbw"])
@pytest.mark.parametrize("limit", [300, 1000])
def test_the_current_stays_within_its_budget(make, part, limit):
    rig = make(part, count=100, max_current=limit)
    white = {"r": 255, "g": 255, "b": 255} | ({"w": 255} if part == "strip_rgbw" else {})
    for command in ({"color": white}, {"effect": "rainbow"}, {"effect": "chase"}):
        rig.set({"state": "ON", **command}, ms=200)
        current = 100 + sum(sum(color) for color in rig.colors) * 20 / 255
        assert 0.9 * limit - 20 <= current <= limit
        assert rig.state["brightness"] == 255


def test_a_budget_that_is_kept_changes_nothing(make):
    rig = make(count=10, max_current=700)
    assert rig.set(b"ON").colors == [(255,) * 3] * 10


def test_gamma_makes_half_the_brightness_a_fifth_of_the_light(make):
    rig = make(count=1, gamma=220)
    rig.set({"state": "ON", "brightness": 128})
    assert rig.colors[0][0] == pytest.approx(255 * (128 / 255) ** 2.2, abs=1)
    assert rig.set({"brightness": 255}).colors == [(255,) * 3]


def test_a_step_paints_a_few_leds_only_and_sends_no_more_than_once(make):
    rig = make(count=300)
    painted = []
    put = rig.driver._put
    rig.driver._put = lambda at: (painted.append(at), put(at))
    rig.driver.set(b'{"state":"ON","effect":"twinkle"}')
    steps = 0
    while True:
        before, at = rig.ticks.us, len(painted)
        wait = rig.driver.poll()
        steps += 1
        assert len(painted) - at <= 16
        assert rig.ticks.us - before <= 300 * 30 * 1.01 + 300, "30 us for each LED, and the pause"
        if wait:
            break
    assert steps == 20, "300 LEDs, 16 at a step, and one to send"


def test_a_safe_strip_is_dark_at_once(make):
    rig = make(count=9, fade=5000)
    rig.set({"state": "ON", "effect": "breathe", "transition": 0})
    rig.driver.safe()
    assert rig.colors == [DARK] * 9
    rig.pass_ms(100)
    assert (rig.colors, rig.state["state"]) == ([DARK] * 9, "OFF")


def test_fewer_leds_than_there_are_leave_the_others_alone(make):
    rig = make(count=3, leds=5)
    assert rig.set(b"ON").colors == [(255,) * 3] * 3 + [DARK] * 2


BAD = {
    b"": "ON or OFF",
    b"on": "ON or OFF",
    b"{}": "expected a state, a brightness, a color or an effect",
    b'{"transition":3}': "expected a state, a brightness, a color or an effect",
    b'{"state":{"r":1}}': "state: expected ON or OFF",
    b'{"color":"red"}': "color: expected a table of r, g and b",
    b'{"color":{}}': "color: expected r, g and b",
    b'{"color":{"r":1,"g":2}}': "color: expected r, g and b",
    b'{"color":{"h":1,"s":2}}': "color: expected r, g, b and nothing else",
    b'{"color":{"r":1,"g":2,"b":256}}': "color: expected numbers from 0 to 255",
    b'{"color":{"r":1,"g":2,"b":{"x":1}}}': "a value that is no text",
    b'{"color":{"r":1,"g":2,"b":3}': "where one must be",
    b'{"color":{"r":1,"g":2,"b":3}}}': "something behind the last }",
    b'{"color":{"r":1,"g":2,"b":3} "state":"ON"}': "no , where one must be",
    b'{"color":{"r":1 "g":2,"b":3}}': "no , where one must be",
    b'{"state":"ON","effect":"fire"}': "effect: expected off, rainbow, chase, twinkle or breathe",
    b'{"state":"ON","white":true}': "white: expected a number from 0 to 255",
    b'{"state":"ON","brightness":256}': "brightness: expected a number from 0 to 255",
    b'{"state":"ON","transition":86401}': "transition: expected seconds",
    b'{"state":"ON","x":[1]}': "a value that is no text",
}


@pytest.mark.parametrize("payload", BAD, ids=lambda payload: payload.decode() or "nothing")
def test_a_bad_command_changes_nothing_and_says_what_was_expected(make, payload):
    rig = make(count=3)
    rig.set({"state": "ON", "color": {"r": 7, "g": 8, "b": 9}})
    before = rig.state, rig.colors[:]
    with pytest.raises(ValueError, match=BAD[payload].replace("}", r"\}")):
        rig.driver.set(payload)
    rig.pass_ms(100)
    assert (rig.state, rig.colors) == before
    assert rig.set({"state": "ON", "brightness": 255}).colors == before[1], "and the reader begins anew"


def test_white_is_no_colour_of_a_strip_without_white_leds(make):
    with pytest.raises(ValueError, match="nothing else"):
        make().driver.set(b'{"color":{"r":1,"g":2,"b":3,"w":4}}')


LEVEL = st.integers(0, 255)


@given(st.fixed_dictionaries({}, optional={
    "state": st.sampled_from(["ON", "OFF"]), "brightness": LEVEL,
    "effect": st.sampled_from(["off", "rainbow", "chase"]),
    "color": st.fixed_dictionaries({"r": LEVEL, "g": LEVEL, "b": LEVEL}), "transition": st.integers(0, 100),
    "other": st.dictionaries(st.sampled_from("xyz"), LEVEL),
}))  # fmt: skip
def test_any_table_of_known_keys_is_understood_as_json_does(table):
    command = painting.Command(False)
    command.wish[:] = b"\x01\x02\x03\x00\x04"
    said = {"state", "brightness", "effect", "color"} & table.keys()
    text = json.dumps(table).encode()
    if not said:
        with pytest.raises(ValueError, match="expected a state"):
            command.read(text)
        return
    command.read(text)
    assert command.on == (table.get("state", "ON") == "ON")
    assert command.wish[4] == table.get("brightness", 4)
    color = table.get("color", {"r": 1, "g": 2, "b": 3})
    assert [*command.wish[:3]] == [color[c] for c in "rgb"]
    assert command.time == table.get("transition", -0.001) * 1000


# The models


@pytest.mark.parametrize("part", ["strip", "strip_rgbw"])
def test_the_drivers_times_are_allowed_by_both_data_sheets_and_others_are_not(part):
    model = models()[part](count=1)
    lines.bits([model], strip._TIMES, b"\x55" * 4)
    for times in ((350, 5000, 700, 550), (100, 1100, 700, 550), (350, 900, 1200, 400), (350, 900, 700, 200)):
        with pytest.raises(Mistimed, match="ns high"):
            lines.bits([model], times, b"\x55" * 4)


def test_what_comes_without_a_pause_goes_on_down_the_line():
    ticks = Ticks()
    model = models()["strip"](count=2, clock=ticks.seconds)
    ticks.us += 1000
    for data in (b"\x01\x02\x03", b"\x04\x05\x06"):
        ticks.us += 30
        lines.bits([model], strip._TIMES, data)
    assert (model.colors, model.frames) == ([(2, 1, 3), (5, 4, 6)], 1)
