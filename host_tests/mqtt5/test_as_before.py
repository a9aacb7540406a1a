"""What a client of 3.1.1 does with a real mosquitto, one of MQTT 5 does too: the same scenes once more."""

# ruff: noqa: F403
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "mosquitto"))

from test_behaviour import *
from test_breaks import *

del test_a_refused_password_says_so  # noqa: F821 - in the words of MQTT 5: test_with_mosquitto.py
