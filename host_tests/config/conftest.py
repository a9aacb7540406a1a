"""The firmware with the tables it checks configurations along, built once."""

from pathlib import Path

import pytest
from girouette import firmware


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """The firmware as it goes to a board, without config.json."""
    return firmware.build(tmp_path_factory.mktemp("firmware"))
