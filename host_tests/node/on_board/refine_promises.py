"""What `quantities` of a sensor does to its readings; the arithmetic alone is in test_quantities.py."""

import gc

import micropython
from bench import Clock, Lines, equal
from node import refine, refining
from node.log import Voice
from node.sensors import Sensor

from leanmqtt import OutboxFull

KEYS = ("offset", "scale", "points", "median", "average", "min", "max", "interval", "delta", "heartbeat", "unit")
MINUTE = 60


class Weather:
    """A part with values as they are set."""

    quantities = (("temperature", "°C", 2), ("humidity", "%", 1), ("pressure", "hPa", 2))
    QUANTITIES = ("temperature", "humidity", "pressure")
    fault = None

    def __init__(self):
        self.values = [2000, 500, 100_000]

    def start(self):
        if self.fault:
            raise self.fault
        return 0

    def read(self, values):
        for i in range(3):
            values[i] = self.values[i]
        return True


def asked(**wanted):
    made = dict.fromkeys(KEYS + ("decimals", "altitude"))
    made.update(wanted)
    return made


class Rig:
    """A sensor read every ten seconds, and what of it is published and heard."""

    def __init__(self, room=True, **quantities):
        self.clock = refine.time = Clock(5)
        self.part = Weather()
        self.published, self.heard, self.room = [], 0, room
        refining.parts.keys_of = lambda _: Weather
        entry = {"type": "weather", "interval": 10, "retain": False, "quantities": quantities}
        driver = refining.wrapped(self.part, entry)
        self.names = [quantity[0] for quantity in driver.quantities]
        self.driver = driver
        topics = [name.encode() for name in self.names]
        self.sensor = Sensor(driver, topics, entry, self, Voice(Lines(self.clock), "part"), self.clock)
        self.sensor.tell(self.hear)

    def hear(self, values):
        self.heard += 1

    def publish(self, topic, payload, qos, retain, properties=None):
        if not self.room:
            raise OutboxFull("full")
        self.published.append((topic.decode(), bytes(payload).decode()))

    def read(self, *values, seconds=10):
        """One reading, so long after the last: {quantity: text} of what is published."""
        for i, value in enumerate(values):
            self.part.values[i] = value
        self.published = []
        for _ in range(3):
            self.sensor.poll()
        self.clock.add(seconds * 1000)
        return dict(self.published)

    def temperature(self, *values):
        return [self.read(value).get("temperature") for value in values]


def test_what_is_not_named_is_published_as_ever():
    rig = Rig(temperature=asked(offset=1))
    equal(rig.read(), {"temperature": "21.00", "humidity": "50.0", "pressure": "1000.00"})


def test_a_line_is_laid_through_what_is_measured():
    equal(Rig(temperature=asked(offset=-0.75)).temperature(2000, -5), ["19.25", "-0.80"])
    equal(Rig(temperature=asked(scale=1.1, offset=2)).temperature(2000), ["24.00"])
    # An ice bath and boiling water, as a sensor saw them.
    rig = Rig(temperature=asked(points=[[0.8, 0], [99.1, 100]]))
    equal(rig.temperature(80, 9910, 4995), ["0.00", "100.00", "50.00"])


def test_a_unit_comes_with_the_decimals_it_needs():
    rig = Rig(temperature=asked(unit="°F"), pressure=asked(unit="inHg"), humidity=asked(decimals=0))
    equal(rig.read(2153, 457, 101_325), {"temperature": "70.75", "humidity": "46", "pressure": "29.9213"})
    equal([q[1:] for q in rig.driver.quantities], [("°F", 2), ("%", 0), ("inHg", 4)])
    equal(Rig(temperature=asked(unit="K", decimals=1)).temperature(-3999), ["233.2"])


def test_single_wrong_readings_do_not_count():
    rig = Rig(temperature=asked(median=3))
    equal(rig.temperature(2000, 8500, 2010, 2020, -4000, 2030), ["20.00", "52.50", "20.10", "20.20", "20.10", "20.20"])


def test_a_mean_has_more_decimals_when_they_are_asked_for():
    rig = Rig(humidity=asked(average=4, decimals=2))
    equal([rig.read(2000, h)["humidity"] for h in (500, 501, 501, 501)], ["50.00", "50.05", "50.07", "50.08"])


def test_the_extremes_of_the_last_readings():
    equal(Rig(temperature=asked(max=3)).temperature(1, 5, 2, 3, 4), ["0.01", "0.05", "0.05", "0.05", "0.04"])
    equal(Rig(temperature=asked(min=3)).temperature(5, 1, 2, 3, 4), ["0.05", "0.01", "0.01", "0.01", "0.02"])


