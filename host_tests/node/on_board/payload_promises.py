import json

from bench import equal
from node.payload import Json


class Wall:
    """A clock that stands still."""

    text = b"2026-11-25T03:50:10Z"

    def stamp(self, buf, at):
        buf[at : at + 20] = self.text


def form(*units):
    return Json(Wall(), units)


def test_a_reading_is_a_table_of_value_time_and_unit():
    text = bytes(form("°C").text(2153, 2, "°C")).decode()
    equal(text, '{"value":21.53,"time":"2026-11-25T03:50:10Z","unit":"°C"}')


def test_every_value_and_unit_fits_and_is_json():
    units = ("", "°C", "hPa", "µg/m³", "x" * 52)
    made = form(*units)
    for unit in units:
        for value, decimals in ((0, 0), (-5, 2), (2**62, 0), (-(2**62), 3), (1, 19), (123456, 2)):
            found = json.loads(bytes(made.text(value, decimals, unit)))
            equal((found["unit"], found["time"]), (unit, "2026-11-25T03:50:10Z"))
            equal(len(found), 3)


def test_a_short_reading_leaves_nothing_of_a_long_one_before():
    made = form("%", "hPa")
    made.text(-10132500, 4, "hPa")
    equal(bytes(made.text(7, 0, "%")), b'{"value":7,"time":"2026-11-25T03:50:10Z","unit":"%"}')


def test_a_unit_too_long_for_the_buffer_is_refused():
    try:
        form("x" * 53)
    except ValueError as fault:
        assert "longer than" in str(fault)
    else:
        raise AssertionError
