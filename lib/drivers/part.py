"""What drivers of I2C parts share: a part wakes up, measures again and again, and after a fault begins anew.

A driver built on it has
    _name, _folder   its name for a person; the folder of its words.py
    _wake()          a step of waking up: identification, reset; milliseconds until the next step. The last one sets
                     `_awake` and `_step`, and begins the first reading
    _measure()       begins a reading; milliseconds until it is ready
    _fetch()         takes it from the bus; an OSError is a part that does not answer
    _convert(values) makes integers of what was fetched
Whatever is wrong goes to _fail(why), whose words faults.py finds. Nothing of any one part lives here.
"""

from drivers import SensorError, release


class Part:
    """A part at `address` on an I2C bus; it is not touched before the first start()."""

    _awake = False
    _tries = 0  # what is left of a wake-up's patience

    def __init__(self, bus, address):
        self._bus = bus
        self._address = address
        self._step = self._wake

    def start(self):
        """Begin a reading; milliseconds until it is ready. Raises SensorError."""
        try:
            return self._step()
        except OSError:
            self._fail("lost")

    def read(self, values):
        """Fill `values`; False if the part was still waking up. Raises SensorError."""
        if not self._awake:
            return False
        try:
            self._fetch()
        except OSError:
            self._fail("lost")
        self._convert(values)
        return True

    def _woken(self):  # cold: when the part starts
        self._awake = True
        self._step = self._measure
        return self._measure()

    def _fail(self, why):  # cold: on an error
        self._step = self._wake
        self._awake = False
        self._tries = 0
        from drivers import faults

        text = faults.told(self, why)
        release(faults)
        raise SensorError(text)
