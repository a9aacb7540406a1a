"""A chunk of a message larger than memory allocates nothing: 0 bytes live, 0 transient, no heap needed."""

from verdicts import FEW, TIMES, allocates_nothing


def test_streaming_allocates_nothing_in_10000_chunks(measure, mp32):
    verdicts = measure(mp32, "streams", times=TIMES)
    assert all(v.times >= 10_000 for v in verdicts)
    allocates_nothing(verdicts)


def test_nor_does_it_with_64_bits(measure, mp64):
    allocates_nothing(measure(mp64, "streams", times=FEW))
