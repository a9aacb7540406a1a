"""`girouette deploy` to an empty board: one command, and a node that is connected."""

import json

import pytest
from girouette.cli import main


@pytest.mark.full
def test_an_empty_board_becomes_a_node_that_is_connected(cabled, bench, mosquitto, tmp_path, capsys):
    bench.port = mosquitto.port
    flash = tmp_path / "flash"
    flash.mkdir()
    cable = cabled(flash)
    config = bench.config()
    status = main(["deploy", "ESP32_GENERIC", "--port", cable.port, "--config", str(config), "--json"])
    out, told = capsys.readouterr()
    about = json.loads(out)
    assert status == 0 and about["ok"] and about["connected"], told
    there = {path for path in flash.rglob("*") if path.is_file()}
    assert about["copied"] == len(there - {flash / "config.good"})
    assert bench.differs(flash, config) == []
    assert "connected to 127.0.0.1" in told and "sesame" not in out + told
