"""A driver on the model of its part, or of another."""

import importlib
import sys
from pathlib import Path

import pytest
from girouette.simboard.parts import models

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def make_rig(monkeypatch):
    """(part, model=the part's own, **options) -> Rig."""
    from rig import Rig

    def make(part: str, model: str | None = None, **options):
        driver = importlib.import_module(f"drivers.{part}").driver
        return Rig(driver, models()[model or part], patch=monkeypatch.setattr, **options)

    return make


@pytest.fixture
def make_display(monkeypatch):
    """(text, **options) -> a Rig of display.py that has not been polled yet."""
    from display import Rig

    return lambda *args, **options: Rig(monkeypatch, *args, **options)


@pytest.fixture
def show(make_display):
    """The same, with its first picture drawn."""
    return lambda *args, **options: make_display(*args, **options).pass_ms()
