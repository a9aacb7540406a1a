"""A node with a `seal`: all it says but its presence is sealed, and it obeys only what opens."""

import json
import re
import shlex
import subprocess
import sys

import pytest
from girouette.paths import ROOT
from girouette.simboard import NtpServer
from girouette.toolchain import mosquitto_client
from leanmqtt.seal import Sealer
from roof import config
from sealing import KEY, OTHER, STATUS, Reader
from support import wait_for
from test_node_inputs import press
from test_node_memory import number

FAN, SET, LOG, TEMPERATURE = "ha/roof/fan", "ha/roof/fan/set", "ha/roof/log", "ha/temperature"
PARTS = {
    "actuators": [{"type": "relay", "id": "fan", "pin": 25}],
    "inputs": [{"type": "button", "id": "bell", "pin": 27}],
}


@pytest.fixture
def reader(mosquitto, tmp_path):
    with Reader(mosquitto, tmp_path) as made:
        yield made


@pytest.fixture
def node(station, reader):
    """A running node with a fan at 25 and a button at 27, its key in secrets.json; keywords are those of `station`."""

    def make(changes=None, **options):
        board = station({**PARTS, **(changes or {})}, secrets={"seal": KEY}, **{"heap": "128k", **options})
        reader.first(TEMPERATURE)
        return board

    return make


def log(reader, text: str, timeout: float = 20):
    wait_for(lambda: any(text in line for line in reader.texts(LOG)), f"{text!r}: {reader.texts(LOG)}", timeout)


def test_all_it_says_opens_and_only_its_presence_is_plain(node, reader):
    board = node({"diagnostics": 2, "log": {"topic": "info"}})
    press(board)
    for topic in (FAN, "ha/roof/bell", "ha/roof/bell/event", "ha/roof/diagnostics", LOG, "ha/pressure"):
        reader.first(topic)
    assert reader.first(STATUS) == "online"
    reader.tell("ha/roof/cmd/restart", "")
    board.wait_boot("hard")
    wait_for(lambda: reader.texts(STATUS) == ["online", "offline", "online"], "its second life")
    reader.wait(TEMPERATURE)
    assert set(reader.plain) == {STATUS} and not reader.refused
    assert len(reader.values(TEMPERATURE)) >= 2, "of each life"
    assert not any(b"event_type" in payload or b"uptime" in payload for _, payload in reader.raw)


def test_girouette_opens_what_it_says_and_seals_what_it_obeys(node, reader, tmp_path):
    def girouette(*args: str, data: bytes = b"") -> bytes:
        command = [sys.executable, "-m", "girouette.cli", *args]
        return subprocess.run(command, input=data, capture_output=True, cwd=tmp_path, timeout=60, check=True).stdout

    board = node()
    (tmp_path / "secrets.json").write_text((board.firmware / "secrets.json").read_text())
    payload = next(payload for topic, payload in reader.raw if topic == TEMPERATURE)
    assert girouette("open", TEMPERATURE, data=payload).decode() == reader.texts(TEMPERATURE)[0]
    reader.put(SET, girouette("seal", SET, "ON"))
    reader.wait(FAN, "ON")
    assert board.pin(25).value == 1


def test_the_commands_of_the_page_give_what_it_shows(node, reader, mosquitto, tmp_path):
    page = (ROOT / "docs" / "seal.md").read_text()
    block = re.search(r"```console\n(\$ mosquitto_sub.*?)```", page, re.DOTALL)[1]
    board = node()
    (tmp_path / "secrets.json").write_text((board.firmware / "secrets.json").read_text())
    girouette = shlex.join([sys.executable, "-m", "girouette.cli"])
    waiting, said = None, ""
    for line in block.splitlines():
        if not line.startswith("$ "):
            shown = waiting.communicate(timeout=30)[0] if waiting else said
            assert shown.strip() == line or (float(shown) and float(line))
            waiting = None
            continue
        line = line[2:].replace("192.168.1.10", f"{mosquitto.host} -p {mosquitto.port}").replace("girouette", girouette)
        for tool in ("mosquitto_sub", "mosquitto_pub"):
            line = line.replace(tool, mosquitto_client(tool))
        subscribed = mosquitto.log_text().count("Sending SUBACK")
        process = subprocess.Popen(line.rstrip("& "), shell=True, cwd=tmp_path, text=True, stdout=subprocess.PIPE)
        if line.endswith("&"):
            waiting = process
            wait_for(lambda n=subscribed: mosquitto.log_text().count("Sending SUBACK") > n, "the listener")
        else:
            said = process.communicate(timeout=30)[0]
    assert board.pin(25).value == 1


