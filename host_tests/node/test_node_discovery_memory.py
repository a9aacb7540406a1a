"""What introducing a node costs of its heap, on the objects of a chip: little while it lasts, nothing afterwards."""

import json

import pytest
from test_node_discovery import CONFIG, HOME, say
from test_node_memory import METER, number

# What their parts would be on is not there, which is of no concern here.
MANY = [{"type": "bme280", "id": f"air{i}", "scl": 22, "sda": i + 1, "interval": 60} for i in range(10)]

# The heap in use at every piece of the message, and at every turn of the loop in between, beyond that of a node at rest
# with the modules loaded.
PEAK = """
import gc, time
from node import app, lazy
from node.log import Log

station = app.make(Log(time))
station.start()
(part,) = [part for part in station.parts if hasattr(part, "busy")]
most = [0]

def look():
    gc.collect()
    most[0] = max(most[0], gc.mem_alloc())

def introduce():
    while part.busy:
        station.turn()
        look()

while not part.busy:
    station.turn()
introduce()
gc.collect()
idle = gc.mem_alloc()
forget, lazy.forget = lazy.forget, lambda *names: None
import node.homeassistant, node.announce
class Watched(node.announce.Source):
    def _more(self):
        found = super()._more()
        look()
        return found
node.announce.Source = Watched
gc.collect()
loaded = gc.mem_alloc()
most[0] = 0
part.online()
introduce()
print("peak", most[0] - loaded, "modules", loaded - idle)
"""


@pytest.fixture
def peak(station, witness):
    """The peak of a node with so many sensors."""

    def measured(sensors: int) -> int:
        board = station(HOME | {"sensors": MANY[:sensors], "watchdog": 0, "diagnostics": 0}, main=PEAK, heap="1m")
        line = board.wait_line("peak", timeout=60)
        board.power_off()
        return number(line, "peak")

    return measured


def test_thirty_entities_take_hardly_more_memory_than_three(peak, witness):
    few, many = peak(1), peak(10)
    assert len(json.loads(witness.texts(CONFIG)[-1])["cmps"]) >= 30
    assert many < 4_096 < 7_000 < max(len(text) for text in witness.texts(CONFIG))
    assert many - few < 512


def test_the_steady_state_of_a_node_that_listens_to_home_assistant_allocates_nothing(station, witness):
    board = station(HOME | {"diagnostics": 0}, main=METER.replace("turns(4000)", "turns(8000)"))
    lines = [board.wait_line("measured", timeout=40) for _ in range(3)]
    assert len(witness.texts("ha/roof/bme280/pressure")) > 10
    assert [(number(line, "live"), number(line, "transient")) for line in lines] == [(0, 0)] * 3


def test_nothing_of_it_stays_in_memory(station, witness, mosquitto):
    resting = 'any(getattr(part, "busy", False) for part in station.parts) or print("heap"'
    at_once = "import node.discovery\nnode.discovery._SPREAD_MS = 100\n"
    main = METER.replace("range(3)", "range(0)").replace('print("heap"', resting)
    board = station(HOME | {"diagnostics": 0}, main=at_once + main)

    def settled() -> int:
        board.wait_line("heap")
        return min(number(board.wait_line("heap"), "heap") for _ in range(3))

    def again() -> int:
        seen = len(witness.texts(CONFIG))
        say(mosquitto, "homeassistant/status", "online")
        witness.wait(CONFIG)
        assert len(witness.texts(CONFIG)) == seen + 1
        return settled()

    witness.first(CONFIG)
    settled()
    rounds = [again() for _ in range(6)][2:]
    assert max(rounds) - min(rounds) < 300, rounds  # what a round left behind would be there four times
