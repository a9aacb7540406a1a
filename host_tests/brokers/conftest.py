"""Each test with a `scene` runs at every broker that has what the test needs."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "mosquitto"))  # launch, peers

from launch import KINDS

from .amqtt import Amqtt
from .mosquitto import Mosquitto
from .scene import Scene
from .table import AGAIN, BROKERS


def _kinds(broker, sample):
    if broker is Mosquitto:
        return KINDS if sample else ("cpython", "mp32")
    return ("cpython", "mp32") if sample else ("cpython",)


def _params(needs, sample):
    for broker in BROKERS:
        if needs & broker.lacks():
            continue
        for kind in _kinds(broker, sample):
            always = broker is Mosquitto or (broker is Amqtt and sample and kind == "cpython")
            marks = [] if always else [pytest.mark.full]
            if broker is not Mosquitto:
                marks.append(AGAIN)
            yield pytest.param((broker, kind), id=f"{broker.name}-{kind}", marks=marks)


def pytest_generate_tests(metafunc):
    test = metafunc.function
    if "scene" in metafunc.fixturenames and hasattr(test, "needs"):
        metafunc.parametrize("scene", list(_params(test.needs, test.sample)), indirect=True)


@pytest.fixture(scope="module")
def running():
    """running(a class of table.BROKERS): one that runs, started at the first call."""
    brokers = {}

    def get(kind):
        if kind not in brokers or kind.FRESH:
            broker = kind()
            if kind in brokers:
                brokers[kind].close()
            brokers[kind] = broker
            broker.start()
        return brokers[kind]

    yield get
    for broker in brokers.values():
        broker.close()


@pytest.fixture
def scene(request, running, lib_mpy, tmp_path):
    """A Scene at the broker and with the kind of client that the test is given."""
    broker, kind = request.param
    made = Scene(running(broker), kind, lib_mpy, tmp_path)
    yield made
    made.close()
