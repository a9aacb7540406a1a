"""Which values a derived quantity is made of, and their form. The formulas are derived.py's."""

from . import derived
from .line import Line


def sources(all_, first, steps, wanted):  # cold: once a sensor
    """What makes each quantity from place `first` on: of(values) is its value, with the decimals it has in `all_`.

    all_: (name, unit, decimals) of every quantity; steps: what is done to it; wanted: the tables of config.json.
    """
    names = [quantity[0] for quantity in all_]
    made = []
    for name, _, decimals in all_[first:]:
        if name == "sea_level_pressure":
            at = names.index("pressure")
            made.append(Pressed(at, wanted[name]["altitude"], decimals - steps[at].decimals))
        else:
            at = names.index("temperature"), names.index("humidity")
            made.append(Damp(name, at, [2 - steps[i].decimals for i in at]))
    return made


class Damp:
    """A quantity of temperature and humidity, which are at these places among the values and lack so many decimals."""

    def __init__(self, name, at, lacking):  # cold: once
        self._function = getattr(derived, name)
        self._at = at
        self._lines = [Line(10**n, 0) for n in lacking]

    def of(self, values):
        temperature = self._lines[0].of(values[self._at[0]])
        humidity = self._lines[1].of(values[self._at[1]])
        return self._function(temperature, humidity)


class Pressed:
    """The pressure at sea level, by the standard atmosphere: Bosch BMP180 data sheet 1.2, 3.7."""

    def __init__(self, at, altitude, lacking):  # cold: once
        self._at = at
        self._line = Line((1 - altitude / 44330) ** -5.255 * 10**lacking, 0)

    def of(self, values):
        return self._line.of(values[self._at])
