"""A fan's tacho: how fast it turns, what it says when it stands still, at a model that turns as the PWM says."""

import pytest
from drivers import fan, pulses, tacho
from girouette.simboard.parts import models
from hypothesis import given
from hypothesis import strategies as st
from pins import Pin, Pwm, state
from test_conversion import Narrow

WRAP = 1 << 30
STILL = "stands still though it is told to turn"


class Bench:
    """A fan at its PWM and its tacho, in the time of the test; the loop comes each `turn` seconds."""

    turn = 0.5

    def __init__(self, patch, start=0, hard=True, **options):
        self.s = 0.0
        for module in (fan, tacho, pulses):
            patch.setattr(module, "ticks_ms", lambda: (start + int(self.s * 1000 + 1e-6)) % WRAP)
            if hasattr(module, "ticks_diff"):
                patch.setattr(module, "ticks_diff", lambda a, b: (a - b + WRAP // 2) % WRAP - WRAP // 2)
        self.pwm, self.pin = Pwm(), Pin(hard)
        self.fan = fan.driver([self.pwm, self.pin], **{"kick": 0, "minimum": 0} | options)
        self.meter = self.fan.measure
        self.model = models()["fan"](clock=lambda: self.s, pulses=options.get("pulses", 2))
        self.model._pwm = self
        self.said = []

    @property
    def duty(self) -> float:
        return self.pwm.duties[-1] / 65535

    def wait(self, seconds: float):
        """Polls as the node does; what the meter says is noted when it changes."""
        end = self.s + seconds
        while self.s < end:
            until = min(self.s + self.turn, end)
            for when, level in self.model.train(self.s, until):
                self.s = when
                self.pin.edge(level)
            self.s = until
            assert 0 < self.meter.poll() <= 2000
            if self.said[-1:] != [state(self.meter)]:
                self.said.append(state(self.meter))
        return self

    @property
    def rpm(self) -> int:
        return int(state(self.meter))


@pytest.fixture
def bench(monkeypatch):
    return lambda **options: Bench(monkeypatch, **options)


def test_a_fan_without_a_tacho_has_no_meter_and_its_pwm_may_come_alone():
    assert fan.driver(Pwm()).measure is None
    assert fan.driver([Pwm()]).measure is None


@pytest.mark.parametrize("start", [0, WRAP - 3000])
@pytest.mark.parametrize("per_turn", [1, 2, 4])
def test_it_tells_how_fast_the_fan_turns(bench, start, per_turn):
    made = bench(start=start, pulses=per_turn)
    assert made.rpm == 0
    made.fan.set(b"ON")
    assert made.wait(10).rpm == pytest.approx(1500, abs=60)
    made.fan.set(b'{"percentage":40}')
    assert made.wait(10).rpm == pytest.approx(600, abs=45)
    made.fan.set(b"OFF")
    assert made.wait(5).rpm == 0
    assert made.meter.why is None


def test_the_pin_is_pulled_up_unless_the_board_does_it(bench):
    assert bench().pin.pull == Pin.PULL_UP
    assert bench(pull="none").pin.pull is None


@pytest.mark.parametrize("turns", [200, 733, 1500, 4000, 11_000])
def test_a_steady_speed_is_said_once_or_twice(bench, turns):
    made = bench()
    made.model.most = turns
    made.fan.set(b"ON")
    made.wait(600)
    assert len(made.said) <= 3, "nothing, what the first moments make of it, how fast it turns"
    assert made.rpm == pytest.approx(turns, abs=45 + turns / 64)


@pytest.mark.parametrize("start", [0, WRAP - 5000])
def test_a_fan_that_is_held_is_told_within_seconds_and_when_it_turns_again(bench, start):
    made = bench(start=start)
    made.fan.set(b"ON")
    made.wait(30)
    made.model.hang()
    assert made.wait(9).meter.why is None
    assert made.wait(5).meter.why.startswith(STILL)
    assert made.rpm == 0
    assert made.wait(3600).meter.why.startswith(STILL)
    made.model.release()
    assert made.wait(5).meter.why is None
    assert made.rpm > 1000


def test_one_that_never_turned_is_told_ten_seconds_after_it_was_told_to(bench):
    made = bench()
    made.model.unplug()
    assert made.wait(60).meter.why is None, "it is off"
    made.fan.set(b"ON")
    assert made.wait(9.5).meter.why is None
    assert made.wait(5).meter.why.startswith(STILL)
    made.fan.set(b"OFF")
    assert made.wait(3).meter.why is None


def test_one_that_is_switched_often_is_not_told_to_stand_still(bench):
    made = bench()
    made.model.hang()
    for _ in range(20):
        made.fan.set(b"ON")
        made.wait(5)
        made.fan.set(b"OFF")
        assert made.wait(3).meter.why is None


def test_noise_on_the_wire_is_told(bench):
    made = bench()
    made.fan.set(b"ON")
    made.model.most = 60_000
    assert made.wait(5).meter.why.startswith("gives more pulses than a fan can")
    assert made.rpm == 30_000
    made.model.most = 1500
    assert made.wait(5).meter.why is None
    assert made.rpm == pytest.approx(1500, abs=60)


@pytest.mark.parametrize("turn", [0.01, 3.7, 60])
def test_a_loop_that_comes_late_counts_all(bench, turn):
    made = bench()
    made.turn = turn
    made.fan.set(b"ON")
    assert made.wait(180).rpm == pytest.approx(1500, abs=60)


@given(st.integers(0, 1_000_000), st.integers(1, 1_000_000), st.integers(1, 12))
def test_the_speed_needs_no_large_number(n, ms, per_turn):
    if n * 60_000 // (ms * per_turn) < 1 << 29:
        assert tacho.rpm(Narrow(n), Narrow(ms), Narrow(per_turn)) == n * 60_000 // (ms * per_turn)


@pytest.mark.parametrize("options", [{"pulses": 0}, {"pulses": 13}, {"pull": "down_"}])
def test_a_bad_option_is_named(bench, options):
    with pytest.raises(ValueError, match=next(iter(options))):
        bench(**options)
