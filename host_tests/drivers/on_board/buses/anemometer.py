# A contact that closes once a second, for readings.py.

from buses import counting
from buses.counting import Bus, patch  # noqa: F401

counting.step = 1000
VALUES = "66 66"
