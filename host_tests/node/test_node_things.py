"""Actuators and inputs of a whole station: the compiled firmware, a real broker, an independent subscriber."""

import copy
import json

import pytest
from roof import config
from support import wait_for
from witness import Witness

RELAY, LAMP, BELL = "ha/roof/relay", "ha/roof/lamp", "ha/roof/bell"
THINGS = {
    "actuators": [
        {"type": "relay", "pin": 25},
        {"type": "dimmer", "id": "lamp", "pin": 26, "fade": 0, "gamma": 100, "minimum": 0},
    ],
    "inputs": [{"type": "button", "id": "bell", "pin": 27}],
}


def lamp(state: str, brightness: int, **more) -> str:
    return json.dumps({"state": state, "brightness": brightness, **more}, separators=(",", ":"))


def becomes(witness, topic: str, text: str, timeout: float = 30):
    """Until the last message on the topic is this one."""
    wait_for(lambda: witness.texts(topic)[-1:] == [text], f"{text} on {topic}: {witness.texts(topic)}", timeout)


def obeys(witness, topic: str, command: str, answer: str):
    """Gives a command; the next message on the topic is its answer."""
    before = len(witness.texts(topic))
    witness.say(topic + "/set", command)
    wait_for(lambda: len(witness.texts(topic)) > before, f"an answer on {topic}", 30)
    assert witness.texts(topic)[before] == answer


@pytest.fixture
def house(station, witness):
    """A running station with a relay at 25, a lamp at 26, a button at 27; its states are with the broker."""

    def make(changes=None, **options):
        board = station({**copy.deepcopy(THINGS), **(changes or {})}, **options)
        witness.first(BELL)
        return board

    return make


def test_first_states_are_published_and_nothing_more(house, witness):
    house()
    witness.wait("ha/temperature", more=2)
    assert witness.texts(RELAY) == ["OFF"]
    assert witness.texts(LAMP) == [lamp("OFF", 255)]
    assert witness.texts(BELL) == ["OFF"]


def test_a_switch_obeys_and_reports(house, witness):
    board = house()
    assert board.pin(25).value == 0
    for text, level in (("ON", 1), ("OFF", 0), ("OFF", 0)):
        obeys(witness, RELAY, text, text)
        assert board.pin(25).value == level


FAILS_ONCE_SWITCHED_ON = """
import machine, node.station
turn, relay = node.station.Station.turn, machine.Pin(25)

def fails(station):
    turn(station)
    if relay.value():
        raise RuntimeError("of a test")

node.station.Station.turn = fails
from node.app import main

main()
"""


def test_a_fault_of_the_firmware_leaves_nothing_switched_on_until_the_restart(house, witness):
    board = house(main=FAILS_ONCE_SWITCHED_ON)
    witness.say(RELAY + "/set", "ON")
    board.wait_line("restarts in 10 s after a fault of its own")
    wait_for(lambda: board.pin(25).value == 0, "the relay off", 5)
    assert len(board.boots) == 1, "before the restart"


def test_a_light_obeys_and_reports(house, witness):
    board = house()
    assert board.pin(26).duty == 0
    obeys(witness, LAMP, lamp("ON", 128), lamp("ON", 128))
    assert board.pin(26).duty == pytest.approx(128 / 255, abs=0.01)
    assert board.pin(26).frequency == 1000
    obeys(witness, LAMP, '{"state":"OFF"}', lamp("OFF", 128))
    assert board.pin(26).duty == 0


def test_a_light_fades_while_the_station_lives_on(house, witness):
    board = house()
    seen = []
    obeys(witness, LAMP, lamp("ON", 255, transition=3), lamp("ON", 255))  # the state is where it goes
    obeys(witness, RELAY, "ON", "ON")
    assert board.pin(26).duty < 0.9, "another command is obeyed meanwhile"

    def full() -> bool:
        seen.append(board.pin(26).duty)
        return seen[-1] == 1.0

    wait_for(full, "the lamp to be lit")
    assert seen == sorted(seen)
    assert len(set(seen)) > 10
    assert len(witness.texts(LAMP)) == 2, "a fade is one message"


def test_a_button_reports_what_it_is(house, witness):
    board = house()
    for level, text in ((0, "ON"), (1, "OFF"), (0, "ON")):
        board.pin(27).drive(level)
        becomes(witness, BELL, text)
    assert witness.texts(BELL) == ["OFF", "ON", "OFF", "ON"]


def test_a_bad_command_is_answered_in_the_log_and_changes_nothing(house, witness):
    board = house()
    witness.say(RELAY + "/set", "up")
    board.wait_line('warn  relay: expected ON or OFF, found "up"; nothing has changed')
    becomes(witness, "ha/roof/log", 'warn relay: expected ON or OFF, found "up"; nothing has changed')
    witness.say(LAMP + "/set", lamp("ON", 300))
    board.wait_line("warn  lamp: brightness: expected a number from 0 to 255")
    witness.say(LAMP + "/set", lamp("ON", 20)[:-3])
    board.wait_line("warn  lamp: ")
    witness.wait("ha/temperature", more=2)
    assert (board.pin(25).value, board.pin(26).duty) == (0, 0.0)
    assert (len(witness.texts(RELAY)), len(witness.texts(LAMP))) == (1, 1)


def test_a_retained_command_is_ignored_with_a_warning(station, witness):
    witness.say(RELAY + "/set", "ON", retain=True)
    board = station(THINGS)
    board.wait_line("warn  relay: a retained command is ignored")
    witness.first(RELAY)
    assert board.pin(25).value == 0
    obeys(witness, RELAY, "ON", "ON")


