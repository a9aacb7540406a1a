"""Over WebSocket, too, the client allocates nothing, and reconnects leave MicroPython's heap as it was."""

import pytest
from support import free_port
from support.certificates import Authority
from verdicts import TIMES, allocates_nothing, same_heap

pytestmark = pytest.mark.timeout(400)
SOME = 60  # exchanges of each kind: mosquitto's listener for WebSocket takes 10 ms for one


@pytest.fixture
def broker(mosquitto_factory):
    """A mosquitto with a plain port, and one for WebSocket: `ws`."""
    port = free_port()
    lines = f"set_tcp_nodelay true\nlistener {port} 127.0.0.1\nprotocol websockets"
    made = mosquitto_factory(packet_log=False, extra=lines)
    made.ws = port
    return made


def test_nothing_is_allocated_over_websocket(measure, mp, broker):
    allocates_nothing(measure(mp, "ws_tcp", broker.ws, times=SOME))


@pytest.mark.full
def test_nothing_is_allocated_over_websocket_and_tls(measure, mp32, mosquitto_factory, tmp_path):
    authority = Authority(tmp_path)
    authority.sign("server")
    port = free_port()
    lines = f"set_tcp_nodelay true\nlistener {port} 127.0.0.1\nprotocol websockets\n{authority.listens('server')}"
    mosquitto_factory(packet_log=False, extra=lines)
    allocates_nothing(measure(mp32, "ws_tcp", port, authority.path("ca.der"), times=SOME))


def test_pings_and_fragments_allocate_nothing(measure, mp):
    allocates_nothing(measure(mp, "ws_ping", times=TIMES))


def test_the_heap_after_100_reconnects_is_that_after_10(on_board, mp, broker):
    same_heap(on_board(mp, "ws_again", broker.ws, broker.port))
