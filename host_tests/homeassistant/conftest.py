"""One broker and one Home Assistant for all tests of a file's worker, and nodes that live for one test.

Every node has a hardware address of its own, so that no test finds what another has left.
"""

import json
import shutil
import sys
from pathlib import Path

import pytest
from girouette import firmware
from girouette.simboard import Board
from support.broker import Mosquitto
from support.homeassistant import HomeAssistant

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "node")]  # `player`; `roof` and `witness`

from house import House  # noqa: E402
from player import Player  # noqa: E402
from roof import config  # noqa: E402
from witness import Witness  # noqa: E402


def pytest_collection_modifyitems(items):
    """All of this folder belongs to `make test-full`."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.full)
            item.add_marker(pytest.mark.timeout(400))  # the first start of a fresh installation is the slow one


@pytest.fixture(scope="session")
def broker():
    """A broker as a house has it: one that keeps what is retained."""
    running = Mosquitto(packet_log=False).start()
    yield running
    running.close()


@pytest.fixture(scope="session")
def home(broker, tmp_path_factory):
    """A running Home Assistant on that broker."""
    running = HomeAssistant(broker, tmp_path_factory.mktemp("homeassistant") / "config")
    try:
        yield running.start()
    finally:
        running.close()


@pytest.fixture
def player(broker):
    """Player(...), gone at the end with all it has retained."""
    players = []

    def make(*args, **kwargs) -> Player:
        players.append(Player(broker, *args, **kwargs))
        return players[-1].connect()

    yield make
    for one in players:
        one.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """The firmware as it goes to a board, without config.json."""
    return firmware.build(tmp_path_factory.mktemp("firmware"))


@pytest.fixture
def node(built, broker, tmp_path):
    """Makes a running Board with the compiled firmware; `changes` are keys of config.json.

    Its heap is that of a roomy chip (RP2040: 180 KB): how little a node needs is proven in host_tests/node.
    """
    boards = []

    def make(changes: dict, **options) -> Board:
        flash = tmp_path / f"flash{len(boards)}"
        shutil.copytree(built, flash)
        (flash / "config.json").write_text(json.dumps(config(broker, changes)))
        boards.append(Board(flash, **{"heap": "160k", **options}))
        return boards[-1].start()

    yield make
    for board in boards:
        board.close()


@pytest.fixture
def without():
    """Takes a key out of a board's config.json; it counts from its next start on."""

    def take(board: Board, key: str):
        path = board.firmware / "config.json"
        kept = json.loads(path.read_text())
        del kept[key]
        path.write_text(json.dumps(kept))

    return take


@pytest.fixture
def witness(broker):
    """A subscriber to all topics of the broker."""
    with Witness(broker) as subscriber:
        yield subscriber


@pytest.fixture
def house(home, node):
    """Makes a House."""
    return lambda number, *args, **kwargs: House(home, node, number, *args, **kwargs)
