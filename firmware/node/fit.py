"""Makes the sensors of config.json: finds each one's driver, gives it its bus and options. Forgotten once they run."""

from . import lazy, parts, topics
from .bus import Buses
from .log import Voice
from .sensors import Sensor
from .text import Decimal


def open_driver(entry, buses):
    """The driver of a sensor's entry in config.json, on its bus or its pins, with its options."""
    part = parts.keys_of(entry["type"])
    module = __import__("drivers." + entry["type"], None, None, ("driver",))
    driver = module.driver(_bus(part, entry, buses), **parts.options(part, entry))
    if not entry["quantities"]:
        return driver
    return lazy.once("refining", "wrapped", driver, entry)


def _bus(part, entry, buses):
    if hasattr(buses, part.BUS):
        return buses.get(part.BUS, entry)
    from .pins import Pins

    return Pins().get(part.BUS, part.PINS, entry)


def sensors(station):
    """A Sensor for each entry of `sensors`."""
    settings = station.settings
    entries = settings["sensors"]
    names = topics.ids(entries)
    wanted = topics.of_readings(settings, parts.measured(settings))
    drivers = []
    buses = station.buses or Buses()
    for i, entry in enumerate(entries):
        try:
            drivers.append(open_driver(entry, buses))
        except (ValueError, TypeError, OSError) as fault:  # a pin this chip does not have
            raise parts.Unfit("sensors[%d]: %s" % (i, fault))
    form = _form(settings, drivers, station.wall)
    expiry = settings["broker"]["expiry"]
    made = []
    for i, entry in enumerate(entries):
        where = [topic.encode() for topic in wanted[i]]
        voice = Voice(station.log, names[i])
        made.append(Sensor(drivers[i], where, entry, station.client, voice, station.clock, form, names[i]))
        if expiry:
            made[i].properties = {"message_expiry_interval": expiry}
    return made


def _form(settings, drivers, wall):
    # What makes the text of a reading: all sensors share one, since the client copies it.
    if settings.get("payload") != "json" or not drivers:
        return Decimal()
    from .payload import Json

    return Json(wall, [quantity[1] for driver in drivers for quantity in driver.quantities])