def test_what_does_not_open_is_refused_with_its_topic_and_the_reason(node, reader, tmp_path):
    board = node()
    other = Sealer(OTHER, str(tmp_path / "other"), node=False)
    itself = Sealer(KEY, str(tmp_path / "itself"))
    for payload, why in (
        (b"ON", "this is no sealed payload"),
        (other.seal(SET, "ON"), "the seal is broken"),
        (reader.sealed("ha/roof/lamp/set", "ON"), "the seal is broken"),
        (itself.seal(SET, "ON"), "the seal is broken"),
        (b"", "this is no sealed payload"),
    ):
        reader.put(SET, payload)
        board.wait_line(f"warn  seal: {SET} is refused: {why}")
    reader.put("ha/roof/cmd/restart", b"")
    log(reader, "warn seal: ha/roof/cmd/restart is refused: this is no sealed payload")
    assert board.pin(25).value == 0 and set(reader.texts(FAN)) == {"OFF"}
    reader.tell(SET, "ON")
    reader.wait(FAN, "ON")
    assert board.boots == ["power on"]


def test_a_recorded_command_is_refused_also_after_a_reset(node, reader):
    board = node()
    first = reader.tell(SET, "ON")
    reader.wait(FAN, "ON")
    reader.tell(SET, "OFF")
    reader.wait(FAN, "OFF")
    reader.put(SET, first)
    log(reader, f"warn seal: {SET} is refused: a replay")
    states = len(reader.texts(FAN))
    board.reset()
    wait_for(lambda: len(reader.texts(FAN)) > states and reader.texts(STATUS)[-1] == "online", "its second life")
    came = len(reader.texts(LOG))
    reader.put(SET, first)
    wait_for(lambda: any("a replay" in line for line in reader.texts(LOG)[came:]), "the refusal")
    assert board.pin(25).value == 0
    assert not reader.refused, "its own counters went on"


def test_a_retained_command_is_ignored_and_costs_no_flash(node, reader):
    reader.tell(SET, "ON", retain=True)
    reader.tell("ha/roof/cmd/restart", "", retain=True)
    board = node()
    log(reader, "warn fan: a retained command is ignored")
    reader.wait(TEMPERATURE, more=2)
    assert board.pin(25).value == 0 and board.boots == ["power on"]
    assert sorted(path.name.split(".")[1] for path in board.firmware.glob("seal-*")) == ["0"], "of the readings alone"


def test_a_command_may_be_as_long_as_without_a_seal(node, reader):
    node()
    reader.tell(SET, "x" * 230)
    log(reader, 'found "xxxx')


@pytest.mark.parametrize("size", [0, 6000])
def test_a_new_configuration_comes_sealed_in_pieces(node, reader, mosquitto, size):
    board = node()
    text = json.dumps(config(mosquitto, {**PARTS, "topics": {"pressure": "new/pressure"}})) + " " * size
    reader.put("ha/roof/cmd/config", text)
    log(reader, "warn seal: ha/roof/cmd/config is refused: this is no sealed payload")
    reader.tell("ha/roof/cmd/config", text)
    log(reader, "info config: the new configuration works and is kept", timeout=30)
    reader.wait("new/pressure")
    assert (board.firmware / "config.json").read_text() == text
    assert board.boots == ["power on", "hard"] and not reader.refused


def test_a_message_there_is_no_room_for_is_refused_and_others_are_not(node, reader):
    board = node()
    reader.tell("ha/roof/cmd/config", " " * 60_000)
    log(reader, "warn seal: ha/roof/cmd/config is refused: no room in memory for 600")
    reader.tell(SET, "ON")
    reader.wait(FAN, "ON")
    assert board.boots == ["power on"]


def test_a_rule_acts_on_its_own_and_the_state_is_sealed(node, reader):
    board = node({"rules": [{"when": "bme280.temperature", "above": 28, "until": 26, "set": "fan"}]})
    board.weather.set(temperature=31.0)
    reader.wait(FAN, "ON")


def test_with_discovery_the_node_names_the_fault_and_its_cure(station):
    for word in ("homeassistant", "homie"):
        board = station({"discovery": word}, secrets={"seal": KEY})
        board.wait_line(
            "error config.json: discovery: expected nothing, since there is a seal, which nobody else can open:"
            f' leave out one of the two, found "{word}"'
        )


def test_a_board_that_cannot_encrypt_says_so(station, mosquitto):
    files = {"config.json": json.dumps(config(mosquitto, {"seal": KEY})), "cryptolib.py": "raise ImportError"}
    board = station(files=files)
    board.wait_line("error config.json: seal: the MicroPython of this board has no cryptolib, so it cannot encrypt")


@pytest.mark.parametrize("key", [KEY[1:], KEY + "0", "g" + KEY[1:], "", 5, None])
def test_a_bad_key_is_named_and_not_shown(station, key):
    board = station(secrets={"seal": key})
    line = board.wait_line("error config.json: seal: expected 64 hex digits, found ")
    assert "5ea1" not in line


