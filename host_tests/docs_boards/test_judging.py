"""The judge of a walk: what a page shows must have been printed, in that order; numbers and names may differ."""

import pages
import pytest

PRINTED = ["✓ port  /tmp/x/ttyUSB0 may be used by root", "✓ copying  3 files, 10.4 KB  4.0 s", "done in 16.1 s"]
SAID = {"/dev/ttyUSB0": "/tmp/x/ttyUSB0", "anna": "root"}


@pytest.mark.parametrize(
    ("shown", "missed"),
    [
        (["✓ port  /dev/ttyUSB0 may be used by anna", "✓ copying  114 files, 143.0 KB  18.1 s"], None),
        (["...", "done in 2.0 s"], None),
        (["done in 2.0 s"], "done in 2.0 s"),
        (["✓ port  /dev/ttyUSB0 may be used by anna", "done in 2.0 s"], "done in 2.0 s"),
        (["...", "done in 2.0 s", "✓ copying  3 files, 10.4 KB  4.0 s"], "✓ copying  3 files, 10.4 KB  4.0 s"),
        (["...", "✓ copying  3 files, 10.4 MB  4.0 s"], "✓ copying  3 files, 10.4 MB  4.0 s"),
        (["✓ port  /dev/ttyACM0 may be used by anna"], "✓ port  /dev/ttyACM0 may be used by anna"),
    ],
)
def test_what_the_page_shows_is_looked_for(shown, missed):
    assert pages.missing(shown, PRINTED, SAID) == missed


def test_a_page_is_its_commands_with_what_is_below_them():
    text = "```console\n$ a b\nx\n$ c\n```\nprose\n```\n$ no\n```\n```console\n$ d\n✗ e\n```\n"
    found = pages.commands(text)
    assert [(command.line, command.shown, command.fails) for command in found] == [
        ("a b", ["x"], False), ("c", [], False), ("d", ["✗ e"], True),
    ]  # fmt: skip
