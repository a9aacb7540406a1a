"""The compiled drivers on the simulated board: the way of a value from the weather to a number in a firmware."""

import re
from pathlib import Path

import pytest
from girouette.paths import ROOT
from girouette.simboard import Bme280, Weather


@pytest.fixture
def weather() -> Weather:
    weather = Weather()
    weather.set(temperature=-7.5, humidity=81.25, pressure=1002.5)
    return weather


def test_a_compiled_driver_reads_the_weather_on_the_board(make_board, lib_mpy, weather, bits):
    board = make_board("station.py", lib=lib_mpy, bits=bits, weather=weather, sensors=[Bme280(noise=0)])
    temperature, humidity, pressure = map(int, board.wait_line("values").split()[1:])
    assert abs(temperature + 750) <= 1
    assert abs(humidity - 8125) <= 2
    assert abs(pressure - 100250) <= 4


def test_a_reading_over_the_boards_i2c_allocates_nothing(make_board, lib_mpy):
    board = make_board("station.py", lib=lib_mpy)
    board.wait_line("0 0 locked")


def test_the_example_in_the_documentation_runs_as_it_stands(make_board, lib_mpy, weather):
    page = (Path(ROOT) / "docs" / "drivers.md").read_text()
    example = re.search(r"```python\n(.*?)```", page, re.S).group(1)
    board = make_board(example, lib=lib_mpy, weather=weather, sensors=[Bme280(noise=0)])
    assert re.fullmatch(r"temperature -7\.[45]\d* °C", board.wait_line("temperature"))
    assert board.wait_line("humidity").endswith(" %")
    assert board.wait_line("pressure").endswith(" hPa")
