"""`make setup-full`: a real Home Assistant below .tools/homeassistant, with a Python of its own; nothing outside it.

Knows how it is installed. How it is configured and started is in homeassistant.py.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from girouette import debian
from girouette.errors import ToolMissing
from girouette.paths import TOOLS, shown
from girouette.toolchain import one_at_a_time

VERSION = "2026.2.3"
OLDEST = (3, 13, 2)  # the Pythons this release runs on and has ready-made packages for: 3.13, from this one on
_UV = "uv==0.9.26"  # the installer this release uses itself: it weighs 150 requirements in a second, pip in minutes

FOLDER = TOOLS / "homeassistant"
PYTHON = FOLDER / "env" / "bin" / "python"
_SITE = FOLDER / "env" / "lib" / "python3.13" / "site-packages"
_STAMP = FOLDER / "installed"

# What it asks for and what is installed instead: nothing here may need a compiler.
_OVERRIDES = """\
lru-dict>=1.3,<2                # the 1.3.0 it pins exists for 3.13 only as source
pyric; python_version < "3"     # source only; wakes Bluetooth sticks that hang
"""

# What it loads in a test, beside what it always loads: their packages are installed here, and not while it starts.
_INTEGRATIONS = ("mqtt", "mqtt_statestream", "isal", "system_log")
_ALWAYS = "from homeassistant.bootstrap import *; print(*CORE_INTEGRATIONS, *DEFAULT_INTEGRATIONS)"

# Not a link but a script, since the Python of a newer Debian needs that Debian's C library. `--argv0` is the path by
# which Python knows itself, and so finds the environment it belongs to.
_LAUNCHER = """#!/bin/sh
# CPython 3.13, unpacked from Debian's packages and started through its own loader.
usr="${0%/*}/../../debian/usr"
libraries="$usr/lib/x86_64-linux-gnu"
exec "$libraries/ld-linux-x86-64.so.2" --argv0 "$0" --library-path "$libraries" "$usr/bin/python3.13" "$@"
"""


def python() -> Path:
    """The Python that starts Home Assistant, or ToolMissing with the cure."""
    if not _installed():
        raise ToolMissing(f"Home Assistant {VERSION} is missing. Run: make setup-full")
    return PYTHON


def _recipe() -> str:
    """All that the installation depends on; its folder too, whose name is written inside it."""
    return f"homeassistant {VERSION}\n{_UV}\n{_OVERRIDES}{_INTEGRATIONS}\n{FOLDER}\n"


def _installed() -> bool:
    return _STAMP.exists() and _STAMP.read_text() == _recipe() and PYTHON.exists()


def _run(command: list, cure: str, **kwargs) -> str:
    result = subprocess.run(
        list(map(str, command)), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **kwargs
    )
    if result.returncode != 0:
        tail = "\n".join("  " + line for line in result.stdout.strip().splitlines()[-12:])
        raise ToolMissing(f"Home Assistant could not be installed:\n{tail}\n{cure}")
    return result.stdout


# The Python


def _fits(command: str) -> bool:
    probe = "import sys, venv; print(*sys.version_info[:3])"
    try:
        said = subprocess.run([command, "-c", probe], text=True, capture_output=True, timeout=20).stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        return False
    found = tuple(int(number) for number in said if number.isdigit())
    return found[:2] == OLDEST[:2] and found >= OLDEST


def _make_environment():
    """FOLDER/env: an empty virtual environment, of a Python that is here or of Debian's."""
    cure = "Run it again: make setup-full"
    for command in filter(None, (shutil.which("python3.13"), shutil.which("python3"), sys.executable)):
        if _fits(command):
            _run([command, "-m", "venv", "--without-pip", FOLDER / "env"], cure)
            return
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise ToolMissing(
            f"Home Assistant {VERSION} needs Python {'.'.join(map(str, OLDEST))} or newer of the 3.13 line. Install it "
            "(python.org, or your package manager) so that `python3.13` starts it; then: make setup-full"
        )
    debian.unpack("python3.13", "amd64", ("trixie",), FOLDER / "debian")
    _SITE.mkdir(parents=True)
    PYTHON.parent.mkdir()
    PYTHON.write_text(_LAUNCHER)
    PYTHON.chmod(0o755)
    home = f"home = {FOLDER / 'debian' / 'usr' / 'bin'}\n"
    (FOLDER / "env" / "pyvenv.cfg").write_text(home + "include-system-site-packages = false\n")


# The packages


def _pip_install(*what):
    """Install into FOLDER/env, from the index that pip is told to use."""
    env = {**os.environ, "UV_CACHE_DIR": str(FOLDER / "cache")}
    if os.environ.get("PIP_INDEX_URL"):
        env["UV_DEFAULT_INDEX"] = os.environ["PIP_INDEX_URL"]
    overrides = FOLDER / "overrides.txt"
    overrides.write_text(_OVERRIDES)
    uv = FOLDER / "uv" / "bin" / "uv"
    # --no-config: a uv.toml of this user has no say.
    command = [uv, "--no-config", "pip", "install", "--python", PYTHON, "--only-binary", ":all:"]
    cure = "Is the network up? A proxy or a mirror is set by HTTPS_PROXY or PIP_INDEX_URL; then: make setup-full"
    _run([*command, "--overrides", overrides, *what], cure, env=env, cwd=FOLDER)


def _install_uv():
    cure = "Is the network up? A proxy or a mirror is set by HTTPS_PROXY or PIP_INDEX_URL; then: make setup-full"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--target", FOLDER / "uv", _UV], cure)


def _requirements() -> list[str]:
    """The packages of the integrations that start in a test, and of those they depend on."""
    package = next(FOLDER.glob("env/lib/python*/site-packages/homeassistant"))
    always = _run([PYTHON, "-c", _ALWAYS], "Run it again: make setup-full")
    todo, seen, found = [*_INTEGRATIONS, *always.split()], set(), set()
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            manifest = json.loads((package / "components" / name / "manifest.json").read_text())
            todo += manifest.get("dependencies", [])
            found.update(manifest.get("requirements", []))
    return sorted(found)


def _install():
    print(f"setup-full: installing Home Assistant {VERSION} into {shown(FOLDER)}", flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    _make_environment()
    _install_uv()
    _pip_install(f"homeassistant=={VERSION}")
    _pip_install(*_requirements())
    for folder in ("cache", "uv"):
        shutil.rmtree(FOLDER / folder)
    _STAMP.write_text(_recipe())


def setup():
    """Install what is missing and say what is there. Does nothing, in a blink, the second time."""
    with one_at_a_time():
        if not _installed():
            _install()
    print(f"setup-full: Home Assistant {VERSION}: {shown(FOLDER)}", flush=True)
