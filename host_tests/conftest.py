"""The fixtures every test may use. What they are made of lives in support/."""

import signal
import sys
from pathlib import Path

import pytest
from girouette.mpy import compile_tree
from girouette.paths import LIB

sys.path[:0] = [str(Path(__file__).parent), str(LIB)]  # `support`; `leanmqtt` and `drivers` on CPython

import support  # noqa: E402
from support.broker import Mosquitto  # noqa: E402
from support.mp import Mp  # noqa: E402

# A shell starts background jobs with Ctrl-C ignored, and so would be every program that a test starts and interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)


# What has real brokers, thousands of turns, or both: there 64 bits repeat what CPython and 32 bits have shown.
TWICE = {"aio", "allocation", "brokers", "journal", "mosquitto", "mqtt5", "tls", "websocket"}


def pytest_collection_modifyitems(items):
    """64 bits wait for `make test-full` in some folders. What takes long, and says so by its limit of time, begins
    first, so that no core waits for it at the end."""
    for item in items:
        if item.path.parent.name in TWICE and ("mp64" in item.name or "mp64" in item.fixturenames):
            item.add_marker(pytest.mark.full)
    items.sort(key=lambda item: (item.get_closest_marker("full") is None, item.get_closest_marker("timeout") is None))


@pytest.fixture
def mosquitto_factory():
    """Makes running brokers; all are stopped at the end."""
    brokers = []

    def make(**kwargs) -> Mosquitto:
        broker = Mosquitto(**kwargs)
        brokers.append(broker)
        return broker.start()

    yield make
    for broker in brokers:
        broker.close()


@pytest.fixture
def mosquitto(mosquitto_factory) -> Mosquitto:
    """A running broker that takes anonymous clients, fresh for this test."""
    return mosquitto_factory()


@pytest.fixture(params=[64, 32], ids=["mp64", "mp32"])
def mp(request) -> Mp:
    """MicroPython, once with 64-bit and once with 32-bit objects."""
    return Mp(request.param)


@pytest.fixture
def mp32() -> Mp:
    """MicroPython with the object layout of the chips."""
    return Mp(32)


@pytest.fixture(scope="session")
def lib_mpy(tmp_path_factory) -> Path:
    """A folder with leanmqtt/ and drivers/ compiled as for a board."""
    folder = tmp_path_factory.mktemp("lib_mpy")
    compile_tree(LIB, folder)
    return folder


@pytest.fixture
def free_port() -> int:
    """A port of 127.0.0.1 nobody listens on."""
    return support.free_port()
