"""`girouette config` on a real node at a port: the watchdog does not bite, and the node has the old file or the new."""

import json
from pathlib import Path

import pytest
from girouette.cli import main
from girouette.deviceconfig import masked
from plug import config, running


def test_pull_shows_the_file_without_its_passwords(node, capsys):
    board = node(secrets={"broker": {"user": "ada", "password": "hush"}})
    assert main(["config", "pull", "--port", board.port]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["network"] == [{"ssid": "home", "password": "***"}]
    assert "hush" not in out + err
    assert "reading config.json" in err
    assert running(board)


def test_what_is_shown_has_no_key_of_a_seal():
    found = {"seal": "5ea1" * 16, "broker": {"password": 'a"b'}, "name": "seal"}
    hidden = found | {"seal": "***", "broker": {"password": "***"}}
    assert json.loads(masked(json.dumps(found))) == hidden


def test_what_is_shown_has_no_private_key():
    found = {"broker": {"tls": {"ca": "ca.pem", "key": "-----BEGIN PRIVATE KEY-----\nabc"}}}
    hidden = {"broker": {"tls": {"ca": "ca.pem", "key": "***"}}}
    assert json.loads(masked(json.dumps(found))) == hidden


def test_what_is_shown_has_no_header():
    headers = {"Authorization": 'Bearer }"1', "X": "a: b", "Y": ""}
    found = {"broker": {"headers": headers, "host": "ws://b"}, "name": "a"}
    hidden = {"broker": {"headers": dict.fromkeys(headers, "***"), "host": "ws://b"}, "name": "a"}
    for indent in (None, 2):
        assert json.loads(masked(json.dumps(found, indent=indent))) == hidden


def test_push_replaces_the_file_and_restarts_the_node(node, mosquitto, tmp_path):
    board = node()
    new = json.dumps(config(mosquitto, name="garden"))
    (tmp_path / "new.json").write_text(new)
    assert main(["config", "push", str(tmp_path / "new.json"), "--port", board.port]) == 0
    assert (board.board.firmware / "config.json").read_text() == new
    assert running(board)
    assert not list(board.board.firmware.glob("*.new"))


@pytest.mark.full
def test_push_needs_only_what_the_boards_secrets_do_not_have(node, mosquitto, tmp_path):
    public = config(mosquitto)
    public["broker"] = {"port": mosquitto.port}
    board = node(secrets={"broker": {"host": "127.0.0.1"}}, text=json.dumps(public))
    (tmp_path / "new.json").write_text(json.dumps(public | {"name": "garden"}))
    assert main(["config", "push", str(tmp_path / "new.json"), "--port", board.port]) == 0
    assert json.loads((board.board.firmware / "config.json").read_text())["name"] == "garden"
    assert running(board)


def test_a_file_that_is_no_json_never_reaches_the_board(node, tmp_path, capsys):
    board = node()
    (tmp_path / "bad.json").write_text('{"name": }')
    assert main(["config", "push", str(tmp_path / "bad.json"), "--port", board.port]) == 1
    assert "bad.json:1:10" in capsys.readouterr().err
    assert board.board.boots == ["power on"]


def test_an_edit_with_a_fault_is_kept_and_not_pushed(node, capsys, monkeypatch):
    board = node()
    before = (board.board.firmware / "config.json").read_text()
    monkeypatch.setenv("EDITOR", 'sed -i s/"porch"/"no-such!"/')
    assert main(["config", "edit", "--port", board.port]) == 1
    told = capsys.readouterr().err
    kept = told.split("girouette config push ")[1].strip()
    assert "no-such!" in Path(kept).read_text()
    Path(kept).unlink()
    assert "name: expected" in told
    assert (board.board.firmware / "config.json").read_text() == before
    assert running(board)


@pytest.mark.full
def test_an_edit_is_pushed(node, capsys, monkeypatch):
    board = node()
    monkeypatch.setenv("EDITOR", "sed -i s/porch/garden/")
    assert main(["config", "edit", "--port", board.port]) == 0
    assert json.loads((board.board.firmware / "config.json").read_text())["name"] == "garden"
    assert running(board)


def test_dry_run_prints_the_commands_and_touches_nothing(node, tmp_path, mosquitto, capsys):
    board = node()
    (tmp_path / "new.json").write_text(json.dumps(config(mosquitto)))
    assert main(["config", "push", str(tmp_path / "new.json"), "--port", board.port, "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert f"mpremote connect {board.port} resume fs rm :maintenance + reset" in out
    assert "sesame" not in out
    assert board.board.boots == ["power on"]
