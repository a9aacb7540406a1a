import machine
from bench import Clock, Lines, equal
from node import fit
from node.bus import Buses
from node import watchdog
from node.log import Log

SETTINGS = {"name": "roof", "topics": {"temperature": "{node}/t"}, "discovery": None, "actuators": [], "inputs": []}
SETTINGS["broker"] = {"expiry": None}
ENTRY = {"type": "weather", "scl": 22, "sda": 21, "address": "0x77", "samples": 4, "interval": 5, "retain": False}


def entry(**changes):
    made = dict(ENTRY, topics={}, quantities={}, id=None)
    made.update(changes)
    return made


class Node:
    """What the making of sensors needs of a station."""

    def __init__(self, settings, log=None, clock=None):
        self.settings, self.log, self.clock = settings, log, clock or Clock()
        self.buses, self.client, self.wall = Buses(), None, None


def test_a_driver_is_found_by_name_and_gets_its_bus_and_its_options():
    driver = fit.open_driver(entry(), Buses())
    equal((driver.bus.pins, driver.address, driver.samples), ((22, 21), 0x77, 4))


def test_sensors_on_the_same_pins_share_a_bus():
    buses = Buses()
    one, two, other = [buses.get("i2c", entry(sda=sda)) for sda in (21, 21, 19)]
    assert one is two
    equal(other.pins, (22, 19))


def test_two_of_a_kind_have_names_of_their_own():
    clock = Clock()
    log = Lines(clock)
    settings = dict(SETTINGS, sensors=[entry(), entry(), entry(id="shed"), entry(id="shed-2"), entry(type="weather")])
    for sensor in fit.sensors(Node(settings, log, clock)):
        sensor.poll()
    names = ["weather", "weather-2", "shed", "shed-2", "weather-3"]
    equal([line.split(":")[0] for line in log.lines], ["warn  " + name for name in names])


def test_a_sensors_own_topic_goes_before_the_nodes_and_that_before_the_default():
    settings = dict(SETTINGS, sensors=[entry(topics={"humidity": "{node}/own"})])
    sensor = fit.sensors(Node(settings))[0]
    equal(sensor._topics, [b"roof/t", b"roof/own"])
    settings = dict(SETTINGS, topics={}, sensors=[entry()])
    sensor = fit.sensors(Node(settings))[0]
    equal(sensor._topics, [b"ha/temperature", b"ha/humidity"])


def wanted(topics, *entries):
    settings = dict(SETTINGS, topics=topics, sensors=list(entries))
    return [sensor._topics for sensor in fit.sensors(Node(settings))]


def test_two_sources_of_a_quantity_have_topics_with_the_names_of_node_and_sensor():
    long = [b"ha/roof/weather/temperature", b"ha/roof/weather/humidity"]
    equal(wanted({}, entry(), entry(id="shed")), [long, [b"ha/roof/shed/temperature", b"ha/roof/shed/humidity"]])


def test_a_source_with_topics_of_its_own_leaves_the_others_their_short_ones():
    own = entry(topics={"temperature": "x", "humidity": "y"})
    equal(wanted({}, entry(), own), [[b"ha/temperature", b"ha/humidity"], [b"x", b"y"]])


def test_base_and_template_change_all_topics_that_are_not_chosen():
    equal(wanted({"base": "home/{node}"}, entry()), [[b"home/roof/temperature", b"home/roof/humidity"]])
    topics = {"template": "{node}/{quantity}/{sensor}", "humidity": "wet/{sensor}"}
    equal(wanted(topics, entry()), [[b"roof/temperature/weather", b"wet/weather"]])


def test_the_watchdog_waits_as_long_as_asked_or_as_long_as_the_chip_can():
    for seconds, timeout in ((5, 5000), (30, 8388)):
        machine.made.clear()
        watchdog.start(seconds, Log(Clock())).feed()
        equal([(dog.timeout, dog.fed) for dog in machine.made], [(timeout, 1)])


def test_without_a_watchdog_none_is_started():
    machine.made.clear()
    equal(watchdog.start(0, Log(Clock())), None)
    equal(machine.made, [])
