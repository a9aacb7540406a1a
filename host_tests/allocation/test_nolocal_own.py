"""A client that keeps its own messages from its handlers (leanmqtt.nolocal) allocates nothing for that."""

import pytest
from verdicts import FEW, TIMES, allocates_nothing

pytestmark = pytest.mark.timeout(400)


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_not_hearing_oneself_allocates_nothing_in_10000_times(measure, mp32, qos):
    verdicts = measure(mp32, "own", qos, times=TIMES)
    assert all(v.times >= 10_000 for v in verdicts)
    allocates_nothing(verdicts)


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_nor_does_it_with_64_bits(measure, mp64, qos):
    allocates_nothing(measure(mp64, "own", qos, times=FEW))


@pytest.mark.full
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_nor_with_a_real_broker(measure, mp, mosquitto_factory, qos):
    broker = mosquitto_factory(packet_log=False, extra="set_tcp_nodelay true")
    allocates_nothing(measure(mp, "own", qos, broker.port, times=FEW))
