"""Boot loaders as models, for trying and testing without hardware: Espressif's (`Loader`, which the real esptool talks
to), the USB drive of the RP2040 and RP2350 (drive.py), and programs that stand for dfu-util and st-flash (recorder.py).
How `girouette flash` works is not known here."""

from .chips import CHIPS
from .faults import ALWAYS, Faults
from .server import Loader

__all__ = ["ALWAYS", "CHIPS", "Faults", "Loader"]
