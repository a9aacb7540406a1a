"""A whole station on the simulated board that speaks MQTT 5, with a real mosquitto."""

import json

import paho.mqtt.client as paho
import pytest
from elder import Elder
from girouette import firmware
from remote import Remote
from sealing import KEY, STATUS
from sealing import Reader as Opener
from support import closing, free_port, wait_for
from support.certificates import Authority
from witness import Witness

TEMPERATURE = "ha/temperature"
FIVE = {"broker.version": 5}
WEEK = 604_800


@pytest.fixture
def five(station):
    """As `station`, with MQTT 5, in a heap that has room for it."""

    def make(changes=None, **options):
        return station({**FIVE, **(changes or {})}, **{"heap": "144k", **options})

    return make


@pytest.fixture
def elder():
    """elder(broker, knows=(4,)): see Elder."""
    yield from closing(Elder)


@pytest.fixture
def lasting(mosquitto_factory, tmp_path):
    """A broker that keeps sessions across its restart."""
    return mosquitto_factory(persistence_dir=tmp_path)


def spoken(broker) -> list[str]:
    """The versions of the node's connections, as the broker saw them: p2 is 3.1.1, p5 is 5."""
    lines = [line for line in broker.log_text().splitlines() if " as roof-" in line and "(p" in line]
    return [line.split("(")[1].split(",")[0] for line in lines]


def sound(board) -> bool:
    return not [line for line in board.lines if "Traceback" in line or "MemoryError" in line or "warn" in line]


def test_a_station_reads_obeys_and_introduces_itself(five, mosquitto, witness, remote):
    more = {"discovery": "homeassistant", "topics": {"template": "ha/{quantity}"}}
    relay = {"actuators": [{"type": "relay", "pin": 25, "id": "pump"}]}
    board = five({**more, **relay})
    assert set(json.loads(witness.first("homeassistant/device/246f28000001/config"))["cmps"]) > {"pump"}
    witness.wait(TEMPERATURE, more=2)
    witness.say("ha/roof/pump/set", "ON")
    witness.wait("ha/roof/pump", "ON")
    remote.ask("interval", "bme280 2", "every 2 s")
    board.power_off()
    witness.wait("ha/roof/status", "offline")
    assert spoken(mosquitto) == ["p5"] and sound(board)


def test_over_tls(five, mosquitto_factory, tmp_path):
    authority = Authority(tmp_path)
    authority.sign("server")
    port = free_port()
    broker = mosquitto_factory(extra=f"listener {port} 127.0.0.1\n{authority.listens('server')}")
    tls = {"broker.port": port, "broker.tls": {"ca": authority.path("ca.pem").read_text(), "hostname": "localhost"}}
    with Witness(broker) as witness:
        five(tls).wait_line("broker: connected to")
        witness.wait(TEMPERATURE)
    assert spoken(broker) == ["p5"]


def test_sealed(five, mosquitto, tmp_path):
    with Opener(mosquitto, tmp_path) as other:
        board = five({"seal": KEY, "broker.expiry": 60})
        other.wait(TEMPERATURE, more=2)
        other.tell("ha/roof/cmd/interval", "bme280 3")
        wait_for(lambda: "every 3 s" in "".join(other.texts("ha/roof/log")), "the answer")
    assert {*other.plain} == {STATUS} and not other.refused and sound(board)


# The session


def test_the_broker_is_told_for_how_long_it_keeps_the_session(five, mosquitto, elder):
    between = elder(mosquitto, knows=(5,))
    for changes, told in (
        ({"broker.persistent": True}, WEEK),
        ({"store": True, "broker.session_expiry": 3600}, 3600),
        ({"sleep": {"seconds": 60}, "broker.session_expiry": 90_000}, 90_000),
        ({}, None),
    ):
        board = five({"broker.port": between.port, **changes})
        wait_for(lambda: between.hellos, "the node to connect")
        hello = between.hellos[0]
        assert (hello.version, hello.faults, hello.about["clean"]) == (5, [], not told)
        assert hello.about["properties"].get("session_expiry_interval") == told
        board.close()
        between.hellos.clear()


