"""`girouette check` on `rules`: what cannot be meant is told with its place, before a fan stands still."""

import json

import pytest
from girouette.check import check

PARTS = {
    "name": "roof",
    "board": "ESP32_GENERIC",
    "network": [{"ssid": "home"}],
    "broker": {"host": "h"},
    "sensors": [{"type": "bme280", "id": "air", "scl": 22, "sda": 21}],
    "actuators": [{"type": "relay", "id": "fan", "pin": 25}, {"type": "dimmer", "id": "lamp", "pin": 26}],
    "inputs": [
        {"type": "button", "id": "door", "pin": 27},
        {"type": "contact", "id": "latch", "pin": 32},
        {"type": "button", "id": "quick", "pin": 33, "double_ms": 0},
    ],
}
HOT = {"when": "air.temperature", "above": 28, "until": 26, "for": 300, "set": "fan", "to": "ON", "else": "OFF"}
DOOR = {"when": "door", "is": "ON", "set": "fan"}
CLICK = {"when": "door", "is": "click", "toggle": "lamp"}
MORNING = {"at": "06:30", "set": "fan"}


def report(*rules, **changes):
    return check(json.dumps({**PARTS, "rules": list(rules), **changes}))


def faults(*rules, **changes) -> dict[str, str]:
    return {fault.key.removeprefix("rules"): str(fault) for fault in report(*rules, **changes).faults}


def test_sound_rules_have_no_faults():
    dark = {"when": "air.pressure", "below": 990.5, "until": 995, "set": "lamp", "to": {"brightness": 20}}
    toggle = {"when": "door", "is": "OFF", "for": 2, "toggle": "lamp"}
    times = [{"at": "23:59", "days": ["mon", "tue"], "set": "lamp", "to": "OFF"}, MORNING]
    events = [CLICK, {"when": "door", "is": "double", "set": "lamp", "to": {"brightness": 9}}]
    assert faults(HOT, dark, toggle, *times, *events) == {}


def test_a_fault_has_its_line_and_column():
    text = json.dumps({**PARTS, "rules": "here"}, indent=1).replace(
        '"here"', '[\n  {"when": "air.temprature", "above": 28, "until": 30,\n   "set": "fun", "colour": 1}]'
    )
    line = text[: text.index('[\n  {"when"')].count("\n") + 2
    places = {fault.key: (fault.line, fault.column) for fault in check(text).faults}
    assert places == {"rules[0].colour": (line + 1, 18)}, "the keys first"
    found = {fault.key: (fault.line, fault.column) for fault in check(text.replace(', "colour": 1', "")).faults}
    assert found == {"rules[0].when": (line, 12), "rules[0].until": (line, 52), "rules[0].set": (line + 1, 11)}


