"""Aosong DHT11: temperature and humidity, whole degrees and percent with older parts. It answers as a DHT22 does."""

from drivers.dht22 import DHT22

# Conversions


def temperature(whole, tenths):
    """0.1 °C. Newer parts have tenths, and the sign in the highest bit of theirs."""
    found = whole * 10 + (tenths & 127)
    return -found if tenths & 128 else found


def humidity(whole, tenths):
    """0.1 %."""
    return whole * 10 + tenths


class DHT11(DHT22):
    """A DHT11 on a pin."""

    _name = "DHT11"
    _pause = 1000

    def _convert(self, values):
        data = self._data
        values[0] = temperature(data[2], data[3])
        values[1] = humidity(data[0], data[1])
        if data[1] > 9 or data[3] & 127 > 9 or data[0] < 4 or values[1] > 1000 or not -200 <= values[0] <= 600:
            self._strange(data)

    def _strange(self, data):  # cold: on an error
        # A DHT22's first byte is at most 3, of 0x03e8 for 100 %, and so is that of its temperature, but for the sign.
        other = data[0] < 4 and (data[2] & 127 < 5 or data[2] > 240)
        self._fail("dht22" if other else "range")


driver = DHT11
