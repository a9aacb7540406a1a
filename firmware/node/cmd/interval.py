"""interval: `bme280 30` reads that sensor every 30 s, `30` all of them, until the next start."""


def run(station, payload):
    from . import choose

    name, _, seconds = ("" + payload).rpartition(" ")
    chosen = choose.sensors(station, name.strip())
    for sensor in chosen:
        least, most = _range(station, sensor)
        if not seconds.isdigit() or len(seconds) > 6 or not least <= int(seconds) <= most:
            expected = "a sensor and whole seconds from %d to %d, such as %s 30" % (least, most, sensor.name)
            raise ValueError("expected %s, found %s" % (expected, choose.shown(payload)))
    for sensor in chosen:
        sensor.interval = int(seconds) * 1000
        sensor.read_now()  # the first one counts from now
    station.log.answer("interval", "%s every %s s" % (", ".join([sensor.name for sensor in chosen]), seconds))


def _range(station, sensor):
    # The part's own; every sensor of the station has its entry, in this order.
    from .. import parts

    there = [part for part in station.parts if hasattr(part, "read_now")]
    own = parts.keys_of(station.settings["sensors"][there.index(sensor)]["type"]).KEYS.get("interval")
    return own[2:] if own else (1, 86_400)
