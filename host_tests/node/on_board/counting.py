"""A station whose sensor counts: each reading is a number, going on where the life before stopped. Runs as main.py.

Takes TIMES readings, quickly, and then none for a long time; says so once all that waits is on flash.
"""

from node import app

TIMES = 100
FAST_MS = 15
COUNT = "count.txt"


class Counter:
    """A driver of two quantities, of which each reading has the next number."""

    quantities = (("temperature", "°C", 0), ("humidity", "%", 0))

    def __init__(self):
        try:
            with open(COUNT) as file:
                self.number = int(file.read())
        except OSError:
            self.number = 0
        self.end = self.number + TIMES

    def start(self):
        return 0

    def read(self, values):
        self.number += 1
        values[0] = values[1] = self.number
        if self.number == self.end:
            self.sensor.interval = 100_000_000
        return True


def counting(*args):
    station = make(*args)
    sensor = [part for part in station.parts if hasattr(part, "read_now")][-1]
    sensor._driver = counter = Counter()
    counter.sensor = sensor
    sensor._quantities = counter.quantities
    del sensor._topics[2:]
    sensor.interval = FAST_MS
    turn = station.turn

    def watched():
        turn()
        if counter.number == counter.end and station.client.stored == station.client.pending:
            counter.end = 0
            with open(COUNT, "w") as file:
                file.write(str(counter.number))
            print("all stored", station.client.stored, "lost", sensor.lost, station.client.dropped)

    station.turn = watched
    return station


make = app.make
app.make = counting
app.main()
