"""What a journal takes of the heap: nothing while online, a bounded moment when it writes."""

TIMES = 2000


def test_online_a_publish_with_a_journal_allocates_nothing(on_board, mp):
    steady, _ = on_board(mp, "memory", TIMES).splitlines()
    _, times, done, live, total, locked = steady.split("\t")
    assert int(done) >= int(times) >= TIMES
    assert (int(live), int(total), locked) == (0, 0, "locked")


def test_writing_a_message_takes_at_most_2_5_kb_for_a_moment(on_board, mp32):
    _, write = on_board(mp32, "memory", TIMES).splitlines()
    assert 0 < int(write.split()[2]) <= 2560
