"""A fleet.toml: templates and secrets make each node's configuration, and what must differ between nodes does."""

import json
import re
from pathlib import Path

import pytest
from girouette import fleet
from girouette.errors import Failure
from girouette.fleet import between, render, secrets
from girouette.paths import ROOT

TEMPLATE = {
    "name": "{{node}}",
    "network": [{"ssid": "home"}],
    "broker": {"host": "192.168.1.10"},
    "sensors": [{"type": "bme280", "scl": 22, "sda": 21, "interval": "{{interval}}"}],
    "topics": {"template": "ha/{node}/{{place}}/{quantity}"},
}
FLEET = """
[defaults]
board = "ESP32_GENERIC"
config = "station.json"
secrets = "secrets.toml"

[defaults.values]
interval = 60
place = "outside"

[nodes.porch]
port = "/dev/ttyUSB0"

[nodes.shed]
serial = "0042"
values = { place = "inside", interval = 10 }
"""
SECRETS = """
[defaults]
network = [ { password = "sesame" } ]

[nodes.shed.broker]
user = "shed"
password = "of the shed"
"""


@pytest.fixture
def written(tmp_path):
    """Writes a fleet.toml and what belongs to it; its path."""

    def write(text: str = FLEET, template: dict | None = None, hidden: str = SECRETS) -> Path:
        (tmp_path / "station.json").write_text(json.dumps(TEMPLATE | (template or {})))
        (tmp_path / "secrets.toml").write_text(hidden)
        (tmp_path / "fleet.toml").write_text(text)
        return tmp_path / "fleet.toml"

    return write


def test_each_node_has_its_own_configuration(written):
    porch, shed = fleet.read(written())
    between.checked([porch, shed])
    assert (porch.place, shed.place) == ("/dev/ttyUSB0", "serial number 0042")
    assert (porch.config["name"], shed.config["name"]) == ("porch", "shed")
    assert (porch.config["sensors"][0]["interval"], shed.config["sensors"][0]["interval"]) == (60, 10)
    assert shed.config["topics"]["template"] == "ha/{node}/inside/{quantity}"
    assert porch.secrets == {"network": [{"password": "sesame"}]}
    assert shed.secrets["broker"] == {"user": "shed", "password": "of the shed"}


def test_secrets_may_be_a_folder(written, tmp_path):
    path = written(FLEET.replace("secrets.toml", "hidden"))
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "defaults.json").write_text('{"network": [{"password": "sesame"}]}')
    (tmp_path / "hidden" / "shed.json").write_text('{"network": [{"password": "another"}]}')
    assert [node.secrets["network"][0]["password"] for node in fleet.read(path)] == ["sesame", "another"]


def test_no_value_can_break_the_configuration():
    value = 'a "quote", a }brace{ and \\'
    template = {"x": "{{v}}", "y": "-{{v}}-{{flag}}", "z": "{{list}}"}
    made = render.rendered(template, {"v": value, "flag": True, "list": [1]}, "t")
    assert json.loads(json.dumps(made)) == {"x": value, "y": f"-{value}-true", "z": [1]}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("interval = 60", "intervall = 60", "{{interval}}, which `values` does not have; did you mean intervall?"),
        ("place =", "spare = 1\nplace =", "`values` has {{spare}}, which station.json does not ask for"),
        ("serial =", "serail =", "nodes.shed.serail: there is no such key; did you mean serial?"),
        ("port = \"/dev/ttyUSB0\"", "", "nodes.porch: expected `port` or `serial`"),
        ("ESP32_GENERIC", "ESP32_GENERAL", "there is no board ESP32_GENERAL"),
        ("[nodes.porch]", "[nodes.porch", "is not TOML"),
        ("station.json", "nowhere.json", "cannot read"),
    ],
)
def test_a_fault_of_the_file_is_told(written, old, new, words):
    with pytest.raises(Failure) as fault:
        fleet.read(written(FLEET.replace(old, new, 1)))
    assert words in str(fault.value)


@pytest.mark.parametrize(
    ("template", "text", "words"),
    [
        ({"name": "same"}, FLEET, 'porch and shed have the same `name`, "same"'),
        (
            {"broker": {"host": "192.168.1.10", "client_id": "x"}}, FLEET,
            'porch and shed have the same `broker.client_id`, "x", on 192.168.1.10:1883',
        ),
        (
            {"topics": {"template": "ha/{{place}}/{quantity}"}}, FLEET.replace("inside", "outside"),
            'porch and shed publish on the same topic, "ha/outside/temperature", on 192.168.1.10:1883',
        ),
        ({}, FLEET.replace('serial = "0042"', 'port = "/dev/ttyUSB0"'), "porch and shed are at the same /dev/ttyUSB0"),
        ({"sensors": [{"type": "bme280", "scl": 22, "interval": "{{interval}}"}]}, FLEET, "porch/config.json:"),
        ({"seal": "5ea1" * 16}, FLEET, "porch and shed have the same `seal`: each node needs a key of its own"),
    ],
)  # fmt: skip
def test_what_must_differ_between_nodes_does_and_each_is_sound(written, template, text, words):
    nodes = fleet.read(written(text, template))
    with pytest.raises(Failure) as fault:
        between.checked(nodes)
    assert words in str(fault.value) and "5ea1" not in str(fault.value)


def test_nodes_of_different_brokers_may_have_the_same_topics(written):
    template = {"broker": {"host": "{{place}}"}, "topics": {"template": "ha/{quantity}"}}
    between.checked(fleet.read(written(template=template)))


def test_no_fault_shows_a_secret(written, tmp_path):
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "porch.json").write_text('{"password": "sesame')
    broken = SECRETS.replace("[defaults]", "[all]")
    for text, secret in ((FLEET.replace("secrets.toml", "hidden"), ""), (FLEET, broken)):
        with pytest.raises(Failure) as fault:
            fleet.read(written(text, hidden=secret))
        assert "sesame" not in str(fault.value)


def test_secrets_are_joined_as_the_node_joins_them():
    found = {"network": [{"ssid": "a"}, {"ssid": "b"}], "x": 1}
    more = {"network": [{"password": "p"}], "x": {"y": 2}}
    assert secrets.joined(found, more) == {"network": [{"ssid": "a", "password": "p"}, {"ssid": "b"}], "x": {"y": 2}}


def test_the_example_of_the_page_is_a_sound_fleet(tmp_path):
    page = (ROOT / "docs" / "fleet.md").read_text()
    text, hidden = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    template = re.search(r"```\n(\{.*?\n\})\n```", page, re.DOTALL)[1]
    for name, what in {"fleet.toml": text, "secrets.toml": hidden, "station.json": template}.items():
        (tmp_path / name).write_text(what)
    nodes = fleet.read(tmp_path / "fleet.toml")
    between.checked([node for node in nodes if node.board == "ESP32_GENERIC"])
    assert [node.name for node in nodes] == ["roof", "cellar"]
