"""Derived quantities: which values they are made of, and their form. The formulas are derived.py's."""

from . import derived


class Damp:
    """A quantity of temperature and humidity, which are at these places among the values; lines make hundredths."""

    def __init__(self, name, at, lines):  # cold: once
        self._function = getattr(derived, name)
        self._at = at
        self._lines = lines

    def of(self, values):
        temperature = self._lines[0].of(values[self._at[0]])
        humidity = self._lines[1].of(values[self._at[1]])
        return self._function(temperature, humidity)


class Pressed:
    """The pressure at sea level: a line from the pressure, which is at this place."""

    def __init__(self, at, line):  # cold: once
        self._at = at
        self._line = line

    def of(self, values):
        return self._line.of(values[self._at])
