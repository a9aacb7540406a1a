# Interrupts of pins, loaded with the first: each edge that the host has seen is told to its handler when the firmware
# next asks the host something, in order, and with the time at which it happened. A chip is faster; but as with its soft
# interrupts, handlers run between two bytecodes and never inside each other. Nothing allocates once a pin is watched.

import sys

import _board
import time
from _board import ask, call

# What counts the ticks: taken back while a handler runs.
_ticks, _counter = time, "_start"
if "_pace" in sys.modules:
    _ticks, _counter = sys.modules["_pace"], "_ms"
if "_steps" in sys.modules:
    _ticks, _counter = sys.modules["_steps"], "_now"

_watches = {}


def _calls(pin, handler):
    # A generator, since a function with an `except .. as` has too large a frame for the stack.
    while True:
        try:
            handler(pin)
        except Exception as e:
            _failed(e)
        yield


def _failed(e):
    print("uncaught exception in interrupt handler")
    sys.print_exception(e)


def watch(pin, handler, trigger):
    """The handler of a pin, called with it; None: no more."""
    _watches[pin.id] = _calls(pin, handler)
    ask("irq", pin.id, trigger if handler else 0)


def tell():
    """All edges there are, to their handlers."""
    found = call(31)
    while found:
        _shift(-(found >> 9))
        try:
            next(_watches[found & 255])
        finally:
            _shift(found >> 9)
        found = call(31)


def _shift(ms):
    time.ticks_ms()  # counts up to now
    setattr(_ticks, _counter, getattr(_ticks, _counter) + ms)  # beyond 30 bits or below 0 for this moment only


_board.on_edges(tell)
