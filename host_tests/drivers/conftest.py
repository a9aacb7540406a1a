"""A BME280 and a BMP280, each with its driver."""

import sys
from pathlib import Path

import pytest
from girouette.simboard import Bme280, Bmp280

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def make_rig():
    """(part, model=the part's own, **options) -> Rig."""
    from drivers.bme280 import BME280
    from drivers.bmp280 import BMP280
    from rig import Rig

    known = {"bme280": (BME280, Bme280), "bmp280": (BMP280, Bmp280)}

    def make(part: str, model: str | None = None, **options):
        return Rig(known[part][0], known[model or part][1], **options)

    return make
