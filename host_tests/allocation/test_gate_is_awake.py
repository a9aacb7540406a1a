"""The gate itself: a deliberate allocation in a handler turns it red, and it says what and how much."""

import pytest
from verdicts import allocates_nothing, parse, same_heap


@pytest.fixture
def complaint(measure, mp32):
    """What the gate says of a handler with a fault; empty when it is content."""

    def of(fault: str) -> str:
        try:
            allocates_nothing(measure(mp32, "faulty", fault, times=1000))
        except AssertionError as e:
            return str(e)
        return ""

    return of


def test_a_handler_without_fault_passes(complaint):
    assert complaint("none") == ""


def test_16_bytes_in_a_handler_are_found_by_all_three_meters(complaint):
    said = complaint("pair")
    assert "receive by a faulty handler: 16,000 bytes live (16 each time), 16,000 bytes asked for" in said
    assert "MemoryError with the heap locked" in said


def test_a_frame_of_12_words_is_found_though_nothing_stays_and_a_locked_heap_bears_it(complaint):
    said = complaint("frame")
    assert "receive by a faulty handler: 68,000 bytes asked for (68 each time)" in said
    assert "live" not in said
    assert "locked" not in said


def test_an_operation_that_is_not_done_is_not_taken_for_one_that_costs_nothing(complaint):
    assert "receive by a faulty handler: was done 0 times of 1,000" in complaint("idle")


def test_measuring_nothing_is_not_a_pass():
    with pytest.raises(AssertionError, match="nothing was measured"):
        allocates_nothing(parse(""))


def test_a_heap_that_grew_by_a_block_over_the_reconnects_is_told():
    with pytest.raises(AssertionError, match="40,000 bytes after the 10th reconnect, 40,016 after the 100th"):
        same_heap("100 101 40000 40016")
