"""The node's figures as JSON on its diagnostics topic: what one wants to know of a station one cannot see.

Loaded for one message and forgotten. It never pushes a reading out: while something waits, it waits for the next time.
"""

import gc
import json

from leanmqtt import OutboxFull

from . import VERSION, lazy
from .cause import cause


def figures(station):
    """The dict that is published; a value that is not known is left out."""
    client, broker, vitals = station.client, station.broker, station.vitals
    found = {
        "uptime": station.log.uptime.seconds,
        "heap_low": min(vitals.heap_low, gc.mem_free()),
        "loop_ms": vitals.loop_ms,
        "rssi": _rssi(station.network),
        "reconnects": broker.reconnects,
        "reason": broker.reason,
        "dropped": client.dropped + sum([getattr(part, "lost", 0) for part in station.parts]),
        "oversize": client.oversize,
        "queued": client.pending,
        "stored": getattr(client, "stored", None),
        "sensor_errors": sum([getattr(part, "errors", 0) for part in station.parts]),
        "reset": cause(),
        "version": VERSION,
        "safe": vitals.safe,
        "drift_ms": getattr(getattr(station, "wall", None), "drift_ms", None),
    }
    gc.collect()
    found["heap_free"] = gc.mem_free()
    return {key: found[key] for key in found if found[key] is not None}


def publish(station):
    """Publish now."""
    text = json.dumps(figures(station))
    lazy.forget("cause")
    try:
        station.client.publish(station.broker.beside("diagnostics"), text, 0)
    except OutboxFull:
        station.log.warn("node", "broker.outbox is too small for the diagnostics (%d bytes)" % len(text))
    station.vitals.loop_ms = 0
    station.vitals.heap_low = gc.mem_free()


def _rssi(network):
    # dBm of a Wi-Fi that says it; a wired port has none.
    try:
        return network.rssi()
    except (AttributeError, OSError, ValueError):
        return None
