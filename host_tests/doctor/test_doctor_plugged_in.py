"""With the real mpremote at a simulated board the doctor says what is there, and the node runs again afterwards."""

import json
import os
import pty

import pytest
from girouette import maintenance
from girouette.cli import main
from girouette.doctor import machine
from girouette.simboard import Flash


@pytest.fixture(autouse=True)
def no_tools(monkeypatch):
    """They take seconds to start, and are tested elsewhere."""
    monkeypatch.setattr(machine, "tools", lambda stm32: [])


def checks(capsys, *argv) -> dict[str, dict]:
    """What `girouette doctor --json` says, by check; the exit status is 1 exactly if something is bad."""
    status = main(["doctor", "--json", *map(str, argv)])
    said = json.loads(capsys.readouterr().out)
    assert status == (0 if said["ok"] else 1)
    assert said["ok"] == (not any(check["level"] == "bad" for check in said["checks"]))
    return {check["check"]: check for check in said["checks"]}


def test_a_node_that_runs_is_looked_at_and_runs_again(plugged, capsys):
    board, config = plugged({"watchdog": 8}, flash=Flash("2m"))
    board.board.wait_line("connected to")
    found = checks(capsys, "--port", board.port, "--config", config)
    for check in ("port", "MicroPython", "file system", "free space", "node", "configuration", "broker: login"):
        assert found[check]["level"] == "ok", found[check]
    assert "was running" in found["node"]["words"]
    assert "wifi-s3cret" not in str(found)
    board.board.wait_line("connected to")
    assert not (board.board.firmware / "maintenance").exists()


def test_a_board_without_a_node_and_with_an_old_micropython_is_told_so(plugged, capsys):
    board, _ = plugged(empty=True, cable={"release": "1.19.1"})
    board.board.wait_line(">>>")
    found = checks(capsys, "--port", board.port)
    assert "Girouette is not on this board" in found["node"]["words"]
    assert found["MicroPython"]["level"] == "bad" and "1.19.1 on Generic ESP32" in found["MicroPython"]["words"]


def test_a_board_with_fat_is_told_what_that_means(plugged, capsys):
    board, _ = plugged(empty=True, flash=Flash("1m", system="fat"), port="stm32")
    board.board.wait_line(">>>")
    found = checks(capsys, "--port", board.port)["file system"]
    assert found["level"] == "warn" and "pyb.Flash(start=0)" in found["cure"]


def test_a_node_in_maintenance_is_left_there(plugged, capsys):
    board, _ = plugged(empty=True)
    board.board.wait_line(">>>")
    for name in ("maintenance", "main.py", "node", "config.json"):
        (board.board.firmware / name).touch()
    assert "is in maintenance" in checks(capsys, "--port", board.port)["node"]["words"]
    assert (board.board.firmware / "maintenance").exists()


def test_a_port_that_another_program_holds_is_explained(plugged, capsys):
    board, _ = plugged(empty=True)
    with board.held():
        found = checks(capsys, "--port", board.port)["board"]
    assert found["level"] == "bad" and "another program holds" in found["cure"]


def test_a_person_reads_one_line_per_check_with_the_cure_below_it(tmp_path, capsys, free_port):
    config = tmp_path / "config.json"
    network = [{"ssid": "x", "password": "wifi-s3cret"}]
    sensors = [{"type": "bme280", "scl": 22, "sda": 21}]
    broker = {"host": "127.0.0.2", "port": free_port, "user": "roof", "password": "br0ker"}
    config.write_text(json.dumps({"name": "roof", "network": network, "broker": broker, "sensors": sensors}))
    assert main(["doctor", "--config", str(config)]) == 1
    lines = capsys.readouterr().out.splitlines()
    (at,) = [at for at, line in enumerate(lines) if "127.0.0.2" in line and line.startswith("✗ broker: TCP")]
    assert lines[at + 1].startswith("    is the broker running")
    assert not any("s3cret" in line or "br0ker" in line for line in lines)


@pytest.mark.parametrize("text", ["{", '{"name": "roof", "netwrok": []}'])
def test_a_configuration_with_faults_is_sent_to_check(tmp_path, capsys, text):
    (tmp_path / "config.json").write_text(text)
    found = checks(capsys, "--config", tmp_path / "config.json")["configuration"]
    assert found["level"] == "bad" and found["cure"].startswith("girouette check")


def test_a_port_where_nothing_answers_is_explained(capsys, monkeypatch):
    monkeypatch.setattr(maintenance, "_ANSWER_S", 0.5)
    inner, outer = pty.openpty()
    try:
        found = checks(capsys, "--port", os.ttyname(outer))["board"]
    finally:
        os.close(inner)
        os.close(outer)
    assert found["level"] == "bad" and "does not come to its prompt" in found["cure"]
    assert "girouette flash" in found["cure"]
