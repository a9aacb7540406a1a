"""What all drivers share: the shape of one, and the one error they raise.

A sensor takes a bus object and nothing else, touches nothing when it is made, and has
    quantities    ((name, unit, decimals), ...)
    start()       begins a reading; returns the milliseconds until it is ready
    read(values)  fills a list with integers in the smallest unit (2153 with 2 decimals is 21.53) and returns True;
                  False means that there is more to do first, call start() again: the part was still waking up, or it
                  measures one thing after another (a BMP180 its temperature, then the pressure)
Neither waits, and neither allocates once the part is awake. Whatever goes wrong is a SensorError; after it the driver
begins again with the identification of the part, so a part that comes back is used without a restart.

An actuator drives its pin from when it is made, and has
    set(payload)  obeys a command, given as bytes; a ValueError says what was expected, and nothing has changed then
    state(buf)    writes what it is as text for others; returns how many bytes
    poll()        a step of what takes time (a fade); returns the milliseconds until it wants to be called again
    safe()        goes to the state in which it may be left alone
An input has state(buf) and poll(). What they share is in thing.py; none of these allocates.

A driver's module names its class `driver`; its schema.json says how it is configured. Nothing of any one part lives
here.
"""

import sys

try:
    from micropython import const
except ImportError:  # CPython

    def const(x):
        return x


class SensorError(Exception):
    """What is wrong with a sensor, in words that say what to do."""


def scaled(x, m, s):
    """x * m >> s without a product above 30 bits, exactly (rounded down).

    MicroPython allocates for integers of 31 bits and more. Needs |m| < 2**(30 - s) and |x >> s| * |m| < 2**30.
    """
    return (x >> s) * m + ((x & (1 << s) - 1) * m >> s)


def release(module):  # cold: on an error
    """Let go of a module that was loaded for a moment; its code is garbage then."""
    package, _, name = module.__name__.rpartition(".")
    sys.modules.pop(module.__name__, None)
    if hasattr(sys.modules[package], name):
        delattr(sys.modules[package], name)
