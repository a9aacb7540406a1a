"""What a BMP280 or BME280 says when something is wrong. Loaded while it is said."""

_PARTS = {0x55: "BMP180", 0x56: "BMP280", 0x57: "BMP280", 0x58: "BMP280", 0x60: "BME280", 0x61: "BME680"}
_FAULTS = {
    "starting": "does not finish starting: check its supply voltage (3.3 V)",
    "calibration": "has no calibration: it is counterfeit or broken, replace it",
    "measuring": "is not ready: it still measures long after it should have ended",
    "temperature": "reads a temperature no air has: check its wiring and its supply voltage",
    "pressure": "reads a pressure no air has: check its wiring and its supply voltage",
    "supply": "has measured nothing since it was started: it lost its supply for a moment",
    "stuck": "is stuck: its last readings were equal to the last bit. Take its power away for a second",
}
_ADVICE = {
    ("BMP280", "BME280"): ': set its type to "bme280" and it gives humidity too',
    ("BME280", "BMP280"): ', sold as one: it has no humidity. Set its type to "bmp280"',
}


def told(driver, why):
    """The fault in words; why is one of those above, "lost", or the chip id that was found."""
    name, address = driver._name, driver._address
    if why == "lost":
        return (
            "no answer at 0x%02x: check that the %s is powered, its SDA and SCL are not swapped, "
            "and its SDO pin chooses this address" % (address, name)
        )
    if why in _FAULTS:
        return "%s at 0x%02x %s" % (name, address, _FAULTS[why])
    return _wrong_part(name, "at 0x%02x" % address, why)


def _wrong_part(name, where, found):
    if found in (0x00, 0xFF):
        return "no answer %s: the bus reads only 0x%02x, so check power, pull-ups and wiring" % (where, found)
    part = _PARTS.get(found)
    if part is None:
        return "the part %s is not a %s: its chip id is 0x%02x" % (where, name, found)
    advice = _ADVICE.get((name, part), "")
    return "the part %s is a %s (chip id 0x%02x), not a %s%s" % (where, part, found, name, advice)
