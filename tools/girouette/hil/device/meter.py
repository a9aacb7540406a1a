# Runs on MicroPython: the three meters of an operation, and one line about it for the host. Nothing here knows what
# it measures. heap_lock alone would be no proof: it is blind to frames on the heap, which the total sees. The firmware
# of a board has no total; it is the simulated board that proves that part.

import gc
import sys

import micropython

try:
    from micropython import mem_total
except ImportError:

    def mem_total():
        return 0


times = int(sys.argv[1])  # repetitions of each operation
WARM = 50  # rounds before it counts: caches fill, tables grow to their size


def _run(step, rounds):
    while rounds:
        step()
        rounds -= 1


def _locked(step, rounds):
    micropython.heap_lock()
    try:
        _run(step, rounds)
        return "locked"
    except MemoryError:
        return "MemoryError"
    finally:
        micropython.heap_unlock()


def measure(name, step, count, per=1):
    """Measure `step`, which does the operation `per` times; count() tells how often it was really done so far."""
    rounds = -(-times // per)
    _run(step, WARM)
    gc.collect()
    gc.disable()
    done = count()
    total = mem_total()
    live = gc.mem_alloc()
    _run(step, rounds)
    live = gc.mem_alloc() - live
    total = mem_total() - total
    between = count()
    locked = _locked(step, rounds)
    gc.enable()
    # What was not done with the heap locked was not measured so.
    done = min(between - done, count() - between) if locked == "locked" else between - done
    print(name, rounds * per, done, live, total, locked, sep="\t")


def laps(name, before, step, count, per=1):
    """Measure `step` alone, once after each call of `before`, which may allocate."""
    live = total = 0
    done = count()
    for _ in range(-(-times // per)):
        before()
        gc.collect()
        gc.disable()
        t = mem_total()
        m = gc.mem_alloc()
        step()
        live += gc.mem_alloc() - m
        total += mem_total() - t
        gc.enable()
    done = count() - done
    before()
    print(name, -(-times // per) * per, done, live, total, _locked(step, 1), sep="\t")
