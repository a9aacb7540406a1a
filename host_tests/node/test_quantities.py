"""What is done to quantities, as arithmetic: against floating point, and without leaving a chip's small integers."""

import math
import runpy
import statistics

import pytest
from girouette.paths import FIRMWARE
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.narrow import Narrow

derived = runpy.run_path(str(FIRMWARE / "node" / "derived.py"))
refined = runpy.run_path(str(FIRMWARE / "node" / "refined.py"))
windows = runpy.run_path(str(FIRMWARE / "node" / "windows.py"))
Line = runpy.run_path(str(FIRMWARE / "node" / "line.py"))["Line"]

TEMPERATURE = st.integers(-4500, 8500)
HUMIDITY = st.integers(0, 10_000)
VALUE = st.integers(-(1 << 24), 1 << 24)


def magnus(celsius: float) -> float:
    return 17.62 * celsius / (243.12 + celsius)


def dew_point(celsius: float, percent: float) -> float:
    g = math.log(percent / 100) + magnus(celsius)
    return 243.12 * g / (17.62 - g)


def absolute_humidity(celsius: float, percent: float) -> float:
    return percent / 100 * 6.112 * math.exp(magnus(celsius)) * 216.679 / (273.15 + celsius)


def heat_index(f: float, r: float) -> tuple[float, float]:
    """In °F, and what decides which formula it is."""
    simple = (0.5 * (f + 61 + (f - 68) * 1.2 + r * 0.094) + f) / 2
    if simple < 80:
        return simple, simple
    felt = -42.379 + 2.04901523 * f + 10.14333127 * r - 0.22475541 * f * r - 0.00683783 * f * f - 0.05481717 * r * r
    felt += 0.00122874 * f * f * r + 0.00085282 * f * r * r - 0.00000199 * f * f * r * r
    if r < 13 and 80 <= f <= 112:
        felt -= (13 - r) / 4 * math.sqrt((17 - abs(f - 95)) / 17)
    if r > 85 and 80 <= f <= 87:
        felt += (r - 85) / 10 * (87 - f) / 5
    return felt, simple


@settings(max_examples=500)
@given(TEMPERATURE, HUMIDITY)
def test_the_dew_point_is_that_of_the_formula(t, h):
    found = derived["dew_point"](Narrow(t), Narrow(h))
    assert found / 100 == pytest.approx(dew_point(t / 100, max(h, 10) / 100), abs=0.01)


@settings(max_examples=500)
@given(TEMPERATURE, HUMIDITY)
def test_the_absolute_humidity_is_that_of_the_formula(t, h):
    found = derived["absolute_humidity"](Narrow(t), Narrow(h))
    assert found / 100 == pytest.approx(absolute_humidity(t / 100, h / 100), rel=2e-4, abs=0.012)


@settings(max_examples=500)
@given(st.integers(-4500, 5000), HUMIDITY)
def test_the_heat_index_is_that_of_the_formula(t, h):
    f = t * 9 / 500 + 32
    felt, simple = heat_index(f, h / 100)
    assume(abs(simple - 80) > 0.05 and all(abs(f - edge) > 0.05 for edge in (80, 87, 112)))  # where the formula jumps
    found = derived["heat_index"](Narrow(t), Narrow(h))
    assert found / 100 == pytest.approx((felt - 32) / 1.8, abs=0.05)


@pytest.mark.parametrize(
    ("name", "celsius", "percent", "expected"),
    [
        ("dew_point", 20, 50, 9.26), ("dew_point", 25, 100, 25.0), ("dew_point", -10, 80, -12.8),
        ("absolute_humidity", 20, 100, 17.24), ("absolute_humidity", 0, 100, 4.85), ("absolute_humidity", 30, 0, 0),
        # The table of the US National Weather Service: 90 °F and 70 % feel like 106 °F, 100 °F and 40 % like 109 °F.
        ("heat_index", 32.222, 70, 41.0), ("heat_index", 37.778, 40, 43.0),
    ],
)  # fmt: skip
def test_values_that_can_be_looked_up(name, celsius, percent, expected):
    found = derived[name](round(celsius * 100), percent * 100)
    assert found / 100 == pytest.approx(expected, abs=0.35 if name == "heat_index" else 0.02)


