"""Milliseconds for drivers of sensors that have to know how long ago something was. MicroPython's, or CPython's."""

try:
    from time import ticks_diff, ticks_ms
except ImportError:  # CPython
    from time import monotonic

    def ticks_ms():
        return int(monotonic() * 1000)

    def ticks_diff(later, earlier):
        return later - earlier
