"""A board made of software: the compiled firmware on MicroPython's unix port, its hardware modelled in this process.

    with Board(firmware=Path("flash"), bits=32, heap="112k") as board:    # powered on by `with`, gone after it
        board.wait_line("connected", timeout=20)
        board.wifi(False)                      # the access point vanishes
        board.sensor("bme280").unplug()
        board.power_cycle()
        board.wait_boot("power on")

The firmware folder is the board's flash, mounted as "/" and used in place. `machine`, `network`, `socket` and `time`
are the small forwarders in device/; what they forward to lives here: the chip (chip.py), its Wi-Fi (wifi.py), the
network behind it (net.py), the sensors (parts/) and the weather they feel (weather.py). docs/simulated-board.md has
the tour.
"""

from .board import Board
from .flash import Flash
from .ntp import NtpServer
from .parts.bosch import Bme280, Bmp280
from .weather import Weather

__all__ = ["Bme280", "Bmp280", "Board", "Flash", "NtpServer", "Weather"]