@given(st.integers(1, 1 << 16))
def test_the_logarithm(n):
    assert derived["ln"](Narrow(n)) / (1 << 20) == pytest.approx(math.log(n), abs=1e-4)


@given(st.integers(0, 15 << 20))
def test_the_power_of_e(x):
    assert derived["exp"](Narrow(x)) == pytest.approx(math.exp(x / (1 << 20)), rel=3e-4, abs=0.6)


@given(st.integers(-(1 << 15), 1 << 15), st.integers(-(1 << 20), 1 << 20), st.integers(1, 1 << 20))
def test_a_part_of_a_number_is_exact(a, n, d):
    assume(abs(a * n // d) < 1 << 28)
    assert derived["parts_of"](Narrow(a), Narrow(n), Narrow(d)) == (a * n + d // 2) // d


@given(VALUE, st.floats(-60, 60), st.floats(-1e6, 1e6))
def test_a_line_is_off_by_a_rounding_at_most(x, scale, offset):
    assume(abs(x * scale) < 1 << 28)
    found = int(Line(scale, offset).of(Narrow(x)))
    assert abs(found - (x * scale + offset)) <= 0.5 + 1e-4 + abs(x) * 2**-28


BY_HAND = [(1.8, 3200, 2153, 7075), (1, 27315, -4000, 23315), (-1, 0, 5, -5)]


@pytest.mark.parametrize(("scale", "offset", "x", "y"), BY_HAND)
def test_lines_one_can_follow_by_hand(scale, offset, x, y):
    assert Line(scale, offset).of(x) == y


COUNTS = {
    "median": lambda values: math.floor(statistics.median(values)),
    "average": lambda values: math.floor(statistics.fmean(values) + 0.5),
    "min": min,
    "max": max,
}


@pytest.mark.parametrize("kind", windows["KINDS"], ids=lambda kind: kind.KEY)
@given(st.lists(VALUE, min_size=1, max_size=40), st.integers(2, 15))
def test_a_window_counts_the_last_ones(kind, values, size):
    window = kind(size)
    for i, value in enumerate(values):
        last = values[max(i + 1 - size, 0) : i + 1]
        assert window.of(Narrow(value)) == COUNTS[kind.KEY](last)
    window.clear()
    assert window.of(7) == 7


UNITS = sorted({line.split()[0] for line in refined["_UNITS"].splitlines()})


@pytest.mark.parametrize("unit", UNITS)
def test_another_unit_shows_every_step_of_the_part_and_no_more(unit):
    asked = {"decimals": None}
    for other in refined["become"](unit):
        found, decimals, factor, _ = refined["form"](asked | {"unit": other}, unit, 2)
        assert found == other
        steps = factor * 10.0 ** (decimals - 2)  # of the last digit, when that of the part changes by one
        assert 0.5 <= steps < 10 or decimals == 0


@pytest.mark.parametrize(
    ("unit", "other", "value", "expected"),
    [
        ("°C", "°F", 100, 212), ("°C", "K", 0, 273.15), ("hPa", "inHg", 1013.25, 29.9213),
        ("hPa", "mmHg", 1013.25, 760), ("hPa", "psi", 1013.25, 14.6959), ("m/s", "km/h", 10, 36),
        ("m/s", "mph", 44.704, 100), ("m/s", "kn", 10, 19.4384),
        ("mm", "in", 25.4, 1), ("L", "gal", 3.785411784, 1), ("L/min", "m³/h", 1000, 60), ("kWh", "Wh", 1.5, 1500),
    ],
)  # fmt: skip
def test_units_are_those_of_the_handbooks(unit, other, value, expected):
    factor, offset = refined["become"](unit)[other]
    assert value * factor + offset == pytest.approx(expected, rel=1e-5)
