# A contact that closes ten times a second, for readings.py.

from buses.counting import Bus, patch  # noqa: F401

VALUES = "55 99588"
