"""A journal's file cut at every byte, and with every single byte corrupted: what is sound before that is kept."""

import shutil

import pytest
from fakes import Dice
from harness import Rig
from leanmqtt.journal import Client, Journal
from model import Broker

QOS_1 = [b"%d" % i for i in range(12)]
QOS_2 = [b"two %d" % i for i in range(3)]


def board(path, broker=None):
    journal = Journal(str(path), 20480, 1000)
    rig = Rig(make=Client, clean=False, qos2=True, rand=Dice(3), journal=journal, outbox_size=512)
    if broker:
        broker.plug(rig.link)
    return rig


@pytest.fixture
def written(tmp_path):
    """(bytes of a file, where it ended after each flush and what was promised then)."""
    path = tmp_path / "log"
    rig = board(path)
    marks = [(path.stat().st_size, [])]
    asked = []
    for payloads, qos in ((QOS_1[:4], 1), (QOS_2, 2), (QOS_1[4:8], 1), (QOS_1[8:], 1)):
        for payload in payloads:
            rig.client.publish("a", payload, qos=qos)
            asked.append(payload)
        assert rig.client.journal.flush()
        marks.append((path.stat().st_size, list(asked)))
    return path.read_bytes(), marks


def arrives(folder, data):
    """What a broker receives from a board with this file."""
    path = folder / "torn"
    path.write_bytes(data)
    broker = Broker()
    rig = board(path, broker)
    rig.start()
    rig.until(lambda: rig.client.pending == 0, 60000)
    got = list(broker.received)
    rig.client.publish("a", b"new", qos=1)
    assert rig.client.journal.flush()
    again = board(path)
    assert again.client.pending >= 1, "a torn file can be written again"
    return got


def test_a_file_cut_at_any_byte_keeps_what_lies_before(written, tmp_path):
    data, marks = written
    for end in range(len(data) + 1):
        got = arrives(tmp_path, data[:end])
        promised = [asked for at, asked in marks if at <= end]
        assert got[: len(promised[-1])] == promised[-1] if promised else got == [], end
        assert got == marks[-1][1][: len(got)], end


def test_a_file_with_any_byte_corrupted_keeps_what_lies_before_or_is_refused_in_words(written, tmp_path):
    data, marks = written
    refused = 0
    for at in range(len(data)):
        for flip in (0x01, 0xFF):
            bad = bytearray(data)
            bad[at] ^= flip
            try:
                got = arrives(tmp_path, bytes(bad))
            except ValueError as e:
                assert "torn" in str(e) and at < marks[0][0], "only the head of the file is a reason to refuse it"
                refused += 1
                continue
            promised = [asked for end, asked in marks if end <= at]
            assert got[: len(promised[-1])] == promised[-1], at
            assert got == marks[-1][1][: len(got)], at
    assert refused == 2 * marks[0][0]


def test_garbage_behind_the_end_is_not_read(written, tmp_path):
    data, marks = written
    for tail in (b"\0" * 50, b"\xff" * 50, data[12:], data[-200:], bytes(range(256))):
        assert arrives(tmp_path, data + tail) == marks[-1][1]


def test_a_half_made_replacement_is_removed_and_a_whole_one_without_the_old_is_taken(written, tmp_path):
    data, marks = written
    (tmp_path / "torn.new").write_bytes(data[:100])
    assert arrives(tmp_path, data) == marks[-1][1] and not (tmp_path / "torn.new").exists()
    (tmp_path / "log2.new").write_bytes(data)
    assert board(tmp_path / "log2").client.pending == len(marks[-1][1])


def test_a_read_only_file_is_refused_in_words_and_not_touched(written, tmp_path, monkeypatch):
    data, _ = written
    from leanmqtt import records

    path = tmp_path / "log"

    def read_only(name, mode):
        raise OSError(30, "read-only")

    monkeypatch.setattr(records, "open", read_only, raising=False)
    with pytest.raises(ValueError, match="read-only"):
        board(path)
    monkeypatch.undo()
    assert path.read_bytes() == data
    shutil.copy(path, tmp_path / "copy")
    assert board(tmp_path / "copy").client.pending == 15
