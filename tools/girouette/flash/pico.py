"""An RP2040 or RP2350, by the USB drive of its boot ROM: into the boot loader, copy the file, wait for the start."""

import contextlib
import errno
import os
import time
from pathlib import Path

from serial.tools import list_ports

from ..boards import BoardInfo
from ..errors import Failure, Refused
from ..steps import Step, Steps
from . import ask, volumes, words

_RASPBERRY_PI = 0x2E8A  # USB vendor
_PIECE = 16 * 1024
_GONE = (errno.ENOENT, errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE)


class Waits:
    """Seconds; a test has less patience than a person's desktop, which takes its time to mount a drive."""

    drive, mount, start = 20.0, 5.0, 20.0
    step = 0.05


def flash(board: BoardInfo, port: str | None, path: Path, data: bytes, volume: Path | None, steps: Steps):
    """Copy the file, which was checked, to the drive; `volume`: where it is, if not in a usual place."""
    label = board.firmware.volume

    def look() -> volumes.Found:
        if volume is None:
            return volumes.find(label)
        return volumes.Found(folder=volume if volumes.is_drive(volume, label) else None)

    with steps.step("waiting for the boot loader's drive") as step:
        if steps.dry_run:
            folder = _dry(port, volume or Path("/media/USER") / label, steps)
        else:
            folder = _enter(port, look, label, steps)
        step.note(str(folder))
    if steps.dry_run:
        steps.run(["cp", path, folder])
        steps.run(["sync"])
        return
    with steps.step("copying", len(data)) as step:
        _copy(data, folder / path.name, step)
    with steps.step("waiting for the board to start") as step:
        step.note(_started(port, look, folder))


def _dry(port: str | None, folder: Path, steps: Steps) -> Path:
    if port:
        ask.bootloader(port, words.BOOTSEL, steps)
    return folder


def _enter(port: str | None, look, label: str, steps: Steps) -> Path:
    """The drive's folder, once it is there."""
    if not look().folder:
        if not port and not look().device:
            raise Refused(f"there is no drive {label}, and no --port to ask MicroPython for it: {words.BOOTSEL}")
        if port:
            ask.bootloader(port, words.BOOTSEL, steps)
    begun = time.monotonic()
    device_since = None
    while not (found := look()).folder:
        now = time.monotonic()
        device_since = (device_since or now) if found.device else None
        if device_since and now - device_since > Waits.mount:
            how = volumes.mounting(found.device)
            raise Refused(f"the drive {label} is there and not mounted. Mount it, and run this again: {how}")
        if now - begun > Waits.drive:
            raise Refused(f"the drive {label} did not appear within {Waits.drive:.0f} s: {words.BOOTSEL}")
        time.sleep(Waits.step)
    if found.other:
        raise Refused(
            f"two boards are in their boot loader, {found.folder} and {found.other}: unplug one, or say which:"
            f" --volume {found.folder}"
        )
    return found.folder


def _copy(data: bytes, target: Path, step: Step):
    """Write it through to the device, piece by piece."""
    done = 0
    try:
        with target.open("wb", buffering=0) as file:
            while done < len(data):
                done += file.write(data[done : done + _PIECE])
                os.fsync(file)
                step.at(done)
    except OSError as e:
        if e.errno == errno.ENOSPC:
            raise Failure(f"the drive says it is full: unplug the board; then {words.BOOTSEL}") from None
        if not done:
            raise Failure(
                f"cannot write to the drive {target.parent}: {e.strerror}. Who mounted it, and how?"
            ) from None
        # The board starts as soon as it has the last block, and takes the drive away under the writer's hands.
        if e.errno not in _GONE or done + _PIECE < len(data):
            raise Failure(
                f"the drive went away while copying, after {done} of {len(data)} bytes ({e.strerror}): is the cable in?"
                f" {words.HALF_WRITTEN} For that, {words.BOOTSEL}"
            ) from None


def _started(port: str | None, look, folder: Path) -> str:
    """Wait until the drive is gone and the port is back; which port that is."""
    if not _wait(lambda: look().folder is None):
        raise Failure(
            f"the board did not take the file: {folder} is still there after {Waits.start:.0f} s. Unplug it;"
            f" {words.BOOTSEL}"
        )
    if port is None or not port.startswith("/"):
        return "the drive is gone"
    if not _wait(lambda: os.path.exists(port)):  # noqa: PTH110 (a port is a name, and may be a link to nowhere)
        others = [found.device for found in list_ports.comports() if found.vid == _RASPBERRY_PI]
        if not others:
            raise Failure(
                f"the drive took the file and went, and {port} did not come back within {Waits.start:.0f} s: is the"
                f" cable in? If it is, {words.BOOTSEL}"
            )
        return f"it is now {', '.join(others)}"
    return f"{port} is back"


def _wait(condition) -> bool:
    deadline = time.monotonic() + Waits.start
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if condition():
                return True
        time.sleep(Waits.step)
    return False
