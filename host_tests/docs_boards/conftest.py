"""The desk a page is walked at: a computer's ports, a broker, and a board that is a model."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "flash")]  # `images`, the firmware files of the tests of flashing

from desks import DESKS  # noqa: E402
from girouette import mosquitto as example  # noqa: E402
from girouette.simboard import wifi  # noqa: E402

ACCOUNTS = {"homeassistant": "a long one", "roof": "another"}  # those of docs/broker.md


@pytest.fixture
def broker(mosquitto_factory, tmp_path):
    """The broker that docs/broker.md sets up, on all addresses and another port."""
    acl = tmp_path / "acl"
    acl.write_text((example.EXAMPLE / "acl").read_text())
    acl.chmod(0o600)
    made = mosquitto_factory(accounts=ACCOUNTS, extra=f"acl_file {acl}")
    made.stop()
    made.host = "0.0.0.0"
    return made.start()


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """A radio takes its seconds to join, as a chip's does: a port with USB of its own is back by then, and is read."""
    monkeypatch.setattr(wifi, "_JOIN_S", 2.0)


@pytest.fixture
def desk(broker, tmp_path):
    """Makes the desk of a page, by the page's name."""
    made = []

    def make(page: str, **options):
        made.append(DESKS[page](tmp_path, broker.port, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()
