"""Into maintenance and out of it over a cable, whatever runs on the board and whenever the cable is pulled."""

import json

import pytest
from girouette import maintenance
from girouette.cli import main
from plug import Tools, config, run, running


def test_pull_saves_the_file_as_it_is_for_its_owner_alone(node, tmp_path, capsys):
    board = node(native=True)
    assert main(["config", "pull", str(tmp_path / "c.json"), "--port", board.port, "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["ok"] is True
    assert "sesame" not in told.out + told.err
    assert (tmp_path / "c.json").read_bytes() == (board.board.firmware / "config.json").read_bytes()
    assert (tmp_path / "c.json").stat().st_mode & 0o777 == 0o600
    assert running(board)


@pytest.mark.parametrize("at", [600, *(pytest.param(at, marks=pytest.mark.full) for at in (0, 200, 900))])
def test_a_cable_pulled_while_pushing_leaves_a_whole_file(node, mosquitto, tmp_path, at):
    board = node()
    old, new = (board.board.firmware / "config.json").read_text(), json.dumps(config(mosquitto, name="garden"))
    (tmp_path / "new.json").write_text(new)
    board.cut_at(at + 10)
    assert main(["config", "push", str(tmp_path / "new.json"), "--port", board.port]) == 1
    assert (board.board.firmware / "config.json").read_text() in (old, new)
    board.plug()
    assert main(["config", "push", str(tmp_path / "new.json"), "--port", board.port]) == 0
    assert (board.board.firmware / "config.json").read_text() == new
    assert running(board)


def test_a_board_without_a_node_is_stopped_and_has_no_config(plugged, capsys, monkeypatch):
    monkeypatch.setattr(maintenance, "_START_S", 1)
    monkeypatch.setattr(maintenance, "_AGAIN_S", 0.5)
    board = plugged("while True:\n    pass")
    assert main(["config", "pull", "--port", board.port]) == 1
    assert "no config.json on the board" in capsys.readouterr().err


@pytest.mark.full
def test_mpremotes_first_call_leads_into_maintenance_and_the_second_works(node):
    """As docs/health.md has it."""
    board = node()
    first = run("mpremote", "connect", board.port, "fs", "ls")
    assert first.returncode == 1
    assert "could not enter raw repl" in first.stderr
    tools = Tools(board.port)
    assert "maintenance" in tools.mpremote("fs", "ls")
    tools.mpremote("resume", "rm", ":maintenance", "+", "reset")
    assert running(board)
