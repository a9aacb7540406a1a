"""Sensors that count pulses, at a contact that bounces: what they measure, and what they say of a line that rattles."""

import heapq
import importlib

import pytest
from drivers import SensorError, anemometer, energy_meter, flow_meter, pulses, rain_gauge
from girouette.simboard.parts import models
from hypothesis import given
from hypothesis import strategies as st
from pins import Clock, Pin
from support.narrow import Narrow

WRAP = 1 << 30


class Bench:
    """A driver at a contact that the model of its part closes and opens, in the time of the test."""

    def __init__(self, part, monkeypatch, start=0, hard=False, **options):
        self.clock = Clock()
        self.clock.now = start
        self.s = 0.0
        for module in (pulses, rain_gauge, anemometer, flow_meter, energy_meter):
            if hasattr(module, "ticks_ms"):
                monkeypatch.setattr(module, "ticks_ms", lambda: (start + int(self.s * 1000 + 1e-6)) % WRAP)
            if hasattr(module, "ticks_diff"):
                monkeypatch.setattr(module, "ticks_diff", lambda a, b: (a - b + WRAP // 2) % WRAP - WRAP // 2)
        self.model = models()[part](clock=lambda: self.s, noise=0.0)
        self.pin = Pin(hard)
        self.sensor = importlib.import_module(f"drivers.{part}").driver(self.pin, **options)
        self.values = [0] * len(self.sensor.quantities)

    def wait(self, seconds: float):
        """Time goes on, and the contact closes and opens as the model says."""
        end = self.s + seconds
        edges = list(self.model.train(self.s, end))
        heapq.heapify(edges)
        while edges:
            self.s, level = heapq.heappop(edges)
            self.pin.edge(level)
        self.s = end

    def reading(self, after: float = 0) -> list[int]:
        self.wait(after)
        for _ in range(1000):
            self.wait(self.sensor.start() / 1000)
            if self.sensor.read(self.values):
                return self.values
        raise AssertionError("1000 steps and no reading")


@pytest.fixture
def bench(monkeypatch):
    return lambda part, **options: Bench(part, monkeypatch, **options)


ALL = pytest.mark.parametrize("part", ["rain_gauge", "anemometer", "flow_meter", "energy_meter"])


# Counting


@pytest.mark.parametrize("start", [0, WRAP - 50_000])
@ALL
def test_every_pulse_counts_once_however_it_bounces_and_when_the_ticks_wrap(bench, part, start):
    made = bench(part, start=start)
    made.wait(400)
    assert made.model.count > 4
    assert made.sensor._pulses.count == made.model.count


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(0, 1)), max_size=60), st.integers(1, 50))
def test_a_pulse_is_a_falling_edge_after_the_line_was_at_rest(moves, debounce):
    now, pin = 1000, Pin()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pulses, "ticks_ms", lambda: now)
        counter = pulses.Pulses(pin, debounce=debounce)
        moved, wanted = now, 0
        for wait, level in moves:
            now += wait
            if level != pin.level:
                wanted += level == 0 and now - moved >= debounce
                pin.edge(level)
                moved = now
    assert counter.count == wanted


def test_the_count_goes_on_beyond_30_bits(bench):
    made = bench("flow_meter")
    made.reading(10)
    made.sensor._pulses.count = made.sensor._seen = WRAP - 3
    made.model.flow = 60.0
    assert made.reading(10)[0] == pytest.approx(6000, abs=20)
    assert made.sensor._pulses.count < 10_000


@pytest.mark.parametrize("days", [1, 6.3, 10, 13])
def test_the_first_tip_after_dry_days_counts(bench, days):
    made = bench("rain_gauge")
    made.model.rain = 0.0
    for _ in range(int(days * 24)):
        made.reading(3600)
    made.model.rain = 60.0
    made.wait(120)
    assert made.model.count > 4
    assert made.sensor._pulses.count == made.model.count


def test_the_hum_of_the_mains_is_no_power(bench):
    made = bench("energy_meter")
    made.model.watts = 180_000.0
    with pytest.raises(SensorError, match="gives more pulses than it can"):
        made.reading(10)


def test_hard_interrupts_are_used_where_there_are_some(bench):
    assert bench("flow_meter", hard=True).pin.asked_hard
    assert not bench("flow_meter").pin.asked_hard


@ALL
@pytest.mark.parametrize(("pull", "wanted"), [("up", Pin.PULL_UP), ("down", Pin.PULL_DOWN), ("none", None)])
def test_the_pin_is_pulled_as_it_says(bench, part, pull, wanted):
    made = bench(part, pull=pull)
    assert (made.pin.mode, made.pin.pull) == (Pin.IN, wanted)


@ALL
def test_a_line_that_rattles_is_told_and_used_again_when_it_is_quiet(bench, part):
    made = bench(part)
    made.reading(5)
    for _ in range(3000):
        made.sensor._pulses._fell(None)
    made.wait(0.5)
    with pytest.raises(SensorError, match="gives more pulses than it can: a wire is loose"):
        made.reading()
    made.reading(5)


@given(st.integers(0, 10**8), st.integers(1, 10**8))
def test_a_thousandfold_ratio_is_exact_without_a_large_product(n, d):
    assert pulses.thousandfold(Narrow(n), Narrow(d)) == n * 1000 // d if n // d < 10**6 else True


# Rain


