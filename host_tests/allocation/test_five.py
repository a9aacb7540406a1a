"""MQTT 5 allocates nothing either: with properties made once, topic aliases, expiry, subscription identifiers."""

import pytest
from verdicts import FEW, allocates_nothing

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def broker(mosquitto_factory):
    """A mosquitto that does not let its own writes wait for each other."""
    return mosquitto_factory(packet_log=False, extra="set_tcp_nodelay true")


def test_nothing_is_allocated_with_mqtt_5(measure, mp, broker):
    allocates_nothing(measure(mp, "v5_tcp", broker.port, times=FEW))