def test_the_state_after_a_loss_of_power_is_the_one_configured_and_told_again(house, witness):
    board = house({"actuators.0.boot": "on", "actuators.0.active_low": True})
    assert (witness.texts(RELAY), board.pin(25).value) == (["ON"], 0)
    obeys(witness, RELAY, "OFF", "OFF")
    obeys(witness, LAMP, "ON", lamp("ON", 255))
    board.power_cycle()
    becomes(witness, RELAY, "ON")
    becomes(witness, LAMP, lamp("OFF", 255))
    assert (board.pin(25).value, board.pin(26).duty) == (0, 0.0)


def test_a_late_subscriber_sees_the_states(house, witness, mosquitto):
    house()
    obeys(witness, RELAY, "ON", "ON")
    with Witness(mosquitto) as late:
        assert late.first(RELAY) == "ON"
        assert late.first(LAMP) == lamp("OFF", 255)
        assert {(RELAY, "ON", True), (BELL, "OFF", True)} <= set(late.messages)


def test_what_changed_during_an_outage_is_told_after_it(house, witness):
    board = house()
    board.net.freeze()
    board.wait_line("warn  broker", timeout=60)
    board.pin(27).drive(0)
    board.net.thaw()
    becomes(witness, BELL, "ON", timeout=60)
    obeys(witness, RELAY, "ON", "ON")


def test_a_broker_that_forgot_everything_is_told_again(station, mosquitto_factory):
    broker = mosquitto_factory()
    board = station({**THINGS, "broker.port": broker.port})
    with Witness(broker) as first:
        first.first(BELL)
    broker.stop()
    board.wait_line("warn  broker", timeout=60)
    broker.start()
    with Witness(broker) as second:
        assert second.first(BELL) == "OFF"
        assert second.first(RELAY) == "OFF"


def test_a_shutdown_leaves_the_outputs_safe(house, witness):
    board = house()
    obeys(witness, RELAY, "ON", "ON")
    obeys(witness, LAMP, "ON", lamp("ON", 255))
    board.interrupt()
    becomes(witness, "ha/roof/status", "offline")
    assert (board.pin(25).value, board.pin(26).duty) == (0, 0.0)
    assert (witness.texts(RELAY)[-1], witness.texts(LAMP)[-1]) == ("OFF", lamp("OFF", 255))


def test_a_pin_the_chip_does_not_have_is_named(station):
    board = station({"actuators": [{"type": "relay", "pin": 999}]})
    board.wait_line("error config.json: actuators[0].pin: this chip has no pin 999 for output")


def test_a_node_without_sensors_switches(station, witness, mosquitto):
    settings = config(mosquitto, copy.deepcopy(THINGS))
    del settings["sensors"]
    board = station(text=json.dumps(settings))
    witness.first(BELL)
    obeys(witness, RELAY, "ON", "ON")
    assert board.pin(25).value == 1


MOVERS = [
    {"type": "relay", "id": "pump", "pin": 25, "auto_off": 1},
    {"type": "fan", "id": "wind", "pin": 26, "safe": 30},
    {"type": "servo", "id": "flap", "pin": 14},
    {"type": "cover", "id": "blind", "opens": 32, "closes": 33, "open_time": 1, "close_time": 1, "beyond": 200},
]


def test_a_fan_a_servo_and_a_cover_obey_and_report_and_a_pump_goes_off_by_itself(station, witness):
    board = station({"actuators": MOVERS, "watchdog": 0})  # with one, Ctrl-C ends in a reset
    witness.first("ha/roof/blind")
    obeys(witness, "ha/roof/wind", '{"percentage":40}', '{"state":"ON","percentage":40}')
    obeys(witness, "ha/roof/flap", "45", "45")
    wait_for(lambda: board.pin(14).duty == 0, "the servo to be let go")
    witness.say("ha/roof/pump/set", "ON")
    wait_for(lambda: witness.texts("ha/roof/pump")[-2:] == ["ON", "OFF"], "the pump to go on, and off by itself")
    obeys(witness, "ha/roof/blind", "OPEN", '{"state":"opening","position":100}')
    assert (board.pin(32).value, board.pin(33).value) == (1, 0)
    becomes(witness, "ha/roof/blind", '{"state":"open","position":100}')
    assert (board.pin(32).value, board.pin(33).value) == (0, 0)
    witness.say("ha/roof/blind/set", "UP")
    wait_for(lambda: any("expected OPEN, CLOSE, STOP" in text for text in witness.texts("ha/roof/log")), "a refusal")
    board.interrupt()
    becomes(witness, "ha/roof/wind", '{"state":"ON","percentage":30}')
    assert board.pin(26).duty == pytest.approx(0.44, abs=0.01)


def test_a_strip_of_leds_obeys_as_home_assistant_commands_it_and_shines(station, witness):
    from girouette.simboard.parts import models

    leds = models()["strip"](pin=26, count=60)
    strip = "ha/roof/strip"
    station({"actuators": [{"type": "strip", "pin": 26, "fade": 0, "gamma": 100}]}, sensors=[leds])
    witness.first(strip)
    rest = '"color_mode":"rgb","brightness":255,"color":{"r":255,"g":0,"b":8},"effect":'
    obeys(witness, strip, '{"state":"ON","color":{"r":255,"g":0,"b":8}}', f'{{"state":"ON",{rest}"off"}}')
    wait_for(lambda: leds.colors == [(255, 0, 8)] * 60, "one colour")
    obeys(witness, strip, '{"state":"ON","effect":"rainbow"}', f'{{"state":"ON",{rest}"rainbow"}}')
    wait_for(lambda: len(set(leds.colors)) > 50, "all hues")
    obeys(witness, strip, '{"state":"OFF"}', f'{{"state":"OFF",{rest}"rainbow"}}')
    wait_for(lambda: leds.colors == [(0, 0, 0)] * 60, "darkness")
