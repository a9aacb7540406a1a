"""Waiting for what a board prints."""

import threading

import pytest
from girouette.simboard.console import Lines, Waitable


def test_each_wait_goes_on_after_the_line_of_the_last():
    lines = Waitable("line")
    for line in ("one", "two", "one more"):
        lines.append(line)
    assert lines.wait(lambda line: "one" in line, "one", 0) == "one"
    assert lines.wait(lambda line: "one" in line, "one", 0) == "one more"
    with pytest.raises(TimeoutError):
        lines.wait(lambda line: "two" in line, "two", 0)


def test_a_timeout_tells_what_came_instead():
    lines = Waitable("console line")
    lines.append("something else")
    with pytest.raises(TimeoutError, match="(?s)no console line with 'x' within 0 s.*something else"):
        lines.wait(lambda line: line == "x", "x", 0)


def test_waiting_and_following_end_when_lines_come_from_another_thread():
    lines = Waitable("line")
    seen = []
    follower = threading.Thread(target=lambda: seen.extend(lines.follow()))
    follower.start()
    threading.Thread(target=lines.append, args=("late",)).start()
    assert lines.wait(lambda line: True, "any", 10) == "late"
    lines.close()
    follower.join(10)
    assert seen == ["late"]


def test_bytes_are_cut_into_lines_wherever_they_are_split():
    seen = []
    lines = Lines(seen.append)
    for piece in (b"on", b"e\r\ntw\xc3", b"\xa9\n\nlast"):
        lines.feed(piece)
    assert seen == ["one", "twé", ""]
    lines.end()
    assert seen[-1] == "last"


def test_a_line_without_end_is_cut():
    seen = []
    lines = Lines(seen.append)
    lines.feed(b"x" * 5000)
    assert seen == ["x" * 5000]


def test_a_board_tells_each_line_as_it_comes(make_board):
    heard, done = [], threading.Event()

    def on_line(line):
        heard.append(line)
        if line.endswith(">>>"):
            done.set()

    board = make_board("print('a')\nprint('b', end='')", on_line=on_line)
    assert done.wait(20)
    board.wait_prompt()
    assert heard == board.lines == ["a", "b>>>"]
