"""Maintenance: a board on which neither watchdog nor node starts, so that tools can take their time.

A running watchdog cannot be stopped, so the way there is a reset with a marker file left behind. main.py looks for it,
and prints what it holds.
"""

import machine

MARKER = "maintenance"


def begin(station, log):
    """Says goodbye and goes there. Does not return."""
    try:
        with open(MARKER, "w") as file:
            file.write("To leave: remove the file %s and reset\n" % MARKER)
    except OSError as fault:  # a full flash; else the watchdog would bite in the middle of somebody's work
        log.error("node", "cannot write the file %s: %s" % (MARKER, fault))
        raise
    if hasattr(station, "restart"):
        station.restart()
    machine.reset()


def interrupted(station, log):
    """Ctrl-C on the console: to the prompt, by way of a reset where a watchdog runs."""
    import micropython

    micropython.kbd_intr(-1)  # tools send it twice
    if not log.watched or getattr(station, "watchdog", True) is None:  # a sleeper may have started one
        log.info("node", "stopped from the console; no watchdog runs")
        if station:
            station.stop()
        micropython.kbd_intr(3)
        return
    log.info("node", "Ctrl-C: into maintenance by a reset, since a watchdog that runs cannot be stopped")
    begin(station, log)
