"""On a computer, as on a board, what the journal counts as written has been given to the disk."""

import os

import pytest
from leanmqtt import records


def test_a_record_counts_once_the_disk_has_all_of_it(tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr(records, "fsync", lambda fd: given.append((os.fstat(fd).st_size, log.end)))
    log = records.Log(str(tmp_path / "log"), b"mine")
    log.create()
    log.begin()
    log.append(b"\0\0\x07 record")
    log.sync()
    assert given == [(records.START, 0), (log.end, records.START)]


def test_a_disk_that_fails_is_not_believed(tmp_path, monkeypatch):
    log = records.Log(str(tmp_path / "log"), b"mine")
    log.create()
    log.begin()
    log.append(b"\0\0\x07 record")

    def broken(fd):
        raise OSError(5, "EIO")

    monkeypatch.setattr(records, "fsync", broken)
    with pytest.raises(OSError):
        log.sync()
    assert log.end == records.START
