# asyncio's queue is written in C and counts MicroPython's own ticks, not those of our time.py. So its Python half must
# count them too: it is imported here with the original `time` in place, and stands behind this module.

import sys

_chip_time = sys.modules["time"]
sys.modules["time"] = _chip_time.utime
sys.path.remove("/.board")
del sys.modules["asyncio"]
import asyncio as _asyncio

sys.modules["time"] = _chip_time


def __getattr__(name):
    return getattr(_asyncio, name)