def test_a_session_ends_at_the_broker_when_its_time_is_over(five, mosquitto):
    board = five({"broker.persistent": True, "broker.session_expiry": 1})
    board.wait_line("broker: connected to")
    board.power_off()
    wait_for(lambda: "Expiring client roof-" in mosquitto.log_text(), "the session to end")


@pytest.mark.parametrize("keeps", [{"broker.persistent": True}, {"store": True}], ids=["persistent", "store"])
def test_what_was_said_while_the_power_was_off_is_heard(five, witness, remote, keeps):
    board = five(keeps)
    witness.wait(TEMPERATURE)
    witness.first("ha/roof/diagnostics")
    board.power_off()
    witness.wait("ha/roof/status", "offline")
    remote.send("interval", "bme280 3")
    board.power_on()
    remote.answer("every 3 s")
    assert sound(board)


def test_a_session_outlives_a_restart_of_the_broker_and_of_the_node(five, lasting):
    with Witness(lasting) as witness:
        board = five({"store": True, "broker.port": lasting.port})
        witness.wait(TEMPERATURE)
        witness.first("ha/roof/diagnostics")
        board.power_off()
        witness.wait("ha/roof/status", "offline")
        Remote(lasting, witness).send("interval", "bme280 3")
        lasting.restart()
        wait_for(lambda: witness.connected, "the witness to be back")
        board.power_on()
        Remote(lasting, witness).answer("every 3 s")
        assert sound(board)


def test_a_command_sent_while_the_node_sleeps_is_there_at_its_next_delivery(five, witness, remote):
    board = five({"sleep": {"seconds": 1}})
    witness.wait("ha/roof/wake", more=2)
    assert "deep sleep" in board.boots
    board.power_off()
    remote.send("log", "debug")
    board.power_on()
    remote.answer("debug")
    assert sound(board)


# What the broker refuses


@pytest.mark.parametrize("more", [{}, {"sleep": {"seconds": 1}}], ids=["awake", "asleep"])
def test_a_reading_that_the_broker_does_not_take_is_told_once_and_costs_no_other(
    five, mosquitto_factory, tmp_path, more
):
    acl = tmp_path / "acl"
    acl.write_text("topic readwrite ha/#\ntopic deny ha/humidity\n")
    acl.chmod(0o600)
    broker = mosquitto_factory(extra=f"acl_file {acl}")
    with Witness(broker) as witness:
        board = five({"broker.port": broker.port, **more})
        told = board.wait_line("broker: refuses")
        assert told.endswith(
            "warn  broker: refuses some of what this node publishes: "
            "not authorised: check the account and the broker's rules (0x87)"
        )
        witness.wait(TEMPERATURE, more=3)
        lives = len(board.boots)
        assert len([line for line in board.lines if "refuses" in line]) <= lives
        assert not witness.texts("ha/humidity")


# The version


@pytest.mark.parametrize("more", [{}, {"sleep": {"seconds": 1}}], ids=["awake", "asleep"])
def test_a_broker_that_knows_3_1_1_only_is_spoken_to_in_that(five, mosquitto, elder, witness, more):
    between = elder(mosquitto)
    changes = {"broker.version": [5, 4], "broker.expiry": 3600, "broker.port": between.port, **more}
    board = five(changes)
    witness.wait(TEMPERATURE, more=2)
    assert [hello.version for hello in between.hellos[:2]] == [5, 4]
    assert set(spoken(mosquitto)) == {"p2"} and sound(board)


def test_without_leave_to_fall_back_it_says_what_is_wrong(five, mosquitto, elder):
    board = five({"broker.port": elder(mosquitto).port})
    assert "version" in board.wait_line("warn  broker: ")
    assert not spoken(mosquitto)


def test_a_fall_back_goes_with_no_store(station):
    board = station({"broker.version": [5, 4], "store": True})
    board.wait_line("broker.version: expected 4 or 5, since there is a store")


def test_a_firmware_without_mqtt_5_says_so(station, tmp_path):
    lean = firmware.build(tmp_path / "lean", five=False)
    assert not list(lean.rglob("v5*")) + list(lean.rglob("properties*"))
    station(FIVE, firmware=lean).wait_line("broker.version: there is no MQTT 5 in this firmware")


