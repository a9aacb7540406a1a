"""`girouette check` on groups of `interlock`: one alone, and two that would be on together."""

import json

import pytest
from girouette.check import check

BASE = {"name": "roof", "board": "ESP32_GENERIC", "network": [{"ssid": "home"}], "broker": {"host": "h"}}
FREE = (25, 26, 27, 32)


def faults(*keys: dict) -> dict[str, str]:
    relays = [{"type": "relay", "pin": pin} | more for pin, more in zip(FREE, keys, strict=False)]
    found = check(json.dumps({**BASE, "actuators": relays})).faults
    return {fault.key.removeprefix("actuators"): str(fault) for fault in found}


def test_groups_of_two_and_more_are_sound():
    a, b = {"interlock": "a"}, {"interlock": "b", "interlock_wait": 500}
    assert faults(a, b, b | {"boot": "on"}, a | {"boot": "restored", "safe": "off"}) == {}
    assert faults(a | {"boot": "restored"}, a | {"boot": "restored"}) == {}


def test_one_alone_is_a_fault_and_the_word_that_was_meant_is_named():
    told = 'expected the word of another actuator too, found "moter", alone'
    assert faults({"interlock": "moter"}, {}) == {"[0].interlock": told}
    group = {"interlock": "motor"}
    assert faults(group, group, {"interlock": "moter"}) == {"[2].interlock": told + '; did you mean "motor"?'}


@pytest.mark.parametrize("other", ["on", "restored"])
def test_two_that_may_be_on_at_the_start_are_a_fault(other):
    made = faults({"interlock": "a"}, {"interlock": "a", "boot": "on"}, {"interlock": "a", "boot": other})
    told = f'expected "off", since actuators[1] of the same interlock may be on at the start, found "{other}"'
    assert made == {"[2].boot": told}


def test_a_safe_state_that_is_on_is_a_fault():
    made = faults({"interlock": "a", "safe": "on"}, {"interlock": "a"}, {"safe": "on"})
    assert made == {"[0].safe": 'expected "off" or "keep", since there is an interlock, found "on"'}


def test_where_an_entry_is_faulty_nothing_is_said_of_the_group():
    assert set(faults({"interlock": "a"}, {"interlock": "a", "auto_off": -1})) == {"[1].auto_off"}
