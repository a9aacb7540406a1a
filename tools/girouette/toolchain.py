"""The programs that are not Python packages: MicroPython with 64-bit and with 32-bit objects, and mosquitto.

`micropython()`, `mosquitto()` and `mosquitto_client()` only look; `setup()` installs what they do not find. The 32-bit
MicroPython has the object layout of the chips, which is why it proves what a chip would allocate.
"""

import fcntl
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from . import debian
from .errors import ToolMissing
from .paths import TOOLS, shown

OLDEST = (1, 22)  # what leanmqtt and the firmware are written for
_SUITES = ("trixie", "forky")  # the Debians with a MicroPython that is new enough


class Variant(NamedTuple):
    """One of the two MicroPythons, and how its Debian package is started from a folder."""

    variable: str
    launcher: Path
    arch: str
    libraries: str
    loader: str


VARIANTS = {
    64: Variant("MICROPYTHON", TOOLS / "bin" / "micropython", "amd64", "x86_64-linux-gnu", "ld-linux-x86-64.so.2"),
    32: Variant("MICROPYTHON32", TOOLS / "bin" / "micropython32", "i386", "i386-linux-gnu", "ld-linux.so.2"),
}

_PROBE = "import sys; print(sys.implementation.name, sys.maxsize, *sys.implementation.version[:3])"

# $0 is this script's own path, so the checkout may be moved; `%/*` needs no other program.
_LAUNCHER = """#!/bin/sh
# MicroPython for {arch}, unpacked from Debian's package and started through its own loader.
root="${{0%/*}}/../micropython-{arch}/usr"
exec "$root/lib/{libraries}/{loader}" --library-path "$root/lib/{libraries}" "$root/bin/micropython" "$@"
"""


@lru_cache
def _probe(command: str) -> str:
    """What the program says of itself: name, largest native integer, version; or what went wrong, in words."""
    try:
        result = subprocess.run([command, "-c", _PROBE], text=True, capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as e:
        return f"cannot be run ({e})"
    return result.stdout.strip() or f"cannot be run ({result.stderr.strip()[-200:]})"


def refusal(command: str, bits: int) -> str | None:
    """Why this program is not the MicroPython asked for; None if it is."""
    said = _probe(command).split()
    if len(said) < 4 or said[0] != "micropython":
        return "is not MicroPython" if said[:1] == ["cpython"] else _probe(command)
    found = 64 if int(said[1]) > 2**32 else 32
    if found != bits:
        return f"has {found}-bit objects; {bits}-bit ones are needed here"
    if tuple(map(int, said[2:4])) < OLDEST:
        return f"is version {version(command)}; {'.'.join(map(str, OLDEST))} or newer is needed"
    return None


def version(command: str) -> str:
    return ".".join(_probe(command).split()[2:])


def micropython(bits: int = 32) -> str:
    """The command that starts MicroPython with objects of 32 or 64 bits.

    Looked for in $MICROPYTHON (64) or $MICROPYTHON32 (32), on the PATH, and in what `make setup` installed.
    Raises ToolMissing if the variable names a wrong one, or if there is none.
    """
    variant = VARIANTS[bits]
    chosen = os.environ.get(variant.variable)
    if chosen:
        why = refusal(chosen, bits)
        if why:
            raise ToolMissing(f"${variant.variable} = {chosen} {why}. Set another one, or unset it and: make setup")
        return chosen
    for command in (shutil.which("micropython"), str(variant.launcher)):
        if command and refusal(command, bits) is None:
            return command
    raise ToolMissing(f"MicroPython with {bits}-bit objects is missing. Run: make setup (or set ${variant.variable})")


def _find(program: str) -> str | None:
    # Debian puts the broker in /usr/sbin, which is not on every user's PATH.
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin")


def _mosquitto(program: str, package: str) -> str:
    command = _find(program)
    if command is None:
        raise ToolMissing(f"{program} is missing. Run: make setup (or: sudo apt-get install {package})")
    return command


def mosquitto() -> str:
    """The command that starts the mosquitto broker, or ToolMissing."""
    return _mosquitto("mosquitto", "mosquitto")


def mosquitto_client(program: str) -> str:
    """The command `mosquitto_sub` or `mosquitto_pub` (or ToolMissing), or the broker's own `mosquitto_passwd`."""
    return _mosquitto(program, "mosquitto" if program == "mosquitto_passwd" else "mosquitto-clients")


# Installing


def _install_micropython(bits: int):
    variant = VARIANTS[bits]
    if bits == 64 and debian.may_install():  # the system has room for one of the two: its own architecture's
        release = debian.candidate("micropython") or "0"
        if tuple(int(part) for part in release.split("+")[0].split(".")[:2] if part.isdigit()) >= OLDEST:
            debian.install("micropython")
            return
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise ToolMissing(
            f"there is no ready-made MicroPython with {bits}-bit objects for {sys.platform} on {platform.machine()}. "
            f"Build the unix port (micropython.org, 1.22 or newer) and set ${variant.variable} to it"
        )
    debian.unpack("micropython", variant.arch, _SUITES, TOOLS / f"micropython-{variant.arch}")
    variant.launcher.parent.mkdir(exist_ok=True)
    draft = variant.launcher.with_suffix(".draft")
    draft.write_text(_LAUNCHER.format(**variant._asdict()))
    draft.chmod(0o755)
    draft.rename(variant.launcher)


def _setup_micropython(bits: int) -> str:
    try:
        command = micropython(bits)
    except ToolMissing:
        if os.environ.get(VARIANTS[bits].variable):  # the user's choice is refused, not replaced
            raise
        print(f"setup: fetching MicroPython with {bits}-bit objects", flush=True)
        _install_micropython(bits)
        _probe.cache_clear()
        command = micropython(bits)
    return f"MicroPython {version(command)}, {bits}-bit objects: {shown(command)}"


def _setup_mosquitto() -> str:
    try:
        if not (_find("mosquitto") and _find("mosquitto_sub") and _find("mosquitto_pub")):
            if debian.may_install():
                print("setup: installing mosquitto", flush=True)
            debian.install("mosquitto", "mosquitto-clients")
        return f"mosquitto: {mosquitto()}"
    except ToolMissing as e:  # the demo has another broker; a test that needs this one fails with the same cure
        return f"no mosquitto: {e}\n       (make demo runs on amqtt instead; make test needs mosquitto)"


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """For two setups at once: the second waits, and finds the work done."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def setup():
    """Install what is missing and say what is there. Does nothing, in a blink, the second time."""
    with one_at_a_time():
        for line in (_setup_micropython(64), _setup_micropython(32), _setup_mosquitto()):
            print(f"setup: {line}", flush=True)


if __name__ == "__main__":
    setup()
