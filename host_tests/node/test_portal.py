"""A node that was never told a network: when its portal opens, what its page shows, and what it says to bad input."""

import json
import re

import pytest
from girouette.paths import FIRMWARE
from support import wait_for
from visitor import ADDRESS, OPEN, Visitor, settings

SENSOR = {"type": "bme280", "scl": 22, "sda": 21, "interval": 1}
SOUND = {"name": "roof", "network": [{"ssid": "home"}], "broker": {"host": "127.0.0.1"}}


@pytest.mark.parametrize(
    "config",
    [
        None,
        {},
        {"name": "roof"},
        {"name": "roof", "network": [], "broker": {"host": "here"}},
        {"network": None, "sensors": [SENSOR]},
        {"network": [{"ssid": "", "password": "x"}]},
    ],
)
def test_a_node_without_a_network_opens_an_access_point_named_after_it(station, config):
    board = station(files={} if config is None else {"config.json": json.dumps(config)}, unique_id=bytes(range(10, 16)))
    assert board.wait_line(OPEN).endswith(f"join the Wi-Fi girouette-0d0e0f and open http://{ADDRESS}/")
    assert (board.access_point()["ssid"], board.access_point()["security"]) == ("girouette-0d0e0f", 0)


def test_secrets_without_a_network_as_a_power_cut_leaves_them_open_it_too(portal):
    portal({"secrets.json": json.dumps({"network": [{"password": "sesame-street"}]})})


@pytest.mark.parametrize("text", ["{", "[]", json.dumps(SOUND | {"broker": {}}), '{"network": {"wired": "rmii"}}'])
def test_a_faulty_file_is_waited_for_and_opens_nothing(station, text):
    board = station(text=text)
    board.wait_line("waiting for a repaired file")
    assert board.access_point() is None


def test_a_node_that_ran_before_falls_back_on_its_last_good_file_and_opens_nothing(station, witness):
    board = station()
    witness.wait("ha/pressure")
    wait_for(lambda: (board.firmware / "config.good").is_file(), "a copy of the configuration")
    board.power_off()
    (board.firmware / "config.json").unlink()
    board.power_on()
    board.wait_line("the last good configuration is used")
    board.wait_line("connected to")
    assert board.access_point() is None


@pytest.mark.parametrize("without", ["network.AP_IF", "network.WLAN"])
def test_a_chip_without_wifi_waits_for_a_file(station, without):
    board = station(files={}, main=f"import network\ndel {without}\nfrom node.app import main\nmain()\n")
    board.wait_line("error config.json: the file is missing")
    board.wait_line("waiting for a repaired file")


def test_a_firmware_built_without_the_portal_waits_for_a_file(station):
    remove = (
        "import os\nfor f in os.listdir('node/portal'):\n    os.remove('node/portal/' + f)\nos.rmdir('node/portal')\n"
    )
    board = station(files={}, main=remove + "from node.app import main\nmain()\n")
    board.wait_line("waiting for a repaired file")


def test_a_node_that_is_set_up_keeps_nothing_of_the_portal_in_memory(station, witness):
    told = "import sys\nfrom node import app\nfrom node.station import Station\nrun = Station.run\n"
    told += "def runs(self):\n    print('loaded', [m for m in sys.modules if 'portal' in m])\n    run(self)\n"
    board = station(main=told + "Station.run = runs\napp.main()\n")
    assert board.wait_line("loaded") == "loaded []"


def test_the_page_is_small_and_whole_in_itself():
    page = (FIRMWARE / "node" / "portal" / "page.html").read_bytes()
    assert len(page) < 12_000
    assert re.findall(rb"https?:|//|@import|url\(|<link|<img|<iframe|src=", page) == []


def test_the_page_shows_the_networks_in_the_air_the_strongest_first_and_harmless(portal):
    evil = '<script>alert("x")</script>&\''
    air = [{"ssid": "far", "password": "x", "rssi": -85}, {"ssid": evil, "rssi": -70}, {"ssid": "near", "rssi": -40}]
    text = Visitor(portal(wifi=air + [{"ssid": "near", "rssi": -80}])).ask().text
    assert re.findall(r'name=ssid value="([^"]+)"', text) == [
        "near", "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;", "far"
    ]  # fmt: skip
    assert re.findall(r"<small>(.*? signal.*?)</small>", text) == [
        "very good signal, open", "fair signal, open", "weak signal"
    ]  # fmt: skip
    assert "<script>alert" not in text


def test_networks_are_looked_for_again_and_what_was_entered_stays(portal):
    board = portal()
    visitor = Visitor(board)
    assert visitor.ask().values["host"] == ""
    board.wifi(False)
    page = visitor.send("/scan", ssid="home", password="sesame-street", host="here", port="1", user="me", name="porch")
    assert "home" not in re.findall(r'type=radio name=ssid value="([^"]+)"', page.text)
    assert {"other": "home", "host": "here", "port": "1", "user": "me", "name": "porch"}.items() <= page.values.items()
    board.wifi(True)
    page = visitor.send("/scan", ssid="", other="home")
    assert page.values["ssid"] == "home"


BAD = [
    ({"ssid": ""}, "ssid", "Choose a network"),
    ({"ssid": "", "other": "é" * 17}, "ssid", "at most 32"),
    ({"password": "short"}, "password", "8 to 63 letters; this has 5"),
    ({"host": ""}, "host", "Enter the broker's name"),
    ({"host": "mqtt://me:secret@broker"}, "host", "no mqtt://"),
    ({"host": "broker:99999"}, "host", "Expected a host name"),
    ({"port": "0"}, "port", "from 1 to 65535"),
    ({"port": "x"}, "port", "from 1 to 65535"),
    ({"name": "a b"}, "name", 'Expected 1 to 32 letters, digits, - or _, found "a b"'),
    ({"user": "", "secret": "open sesame"}, "user", "no user name"),
]


def test_bad_input_is_answered_beside_its_field_and_nothing_is_lost(portal, mosquitto):
    board = portal()
    for changes, field, words in BAD:
        visitor = Visitor(board)
        fields = settings(mosquitto, user="me", **{"other": "", **changes}) if "user" not in changes else settings(
            mosquitto, **changes)  # fmt: skip
        page = visitor.send(**fields)
        assert list(page.alerts) == [field], (changes, page.alerts)
        assert words in page.alerts[field]
        assert f"aria-describedby=e-{field}" in page.text
        for name in ("host", "port", "user", "name"):
            assert page.values[name] == str(fields.get(name, "")), changes
        visitor.send("/clear")
    assert not (board.firmware / "config.json").exists()


def test_all_faults_are_answered_at_once(portal):
    page = Visitor(portal()).send(ssid="", password="short", host="", port="99999", name="", secret="x")
    assert sorted(page.alerts) == ["host", "password", "port", "ssid", "user"]
    page = Visitor(portal()).send(ssid="", host="", port="1", name="é")
    assert sorted(page.alerts) == ["host", "name", "ssid"]


def test_a_damaged_form_changes_nothing(portal, mosquitto):
    visitor = Visitor(portal())
    visitor.send("/scan", **settings(mosquitto, name="kept"))
    for body in ("name=%", "name=%zz", "name=%ff%fe"):
        visitor.ask("/save", "POST", body)
        page = visitor.ask()
        assert page.alerts.keys() >= {"all"}
        assert page.values["name"] == "kept"