def test_what_was_before_a_long_silence_counts_no_more():
    rig = Rig(temperature=asked(average=3))
    equal(rig.temperature(1000, 2000), ["10.00", "15.00"])
    rig.part.fault = ValueError("no answer")
    equal(rig.temperature(0), [None])
    rig.part.fault = None
    equal(rig.temperature(3000), ["20.00"])  # one that failed is no silence
    rig.part.fault = ValueError("no answer")
    equal(rig.temperature(0, 0, 0, 0, 0), [None] * 5)
    rig.part.fault = None
    equal(rig.temperature(100), ["1.00"])


def test_quantities_are_derived_of_others():
    rig = Rig(dew_point=asked(), absolute_humidity=asked(), heat_index=asked(unit="°F", decimals=1))
    equal(rig.names, ["temperature", "humidity", "pressure", "absolute_humidity", "dew_point", "heat_index"])
    found = rig.read(3222, 700)
    equal([found[name] for name in rig.names[3:]], ["23.86", "26.05", "105.9"])


def test_what_is_derived_is_of_what_was_calibrated_and_not_of_another_unit():
    rig = Rig(temperature=asked(offset=1, unit="°F"), humidity=asked(scale=2), dew_point=asked())
    equal(rig.read(1900, 250), {"temperature": "68.00", "humidity": "50.0", "pressure": "1000.00", "dew_point": "9.25"})


def test_the_pressure_at_sea_level():
    rig = Rig(sea_level_pressure=asked(altitude=500, unit="inHg"))
    # 954.61 hPa is what the standard atmosphere has at 500 m.
    equal(rig.read(2000, 500, 95_461)["sea_level_pressure"], "29.9210")


def test_a_quantity_is_published_no_more_often_than_asked():
    rig = Rig(temperature=asked(interval=30))
    found = rig.temperature(*range(100, 800, 100))
    equal(found, ["1.00", None, None, "4.00", None, None, "7.00"])
    equal(rig.heard, 7)  # a rule hears all of them


def test_a_quantity_is_published_when_it_has_changed():
    rig = Rig(temperature=asked(delta=0.5, heartbeat=60))
    equal(rig.temperature(2000, 2049, 2050, 2001, 2000), ["20.00", None, "20.50", None, "20.00"])
    equal(rig.temperature(*[2000] * 7), [None] * 5 + ["20.00", None])


def test_what_has_not_changed_is_told_after_an_hour():
    rig = Rig(temperature=asked(delta=0.5))
    found = rig.temperature(*[2000] * 400)
    equal([i for i, text in enumerate(found) if text], [0, 360])


def test_what_found_no_room_is_published_by_the_next_reading():
    rig = Rig(room=False, temperature=asked(delta=5))
    equal(rig.temperature(2000), [None])
    rig.room = True
    equal(rig.temperature(2000, 2001), ["20.00", None])


def test_who_asks_for_the_values_is_told_all():
    rig = Rig(temperature=asked(delta=5, interval=3600))
    equal(rig.temperature(2000, 2001), ["20.00", None])
    rig.sensor.read_now()
    equal(rig.temperature(2002, 2003), ["20.02", None])


def test_days_without_a_reading_do_not_hold_a_quantity_back():
    for days in (1, 7, 13):
        rig = Rig(temperature=asked(delta=5, heartbeat=3600, average=2))
        equal(rig.temperature(2000, 2001), ["20.00", None])
        rig.clock.now = (rig.clock.now + days * 86_400_000) & 0x3FFFFFFF
        rig.sensor.read_now()
        equal(rig.temperature(1000), ["10.00"])


class Turn:
    """A reading without the Sensor: small functions, since a large frame or a closure would be memory of the test's."""

    def __init__(self, rig):
        self.driver, self.part, self.clock = rig.driver, rig.part.values, rig.clock
        self.values = [0] * 7

    def take(self, i):
        self.change(i)
        self.driver.start()
        self.driver.read(self.values)
        self.tell()
        self.clock.now = (self.clock.now + 10_000) & 0x3FFFFFFF

    def change(self, i):
        self.part[0] = -4000 + i * 37 % 12500
        self.part[1] = i * 13 % 1001
        self.part[2] = 30_000 + i * 97 % 80_000

    def tell(self):
        for k in range(7):
            if self.driver.passes(k, self.values[k]):
                self.driver.sent(k, self.values[k])


def test_a_reading_allocates_nothing():
    rig = Rig(
        temperature=asked(points=[[0.8, 0], [99.1, 100]], median=5, average=7, unit="°F", decimals=1),
        humidity=asked(scale=1.02, offset=-3, min=60, delta=0.3, heartbeat=600),
        pressure=asked(max=9, unit="inHg", interval=15),
        dew_point=asked(), absolute_humidity=asked(average=3), heat_index=asked(unit="°F"),
        sea_level_pressure=asked(altitude=412, delta=0.1),
    )  # fmt: skip
    turn = Turn(rig)
    turn.take(0)
    gc.collect()
    gc.disable()
    live, total = gc.mem_alloc(), micropython.mem_total()
    for i in range(3000):
        turn.take(i)
    total, live = micropython.mem_total() - total, gc.mem_alloc() - live
    gc.enable()
    equal((live, total), (0, 0))
