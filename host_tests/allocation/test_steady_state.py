"""In steady state the client allocates nothing: 0 bytes live, 0 bytes transient, and no need of the heap."""

import pytest
from support.mp import Mp
from verdicts import allocates_nothing

TIMES = 10_000  # of each operation on 32 bits, the object layout of the chips
FEW = 300  # on 64 bits, and over a real socket
PROGRAMS = ["publish 0", "publish 1", "publish 2", "receive 0", "receive 1", "receive 2"]
PROGRAMS += ["outbox", "alive", "resend new", "resend kept"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_10000_operations_allocate_nothing(measure, mp32, program):
    name, *args = program.split()
    verdicts = measure(mp32, name, TIMES, *args)
    allocates_nothing(verdicts)
    assert all(v.times >= TIMES for v in verdicts)


@pytest.mark.parametrize("program", PROGRAMS)
def test_nor_do_they_with_64_bits(measure, program):
    name, *args = program.split()
    allocates_nothing(measure(Mp(64), name, FEW, *args))


def test_nor_do_they_over_tcp(measure, mp, mosquitto_factory):
    broker = mosquitto_factory(packet_log=False)
    allocates_nothing(measure(mp, "tcp", FEW, broker.port))


def test_a_refused_message_leaves_nothing_behind(on_board, mp):
    accepted, refused, pending, dropped, bytes_left = map(int, on_board(mp, "refused").split())
    assert refused > 50
    assert (pending, dropped, bytes_left) == (accepted, 0, 0)
