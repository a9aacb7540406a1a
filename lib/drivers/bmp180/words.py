"""What a BMP180 says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "nothing else on the bus has this address, which a BMP180 cannot change"

FAULTS = {
    "calibration": "has no calibration: it is counterfeit or broken, replace it",
    "temperature": "reads a temperature no air has: check its wiring and its supply voltage",
    "pressure": "reads a pressure no air has: check its wiring and its supply voltage",
}

_PARTS = {0x56: "BMP280", 0x57: "BMP280", 0x58: "BMP280", 0x60: "BME280", 0x61: "BME680"}


def foreign(part, found):  # cold: on an error
    """The part with that chip id, by name where it is known."""
    where = "at 0x%02x" % part._address
    other = _PARTS.get(found)
    if other is None:
        return "the part %s is not a BMP180: its chip id is 0x%02x" % (where, found)
    return 'the part %s is a %s (chip id 0x%02x), not a BMP180: set its type to "%s" and its address to "0x%02x"' % (
        where,
        other,
        found,
        other.lower(),
        part._address,
    )
