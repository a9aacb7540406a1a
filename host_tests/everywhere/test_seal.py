"""Sealed payloads: what is opened, what is refused, and what a reset or a power cut leaves."""

import flash
from harness import raises
from leanmqtt.seal import Sealer, SealError, hmac, same

KEY = bytes(range(32))


def pair(path=None):
    """Node and PC under one key, with files of their own."""
    path = path or flash.path()
    return Sealer(KEY, path), Sealer(KEY, path + "pc", node=False)


def refused(words, sealer, topic, sealed):
    said = str(raises(SealError, sealer.open, topic, sealed))
    assert words in said, said


def test_hmac_of_rfc_4231():
    assert hmac(b"\x0b" * 20, b"Hi ", b"There").hex()[:16] == "b0344c61d8db3853"
    assert hmac(b"Jefe", b"what do ya want for nothing?").hex()[:16] == "5bdcc146bf60754e"


def test_comparison():
    assert same(b"abc", b"abc") and not same(b"abc", b"abd") and not same(b"abc", b"ab")


def test_every_length_comes_back_in_both_directions():
    node, pc = pair()
    for n in (0, 1, 15, 16, 17, 100, 1000):
        payload = bytes([n & 255]) * n
        for a, b in ((node, pc), (pc, node)):
            sealed = a.seal("ha/é", payload)
            assert 32 <= len(sealed) - n <= 47
            assert b.open("ha/é".encode(), sealed) == payload


def test_every_changed_byte_and_every_cut_is_refused():
    node, pc = pair()
    sealed = node.seal("a", b"21.5")
    for i in range(len(sealed)):
        for bit in (1, 128):
            bad = bytearray(sealed)
            bad[i] ^= bit
            raises(SealError, pc.open, "a", bad)
        raises(SealError, pc.open, "a", sealed[:i])
    assert pc.open("a", sealed) == b"21.5", "what was refused did not use it up"


def test_another_topic_key_or_direction_is_refused():
    node, pc = pair()
    sealed = node.seal("a/b", b"x")
    refused("the seal is broken", pc, "a/c", sealed)
    refused("the seal is broken", node, "a/b", sealed)
    refused("the seal is broken", Sealer(bytes(32), None, node=False), "a/b", sealed)
    refused("no sealed payload", pc, "a/b", b"21.5")


def test_each_opens_once_and_late_ones_within_the_window():
    node, pc = pair()
    sealed = [node.seal("a", b"%d" % i) for i in range(70)]
    assert pc.open("a", sealed[69]) == b"69"
    for i in (68, 30, 6):
        assert pc.open("a", sealed[i]) == b"%d" % i
    for i in (69, 68, 30, 6, 5, 0):
        refused("a replay", pc, "a", sealed[i])


def test_the_window_and_the_counter_survive_a_reset():
    path = flash.path()
    node, pc = pair(path)
    old = [node.seal("a", b"%d" % i) for i in range(5)]
    assert pc.open("a", old[3]) == b"3"
    node, pc = pair(path)
    refused("a replay", pc, "a", old[3])
    assert pc.open("a", old[2]) == b"2"
    new = node.seal("a", b"new")
    assert new[1:7] > old[-1][1:7]
    assert pc.open("a", new) == b"new"


def test_the_same_text_never_looks_the_same():
    node, _ = pair()
    bodies = [node.seal("a", b"0")[15:] for _ in range(600)]  # over two reservations
    assert len(set(bodies)) == 600


def test_lost_files_do_not_repeat_an_iv():
    a, b = Sealer(KEY, flash.path()).seal("a", b"0"), Sealer(KEY, flash.path()).seal("a", b"0")
    assert a[1:7] == b[1:7] and a[7:] != b[7:] and a[15:31] != b[15:31]


def test_flash_is_written_once_a_block():
    path = flash.path()
    node = Sealer(KEY, path, block=10)
    turns = []
    for _ in range(25):
        node.seal("a", b"")
        turns.append(node._turn)
    assert turns == [1] * 10 + [2] * 10 + [3] * 5