@pytest.mark.parametrize("rain", [0.5, 4.0, 30.0, 180.0])
def test_rain_adds_up_and_its_rate_is_that_of_the_tips(bench, rain):
    made = bench("rain_gauge")
    made.model.rain = rain
    for _ in range(6):
        made.reading(1200)
    assert made.values[0] == pytest.approx(made.model.count * 27.94, abs=1)
    assert made.values[1] == pytest.approx(rain * 10, rel=0.02, abs=1)


def test_after_the_rain_the_rate_falls_and_is_over_in_an_hour(bench):
    made = bench("rain_gauge")
    made.model.rain = 30.0
    made.reading(600)
    made.model.rain = 0.0
    rates = [made.reading(600)[1] for _ in range(7)]
    assert rates == sorted(rates, reverse=True)
    assert 0 < rates[0] < 20
    assert rates[-1] == 0
    made.model.rain = 30.0  # the first tip of the next rain says nothing yet
    assert made.reading(24)[1] == 0
    assert made.reading(60)[1] == pytest.approx(300, rel=0.05)


@given(st.integers(0, 99_999), st.integers(100, 100_000), st.integers(1, 3_600_000))
def test_no_rain_leaves_31_bits(tips, per_tip, ms):
    assert abs(int(rain_gauge.fallen(Narrow(tips), Narrow(per_tip))) - tips * per_tip / 100) < 1
    assert int(rain_gauge.rate(Narrow(ms), Narrow(per_tip))) == per_tip * 3600 // ms


# Wind


@pytest.mark.parametrize("wind", [0.0, 0.9, 5.0, 33.0])
def test_steady_wind_has_a_mean_and_gusts_hardly_above_it(bench, wind):
    made = bench("anemometer")
    made.model.wind = wind
    made.reading()
    speed, gust = made.reading()
    assert speed == pytest.approx(wind * 100, abs=2)
    assert speed <= gust <= speed + 24  # a pulse more in three seconds


def test_a_gust_of_three_seconds_is_the_highest_mean_and_hardly_moves_the_mean(bench):
    made = bench("anemometer")
    made.model.wind = 4.0
    made.reading()
    for second in range(60):
        made.model.wind = 20.0 if 30 <= second < 33 else 4.0
        made.wait(made.sensor.start() / 1000)
        done = made.sensor.read(made.values)
    assert done
    assert made.values[0] == pytest.approx(480, abs=3)
    assert made.values[1] == pytest.approx(2000, abs=25)


def test_what_blows_while_nobody_reads_and_a_late_step_are_no_gust(bench):
    made = bench("anemometer", window=10)
    made.model.wind = 4.0
    made.reading()
    made.model.wind = 30.0
    made.wait(100)
    made.model.wind = 4.0
    assert made.reading()[0] == pytest.approx(400, abs=5)
    made.wait(made.sensor.start() / 1000)
    made.sensor.read(made.values)
    made.model.wind = 30.0
    made.wait(2.5)  # the loop was held up: it is a mean of what nobody knows
    made.sensor.read(made.values)
    made.model.wind = 4.0
    assert made.reading()[1] < 1500


@given(st.integers(0, 100_000), st.integers(1, 700_000), st.integers(10, 5000))
def test_no_wind_leaves_31_bits(n, ms, per_hertz):
    if n < ms:
        assert abs(int(anemometer.speed(Narrow(n), Narrow(ms), Narrow(per_hertz))) - n * per_hertz * 100 / ms) < 1


# Water


@pytest.mark.parametrize("flow", [0.0, 0.7, 6.0, 30.0])
@pytest.mark.parametrize("interval", [1, 10, 3600])
def test_flow_and_volume(bench, flow, interval):
    made = bench("flow_meter")
    made.model.flow = flow
    for _ in range(3):
        made.reading(interval)
    assert made.values[0] == pytest.approx(flow * 100, abs=14 / interval + 1)
    assert made.values[1] == pytest.approx(made.model.count / 45, abs=1)


@given(st.integers(0, 1_000_000), st.integers(500, 100_000_000), st.integers(100, 100_000))
def test_no_flow_leaves_31_bits(n, ms, per_litre):
    if n <= 2 * ms:
        found = int(flow_meter.flow(Narrow(n), Narrow(ms), Narrow(per_litre)))
        assert abs(found - n * 100_000 / ms * 600 / per_litre) < 600 / per_litre + 1


# Energy


@pytest.mark.parametrize("watts", [15.0, 100.0, 2500.0, 11_000.0])
def test_power_is_that_between_the_pulses_and_energy_adds_up(bench, watts):
    made = bench("energy_meter")
    made.model.watts = watts
    for _ in range(100):
        made.reading(10)
    assert made.values[0] == pytest.approx(watts * 10, rel=0.01, abs=1)
    assert made.values[1] == made.model.count


def test_power_that_is_gone_falls_to_what_it_can_be_and_then_to_nothing(bench):
    made = bench("energy_meter")
    made.model.watts = 2000.0
    made.reading(60)
    made.reading(60)
    made.model.watts = 0.0
    made.reading(10)
    assert made.reading(30)[0] <= 1200
    assert made.reading(60)[0] <= 400
    assert made.reading(3600)[0] == 0


@given(st.integers(1, 100), st.integers(1, 3_600_000), st.integers(40, 100_000))
def test_no_power_leaves_31_bits(n, ms, per_kwh):
    if n <= ms // 20 + 1:
        found = int(energy_meter.power(Narrow(n), Narrow(ms), Narrow(per_kwh)))
        assert found == 36_000_000 // per_kwh * n * 1000 // ms
