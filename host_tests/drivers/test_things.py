"""A relay and a dimmer: what they obey, what they say, and what reaches the pin."""

import json

import pytest
from drivers import dimmer, relay
from pins import Clock, Pin, Pwm, state


@pytest.fixture
def clock(monkeypatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(dimmer, "ticks_ms", made)
    return made


# Relay


@pytest.mark.parametrize(("active_low", "on", "off"), [(False, 1, 0), (True, 0, 1)])
def test_a_relay_obeys_and_says_so(active_low, on, off):
    pin = Pin()
    thing = relay.driver(pin, active_low)
    assert (pin.levels, state(thing)) == ([off], "OFF")
    thing.set(b"ON")
    assert (pin.levels, state(thing)) == ([off, on], "ON")
    thing.set(b"OFF")
    assert (pin.levels, state(thing)) == ([off, on, off], "OFF")


@pytest.mark.parametrize("active_low", [False, True])
def test_a_relay_that_is_on_after_a_start_never_sees_the_other_level(active_low):
    pin = Pin()
    assert state(relay.driver(pin, active_low, boot="on")) == "ON"
    assert pin.levels == [0 if active_low else 1]


@pytest.mark.parametrize("payload", [b"", b"on", b"ON ", b"ONE", b"1", b"TOGGLE", b"\xff", b"{}"])
def test_a_bad_command_changes_nothing_of_a_relay(payload):
    pin = Pin()
    thing = relay.driver(pin, boot="on")
    with pytest.raises(ValueError, match="expected ON or OFF"):
        thing.set(payload)
    assert (pin.levels, state(thing)) == ([1], "ON")


@pytest.mark.parametrize("boot", ["off", "on"])
def test_a_relay_that_is_to_be_kept_stays_as_it_is(boot):
    pin = Pin()
    thing = relay.driver(pin, boot=boot, safe="keep")
    thing.safe()
    assert (pin.levels, state(thing)) == ([boot == "on"], boot.upper())


@pytest.mark.parametrize(("safe", "level"), [("off", 0), ("on", 1)])
def test_a_relay_goes_to_the_safe_state_it_was_given(safe, level):
    pin = Pin()
    thing = relay.driver(pin, boot="off" if level else "on", safe=safe)
    thing.safe()
    assert (pin.levels[-1], state(thing)) == (level, safe.upper())


# Dimmer


class Lamp:
    """A dimmer without the wait of a fade, unless `fade` says so."""

    def __init__(self, clock, fade=0, **options):
        self.clock, self.pwm = clock, Pwm()
        self.driver = dimmer.driver(self.pwm, fade=fade, **options)

    def set(self, command):
        self.driver.set(command if isinstance(command, bytes) else json.dumps(command).encode())
        return self

    @property
    def state(self) -> dict:
        return json.loads(state(self.driver))

    @property
    def duty(self) -> int:
        return self.pwm.duties[-1]

    def pass_ms(self, ms: int):
        """As the node's loop does: polls when the driver asks for it."""
        end = self.clock.now + ms
        while True:
            wait = self.driver.poll()
            if self.clock.now + wait > end:
                self.clock.now = end
                self.driver.poll()
                return
            self.clock.now += wait


def test_a_lamp_obeys_home_assistants_commands(clock):
    lamp = Lamp(clock)
    assert lamp.state == {"state": "OFF", "brightness": 255}
    assert lamp.duty == 0
    assert lamp.set({"state": "ON"}).state == {"state": "ON", "brightness": 255}
    assert lamp.duty == 65535
    assert lamp.set({"state": "ON", "brightness": 128}).state == {"state": "ON", "brightness": 128}
    assert lamp.set({"state": "OFF", "transition": 0}).duty == 0
    assert lamp.set({"state": "ON"}).state == {"state": "ON", "brightness": 128}, "the brightness is remembered"
    assert lamp.set({"state": "ON", "effect": "rainbow", "flash": 2, "x": True}).state["state"] == "ON"


def test_a_lamp_obeys_plain_words_and_a_brightness_alone(clock):
    lamp = Lamp(clock)
    assert lamp.set(b"ON").duty == 65535
    assert lamp.set(b"OFF").duty == 0
    assert lamp.set({"brightness": 1}).state == {"state": "ON", "brightness": 1}
    assert lamp.set({"state": "ON", "brightness": 0}).state == {"state": "OFF", "brightness": 1}, "dark is off"


@pytest.mark.parametrize("gamma", [100, 220, 300])
def test_the_duty_cycle_follows_the_exponent_within_half_a_percent_and_never_falls(clock, gamma):
    lamp = Lamp(clock, gamma=gamma, minimum=0)
    found = [lamp.set({"brightness": level}).duty for level in range(1, 256)]
    for level, duty in enumerate(found, 1):
        assert duty / 65535 == pytest.approx((level / 255) ** (gamma / 100), abs=0.005)
    assert found == sorted(found)
    assert found[-1] == 65535


def test_the_darkest_step_still_lights_and_off_is_off(clock):
    lamp = Lamp(clock, minimum=10)
    assert lamp.set({"brightness": 1}).duty >= 6553
    assert lamp.set(b"OFF").duty == 0


def test_a_lamp_lit_by_a_low_pin_has_every_duty_turned_round(clock):
    lamp = Lamp(clock, active_low=True)
    assert lamp.duty == 65535
    assert lamp.set(b"ON").duty == 0


def test_a_lamp_that_is_on_after_a_start_is_so_at_once(clock):
    lamp = Lamp(clock, boot="on", fade=1000)
    assert (lamp.pwm.duties, lamp.state["state"]) == ([65535], "ON")


@pytest.mark.parametrize("seconds", [0.25, 2, 2.5, 30, 3600, 86400])
def test_a_fade_takes_the_time_it_was_given_in_even_steps(clock, seconds):
    lamp = Lamp(clock, gamma=100, minimum=0)
    lamp.set({"state": "ON", "brightness": 200, "transition": seconds})
    assert lamp.state == {"state": "ON", "brightness": 200}, "the state is where it goes"
    ms = int(seconds * 1000)
    for part in range(1, 5):
        clock.now = ms * part // 5
        lamp.driver.poll()
        assert lamp.duty / 65535 == pytest.approx(200 / 255 * part / 5, abs=0.005)
    clock.now = ms
    assert lamp.driver.poll() == 60_000
    assert lamp.duty == pytest.approx(200 * 257, abs=2)
    assert len(set(lamp.pwm.duties)) >= 5


def test_the_parts_own_fade_is_used_where_the_command_names_none(clock):
    lamp = Lamp(clock, fade=500)
    lamp.set({"state": "ON"})
    assert lamp.duty == 0
    lamp.pass_ms(250)
    assert 0 < lamp.duty < 65535
    lamp.pass_ms(250)
    assert lamp.duty == 65535
    assert lamp.pwm.duties == sorted(lamp.pwm.duties)
    assert len(lamp.pwm.duties) == pytest.approx(27, abs=3), "a step each 20 ms"


def test_a_new_command_takes_over_from_where_the_fade_is(clock):
    lamp = Lamp(clock, gamma=100, minimum=0)
    lamp.set({"state": "ON", "transition": 10})
    lamp.pass_ms(5000)
    lamp.set({"state": "OFF", "transition": 10})
    lamp.pass_ms(5000)
    assert lamp.duty / 65535 == pytest.approx(0.25, abs=0.01)
    lamp.pass_ms(5000)
    assert (lamp.duty, lamp.state["state"]) == (0, "OFF")


def test_late_calls_do_not_make_a_fade_longer(clock):
    lamp = Lamp(clock)
    lamp.set({"state": "ON", "transition": 1})
    clock.now += 990
    lamp.driver.poll()
    clock.now += 500  # the loop was held
    lamp.driver.poll()
    assert lamp.duty == 65535


def test_a_safe_lamp_is_dark_at_once(clock):
    lamp = Lamp(clock, fade=5000)
    lamp.set({"state": "ON", "transition": 0})
    lamp.driver.safe()
    assert (lamp.duty, lamp.state["state"]) == (0, "OFF")


def test_a_lamp_that_is_safe_lit_is_so_at_once_with_the_brightness_it_had(clock):
    lamp = Lamp(clock, fade=5000, safe="on", gamma=100, minimum=0)
    lamp.set({"state": "OFF", "brightness": 40})
    lamp.driver.safe()
    assert (lamp.duty, lamp.state) == (pytest.approx(40 * 257, abs=2), {"state": "ON", "brightness": 40})


def test_a_lamp_that_is_to_be_kept_stays_as_it_is_and_ends_its_fade(clock):
    lamp = Lamp(clock, safe="keep", gamma=100, minimum=0)
    lamp.driver.safe()
    assert (lamp.duty, lamp.state["state"]) == (0, "OFF")
    lamp.set({"state": "ON", "brightness": 200, "transition": 10})
    lamp.pass_ms(5000)
    lamp.driver.safe()
    assert (lamp.duty, lamp.state["state"]) == (pytest.approx(200 * 257, abs=2), "ON")
    assert lamp.driver.poll() == 60_000


BAD = {
    b"": "ON or OFF",
    b"on": "ON or OFF",
    b'{"state":"on"}': "state: expected ON or OFF",
    b'{"state":1}': "state: expected ON or OFF",
    b'{"state":"ON","brightness":256}': "brightness: expected a number from 0 to 255",
    b'{"state":"ON","brightness":-1}': "brightness: expected",
    b'{"state":"ON","brightness":"5"}': "brightness: expected",
    b'{"state":"ON","brightness":true}': "brightness: expected",
    b'{"state":"ON","transition":-1}': "transition: expected seconds",
    b'{"state":"ON","transition":86401}': "transition: expected seconds",
    b'{"transition":3}': "expected a state or a brightness",
    b"{}": "expected a state or a brightness",
    b'{"state":"ON"': "where one must be",
    b'{"state":"ON"}}': "something behind the last }",
    b'{"state":"ON"} x': "something behind the last }",
    b'{"state":"ON",}': "where one must be",
    b'{"state" "ON"}': "no : where one must be",
    b'{"state":"O\\u004e"}': "a text with an escape",
    b'{"state":"ON': "without its second quote",
    b'{"state":"ON","color":{"r":1}}': "a value that is no text",
    b'{"state":"ON","x":yes}': "a value that is no text",
    b'{"state":"ON","x":[1]}': "a value that is no text",
    b'{"state":"ON","brightness":1e2}': "exponent",
    b'{"state":"ON","brightness":-}': "without digits",
    b'{"state":"ON","brightness":99999999999999999999}': "too large",
}


@pytest.mark.parametrize("payload", BAD, ids=lambda payload: payload.decode() or "nothing")
def test_a_bad_command_changes_nothing_of_a_lamp_and_says_what_was_expected(clock, payload):
    lamp = Lamp(clock)
    lamp.set({"state": "ON", "brightness": 100})
    before = lamp.state, lamp.pwm.duties[:]
    with pytest.raises(ValueError, match=BAD[payload].replace("}", r"\}")):
        lamp.set(payload)
    clock.now += 100_000
    lamp.driver.poll()
    assert (lamp.state, lamp.pwm.duties) == before


def test_white_space_and_any_order_of_keys_are_taken(clock):
    lamp = Lamp(clock)
    lamp.set(b'{ "transition" : 0.0 ,\r\n\t"brightness":\n77.4, "state" : "ON" } \n')
    assert lamp.state == {"state": "ON", "brightness": 77}
