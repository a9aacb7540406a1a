"""A button, a contact and a motion sensor: what bounces, spikes and late looks make of them, whatever time it is."""

import pytest
from drivers import bounce, button, contact, pir
from hypothesis import given
from hypothesis import strategies as st
from pins import Pin, state

WRAP = 1 << 30


class Ticks:
    """MicroPython's ticks, which wrap, and which fit a small integer of a 32-bit chip."""

    def __init__(self, monkeypatch, now=0):
        self.now = now
        for module in (bounce, button, pir):
            monkeypatch.setattr(module, "ticks_diff", self.diff)
        monkeypatch.setattr(bounce, "ticks_ms", lambda: self.now % WRAP)

    @staticmethod
    def diff(later, earlier):
        assert 0 <= later < WRAP
        assert 0 <= earlier < WRAP
        return (later - earlier + WRAP // 2) % WRAP - WRAP // 2


class Wire:
    """An input whose pin has a level for so long, looked at as often as it asks for. `events`: all it has told."""

    def __init__(self, ticks, driver, level=1, late=0, **options):
        self.ticks, self.pin, self.late = ticks, Pin(), late
        self.pin.level = level
        self.driver = driver(self.pin, **options)
        self.events = []
        self._next = ticks.now
        self._buf = bytearray(96)

    def hold(self, level, ms) -> str:
        """What it says at the end."""
        self.pin.level = level
        end = self.ticks.now + ms
        while self._next <= end:
            self.ticks.now = self._next
            self._next += self.driver.poll() + self.late
            if hasattr(self.driver, "event"):
                n = self.driver.event(self._buf)
                if n:
                    self.events.append(bytes(self._buf[:n]).decode())
        self.ticks.now = end
        return state(self.driver)

    def press(self, ms, pause=1000):
        self.hold(0, ms)
        self.hold(1, pause)
        return self


@pytest.fixture
def ticks(monkeypatch) -> Ticks:
    return Ticks(monkeypatch)


@pytest.fixture
def finger(ticks):
    return lambda **options: Wire(ticks, button.driver, **options)


# What all have in common


def test_a_button_is_on_while_it_is_pressed(finger):
    wire = finger()
    assert (wire.pin.mode, wire.pin.pull, state(wire.driver)) == (Pin.IN, Pin.PULL_UP, "OFF")
    assert wire.hold(0, 50) == "ON"
    assert wire.hold(0, 5000) == "ON"
    assert wire.hold(1, 50) == "OFF"


@pytest.mark.parametrize(("pull", "there"), [("up", Pin.PULL_UP), ("down", Pin.PULL_DOWN), ("none", None)])
@pytest.mark.parametrize("driver", [button.driver, contact.driver, pir.driver])
def test_the_pull_resistor_is_the_one_asked_for(ticks, driver, pull, there):
    assert Wire(ticks, driver, pull=pull).pin.pull == there


@pytest.mark.parametrize("driver", [button.driver, contact.driver, pir.driver])
def test_a_pull_that_does_not_exist_is_refused(driver):
    with pytest.raises(ValueError, match="pull: expected one of up, down, none, found 'UP'"):
        driver(Pin(), pull="UP")


def test_a_button_to_the_supply_is_on_while_the_pin_is_high(finger):
    wire = finger(level=0, pull="down", active_low=False)
    assert state(wire.driver) == "OFF"
    assert wire.hold(1, 50) == "ON"


def test_bouncing_and_spikes_do_not_count(finger):
    wire = finger(debounce=30)
    for _ in range(20):
        assert wire.hold(0, 10) == "OFF"
        assert wire.hold(1, 10) == "OFF"
    assert wire.hold(0, 20) == "OFF"
    assert wire.hold(0, 20) == "ON"
    assert wire.events == []


def test_a_button_that_is_held_at_the_start_is_on_and_not_pressed(finger):
    wire = finger(level=0)
    assert wire.hold(0, 5000) == "ON"
    assert wire.hold(1, 5000) == "OFF"
    assert wire.events == []
    assert wire.press(100).events == ["click"]


# Events


def test_a_click_a_double_and_a_long_press_are_told_once_each(finger):
    wire = finger()
    assert wire.press(100).events == ["click"]
    assert wire.press(100, pause=150).press(100).events == ["click", "double"]
    assert wire.press(2000).events == ["click", "double", "long"]
    assert wire.hold(1, 5000) == "OFF"
    assert len(wire.events) == 3


def test_an_event_is_given_once(finger):
    wire = finger(double_ms=0, long_ms=0)
    wire.pin.level = 0
    for wire.ticks.now in (10, 60):
        wire.driver.poll()
    buf = bytearray(96)
    assert bytes(buf[: wire.driver.event(buf)]) == b"click"
    assert wire.driver.event(buf) == 0


def test_a_long_press_is_told_while_it_is_held(finger):
    wire = finger(long_ms=800)
    wire.hold(0, 780)
    assert wire.events == []
    wire.hold(0, 60)
    assert wire.events == ["long"]


def test_a_double_is_told_with_the_second_press_however_long_that_is(finger):
    wire = finger().press(80, pause=100)
    wire.hold(0, 60)
    assert wire.events == ["double"]
    wire.hold(0, 5000)
    assert wire.hold(1, 1000) == "OFF"
    assert wire.events == ["double"]


def test_two_presses_too_far_apart_are_two_clicks(finger):
    assert finger(double_ms=300).press(80, pause=320).press(80).events == ["click", "click"]


def test_the_third_press_of_three_begins_anew(finger):
    assert finger().press(80, pause=100).press(80, pause=100).press(80).events == ["double", "click"]


def test_without_a_double_a_click_is_told_with_the_release(finger):
    wire = finger(double_ms=0)
    wire.hold(0, 200)
    assert wire.events == []
    wire.hold(1, 50)
    assert wire.events == ["click"]
    assert wire.press(80, pause=100).press(2000).events == ["click", "click", "long"]


def test_with_neither_a_click_is_told_with_the_press(finger):
    wire = finger(double_ms=0, long_ms=0, debounce=30)
    wire.hold(0, 50)
    assert wire.events == ["click"]
    wire.hold(0, 10_000)
    wire.hold(1, 100)
    assert wire.events == ["click"]


def test_without_a_long_one_a_press_of_any_length_is_a_click(finger):
    assert finger(long_ms=0).press(20_000).events == ["click"]


def test_without_events_there_are_none(finger):
    wire = finger(events=False).press(80, pause=100).press(80).press(3000)
    assert wire.events == []
    assert wire.hold(0, 100) == "ON"


def test_what_a_late_look_has_missed_is_told_by_its_times(finger):
    wire = finger(late=290, debounce=0)  # the loop was held
    assert wire.press(1500, pause=2000).events == ["long"]
    wire = finger(late=490, double_ms=300, long_ms=2000, debounce=0)
    assert wire.press(500, pause=500).press(500, pause=2000).events == ["click", "click"]


# Any pattern: edges with bounces, times at least 40 ms from the limits, at any time of the clock


@st.composite
def gestures(draw):
    """[(ms pressed, ms of pause)] for long_ms=800 and double_ms=300.

    None is under 100 ms: after 24 ms of bounces it may take one look, here up to 22 ms apart, until the level is seen,
    and two more until it has been the same for 30 ms.
    """
    down = st.one_of(st.integers(100, 740), st.integers(860, 3000))
    up = st.one_of(st.integers(100, 240), st.integers(380, 2000))
    return draw(st.lists(st.tuples(down, up), min_size=1, max_size=6))


def meant(presses) -> list[str]:
    """What a person means by them."""
    found, open_click = [], False
    for down, up in presses:
        if open_click:
            found.append("double")
            open_click = False
        elif down >= 800:
            found.append("long")
        elif up < 300:
            open_click = True
        else:
            found.append("click")
    return found + ["click"] * open_click


@given(
    presses=gestures(),
    start=st.one_of(st.integers(0, WRAP - 1), st.integers(WRAP - 4000, WRAP - 1)),
    noise=st.lists(st.integers(1, 9), max_size=6),
    late=st.integers(0, 12),
)
def test_every_gesture_is_told_as_it_is_meant_whatever_bounces(presses, start, noise, late):
    with pytest.MonkeyPatch.context() as patch:
        wire = Wire(Ticks(patch, start), button.driver, debounce=30, late=late)
        wire.hold(1, 50)
        for down, up in presses:
            for level, ms in ((0, down), (1, up)):
                left = ms
                for i, spell in enumerate(noise):  # within the debounce time: to and fro, from the new level on
                    wire.hold(level if i % 2 == 0 else 1 - level, min(spell, 4))
                    left -= min(spell, 4)
                wire.hold(level, left)
        wire.hold(1, 3000)
        assert wire.events == meant(presses)
        assert state(wire.driver) == "OFF"


@given(st.lists(st.integers(11, 29), max_size=60), st.integers(0, WRAP - 1))
def test_what_never_lasts_is_never_believed(spells, start):
    with pytest.MonkeyPatch.context() as patch:
        wire = Wire(Ticks(patch, start), button.driver, debounce=30)
        wire.hold(1, 50)
        for i, ms in enumerate(spells):  # each is longer than from look to look
            assert wire.hold(i % 2, ms) == "OFF"
        wire.hold(1, 1000)
        assert wire.events == []


def test_a_button_held_for_two_weeks_is_told_once(finger):
    wire = finger()
    wire.hold(0, 1000)
    for _ in range(14 * 24):  # past the wrap of the ticks
        wire.ticks.now += 3_600_000
        wire._next = wire.ticks.now
        wire.hold(0, 20)
    wire.hold(1, 1000)
    assert wire.events == ["long"]
    wire.ticks.now += WRAP // 2 + 5  # as far away as can be
    wire._next = wire.ticks.now
    wire.hold(1, 20)
    assert wire.press(100).events == ["long", "click"]


# Contact


@pytest.mark.parametrize("pull", ["up", "none", "down"])
@pytest.mark.parametrize("inverted", [False, True])
def test_a_contact_is_on_while_it_is_open_and_inverted_while_it_is_closed(ticks, pull, inverted):
    closed = 1 if pull == "down" else 0
    wire = Wire(ticks, contact.driver, level=closed, pull=pull, inverted=inverted)
    assert state(wire.driver) == ("ON" if inverted else "OFF")
    assert wire.hold(1 - closed, 100) == ("OFF" if inverted else "ON")
    assert wire.hold(closed, 100) == ("ON" if inverted else "OFF")


def test_a_contact_tells_no_events():
    assert not hasattr(contact.driver(Pin()), "event")


# Motion


@pytest.fixture
def motion(ticks):
    return lambda **options: Wire(ticks, pir.driver, level=options.pop("level", 0), **options)


def test_motion_lasts_for_the_hold_time_after_the_last_of_it(motion):
    wire = motion(hold=30, warm_up=0)
    assert wire.hold(0, 500) == "OFF"
    assert wire.hold(1, 200) == "ON"
    assert wire.hold(0, 29_000) == "ON"
    assert wire.hold(1, 2000) == "ON"
    assert wire.hold(0, 29_900) == "ON"
    assert wire.hold(0, 300) == "OFF"


def test_without_a_hold_time_it_is_the_sensors_own(motion):
    wire = motion(hold=0, warm_up=0)
    assert wire.hold(1, 5000) == "ON"
    assert wire.hold(0, 150) == "OFF"


def test_what_it_says_while_it_settles_is_nothing(motion):
    wire = motion(level=1, warm_up=60)
    assert wire.hold(1, 20_000) == "OFF"
    assert wire.hold(0, 20_000) == "OFF"
    assert wire.hold(1, 19_900) == "OFF"
    assert wire.hold(1, 200) == "ON", "what is still there then is motion"


def test_a_spike_is_no_motion(motion):
    wire = motion(warm_up=0, debounce=100)
    for _ in range(20):
        assert wire.hold(1, 60) == "OFF"
        assert wire.hold(0, 60) == "OFF"


@given(start=st.integers(0, WRAP - 1), gaps=st.lists(st.integers(200, 60_000), min_size=1, max_size=5))
def test_motion_at_any_time_of_the_clock(start, gaps):
    with pytest.MonkeyPatch.context() as patch:
        wire = Wire(Ticks(patch, start), pir.driver, level=0, hold=20, warm_up=1)
        wire.hold(0, 1100)
        for gap in gaps:
            assert wire.hold(1, 200) == "ON"
            if not 19_800 <= gap <= 20_300:
                assert wire.hold(0, gap) == ("ON" if gap < 20_000 else "OFF")


@pytest.mark.parametrize(("name", "value"), [("hold", 3601), ("warm_up", -1), ("debounce", 1001)])
def test_a_time_beyond_its_range_is_refused_by_its_name(name, value):
    with pytest.raises(ValueError, match=f"{name}: expected"):
        pir.driver(Pin(), **{name: value})
