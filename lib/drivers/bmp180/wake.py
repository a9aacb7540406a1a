"""Wakes a BMP180 in two steps: who it is and a reset, then its calibration. Loaded meanwhile."""

from drivers import const

_ID = const(0xD0)
_RESET = const(0xE0)
_CALIBRATION = const(0xAA)

_BMP180 = const(0x55)
_START_MS = const(12)  # it takes 10 ms


def step(d):
    """The next step of the driver d: milliseconds until the one after it, or until its temperature is measured."""
    if not d._tries:
        return _identify(d)
    _calibrate(d)
    d._fresh()
    return d._woken()


def _identify(d):
    buf = d._byte
    d._bus.readfrom_mem_into(d._address, _ID, buf)
    if buf[0] != _BMP180:
        d._fail(buf[0])
    d._bus.writeto_mem(d._address, _RESET, b"\xb6")
    d._tries = 1
    return _START_MS


def _calibrate(d):
    """AC1, ..., MD: words with their high byte first; none of them is 0 or 0xFFFF."""
    raw = bytearray(22)
    d._bus.readfrom_mem_into(d._address, _CALIBRATION, raw)
    for i in range(11):
        word = raw[2 * i] << 8 | raw[2 * i + 1]
        if word in (0, 0xFFFF):
            d._fail("calibration")
        d.calibration[i] = word if 3 <= i <= 5 else (word ^ 0x8000) - 0x8000  # AC4 to AC6 have no sign
