"""Over a real socket to a real broker, too, the client allocates nothing, and reconnects leave the heap as it was."""

import pytest
from verdicts import FEW, allocates_nothing, same_heap

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def broker(mosquitto_factory):
    """A mosquitto that does not let its own writes wait for each other."""
    return mosquitto_factory(packet_log=False, extra="set_tcp_nodelay true")


def test_nothing_is_allocated_over_tcp(measure, mp, broker):
    allocates_nothing(measure(mp, "tcp", broker.port, times=FEW))


@pytest.mark.parametrize("session", ["new", "kept"])
def test_the_heap_after_100_reconnects_is_that_after_10(on_board, mp, broker, session):
    same_heap(on_board(mp, "reconnect", session, broker.port))


def test_nothing_is_allocated_with_mqtt_5(measure, mp, broker):
    """With properties made once, topic aliases, expiry, subscription identifiers."""
    allocates_nothing(measure(mp, "v5_tcp", broker.port, times=FEW))
