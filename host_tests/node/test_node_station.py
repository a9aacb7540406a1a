"""The whole station: the compiled firmware on the simulated board, a real broker, an independent subscriber."""

import re

import pytest
from girouette.simboard import Bme280, Bmp280, Weather
from witness import Witness

TEMPERATURE, HUMIDITY, PRESSURE = "ha/temperature", "ha/humidity", "ha/pressure"
STATUS = "ha/roof/status"


@pytest.mark.parametrize("bits", [32, 64])
def test_each_quantity_is_published_as_measured(station, witness, bits):
    weather = Weather()
    weather.set(temperature=21.53, humidity=45.2, pressure=1000.43)
    station(bits=bits, heap="112k" if bits == 32 else "224k", weather=weather)  # objects of twice the size
    for topic, truth, tolerance in ((TEMPERATURE, 21.53, 0.03), (HUMIDITY, 45.2, 0.3), (PRESSURE, 1000.43, 0.2)):
        text = witness.wait(topic)
        assert re.fullmatch(r"\d+\.\d\d", text)
        assert abs(float(text) - truth) <= tolerance


def test_values_below_zero_have_their_sign(station, witness):
    weather = Weather()
    weather.set(temperature=-7.5)
    station(weather=weather)
    assert abs(float(witness.wait(TEMPERATURE)) + 7.5) <= 0.03
    weather.set(temperature=-0.3)
    text = witness.wait(TEMPERATURE, more=2)
    assert re.fullmatch(r"-0\.\d\d", text)


def test_nothing_else_is_published(station, witness):
    station({"diagnostics": 0})
    witness.wait(PRESSURE, more=3)
    assert {topic for topic, _, _ in witness.messages} == {TEMPERATURE, HUMIDITY, PRESSURE, STATUS}
    assert not any(retained for _, _, retained in witness.messages)


def test_any_topic_can_be_set_for_a_quantity(station, witness):
    changes = {
        "topics": {"temperature": "ha/_temperature2", "humidity": "{node}/air/{node}", "status": "here/{node}"},
        "sensors.0.topics": {"pressure": "my/own"},
        "sensors.0.retain": True,
        "diagnostics": 0,
    }
    station(changes)
    witness.wait("my/own")
    topics = {topic for topic, _, _ in witness.messages}
    assert topics == {"ha/_temperature2", "roof/air/roof", "my/own", "here/roof"}


def test_a_sensor_can_be_retained(station, witness, mosquitto):
    board = station({"sensors.0.retain": True})
    witness.wait(PRESSURE)
    board.power_off()
    with Witness(mosquitto) as late:
        assert late.first(TEMPERATURE) == witness.texts(TEMPERATURE)[-1]


def test_presence_is_retained_online_and_the_will_says_offline(station, witness, mosquitto):
    board = station()
    witness.wait(PRESSURE)
    assert witness.messages[0][:2] == (STATUS, "online"), "presence goes before every reading"
    with Witness(mosquitto) as late:
        assert late.first(STATUS) == "online"
        assert (STATUS, "online", True) in late.messages
    board.power_off()
    witness.wait(STATUS, "offline")
    with Witness(mosquitto) as late:
        assert late.first(STATUS) == "offline"
        assert (STATUS, "offline", True) in late.messages
    board.power_on()
    witness.wait(STATUS, "online")
    witness.wait(PRESSURE)


def test_a_sensor_unplugged_is_told_once_and_used_again_when_it_is_back(station, witness):
    board = station()
    witness.wait(PRESSURE)
    board.sensor("bme280").unplug()
    trouble = board.wait_line("warn  bme280:")
    came = len(witness.texts(PRESSURE))
    board.sensor("bme280").plug()
    board.wait_line("bme280: works again")
    witness.wait(PRESSURE, more=2)
    assert len(witness.texts(PRESSURE)) > came
    assert sum(line.split(" ", 1)[1:] == trouble.split(" ", 1)[1:] for line in board.lines) == 1


def test_a_faulty_sensor_leaves_the_others_alone(station, witness):
    sensors = [Bme280(scl=22, sda=21, address=0x76), Bmp280(scl=22, sda=21, address=0x77)]
    entries = [
        {"type": "bme280", "scl": 22, "sda": 21, "interval": 1},
        {
            "type": "bmp280",
            "scl": 22,
            "sda": 21,
            "interval": 1,
            "address": "0x77",
            "topics": {"temperature": "inside/t", "pressure": "inside/p"},
        },
    ]
    board = station({"sensors": entries}, sensors=sensors)
    witness.wait("inside/p")
    witness.wait(PRESSURE)
    board.sensor("bme280").unplug()
    board.wait_line("warn  bme280:")
    witness.wait("inside/p", more=3)


def test_two_sensors_of_one_quantity_are_told_apart_by_their_topics(station, witness):
    sensors = [Bme280(scl=22, sda=21, address=0x76), Bmp280(scl=22, sda=21, address=0x77)]
    entries = [
        {"type": "bme280", "scl": 22, "sda": 21, "interval": 1},
        {"type": "bmp280", "id": "attic", "scl": 22, "sda": 21, "interval": 1, "address": "0x77"},
    ]
    station({"sensors": entries}, sensors=sensors)
    witness.wait("ha/roof/attic/pressure")
    witness.wait("ha/roof/bme280/pressure")
    witness.wait("ha/roof/bme280/humidity")


def test_the_wrong_chip_is_named(station, witness):
    board = station(sensors=[Bmp280(scl=22, sda=21, address=0x76)])
    assert "BMP280" in board.wait_line("warn  bme280:")


def test_a_refused_password_is_told_in_words_without_the_password(station, mosquitto_factory):
    broker = mosquitto_factory(accounts={"roof": "right"})
    changes = {"broker.port": broker.port, "broker.user": "roof", "broker.password": "hunter2"}
    board = station(changes)
    line = board.wait_line("warn  broker:")
    assert "the broker refused" in line
    assert "check" in line
    assert not any("hunter2" in line for line in board.lines)


def test_a_station_with_an_account_publishes(station, mosquitto_factory):
    broker = mosquitto_factory(accounts={"roof": "right", "eye": "glass"})
    with Witness(broker, "eye", "glass") as witness:
        station({"broker.port": broker.port, "broker.user": "roof", "broker.password": "right"})
        witness.wait(PRESSURE)


def test_a_refused_wifi_password_is_told_in_words_without_the_password(station):
    board = station({"network.0.password": "hunter2"}, wifi={"home": "sesame"})
    board.wait_line('wifi: "home" refused the password: check network[0].password', timeout=40)
    assert not any("hunter2" in line for line in board.lines)


def test_the_second_network_is_used_where_the_first_is_not(station, witness):
    networks = [{"ssid": "nowhere", "password": "x"}, {"ssid": "home", "password": "sesame"}]
    station({"network": networks}, wifi={"home": "sesame"})
    witness.wait(PRESSURE, timeout=40)
