"""What a board of each port says of itself: to programs by `sys` and `os.uname()`, to people by its banner."""

import re

from ... import toolchain

# sys.platform, the machine of a common board, what its MicroPython was built for, the architecture of its .mpy files
# (py/persistentcode.h).
_PORTS = {
    "esp32": ("esp32", "Generic ESP32 module with ESP32", "ESP32_GENERIC", 10),
    "rp2": ("rp2", "Raspberry Pi Pico W with RP2040", "RPI_PICO_W", 4),
    "stm32": ("pyboard", "NUCLEO-F767ZI with STM32F767xx", "NUCLEO_F767ZI", 8),
}
_MPY = {(1, 23): (6, 3), (1, 22): (6, 2), (1, 20): (6, 1), (1, 19): (6, 0), (1, 12): (5, 0)}  # version and sub-version


def identity(port: str, bits: int, machine: str | None, release: str | None) -> dict:
    """`release` such as "1.19.1" is pretended; None: what really runs."""
    platform, usual, common, arch = _PORTS[port]
    release = release or toolchain.version(toolchain.micropython(bits))
    version = tuple(int(part) for part in release.split(".")[:3])
    major, sub = next(mpy for since, mpy in _MPY.items() if version >= since)
    name, machine = ".".join(map(str, version)), machine or usual
    built = f"v{name} on 2025-09-11"
    return {
        "platform": platform,
        "machine": machine,
        "build": common if machine == usual else re.sub("[ -]", "_", machine.split(" with ")[0]).upper(),
        "version": [*version, ""],
        "mpy": major | sub << 8 | arch << 10,
        "release": built,
        "uname": [platform, platform, name, built, machine],
    }


def banner(about: dict) -> bytes:
    return f'MicroPython {about["release"]}; {about["machine"]}\r\nType "help()" for more information.\r\n'.encode()