@pytest.mark.parametrize(
    ("rule", "key", "told"),
    [
        ({**HOT, "when": "air.temprature"}, "when", 'did you mean "air.temperature"?'),
        ({**HOT, "when": "air"}, "when", "a quantity of a sensor (part.quantity) or an input"),
        ({**DOOR, "when": "dor"}, "when", 'found "dor"; did you mean "door"?'),
        ({**DOOR, "when": "fan"}, "when", "an actuator: rules that start rules could go round in a loop"),
        ({**HOT, "set": "fann"}, "set", 'one of the actuators (fan, lamp), found "fann"; did you mean "fan"?'),
        ({**HOT, "set": "door"}, "set", "one of the actuators"),
        ({**DOOR, "toggle": "fan"}, "set", "beside toggle"),
        ({**HOT, "until": 28}, "until", "a number less than above, found 28"),
        ({**HOT, "until": 28.5}, "until", "a number less than above, found 28.5"),
        ({"when": "air.temperature", "below": 5, "until": 4, "set": "fan"}, "until", "a number greater than below"),
        ({**HOT, "below": 5}, "below", "above or below, not both"),
        ({**HOT, "above": None}, "above", "a number, found null"),
        ({**HOT, "above": "28"}, "above", 'a number, found "28"'),
        ({**HOT, "above": 99}, "above", "what is measured, from -40 to 85 °C, found 99"),
        ({**HOT, "for": -1}, "for", "a whole number from 0 to 86400"),
        ({**HOT, "is": "ON"}, "is", "no such key, since what starts the rule is a quantity"),
        ({**DOOR, "above": 3}, "above", "no such key, since what starts the rule is an input"),
        ({**CLICK, "is": "duoble"}, "is", 'its events (click, double, long), found "duoble"; did you mean "double"?'),
        ({**CLICK, "is": "on"}, "is", 'expected ON, OFF or one of its events (click, double, long), found "on"'),
        ({**CLICK, "when": "latch"}, "is", 'ON, OFF or nothing else, since it tells no events, found "click"'),
        ({**CLICK, "when": "quick", "is": "double"}, "is", 'one of its events (click, long), found "double"'),
        ({**CLICK, "for": 3}, "for", "no such key, since what starts the rule is an event"),
        ({**DOOR, "is": "click", "else": "OFF"}, "else", "no such key, since what starts the rule is an event"),
        ({**CLICK, "when": "lamp"}, "when", "an actuator: rules that start rules could go round in a loop"),
        ({**MORNING, "else": "OFF"}, "else", "no such key, since what starts the rule is the time"),
        ({**MORNING, "toggle": "fan"}, "toggle", "no such key, since what starts the rule is the time"),
        ({**MORNING, "at": "24:00"}, "at", "a time of day from 00:00 to 23:59"),
        ({**MORNING, "at": "6:30"}, "at", "a time of day from 00:00 to 23:59"),
        ({**MORNING, "when": "door"}, "at", "when or at, not both"),
        ({**MORNING, "days": ["Mon"]}, "days[0]", 'did you mean "mon"?'),
        ({**MORNING, "days": []}, "days", "a list [ ] with at least one item"),
        ({"set": "fan"}, "when", "or instead of it at"),
        ({"at": "06:30"}, "set", "an actuator, found nothing"),
        ({**HOT, "to": "on"}, "to", 'ON or OFF, found "on"'),
        ({**HOT, "else": {"state": "OFF"}}, "else", "ON or OFF, found a table { }"),
        ({**HOT, "set": "lamp", "to": {"brightness": 300}}, "to", "300 is greater than the maximum of 255"),
        ({**HOT, "set": "lamp", "to": "bright"}, "to", "ON, OFF or a table"),
        ({**HOT, "set": "lamp", "to": '{"brightness": 20'}, "to", "ON, OFF or a sound table"),
    ],
)  # fmt: skip
def test_what_a_rule_cannot_mean_is_told(rule, key, told):
    found = faults(rule)
    assert told in found[f"[0].{key}"], found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (HOT, {**HOT, "to": "OFF", "else": "ON"}),
        (HOT, {**HOT, "above": 20, "until": 18}),  # at 22 falling: OFF by one, ON by the other
        (HOT, {"when": "air.temperature", "below": 30, "until": 31, "set": "fan", "to": "OFF"}),
        (HOT, {"when": "air.humidity", "above": 80, "until": 70, "set": "fan", "else": "OFF"}),
        (HOT, {**DOOR, "else": "OFF"}),
        (DOOR, {**DOOR, "to": "OFF"}),
        (DOOR, {"when": "door", "toggle": "fan"}),
        ({"when": "door", "toggle": "fan"}, {"when": "door", "toggle": "fan"}),
        (CLICK, {**CLICK}),
        (CLICK, {"when": "door", "is": "click", "set": "lamp"}),
        ({**DOOR, "is": "long"}, {**DOOR, "is": "long", "to": "OFF"}),
        (MORNING, {**MORNING, "to": "OFF"}),
        ({**MORNING, "days": ["mon", "tue"]}, {**MORNING, "to": "OFF", "days": ["sun", "tue"]}),
    ],
)
def test_two_rules_that_contradict_each_other_are_a_fault_of_the_second(one, other):
    found = faults(one, other)
    assert len(found) == 1
    assert "expected no contradiction of rules[0], found " in found["[1].toggle" if "toggle" in other else "[1].set"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (HOT, HOT),
        (HOT, {**HOT, "set": "lamp", "to": "OFF", "else": "ON"}),
        (HOT, {"when": "air.temperature", "below": 5, "until": 6, "set": "fan", "to": "OFF"}),
        ({**HOT, "else": None}, {"when": "air.humidity", "above": 80, "until": 70, "set": "fan"}),
        (HOT, DOOR),  # a person's wish, until the condition turns
        (DOOR, {**DOOR, "to": "OFF", "for": 3}),  # pressed for long
        (DOOR, {**DOOR, "is": "OFF", "to": "OFF"}),
        ({**DOOR, "is": "click"}, {**DOOR, "is": "long", "to": "OFF"}),
        (CLICK, {**CLICK, "is": "long"}),
        (HOT, {**DOOR, "is": "click", "to": "OFF"}),  # a wish as well
        (HOT, {**MORNING, "to": "OFF"}),
        ({**MORNING, "days": ["mon"]}, {**MORNING, "to": "OFF", "days": ["tue"]}),
    ],
)
def test_rules_that_agree_or_speak_at_other_times_are_none(one, other):
    rules = [{key: value for key, value in rule.items() if value is not None} for rule in (one, other)]
    assert faults(*rules) == {}


