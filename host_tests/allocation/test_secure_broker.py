"""Over TLS, too, the client allocates nothing, and reconnects leave MicroPython's heap as it was."""

import pytest
from support import free_port
from support.certificates import Authority
from verdicts import FEW, allocates_nothing, same_heap

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("authority"))
    made.sign("server")
    return made


@pytest.fixture
def broker(mosquitto_factory, authority):
    """A mosquitto with a plain port, and one for TLS: `tls`."""
    port = free_port()
    lines = f"set_tcp_nodelay true\nlistener {port} 127.0.0.1\n{authority.listens('server')}"
    made = mosquitto_factory(packet_log=False, extra=lines)
    made.tls = port
    return made


def test_nothing_is_allocated_over_tls(measure, mp, broker, authority):
    allocates_nothing(measure(mp, "tls_tcp", broker.tls, authority.path("ca.der"), times=FEW))


@pytest.mark.full
def test_the_heap_after_100_reconnects_is_that_after_10(on_board, mp, broker, authority):
    same_heap(on_board(mp, "tls_again", broker.tls, broker.port, authority.path("ca.der")))
