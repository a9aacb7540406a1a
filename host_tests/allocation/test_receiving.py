"""In steady state, receiving, idling and staying alive allocate nothing: 0 bytes live, 0 transient, no heap needed."""

import pytest
from verdicts import FEW, TIMES, allocates_nothing

PROGRAMS = ["receive 0", "receive 1", "receive 2", "alive"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_receiving_allocates_nothing_in_10000_times(measure, mp32, program):
    verdicts = measure(mp32, *program.split(), times=TIMES)
    assert all(v.times >= 10_000 for v in verdicts)
    allocates_nothing(verdicts)


@pytest.mark.parametrize("program", PROGRAMS)
def test_nor_does_it_with_64_bits(measure, mp64, program):
    allocates_nothing(measure(mp64, *program.split(), times=FEW))
