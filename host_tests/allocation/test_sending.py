"""In steady state, whatever begins at the client allocates nothing: 0 bytes live, 0 transient, no need of the heap."""

import pytest
from verdicts import FEW, TIMES, allocates_nothing, same_heap

PROGRAMS = ["publish 0", "publish 1", "publish 2", "outbox", "resend new", "resend kept"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_sending_allocates_nothing_in_10000_times(measure, mp32, program):
    verdicts = measure(mp32, *program.split(), times=TIMES)
    assert all(v.times >= 10_000 for v in verdicts)
    allocates_nothing(verdicts)


@pytest.mark.parametrize("program", PROGRAMS)
def test_nor_does_it_with_64_bits(measure, mp64, program):
    allocates_nothing(measure(mp64, *program.split(), times=FEW))


def test_a_refused_message_leaves_nothing_behind(on_board, mp):
    accepted, refused, pending, dropped, bytes_left = map(int, on_board(mp, "refused").split())
    assert refused > 50
    assert (pending, dropped, bytes_left) == (accepted, 0, 0)


@pytest.mark.parametrize("session", ["new", "kept"])
def test_the_heap_after_100_reconnects_is_that_after_10(on_board, mp, session):
    same_heap(on_board(mp, "reconnect", session))
