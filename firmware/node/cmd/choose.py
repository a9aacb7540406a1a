"""Which sensor a command means. No command itself."""


def sensors(station, name):
    """The sensor of that name, in a list; all for an empty one. Raises ValueError that names those there are."""
    there = [part for part in station.parts if hasattr(part, "read_now")]
    chosen = [sensor for sensor in there if not name or sensor.name == name]
    if not chosen:
        names = ", ".join([sensor.name for sensor in there]) or "none"
        raise ValueError("expected the name of a sensor (%s), found %s" % (names, shown(name)))
    return chosen


def shown(text):
    """A payload as it may stand in a fault: short, or not at all."""
    return '"%s"' % text if 0 < len(text) <= 40 else "a long text" if text else "nothing"
