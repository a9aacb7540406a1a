"""The parts of the demo, each on its own."""

import io
import json
import time

import pytest
from girouette import toolchain
from girouette.commands.demo import NODES as offered
from girouette.demo import brokers, plain
from girouette.demo.account import Account
from girouette.demo.live import draw
from girouette.demo.nodes import NODES, VIEWS
from girouette.demo.spark import sparkline
from girouette.demo.state import State
from girouette.demo.station import LAMP, Station
from girouette.demo.subscriber import Topic
from girouette.errors import Failure, ToolMissing
from rich.console import Console

PRESENCE = "ha/station/status"


@pytest.mark.parametrize(
    ("url", "account"),
    [
        ("mqtt://me:secret@broker.local:1884", Account("broker.local", 1884, "me", "secret")),
        ("mqtt://broker.local", Account("broker.local", 1883)),
        ("192.168.1.10:1885", Account("192.168.1.10", 1885)),
        ("me:pass@host", Account("host", 1883, "me", "pass")),
        ("mqtt://me@host/", Account("host", 1883, "me")),
        ("mqtt://m%40e:p%2Fw%3A@[::1]:1883", Account("::1", 1883, "m@e", "p/w:")),
    ],
)
def test_a_url_names_a_broker_and_an_account(url, account):
    assert Account.from_url(url) == account


@pytest.mark.parametrize(
    "url",
    ["http://me:secret@host", "mqtts://me:secret@host", "mqtt://", "mqtt://me:secret@host:port", "mqtt://:secret@host",
     "mqtt://me:secret@host:99999", "mqtt://me:secret@host/topic"],
)  # fmt: skip
def test_a_wrong_url_is_refused_without_repeating_it(url):
    with pytest.raises(Failure) as failure:
        Account.from_url(url)
    assert "mqtt://user:password@host:port" in str(failure.value)
    assert "secret" not in str(failure.value)


def test_the_command_offers_the_nodes_there_are():
    assert set(offered) == set(NODES) == set(VIEWS)


def test_an_account_never_shows_its_password():
    account = Account("host", 1883, "me", "hunter2")
    assert "hunter2" not in f"{account} {account!r}"


def test_amqtt_takes_the_place_of_a_missing_mosquitto(monkeypatch, tmp_path):
    def missing():
        raise ToolMissing("no mosquitto")

    monkeypatch.setattr(toolchain, "mosquitto", missing)
    with brokers.broker("auto", None, tmp_path) as broker:
        assert broker.name == "amqtt"
    with pytest.raises(ToolMissing), brokers.broker("mosquitto", None, tmp_path):
        pass


def test_the_stations_config_holds_the_account():
    made = Station().config(Account("host", 1884, "me", "hunter2"))["broker"]
    assert (made["host"], made["port"], made["user"], made["password"]) == ("host", 1884, "me", "hunter2")
    assert not {"user", "password"} & Station().config(Account("host", 1884))["broker"].keys()
    json.dumps(made)


def test_two_stations_have_client_ids_of_their_own():
    first, second = (Station().config(Account("host", 1))["broker"]["client_id"] for _ in range(2))
    assert first != second


def test_the_topics_and_units_are_those_of_the_driver():
    assert Station().topics == {"ha/temperature": "°C", "ha/humidity": "%", "ha/pressure": "hPa"}
    assert Station().words == (PRESENCE, LAMP)


@pytest.mark.parametrize(
    ("values", "width", "line"),
    [
        ([], 10, ""),
        ([1.0], 0, ""),
        ([5.0, 5.0], 10, "▄▄"),
        (range(8), 10, "▁▂▃▄▅▆▇█"),
        ([-1.0, 0.0, 1.0], 10, "▁▅█"),
        ([9, 9, 0, 7], 2, "▁█"),
    ],
)
def test_a_sparkline_shows_the_last_values_from_lowest_to_highest(values, width, line):
    assert sparkline(values, width) == line


class Witness:
    """A subscriber that has received what a test says."""

    def __init__(self):
        self.topics = {name: Topic(name, unit) for name, unit in Station().topics.items()}
        self.words = {name: Topic(name, "") for name in (PRESENCE, LAMP)}
        for i in range(90):
            for topic in self.topics.values():
                topic.take(f"{i - 50}.25")
        self.words[PRESENCE].take("online")
        self.words[LAMP].take("ON")


class Broken:
    now = ("Wi-Fi gone", "sensor unplugged")
    changed = 0.0


def picture(width: int, height: int, witness=None, faults=Broken) -> str:
    state = State(Station(), "mosquitto at 127.0.0.1:12345", False, 32, witness or Witness(), faults())
    state.log.append('     0.001 info  wifi: on "simulated", address 10.0.0.2')
    state.log.append("    62.401 warn  bme280: " + "no answer " * 20)
    state.log.extend(["", "x", "Traceback (most recent call last):"])
    console = Console(width=width, height=height, file=io.StringIO(), color_system=None)
    console.print(draw(state, width, height))
    return console.file.getvalue()


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (60, 18), (200, 60)])
def test_the_picture_fills_the_terminal_and_no_more(width, height):
    rows = picture(width, height).rstrip("\n").split("\n")
    assert len(rows) == height
    assert {len(row) for row in rows} == {width}


def test_the_picture_shows_values_units_presence_log_and_faults():
    shown = picture(100, 30)
    for text in ("ha/temperature", "39.25", "°C", "hPa", "90", "▁", "█", "online", "retained", "ON", "Wi-Fi gone",
                 "sensor unplugged", "mosquitto at 127.0.0.1:12345", "32 bit", "no answer", "Traceback"):  # fmt: skip
        assert text in shown, text


def test_all_is_well_only_when_readings_come_from_a_station_that_is_online():
    class Mended:
        now = ()
        changed = 0.0

    witness = Witness()
    assert "all is well" in picture(80, 24, witness, Mended)
    witness.words[PRESENCE].take("offline")
    assert "waiting for the station" in picture(80, 24, witness, Mended)
    witness.words[PRESENCE].take("online")
    Mended.changed = time.monotonic()
    assert "waiting for the station" in picture(80, 24, witness, Mended), "these values are from before the power cut"
    for topic in witness.topics.values():
        topic.take("1.0")
    assert "all is well" in picture(80, 24, witness, Mended)
    witness.topics["ha/humidity"] = Topic("ha/humidity", "%")
    assert "waiting for the station" in picture(80, 24, witness, Mended)


def test_a_long_line_of_the_console_is_shown_whole():
    assert picture(80, 30).count("no answer") == 20


def test_plain_lines_say_who_and_what():
    out = io.StringIO()
    view = plain.Plain(out)
    topic = Topic("ha/humidity", "%")
    topic.take("45.20")
    view.value(topic)
    view.line("greenhouse", "0.001 info  wifi: up")
    lines = [line.split(None, 1)[1] for line in out.getvalue().splitlines()]
    assert lines == ["received   ha/humidity 45.20 %", "greenhouse 0.001 info  wifi: up"]
