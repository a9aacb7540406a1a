"""A hundred reconnects leave the heap as ten did, to the byte."""

import pytest


def heaps(said: str) -> tuple[int, int]:
    reconnects, messages, tenth, hundredth = map(int, said.split())
    assert reconnects == 100
    assert messages >= 100
    assert tenth > 0
    return tenth, hundredth


@pytest.mark.parametrize("session", ["new", "kept"])
def test_the_heap_is_the_same_after_the_10th_and_the_100th_reconnect(on_board, mp, session):
    tenth, hundredth = heaps(on_board(mp, "reconnect", session))
    assert hundredth == tenth


@pytest.mark.parametrize("session", ["new", "kept"])
def test_the_same_with_a_real_broker(on_board, mp, mosquitto_factory, session):
    broker = mosquitto_factory(packet_log=False)
    tenth, hundredth = heaps(on_board(mp, "reconnect", session, broker.port))
    assert hundredth == tenth
