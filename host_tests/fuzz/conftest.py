"""These tests use the made-up network of host_tests/everywhere."""

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parents[1] / "everywhere"))

settings.register_profile(
    "girouette", max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
settings.load_profile("girouette")
