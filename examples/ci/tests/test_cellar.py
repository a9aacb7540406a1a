"""The node of this project without its hardware: config.json on the simulated board, with a real broker."""

import json
from pathlib import Path

import pytest
from drivers.tmp117 import temperature
from girouette import build
from girouette.simboard import Board
from tmp117_model import Tmp117

CONFIG = Path(__file__).parents[1] / "config.json"


@pytest.fixture
def cellar(broker, tmp_path):
    """The board, powered on: exactly the files that would go to it, but for the broker's port."""
    config = json.loads(CONFIG.read_text())
    config["broker"]["port"] = broker
    (tmp_path / "config.json").write_text(json.dumps(config))
    flash = tmp_path / "flash"
    build.make(config["board"], flash, tmp_path / "config.json")
    with Board(flash, sensors=[Tmp117()], names={config["broker"]["host"]: "127.0.0.1"}) as board:
        yield board


def test_a_reading_arrives(cellar, heard):
    assert heard.get(timeout=30) == ("ha/cellar/status", "online")
    assert heard.get(timeout=30) == ("ha/temperature", "21.50")


def test_a_loose_wire_is_told_and_the_node_goes_on(cellar, heard):
    cellar.wait_line("connected to")
    sensor = cellar.sensor("tmp117")
    sensor.plugged = False
    cellar.wait_line("no answer at 0x48")
    sensor.plugged, sensor.celsius = True, -3.25
    cellar.wait_line("tmp117: works again")
    assert any(heard.get(timeout=30) == ("ha/temperature", "-3.25") for _ in range(20))


@pytest.mark.parametrize(
    ("raw", "hundredths"),  # data sheet, table "16-bit temperature data format"
    [(0x8000, -25600), (0xF380, -2500), (0xFFF0, -12), (0xFFFF, -1), (0, 0), (1, 1), (0x0010, 13), (0x0080, 100),
     (0x0C80, 2500), (0x3200, 10000), (0x7FFF, 25599)],
)  # fmt: skip
def test_the_data_sheets_values(raw, hundredths):
    assert temperature(raw) == hundredths
