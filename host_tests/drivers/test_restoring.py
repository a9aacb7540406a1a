"""Parts that may be after a start what they were before: what each says it is, is a command that brings it back."""

import importlib

import pytest
from girouette import schema
from pins import pins_of, state

PARTS = {
    part: about
    for part, about in schema.drivers().items()
    if "restored" in about["properties"].get("boot", {}).get("enum", ())
}
COMMANDS = (
    b"ON",
    b"OFF",
    b'{"brightness":77}',
    b'{"state":"OFF","brightness":3}',
    b'{"percentage":40}',
    b'{"state":"OFF"}',
    b'{"state":"ON","color":{"r":1,"g":200,"b":30},"white":9}',
    b'{"state":"ON","effect":"rainbow"}',
)


def test_there_are_such_parts():
    assert {"relay", "dimmer", "fan", "strip"} <= PARTS.keys()


@pytest.mark.parametrize("part", PARTS)
def test_a_state_is_a_command_that_brings_it_back(part):
    make = importlib.import_module(f"drivers.{part}").driver
    one = make(pins_of(PARTS[part]), boot="restored")
    assert state(one) == state(make(pins_of(PARTS[part])))
    seen = set()
    for command in COMMANDS:
        try:
            one.set(command)
        except ValueError:
            continue  # not of this part
        other = make(pins_of(PARTS[part]), boot="restored")
        other.set(state(one).encode())
        assert state(other) == state(one), command
        seen.add(state(one))
    assert len(seen) >= 2
    assert all(len(text) <= 128 and "\n" not in text for text in seen), "one line in a file"
