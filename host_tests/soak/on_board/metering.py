"""The node, telling from time to time how much of its heap is in use once the garbage is collected. Runs as main.py.

The moment is always the same one: connected, all acknowledged, nothing under way.
"""

import gc
import sys

from node import app

IDLE_MS = 20_000  # fewer turns that do nothing: the host has a week to get through,
JOINING_MS = 1_000  # and hours without Wi-Fi
EVERY_S = 300

make = app.make


def metered(log, safe=False):
    station = make(log, safe)
    hub = sys.modules["node.station"]
    hub._IDLE_MS, hub._JOINING_MS = IDLE_MS, JOINING_MS
    turn, client, uptime = station.turn, station.client, log.uptime
    due = EVERY_S

    def watched():
        nonlocal due
        turn()
        if uptime.seconds >= due and client.connected and not client.pending:
            due = uptime.seconds + EVERY_S
            # What went wrong last is text of any length, kept to be told.
            client.last_error = station.broker._error = station.broker.reason = None
            gc.collect()
            print("heap", uptime.seconds, gc.mem_alloc())

    station.turn = watched
    return station


app.make = metered
app.main()
