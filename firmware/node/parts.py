"""Which parts there are drivers for, and what the build made of their schemas; only here a driver has a name."""

import os

from . import Unfit, lazy, topics  # noqa: F401


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


def options(part, entry):
    """What the driver of an entry's part is made with, beside its bus; part: its keys."""
    made = {key: entry[key] for key in part.OPTIONS}
    if "address" in made:  # text, since JSON has no hexadecimal numbers
        made["address"] = int(made["address"], 16)
    return made


def pages():
    """What reads the text of a display: lib/drivers/pages.py."""
    made = __import__("drivers.pages", None, None, ("pages",)).pages
    lazy.drop("drivers.pages")
    return made


def units(entry):
    """{name: unit} of what an entry's part measures, as its driver says, and of all that can be derived."""
    driver = __import__("drivers." + entry["type"], None, None, ("driver",)).driver
    made = {name: form[0] for name, form in derived().items()}
    made.update({quantity[0]: quantity[1] for quantity in driver.quantities})
    return made


def derived():
    """{name: (unit, decimals)} of all that can be derived of what parts measure."""
    words = lazy.load("about_derived").FORMS.split(" ")
    lazy.forget("about_derived")
    return {words[i]: (words[i + 1], int(words[i + 2])) for i in range(0, len(words), 3)}


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
