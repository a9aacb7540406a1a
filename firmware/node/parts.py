"""Which parts there are drivers for, and what the build made of their schemas; only here a driver has a name."""

import os

from . import Unfit, topics  # noqa: F401


def keys_of(part):
    """The module drivers/<part>/keys as tables.py makes it (ROLE, BUS, PINS, ...); None: there is no such part."""
    if not topics.is_word(part):
        return None
    try:
        return __import__("drivers.%s.keys" % part, None, None, ("KEYS",))
    except ImportError:
        return None


def measured(settings):
    """For each sensor, the names of its quantities."""
    return [quantities(sensor) for sensor in settings["sensors"]]


def quantities(entry):
    """The names of a sensor's quantities: what its part measures, then what is derived of that."""
    own = keys_of(entry["type"]).QUANTITIES
    more = sorted([name for name in entry["quantities"] if name not in own])
    return own + tuple(more) if more else own


def every(settings):
    """The names of all quantities, as rules and displays write them: air.temperature."""
    names = topics.ids(topics.parts(settings))
    sensors = settings["sensors"]
    return [names[i] + "." + quantity for i in range(len(sensors)) for quantity in quantities(sensors[i])]


def derived(part):
    """{name: (unit, decimals)} of what can be derived of what a part measures; part: its keys."""
    words = getattr(part, "DERIVED", "").split(" ")
    return {words[i]: (words[i + 1], int(words[i + 2])) for i in range(0, len(words) - 2, 3)}


def events(entry):
    """The names of the events that an entry's part tells."""
    return told(getattr(keys_of(entry["type"]), "EVENTS", ()), entry)


def told(events, entry):
    """Those of (name, keys that must not be off) that there are with these keys."""
    return [name for name, needed in events if all(entry[key] for key in needed)]


def names():
    """The names of the parts on this board, of any role, for a person; none when they are not in a folder."""
    try:
        import drivers

        folder = drivers.__path__ if isinstance(drivers.__path__, str) else drivers.__path__[0]
        return [name for name in os.listdir(folder) if topics.is_word(name) and name[0] != "_"]
    except (ImportError, AttributeError, OSError):
        return []
