"""The weather: a daily curve, the same for the same seed."""

import pytest
from girouette.simboard import Weather

DAY = 24 * 3600


def test_the_same_seed_gives_the_same_weather():
    assert [Weather(seed=3).at(t) for t in range(0, DAY, 600)] == [Weather(seed=3).at(t) for t in range(0, DAY, 600)]
    assert Weather(seed=3).at(0) != Weather(seed=4).at(0)


def test_it_is_warmest_in_the_afternoon_and_driest_then():
    weather = Weather()
    for day in range(10):
        hours = [weather.at(day * DAY + h * 3600) for h in range(24)]
        assert hours[15].temperature > hours[5].temperature + 6
        assert hours[15].humidity < hours[5].humidity - 15


def test_it_never_leaps_and_never_leaves_what_weather_does():
    weather = Weather(seed=9)
    minutes = [weather.at(60 * m) for m in range(20 * 1440)]
    for before, after in zip(minutes, minutes[1:], strict=False):
        assert abs(after.temperature - before.temperature) < 0.05
    assert all(-15 < w.temperature < 40 and 20 <= w.humidity <= 98 and 980 < w.pressure < 1045 for w in minutes)


def test_speed_makes_a_day_pass_faster():
    now = [0.0]
    weather = Weather(speed=600, hour=0, clock=lambda: now[0])
    now[0] = 144.0
    assert weather.now() == weather.at(DAY)


def test_a_fixed_quantity_stays_until_it_is_resumed():
    weather = Weather()
    weather.set(temperature=-40.0)
    assert weather.now().temperature == -40.0
    assert weather.now().humidity != -40.0
    weather.resume()
    assert weather.now().temperature > -40.0


def test_an_unknown_quantity_is_refused():
    with pytest.raises(ValueError, match="the weather has no wind; it has temperature, humidity, pressure"):
        Weather().set(wind=3)
