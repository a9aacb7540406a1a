"""Maintenance: a board on which neither watchdog nor node starts, so that tools can take their time.

A running watchdog cannot be stopped, so the way there is a reset with a marker file left behind.
"""

import os

import machine

MARKER = "maintenance"


def asked(log):
    """Whether the node is not to start; says how to leave."""
    try:
        os.stat(MARKER)
    except OSError:
        return False
    log.info("node", "maintenance: the node does not start. To leave: remove the file %s and reset" % MARKER)
    return True


def begin(station):
    """Says goodbye and goes there. Does not return."""
    try:
        with open(MARKER, "w") as file:
            file.write("remove this file and reset the board to start the node\n")
    except OSError as fault:  # a full flash; else the watchdog would bite in the middle of somebody's work
        station.log.error("node", "cannot write the file %s: %s" % (MARKER, fault))
        raise
    if hasattr(station, "restart"):
        station.restart()
    machine.reset()


def interrupted(station, log):
    """Ctrl-C on the console: to the prompt, by way of a reset where a watchdog runs."""
    import micropython

    micropython.kbd_intr(-1)  # tools send it twice
    if station is None or getattr(station, "watchdog", True) is None:  # a sleeper may have started one
        log.info("node", "stopped from the console; no watchdog runs")
        if station:
            station.stop()
        micropython.kbd_intr(3)
        return
    log.info("node", "Ctrl-C: into maintenance by a reset, since a watchdog that runs cannot be stopped")
    begin(station)
