"""What a node is made of, for whoever introduces it: one quantity or thing after the other.

What a part says of itself is drivers/<part>/about, made of its schema by the build; one is in memory at a time.
"""

import sys

from . import lazy, parts, topics


class Abouts:
    """The module drivers/<part>/about of the part asked for last."""

    def __init__(self):
        self._part = None
        self._module = None

    def get(self, part):
        if part != self._part:
            name = "drivers.%s.about" % part
            self._module = None
            self._module = __import__(name, None, None, ("TITLE",))
            self._part = part
            del sys.modules[name]
            delattr(sys.modules["drivers." + part], "about")
        return self._module


def readings(settings):
    """Of each quantity: the sensor's entry, its name, (quantity, for Home Assistant, for Homie), the topic."""
    names = topics.ids(topics.parts(settings))
    usual = topics.of_usual(settings, _measured(settings))
    abouts = Abouts()
    for i, entry in enumerate(settings["sensors"]):
        told = abouts.get(entry["type"]).QUANTITIES
        for about in _refined(told, entry["quantities"]) if entry["quantities"] else told:
            yield entry, names[i], about, topics.of_reading(settings, usual, entry, names[i], about[0])


def _measured(settings):
    # With the tables of one part in memory at a time, as with Abouts.
    made = []
    for entry in settings["sensors"]:
        made.append(parts.quantities(entry))
        lazy.drop("drivers.%s.keys" % entry["type"])
    return made


def _refined(told, wanted):
    # With what is derived of them, each in the form in which it is published.
    own = [about[0] for about in told]
    derived = lazy.load("about_derived").QUANTITIES
    lazy.forget("about_derived")
    told = told + tuple([about for about in derived if about[0] in wanted and about[0] not in own])
    refined = lazy.load("refined")
    lazy.forget("refined")
    return [refined.told(about, wanted[about[0]]) if about[0] in wanted else about for about in told]


def things(settings):
    """Of each actuator and input: its name, its about, the topic of its state, whether it obeys, its entry."""
    names = topics.ids(topics.parts(settings))
    del names[: len(settings["sensors"])]
    abouts = Abouts()
    for section in ("actuators", "inputs"):
        for entry in settings[section]:
            name = names.pop(0)
            about = abouts.get(entry["type"])
            yield name, about, topics.of_thing(settings, entry, name), section == "actuators", entry


def events(about, entry):
    """The names of the events that an actuator or input tells."""
    return parts.told(about.EVENTS[1], entry) if about.EVENTS else ()


def shared(settings):
    """The names of the quantities that more than one sensor measures."""
    once, twice = set(), set()
    for quantities in _measured(settings):
        for quantity in quantities:
            (twice if quantity in once else once).add(quantity)
    return twice


def title(name):
    """A name as a person writes it: wind_speed is Wind speed."""
    name = name.replace("_", " ")
    return name[:1].upper() + name[1:]
