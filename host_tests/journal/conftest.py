"""These tests use the made-up network and the flash chip of host_tests/everywhere."""

import sys
from pathlib import Path

import pytest
from girouette import hil
from hypothesis import HealthCheck, settings
from leanmqtt import records

HERE = Path(__file__).parent
EVERYWHERE = HERE.parent / "everywhere"
sys.path.insert(0, str(EVERYWHERE))

settings.register_profile(
    "girouette", max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
settings.load_profile("girouette")


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch):
    """No power is cut under these tests but the made-up flash's, and a slow disk would wait for thousands of fsync."""
    monkeypatch.setattr(records, "fsync", lambda fd: None)


@pytest.fixture
def on_board(lib_mpy):
    """(mp, program, *args) -> what the program printed."""

    def run(mp, program: str, *args, heap="16m") -> str:
        path = [lib_mpy, EVERYWHERE, Path(hil.__file__).parent / "device"]
        result = mp.run(HERE / "on_board" / f"{program}.py", args=args, path=path, heap=heap, timeout=110)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    return run
