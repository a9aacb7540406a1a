"""Where a boot loader's USB drive is: mounted by the desktop, or there and not mounted. Nothing is written here."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

# Debian and Ubuntu; Fedora, Arch and openSUSE; by hand; macOS.
_PLACES = ("media/*/{}*", "run/media/*/{}*", "media/{}*", "mnt/{}*", "mnt", "Volumes/{}*")
_DEVICE = "dev/disk/by-label/{}"
INFO = "INFO_UF2.TXT"


@dataclass(frozen=True)
class Found:
    """`folder`: where it is mounted, `other`: a second one; else `device`: what could be mounted; else nothing."""

    folder: Path | None = None
    device: Path | None = None
    other: Path | None = None


def find(label: str, root: Path = Path("/")) -> Found:
    """The drive of that name. It is known by its INFO_UF2.TXT: a folder left over from another time is not one."""
    folders = [
        folder for place in _PLACES for folder in sorted(root.glob(place.format(label))) if is_drive(folder, label)
    ]
    if folders:
        return Found(folder=folders[0], other=next(iter(folders[1:]), None))
    device = root / _DEVICE.format(label)
    return Found(device=device) if device.exists() else Found()


def is_drive(folder: Path, label: str) -> bool:
    """Whether this is the drive of a boot loader of that name."""
    # The drive may go away at any moment, or belong to another person.
    with contextlib.suppress(OSError):
        text = (folder / INFO).read_text(errors="replace")
        return any(line.split(":", 1)[1].strip() == label for line in text.splitlines() if line.startswith("Board-ID:"))
    return False


def mounting(device: Path) -> str:
    """The command that mounts it, without being root."""
    return f"udisksctl mount -b {device}"
