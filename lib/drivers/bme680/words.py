"""What a BME680 says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "its SDO pin chooses this address"

FAULTS = {
    "calibration": "has no calibration: it is counterfeit or broken, replace it",
    "temperature": "reads a temperature no air has: check its wiring and its supply voltage",
    "pressure": "reads a pressure no air has: check its wiring and its supply voltage",
    "heater": "does not get its gas plate hot: give it more heater_time, and a supply that can give 20 mA",
}

_PARTS = {0x55: "BMP180", 0x58: "BMP280", 0x60: "BME280"}


def foreign(part, found):  # cold: on an error
    """The part with that chip id, by name where it is known."""
    where = "at 0x%02x" % part._address
    other = _PARTS.get(found)
    if other is None:
        return "the part %s is not a BME680: its chip id is 0x%02x" % (where, found)
    return 'the part %s is a %s (chip id 0x%02x), not a BME680: set its type to "%s", which measures no gas' % (
        where,
        other,
        found,
        other.lower(),
    )