LOADED = """
import sys
from node import app
make = app.make
def told(*args):
    made = make(*args)
    print("loaded", sorted(n for n in sys.modules if "v5" in n or "properties" in n or "five" in n or "headers" in n))
    return made
app.make = told
app.main()
"""


def test_only_a_node_that_asks_for_it_loads_any_of_it(station):
    assert station(main=LOADED).wait_line("loaded").endswith("loaded []")
    told = station(FIVE, main=LOADED).wait_line("loaded")
    assert "leanmqtt.v5" in told and "five'" not in told.replace("v5", "") and "v5config" not in told


# Readings that expire


class Reader:
    """A subscriber of MQTT 5: (text, seconds it is still good for) of each reading."""

    def __init__(self, broker):
        self.readings: list[tuple[str, int | None]] = []
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        self._client.on_connect = lambda client, *_: client.subscribe(TEMPERATURE, qos=1)
        self._client.on_message = self._arrived
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()

    def _arrived(self, client, userdata, message):
        left = getattr(message.properties, "MessageExpiryInterval", None)
        self.readings.append((message.payload.decode(), left))

    def wait(self, more: int) -> list[tuple[str, int | None]]:
        wanted = len(self.readings) + more
        wait_for(lambda: len(self.readings) >= wanted, f"{more} more readings")
        return self.readings[-more:]

    def close(self):
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def reader(mosquitto):
    """A Reader of the broker."""
    made = Reader(mosquitto)
    yield made
    made.close()


@pytest.mark.parametrize("more", [{}, {"store": True}, {"sleep": {"seconds": 1}}], ids=["plain", "store", "sleep"])
def test_a_reading_says_how_long_it_is_good_for(five, reader, more):
    five({"broker.expiry": 100, **more})
    assert all(90 < left <= 100 for _, left in reader.wait(2))


def test_readings_say_nothing_where_nothing_is_asked(five, reader):
    five()
    assert [left for _, left in reader.wait(2)] == [None, None]


NUMBERED = """
from node import app

class Counter:
    quantities = (("temperature", "", 0),)
    number = 0
    def start(self):
        return 0
    def read(self, values):
        self.number += 1
        values[0] = self.number
        return True

def counting(*args):
    station = make(*args)
    sensor = [part for part in station.parts if hasattr(part, "read_now")][-1]
    sensor._driver, sensor._quantities = Counter(), Counter.quantities
    del sensor._topics[1:]
    turn, told = station.turn, []
    def watched():
        turn()
        if station.client.v5.expired > 2 and not told:
            told.append(print("three are over"))
    station.turn = watched
    return station

make = app.make
app.make = counting
app.main()
"""


@pytest.mark.parametrize("more", [{}, {"store": True}], ids=["plain", "store"])
def test_readings_that_are_too_old_are_not_delivered(five, reader, more):
    board = five({"broker.expiry": 3, "diagnostics": 0, "log": {"topic": "off"}, **more}, main=NUMBERED)
    reader.wait(2)
    board.wifi(False)
    board.wait_line("three are over", timeout=60)
    board.wifi(True)
    last = int(reader.readings[-1][0])
    wait_for(lambda: int(reader.readings[-1][0]) > last, "readings after the outage")
    came = [int(text) for text, _ in reader.wait(3)]
    missing = {*range(1, max(came))} - {int(text) for text, _ in reader.readings}
    assert len(missing) >= 3 and missing == {*range(min(missing), max(missing) + 1)}
    assert max(missing) < min(came)


def test_a_node_that_sleeps_does_not_deliver_what_is_too_old(five, witness):
    board = five({"broker.expiry": 3, "sleep": {"seconds": 1, "patience": 2}})
    witness.wait("ha/roof/wake")
    board.wifi(False)
    for _ in range(2):
        board.wait_line("readings wait: no network", timeout=30)
    board.wifi(True)
    witness.wait("ha/roof/wake", timeout=40)
    wakes = json.loads(witness.texts("ha/roof/wake")[-1])["wakes"]
    assert wakes > 2 and 2 <= len(witness.texts(TEMPERATURE)) < wakes
