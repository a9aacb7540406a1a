"""`girouette deploy --all`: several boards side by side, and one that fails does not stop the others."""

import json
import shutil
from pathlib import Path

import pytest
from girouette import build
from girouette.cli import main
from girouette.simboard import Board
from girouette.simboard.serial import SerialBoard

TEMPLATE = {
    "name": "{{node}}",
    "network": [{"ssid": "home"}],
    "broker": {"host": "127.0.0.1", "port": "{{port}}"},
    "sensors": [{"type": "bme280", "scl": 22, "sda": 21}],
    "topics": {"template": "ha/{node}/{quantity}"},
}


def parts_of(folder: Path) -> Path:
    """A configuration with the same parts as the template's."""
    (folder / "parts").mkdir()
    path = folder / "parts" / "config.json"
    path.write_text(json.dumps(TEMPLATE | {"name": "x", "network": [{"ssid": "x"}], "broker": {"host": "x"}}))
    return path


@pytest.fixture
def fleet_toml(tmp_path, mosquitto):
    def write(**ports):
        (tmp_path / "station.json").write_text(json.dumps(TEMPLATE))
        (tmp_path / "secrets.toml").write_text('[defaults]\nnetwork = [ { password = "open sesame" } ]\n')
        head = '[defaults]\nboard = "ESP32_GENERIC"\nconfig = "station.json"\nsecrets = "secrets.toml"\n'
        head += f"[defaults.values]\nport = {mosquitto.port}\n"
        nodes = "".join(f'[nodes.{name}]\nport = "{port}"\n' for name, port in ports.items())
        (tmp_path / "fleet.toml").write_text(head + nodes)
        return tmp_path / "fleet.toml"

    return write


def test_one_board_that_fails_does_not_stop_the_others(fleet_toml, tmp_path, capsys):
    names = ("porch", "shed")  # they have the firmware already, which saves time here, and no configuration
    build.make("ESP32_GENERIC", tmp_path / "porch", parts_of(tmp_path))
    (tmp_path / "porch" / "config.json").unlink()
    shutil.copytree(tmp_path / "porch", tmp_path / "shed")
    boards = [SerialBoard(Board(tmp_path / name, wifi={"home": "open sesame"})) for name in names]
    with boards[0] as porch, boards[1] as shed:
        path = fleet_toml(porch=porch.port, attic=str(tmp_path / "nothing"), shed=shed.port)
        status = main(["deploy", "--all", str(path), "--json"])
    out, told = capsys.readouterr()
    nodes = json.loads(out)["nodes"]
    assert status == 1
    assert [nodes[name]["ok"] for name in ("porch", "attic", "shed")] == [True, False, True], told
    assert nodes["porch"]["connected"] and nodes["shed"]["connected"]
    assert "there is no port" in nodes["attic"]["error"]
    assert "open sesame" not in out + told
    assert json.loads((tmp_path / "shed" / "config.json").read_text())["name"] == "shed"
    assert "open sesame" in (tmp_path / "shed" / "secrets.json").read_text()


def test_a_dry_run_says_for_each_node_what_it_would_do(fleet_toml, capsys):
    path = fleet_toml(porch="/dev/one", shed="/dev/two")
    assert main(["deploy", "--all", str(path), "--dry-run", "--only", "shed"]) == 0
    out = capsys.readouterr().out
    assert "shed: mpremote connect /dev/two resume run" in out and "porch" not in out and "sesame" not in out


def test_nothing_is_done_when_two_nodes_are_at_one_port(fleet_toml, tmp_path, capsys):
    path = fleet_toml(porch="/dev/one", shed="/dev/one")
    assert main(["deploy", "--all", str(path)]) == 1
    assert "porch and shed are at the same /dev/one" in capsys.readouterr().err
