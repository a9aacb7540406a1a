"""A fan, a servo, a cover, a relay that goes off by itself: what they obey, what they say, what reaches the pins."""

import json

import pytest
from drivers import cover, fan, relay, servo
from hypothesis import given
from hypothesis import strategies as st
from pins import Clock, Pin, Pwm, state

WRAP = 1 << 30


class Bench:
    """A driver with its pins, in the time of the test."""

    def __init__(self, patch, module, pins, start=0, **options):
        self.clock = Clock()
        self.clock.now = start
        patch.setattr(module, "ticks_ms", lambda: self.clock.now % WRAP)
        patch.setattr(module, "ticks_diff", lambda a, b: (a - b + WRAP // 2) % WRAP - WRAP // 2)
        self.pins = pins
        self.driver = module.driver(pins if len(pins) > 1 else pins[0], **options)

    def set(self, command):
        self.driver.set(command if isinstance(command, bytes) else json.dumps(command).encode())
        return self

    @property
    def state(self):
        return json.loads(state(self.driver))

    def pass_ms(self, ms: int):
        """As the node's loop does: polls when the driver asks for it."""
        end = self.clock.now + ms
        while True:
            wait = self.driver.poll()
            assert wait > 0
            if self.clock.now + wait > end:
                self.clock.now = end
                self.driver.poll()
                return self
            self.clock.now += wait


# Relay


@pytest.fixture
def lamp(monkeypatch):
    return lambda **options: Bench(monkeypatch, relay, [Pin()], **options)


@pytest.mark.parametrize("start", [0, WRAP - 1000])
def test_a_relay_goes_off_by_itself_and_on_begins_the_time_anew(lamp, start):
    made = lamp(auto_off=60, start=start).set(b"ON").pass_ms(50_000).set(b"ON").pass_ms(59_000)
    assert state(made.driver) == "ON"
    made.pass_ms(1_000)
    assert (state(made.driver), made.pins[0].levels[-1]) == ("OFF", 0)
    made.pass_ms(200_000)
    assert state(made.driver) == "OFF"


def test_a_relay_that_boots_on_goes_off_too_and_one_without_a_time_never(lamp):
    assert state(lamp(auto_off=2, boot="on").pass_ms(2_001).driver) == "OFF"
    assert state(lamp().set(b"ON").pass_ms(10_000_000).driver) == "ON"


# Fan


@pytest.fixture
def blower(monkeypatch):
    return lambda **options: Bench(monkeypatch, fan, [Pwm()], **options)


def duty(bench) -> float:
    return bench.pins[0].duties[-1] / 65535


def test_a_fan_obeys_home_assistant(blower):
    made = blower(kick=0)
    assert (made.state, duty(made)) == ({"state": "OFF", "percentage": 100}, 0)
    assert (made.set(b"ON").state, duty(made)) == ({"state": "ON", "percentage": 100}, 1)
    assert made.set({"percentage": 50}).state == {"state": "ON", "percentage": 50}
    assert duty(made) == pytest.approx(0.6, abs=0.001), "between 20 % and full"
    assert (made.set(b"OFF").state, duty(made)) == ({"state": "OFF", "percentage": 50}, 0)
    assert made.set(b"ON").state == {"state": "ON", "percentage": 50}, "the speed is remembered"
    assert made.set({"percentage": 0}).state == {"state": "OFF", "percentage": 50}
    assert made.set({"state": "ON", "percentage": 1, "preset_mode": "x"}).state == {"state": "ON", "percentage": 1}
    assert duty(made) == pytest.approx(0.208, abs=0.001)


@pytest.mark.parametrize("start", [0, WRAP - 100])
def test_a_fan_that_starts_gets_full_speed_for_a_moment(blower, start):
    made = blower(start=start).set({"percentage": 10})
    assert duty(made) == 1
    made.pass_ms(499)
    assert duty(made) == 1
    made.pass_ms(2)
    assert duty(made) == pytest.approx(0.28, abs=0.001)
    made.set({"percentage": 20})
    assert duty(made) == pytest.approx(0.36, abs=0.001), "it turns already"


def test_the_other_level_is_the_other_way_round_and_safe_is_what_it_says(blower):
    made = blower(active_low=True, kick=0, safe=50)
    assert duty(made) == 1
    made.driver.safe()
    assert made.state == {"state": "ON", "percentage": 50}
    assert duty(made) == pytest.approx(0.4, abs=0.001)
    made = blower(boot="on", kick=0)
    made.driver.safe()
    assert made.state["state"] == "OFF"


@pytest.mark.parametrize(
    "payload", [b"", b"on", b"50", b"{}", b'{"percentage":101}', b'{"percentage":-1}', b'{"percentage":"50"}',
                b'{"state":"on"}', b'{"percentage":50', b'{"percentage":50}x', b'{"x":1}'],
)  # fmt: skip
def test_a_bad_command_changes_nothing_of_a_fan(blower, payload):
    made = blower(boot="on", kick=0).set({"percentage": 70})
    before = list(made.pins[0].duties)
    with pytest.raises(ValueError, match=r"expected|where|behind|without"):
        made.set(payload)
    assert (made.pins[0].duties, made.state) == (before, {"state": "ON", "percentage": 70})


@given(st.integers(0, 100), st.integers(0, 90))
def test_a_fan_that_is_on_never_gets_less_than_it_needs(percent, minimum):
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(patch, fan, [Pwm()], kick=0, minimum=minimum).set({"percentage": percent})
        wanted = minimum + (100 - minimum) * percent / 100 if percent else 0
        assert duty(made) == pytest.approx(wanted / 100, abs=0.001)


# Servo


@pytest.fixture
def arm(monkeypatch):
    return lambda **options: Bench(monkeypatch, servo, [Pwm()], **options)


@pytest.mark.parametrize(("angle", "pulse_us"), [(0, 500), (90, 1500), (180, 2500), (45, 1000)])
@pytest.mark.parametrize("frequency", [50, 100])
def test_an_angle_is_the_length_of_a_pulse(arm, angle, pulse_us, frequency):
    made = arm(frequency=frequency).set(b"%d" % angle)
    assert made.pins[0].duties[-1] / 65535 * 1e6 / frequency == pytest.approx(pulse_us, abs=2)
    assert made.state == angle


def test_a_servo_is_let_go_once_it_is_there_unless_it_is_to_hold(arm):
    made = arm(release=700).set(b"10")
    assert made.pass_ms(699).pins[0].duties[-1] > 0
    assert made.pass_ms(2).pins[0].duties[-1] == 0
    assert made.state == 10
    assert arm(release=0).set(b"10").pass_ms(1_000_000).pins[0].duties[-1] > 0


def test_a_servo_goes_to_its_place_at_the_start_and_is_let_go_by_safe(arm):
    made = arm(boot=30)
    assert (made.state, len(made.pins[0].duties)) == (30, 1)
    made.driver.safe()
    assert made.pins[0].duties[-1] == 0


@pytest.mark.parametrize(
    "payload",
    [b"", b"-1", b"19", b"121", b"999", b"1000", b"x", b"4x", b".5", b"90.x", b"45.5", b"20.", b".0", b"ON"],
)
def test_an_angle_beyond_its_limits_changes_nothing(arm, payload):
    made = arm(least=20, most=120, boot=20)
    before = list(made.pins[0].duties)
    with pytest.raises(ValueError, match="expected an angle from 20 to 120"):
        made.set(payload)
    assert (made.pins[0].duties, made.state) == (before, 20)
    assert made.set(b"45.0").state == 45


@pytest.mark.parametrize(
    "options", [{"least": 100, "most": 90}, {"boot": 181}, {"pulse_least": 1800, "pulse_most": 1700}]
)
def test_limits_that_cannot_be_are_refused(arm, options):
    with pytest.raises(ValueError, match=r"most|boot|pulse_most"):
        arm(**options)


# Cover


class Relays:
    """What the two relays did: never both, and a pause between two directions."""

    def __init__(self, bench):
        self.bench = bench
        self.way, self.off_since = 0, -WRAP

    def look(self):
        up, down = (pin.levels[-1] for pin in self.bench.pins)
        assert not (up and down)
        way = up - down
        now = self.bench.clock.now
        if way and way != self.way:
            assert self.way == 0, "it was off in between"
            assert way == self.last or now - self.off_since >= 500 or self.off_since < 0
        if way:
            self.last = way
        elif self.way:
            self.off_since = now
        self.way = way

    last = 0


@pytest.fixture
def blind(monkeypatch):
    return lambda **options: Bench(monkeypatch, cover, [Pin(), Pin()], **options)


def levels(bench):
    return tuple(pin.levels[-1] for pin in bench.pins)


def test_a_cover_opens_closes_and_stops(blind):
    made = blind()
    assert (made.state, levels(made)) == ({"state": "open", "position": 50}, (0, 0))
    made.pass_ms(1000).set(b"OPEN")
    assert (made.state, levels(made)) == ({"state": "opening", "position": 100}, (1, 0))
    made.pass_ms(16_900)
    assert levels(made) == (1, 0), "it moves on at the end"
    made.pass_ms(200)
    assert (made.state, levels(made)) == ({"state": "open", "position": 100}, (0, 0))
    made.pass_ms(1000).set(b"CLOSE")
    assert (made.state, levels(made)) == ({"state": "closing", "position": 0}, (0, 1))
    made.pass_ms(9_000).set(b"STOP")
    assert (made.state, levels(made)) == ({"state": "open", "position": 70}, (0, 0))
    made.pass_ms(1000).set(b"CLOSE").pass_ms(23_100)
    assert (made.state, levels(made)) == ({"state": "closed", "position": 0}, (0, 0))


def test_a_position_is_reached_within_a_percent_from_either_side(blind):
    made = blind(open_time=20, close_time=10).pass_ms(1000).set(b"CLOSE").pass_ms(8_000)
    made.set({"position": 40})
    assert (made.state, levels(made)) == ({"state": "opening", "position": 40}, (1, 0))
    made.pass_ms(7_950)
    assert levels(made) == (1, 0)
    made.pass_ms(100)
    assert (made.state, levels(made)) == ({"state": "open", "position": 40}, (0, 0))
    made.pass_ms(1000).set({"position": 15}).pass_ms(2_450)
    assert levels(made) == (0, 1)
    assert made.pass_ms(100).state == {"state": "open", "position": 15}
    assert made.set({"position": 15}).state == {"state": "open", "position": 15}
    assert levels(made) == (0, 0)


def test_turning_round_pauses_in_between(blind):
    made = blind().pass_ms(1000).set(b"OPEN").pass_ms(3_000).set(b"CLOSE")
    assert (made.state, levels(made)) == ({"state": "closing", "position": 0}, (0, 0))
    made.pass_ms(499)
    assert levels(made) == (0, 0)
    made.pass_ms(2)
    assert levels(made) == (0, 1)
    made.set(b"STOP")
    assert made.state == {"state": "open", "position": 60}


@pytest.mark.parametrize("days", [1, 6.3, 7, 10, 12.5, 40])
def test_however_long_it_stood_still_it_obeys_at_once(blind, days):
    made = blind().pass_ms(1000).set(b"OPEN").pass_ms(40_000)
    made.clock.now += int(days * 86_400_000)
    made.driver.poll()
    made.set(b"CLOSE")
    assert levels(made) == (0, 1)
    assert made.pass_ms(33_000).state == {"state": "closed", "position": 0}


def test_an_end_is_gone_to_even_when_it_is_thought_to_be_there(blind):
    made = blind().pass_ms(1000).set(b"OPEN").pass_ms(40_000).set(b"OPEN")
    assert levels(made) == (1, 0)
    assert made.pass_ms(2_100).state == {"state": "open", "position": 100}


@pytest.mark.parametrize("active_low", [False, True])
def test_the_relays_are_off_from_the_first_moment_on(blind, active_low):
    made = blind(active_low=active_low)
    assert [pin.levels for pin in made.pins] == [[int(active_low)]] * 2
    made.pass_ms(1000).set(b"OPEN")
    assert levels(made) == (int(not active_low), int(active_low))
    made.driver.safe()
    assert levels(made) == (int(active_low), int(active_low))


@pytest.mark.parametrize(
    "payload", [b"", b"open", b"UP", b"50", b"{}", b'{"position":101}', b'{"position":"1"}', b'{"x":1}']
)
def test_a_bad_command_changes_nothing_of_a_cover(blind, payload):
    made = blind().pass_ms(1000).set(b"OPEN").pass_ms(1000)
    with pytest.raises(ValueError, match=r"expected|where"):
        made.set(payload)
    assert (made.state, levels(made)) == ({"state": "opening", "position": 100}, (1, 0))


COMMAND = st.sampled_from([b"OPEN", b"CLOSE", b"STOP", *(b'{"position":%d}' % n for n in (0, 1, 30, 50, 99, 100))])


@given(st.lists(st.tuples(COMMAND, st.integers(0, 6000)), max_size=20), st.sampled_from([0, WRAP - 20_000]))
def test_no_commands_switch_both_relays_on_or_turn_the_motor_round_without_a_pause(commands, start):
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(patch, cover, [Pin(), Pin()], start=start, open_time=5, close_time=7)
        seen = Relays(made)
        made.clock.now += 1000
        for command, wait in commands:
            made.set(command)
            seen.look()
            for _ in range(wait // 10):
                made.clock.now += 10
                made.driver.poll()
                seen.look()
        assert 0 <= made.state["position"] <= 100
        if made.state["state"] in ("open", "closed"):
            assert levels(made) == (0, 0)
