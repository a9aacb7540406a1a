"""What introducing a node costs of its heap, on the objects of a chip: little while it lasts, nothing afterwards."""

import json

from test_node_discovery import CONFIG, HOME

# Thirty quantities; what their parts would be on is not there, which is of no concern here.
MANY = [{"type": "bme280", "id": f"air{i}", "scl": 22, "sda": i + 1, "interval": 60} for i in range(10)]

_PEAK = """
import gc, time
from node import app, lazy
from node.log import Log

log = Log(time)
station = app.make(log)
station.start()
(part,) = [part for part in station.parts if hasattr(part, "busy")]

def introduced(watch):
    most = 0
    while True:
        station.turn()
        if watch:
            gc.collect()
            most = max(most, gc.mem_alloc())
        if not part.busy:
            return most

while not part.busy:
    station.turn()
introduced(False)
gc.collect()
idle = gc.mem_alloc()
forget = lazy.forget
lazy.forget = lambda *names: None
import node.homeassistant, node.announce
gc.collect()
loaded = gc.mem_alloc()
most = [0]
class Watched(node.announce.Source):
    def _more(self):
        found = super()._more()
        gc.collect()
        most[0] = max(most[0], gc.mem_alloc())
        return found
node.announce.Source = Watched
part.online()
between = introduced(True)
print("peak", max(most[0], between) - loaded, "code", loaded - idle, "inside", most[0] - loaded)
del Watched
forget("homeassistant", "homie", "entities", "announce")
"""


def test_x(station, witness):
    board = station(HOME | {"sensors": MANY, "watchdog": 0}, main=_PEAK, heap="1m")
    line = board.wait_line("peak", timeout=60)
    print(line)
    print(len(witness.first(CONFIG)), len(json.loads(witness.first(CONFIG))["cmps"]))
    assert 0
