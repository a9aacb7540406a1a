"""How much of a device's heap a compiled module takes, by a rule measured on MicroPython with the objects of a chip.

The rule: every module of lib/ and firmware/ is imported alone, what it imports being there already, and the heap in use
is taken before and after, each time after a collection. A straight line through these points is

    bytes of heap = 150 + 1.6 * bytes of the .mpy file

for the module's table of globals, its names, its code and its constants. Over a whole build it is right to a few per
cent; one module is off by a quarter, as a rule (names it shares with others cost nothing). host_tests/building
measures it again. It does not count what the module makes when it runs; a module loaded for a moment takes it for that
moment.
"""

BASE = 150
TENTHS = 16  # of a byte, for each byte of the file


def estimate(size: int) -> int:
    """The bytes of heap of a module whose .mpy file has `size` bytes."""
    return BASE + TENTHS * size // 10