def test_its_key_appears_in_nothing_that_is_printed_or_published(station, mosquitto, tmp_path):
    with Reader(mosquitto, tmp_path) as reader:
        changes = {**PARTS, "seal": KEY, "diagnostics": 1, "log": {"level": "debug", "topic": "debug", "lines": 50}}
        board = station(changes, heap="128k")
        reader.first("ha/roof/diagnostics")
        for payload in (b"ON", Sealer(OTHER, str(tmp_path / "o"), node=False).seal(SET, "ON")):
            reader.put(SET, payload)
        reader.tell("ha/roof/cmd/config", json.dumps({"seal": KEY[:-1]}))
        log(reader, "seal: expected 64 hex digits")
        reader.tell("ha/roof/cmd/reload", "")
        board.wait_boot("hard")
        reader.wait("ha/roof/diagnostics")
        everything = "\n".join([*board.lines, *(f"{topic} {text}" for topic, text, _ in reader.messages)])
    assert KEY[:16] not in everything and bytes.fromhex(KEY)[:8] not in b"".join(raw for _, raw in reader.raw)


def test_it_lives_in_a_heap_of_112_kb(station, reader):
    changes = {"actuators": PARTS["actuators"], "payload": "json"}
    board = station(changes, secrets={"seal": KEY}, heap="112k", ntp=NtpServer())
    reader.first(TEMPERATURE)
    reader.first(FAN)
    for state in ("ON", "OFF", "ON"):
        reader.tell(SET, state)
        reader.wait(FAN, state)
    reader.wait(TEMPERATURE, more=20, timeout=60)
    reader.first("ha/roof/diagnostics")
    assert not any("memory" in line.lower() for line in board.lines), "\n".join(board.lines)
    assert board.boots == ["power on"] and not reader.refused


METER = """
import gc
from node import app
from node.station import Station
turn, count = Station.turn, 0
def metered(self):
    global count
    turn(self)
    count += 1
    if count % 20 == 0:
        gc.collect()
        print("heap", gc.mem_alloc())
Station.turn = metered
app.main()
"""


def test_what_it_seals_and_opens_leaves_nothing_in_the_heap(node, reader):
    board = node({"diagnostics": 0}, main=METER, heap="256k")

    def life() -> int:
        for state in ("ON", "OFF"):
            reader.tell(SET, state)
            reader.wait(FAN, state)
            reader.put(SET, state)
        reader.wait(TEMPERATURE, more=3)
        return min(number(board.wait_line("heap"), "heap") for _ in range(4))

    life()
    lives = [life() for _ in range(4)]
    assert max(lives) - lives[0] < 100, "one object kept of each message would be more: a life has a dozen"


def test_damaged_files_cost_the_commands_and_not_the_readings(node, reader, mosquitto, tmp_path):
    board = node()
    reader.tell(SET, "ON")
    reader.wait(FAN, "ON")
    board.power_off()
    for end in "01":
        next(board.firmware.glob("seal-*.0")).with_suffix(f".{end}").write_bytes(b"x" * 40)
    with Reader(mosquitto, tmp_path, again=True) as again:
        board.power_on()
        board.wait_line("are damaged or of another key: remove both to begin anew, at both ends; nothing opens until")
        again.wait(TEMPERATURE, more=2)
        reader.tell(SET, "ON")
        wait_for(lambda: any(f"{SET} is refused: seal-" in line for line in again.texts(LOG)), "the refusal")
        assert again.texts(FAN)[-1] == "OFF"


def test_flash_that_cannot_be_written_is_told_and_ends_nothing(station, reader):
    blocked = """
import os
from hashlib import sha256
for end in (".0", ".1"):
    os.mkdir("seal-" + sha256(b"%s").digest()[:4].hex() + end)
from node.app import main
main()
"""
    board = station(secrets={"seal": KEY}, main=blocked % KEY)
    board.wait_line("warn  seal: no counter can be reserved")
    board.wait_line("warn  bme280: no room in the outbox")
    for path in board.firmware.glob("seal-*"):
        path.rmdir()
    reader.wait(TEMPERATURE, more=2)
    board.wait_line("info  seal: works again")
    assert board.boots == ["power on"]


def test_another_key_begins_with_files_of_its_own(node, reader):
    board = node()
    board.power_off()
    (board.firmware / "secrets.json").write_text(json.dumps({"seal": OTHER}))
    board.power_on()
    wait_for(lambda: TEMPERATURE in reader.refused, "a reading under the other key")
    board.power_off()
    (board.firmware / "secrets.json").write_text(json.dumps({"seal": KEY}))
    board.power_on()
    reader.wait(STATUS, "online")
    came = len(reader.refused)
    reader.wait(TEMPERATURE, more=2)
    assert reader.refused[came:] == [], "the counters of the first key went on"


def test_what_an_earlier_configuration_announced_is_cleared(station, reader, mosquitto):
    topic = "homeassistant/device/246f28000001/config"
    reader.put(topic, b"{}", retain=True)
    files = {
        "config.json": json.dumps(config(mosquitto, {})),
        "secrets.json": json.dumps({"seal": KEY}),
        "announced": f"homeassistant {topic}\nsensor x",
    }
    board = station(files=files)
    wait_for(lambda: (topic, b"") in reader.raw, "an empty payload", 30)
    wait_for(lambda: not (board.firmware / "announced").exists(), "the list to be removed")
    reader.wait(TEMPERATURE, more=2)
    assert not reader.refused