def test_a_replay_opens_where_one_only_looks_and_is_not_kept():
    node, pc = pair()
    sealed = node.seal("a", b"0")
    for _ in range(2):
        assert pc.open("a", sealed, once=False) == b"0"
    assert pc.open("a", sealed) == b"0"
    refused("a replay", pc, "a", sealed)
    raises(SealError, pc.open, "b", sealed, False)


def test_a_life_that_ended_in_order_leaves_a_mark_where_the_next_goes_on():
    path = flash.path()
    node, pc = pair(path)
    assert pc.open("a", node.seal("a", b"0")) == b"0"
    mark, turn = node.mark, node._turn
    node = Sealer(KEY, path)
    node.resume(mark)
    sealed = node.seal("a", b"1")
    assert int.from_bytes(sealed[1:7], "big") == mark
    assert (pc.open("a", sealed), node._turn, node.mark) == (b"1", turn, mark + 1)
    edge = node._edge
    for wrong in (0, -1, edge, edge + 9, 1 << 40):
        node = Sealer(KEY, path)
        node.resume(wrong)
        assert node.mark == edge
    fresh = Sealer(KEY, flash.path())
    fresh.resume(0)
    assert fresh.mark == 1


def test_what_was_not_sent_can_be_changed_under_its_counter():
    path = flash.path()
    node, pc = pair(path)
    first, later = node.seal("a", b"boot 1"), node.seal("a", b"later")
    changed = node.again("a", bytearray(first), lambda payload: bytearray(b"at 12:30 o'clock"))
    assert changed[:15] == first[:15] and pc.open("a", changed) == b"at 12:30 o'clock"
    assert pc.open("a", later) == b"later"
    assert node.again("a", later, lambda payload: payload) == later
    raises(SealError, node.again, "b", later, bytes)
    raises(SealError, node.again, "a", pc.seal("a", b"x"), bytes)
    other = Sealer(KEY, path).again("a", later, lambda payload: b"LATER")  # in another life: what went out may differ
    assert other[:7] == later[:7] and other[7:31] != later[7:31]
    assert pc.open("a", other, once=False) == b"LATER"


def test_bad_keys_and_damaged_files_are_told():
    for key in (b"short", "zz", "00" * 31):
        raises(SealError, Sealer, key, None)
    path = flash.path()
    node = Sealer("00" * 32, path)
    raises(SealError, Sealer(bytes(32), None).seal, "a", b"")
    node._save()
    node._save()
    assert "remove both" in str(raises(SealError, Sealer, KEY, path))


def test_power_lost_at_any_write_repeats_no_counter_and_opens_nothing_twice():
    if not flash.MICROPYTHON or not flash.has_littlefs():
        return  # the flash that can lose power is a real LittleFS; files cut short: host_tests/seal
    pc = Sealer(KEY, flash.path() + "pc", node=False)
    coming = [pc.seal("in", b"%d" % i) for i in range(6)]
    pc = None
    cut = cuts = 0
    while True:
        chip = flash.Flash(32)
        folder = flash.mount(chip, True)
        chip.writes, chip.cut, chip.part = 0, cut, cut % 8
        counters, opened = set(), set()
        through = False
        for _life in range(3):
            try:
                live(Sealer(KEY, folder + "/s", block=3), coming, counters, opened)
                through = through or _life == 0
            except (flash.PowerCut, OSError, SealError) as e:
                assert chip.writes == cut, e
                cuts += 1
            chip = flash.reset(chip)
            chip.cut = None
            flash.mount(chip)
        assert len(opened) >= 5, "at most the one whose opening was cut off is lost"
        if through:
            break
        cut += 1
    assert cuts == cut > 10


def live(node, coming, counters, opened):
    for i in range(6):
        c = node.seal("out", b"x")[1:7]
        assert c not in counters, "a counter came twice"
        counters.add(c)
        try:
            payload = node.open("in", coming[i])
        except SealError as e:
            if "a replay" not in str(e):
                raise
            continue
        assert payload not in opened, "opened twice"
        opened.add(payload)
