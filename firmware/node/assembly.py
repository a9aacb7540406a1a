"""The parts of a station that config.json asks for, made in their order. Forgotten once they run; a module whose
settings are not asked for is not loaded.
"""

import os

from . import lazy

_SENSORS = "fit"


def _introduces(settings):
    # In a wake from deep sleep the broker still has what the first one told it, and in safe mode what is not running is
    # not gone. The file: announce.py.
    if settings["safe"] or settings.get("wake"):
        return False
    return settings["discovery"] or "announced" in os.listdir()


def _shows(settings):
    return any(entry.get("text") for entry in settings["actuators"])


def _schedules(settings):
    return any(rule["at"] for rule in settings["rules"])


def _needs_time(settings):
    # With TLS: a certificate is only good from one day to another.
    return settings["time"] or settings["payload"] == "json" or settings["broker"]["tls"] or _schedules(settings)


# (module, whether these settings ask for it): each has make(station), which returns what has poll(). In this order.
_OPTIONAL = (
    ("sealed", lambda settings: settings["seal"]),  # before all that publish or subscribe
    ("discovery", _introduces),
    ("wall", _needs_time),
    ("things", lambda settings: settings["actuators"] or settings["inputs"]),
    (_SENSORS, None),  # they may need the time; and in a small heap their making has no room beside what follows
    ("rules", lambda settings: settings["rules"]),  # of the things and sensors made by now
    ("shown", _shows),
    ("led", lambda settings: settings["led"]),
    ("trial", lambda settings: settings["trial"]),
    ("commands", lambda settings: settings["commands"]),
)


def join(station, reads):
    """Give the station its parts; reads=False: without the sensors."""
    from . import bus

    station.buses = bus.Buses()
    bus = None
    for name, asked in _OPTIONAL:
        if name == _SENSORS:
            if reads:
                station.parts += lazy.once(name, "sensors", station)
            station.buses = None  # all that need one have theirs
            lazy.forget("bus")
            lazy.once("tidy", "up")
        elif asked(station.settings):
            station.parts.append(lazy.load(name).make(station))
        lazy.forget("topics", "parts")  # one after the other, for the sake of a small heap
