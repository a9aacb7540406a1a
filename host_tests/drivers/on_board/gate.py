# Runs on MicroPython: what a step allocates. Nothing here knows what it measures.

import gc

import micropython


def measure(step, times):
    """(live, total) bytes that `times` calls of step() take: kept at the end, and ever asked for."""
    gc.collect()
    gc.disable()
    step()
    live = gc.mem_alloc()
    total = micropython.mem_total()
    for _ in range(times):
        step()
    total = micropython.mem_total() - total
    live = gc.mem_alloc() - live
    gc.enable()
    return live, total


def locked(step):
    """Whether step() runs while the heap is locked."""
    micropython.heap_lock()
    try:
        step()
        return True
    except MemoryError:
        return False
    finally:
        micropython.heap_unlock()


def verdict(step, times):
    """One line for the host: live bytes, total bytes, and "locked" if it runs with the heap locked."""
    live, total = measure(step, times)
    print(live, total, "locked" if locked(step) else "MemoryError")