def test_a_faulty_part_does_not_make_its_rules_wrong():
    assert set(faults(HOT, sensors=[{"type": "bme820", "id": "air", "scl": 22, "sda": 21}])) == {"sensors[0].type"}
    assert set(faults({**HOT, "for": "5 min"}, HOT)) == {"[0].for"}


def test_a_node_that_sleeps_keeps_no_rules():
    assert (
        faults(HOT, sleep={"seconds": 60})["sleep"]
        == "expected no deep sleep, since there are rules, found a table { }"
    )


def test_what_is_never_switched_back_is_noted():
    once = {key: value for key, value in HOT.items() if key != "else"}
    assert any('no rule switches fan back; `else` would, "else": "OFF"' in note for note in report(once).notes)
    note = "rules[0]: no rule switches fan back; `toggle` instead of `set` would"
    assert note in report({**DOOR, "is": "click"}).notes
    for rules in ([HOT], [once, {**MORNING, "to": "OFF"}], [MORNING], [CLICK]):
        assert not any("back" in note for note in report(*rules).notes)


# The zone of schedules


def test_a_zone_is_told_by_the_name_people_know_it_by():
    found = faults(MORNING, time={"zone": "Europe/Berlin"})
    assert found["time.zone"].endswith('found "Europe/Berlin"; did you mean "CET-1CEST,M3.5.0,M10.5.0/3"?')
    assert faults(MORNING, time={"zone": "CET-1CEST,M3.5.0,M10.5.0/3"}) == {}
    assert "did you mean" not in faults(MORNING, time={"zone": "Europe/Nowhere"})["time.zone"]


def test_a_zone_and_an_offset_contradict_each_other():
    found = faults(MORNING, time={"zone": "EST5", "utc_offset": 60})
    assert found["time.utc_offset"] == "expected nothing, since there is a time.zone, found 60"


def test_a_schedule_without_a_zone_is_noted():
    note = "rules[0].at is in UTC: name the zone, with the key `time.zone`"
    assert note in report(MORNING).notes
    for when in ({"zone": "EST5"}, {"utc_offset": 60}):
        assert note not in report(MORNING, time=when).notes


def test_what_a_cover_and_a_servo_are_told_is_what_they_obey():
    actuators = [
        {"type": "cover", "id": "blind", "opens": 25, "closes": 26},
        {"type": "servo", "id": "flap", "pin": 14},
    ]

    def told(**rule) -> dict[str, str]:
        return faults({"when": "latch", **rule}, actuators=actuators)

    for good in ({"set": "blind", "to": "OPEN"}, {"set": "blind", "to": {"position": 30}}, {"set": "flap", "to": "45"}):
        assert told(**good) == {}
    for bad, expected in (
        ({"set": "blind"}, "OPEN, CLOSE, STOP or a table { }, found nothing, which is ON"),
        ({"set": "blind", "to": "UP"}, 'OPEN, CLOSE, STOP or a table { }, found "UP"'),
        ({"set": "flap", "to": "181"}, 'a number from 0 to 180 in quotes, such as "180", found "181"'),
    ):
        assert expected in told(**bad)["[0].to"]
    assert "an actuator that is ON or OFF" in told(toggle="blind")["[0].toggle"]
    notes = report({"when": "latch", "set": "flap", "to": "45"}, actuators=actuators).notes
    assert not [note for note in notes if "switches" in note]
