"""What a BMP280 or BME280 says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "its SDO pin chooses this address"

FAULTS = {
    "starting": "does not finish starting: check its supply voltage (3.3 V)",
    "calibration": "has no calibration: it is counterfeit or broken, replace it",
    "temperature": "reads a temperature no air has: check its wiring and its supply voltage",
    "pressure": "reads a pressure no air has: check its wiring and its supply voltage",
}

_PARTS = {0x55: "BMP180", 0x56: "BMP280", 0x57: "BMP280", 0x58: "BMP280", 0x60: "BME280", 0x61: "BME680"}
_ADVICE = {
    ("BMP280", "BME280"): ': set its type to "bme280" and it gives humidity too',
    ("BME280", "BMP280"): ', sold as one: it has no humidity. Set its type to "bmp280"',
}


def foreign(part, found):  # cold: on an error
    """The part with that chip id, by name where it is known."""
    name, where = part._name, "at 0x%02x" % part._address
    other = _PARTS.get(found)
    if other is None:
        return "the part %s is not a %s: its chip id is 0x%02x" % (where, name, found)
    advice = _ADVICE.get((name, other), "")
    return "the part %s is a %s (chip id 0x%02x), not a %s%s" % (where, other, found, name, advice)
