"""Every broker: MQTT over WebSocket, where it speaks it. The other end is on a plain port."""

from .base import ACCOUNT
from .features import needs
from .test_messages import both_ways, large
from .test_sessions import away
from .test_version5 import speaks


def web(scene):
    """Options of an actor that comes over WebSocket."""
    return {"host": scene.broker.web, "port": 0}


@needs("websocket", sample=True)
def test_qos_0_over_websocket(scene):
    both_ways(scene, 0, **web(scene))


@needs("websocket", "qos1", sample=True)
def test_qos_1_over_websocket(scene):
    both_ways(scene, 1, **web(scene))


@needs("websocket", "qos2")
def test_qos_2_over_websocket(scene):
    both_ways(scene, 2, **web(scene))


@needs("websocket", "large", "qos1", sample=True)
def test_a_message_of_100000_bytes_over_websocket(scene):
    large(scene, **web(scene))


@needs("websocket", "session", "qos1")
def test_a_session_collects_over_websocket(scene):
    away(scene, 1, **web(scene))


@needs("websocket", "websocket_refusal", "password")
def test_a_refused_password_is_told_over_websocket(scene):
    client = scene.actor(["connect"], user=ACCOUNT[0], password="wrong", **web(scene))
    client.finish()
    (line,) = client.starting("refused")
    assert "code 5" in line or "code 4" in line, line


@needs("websocket", "qos1")
def test_which_version_it_speaks_over_websocket(scene):
    speaks(scene, **web(scene))
