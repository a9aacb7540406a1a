"""`make setup-full`: RabbitMQ, NATS and aedes below .tools/brokers; nothing outside it. amqtt is a package of .venv.

Knows how they are installed. How one is started is in brokers/<name>.py.
"""

import os
import platform
import shutil
import subprocess
from pathlib import Path

from girouette import debian
from girouette.errors import ToolMissing
from girouette.paths import TOOLS, shown
from girouette.toolchain import one_at_a_time

from . import nodejs

FOLDER = TOOLS / "brokers"
AEDES_LISTS = Path(__file__).parents[1] / "brokers" / "aedes"  # package.json, and each file's hash beside it; ws too
AEDES_NODE = 20  # the oldest Node.js that aedes 1 says it runs on

_SUITES = ("bookworm",)  # RabbitMQ 3.10 and NATS 2.9: what brokers/*.py say of them holds for these
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
# RabbitMQ and the parts of Erlang that it loads. What else they depend on (a C library, OpenSSL, zlib, systemd's
# library) every Debian has, and the rest (Perl, Python, logrotate) serves an installation as a service.
_RABBITMQ = ("rabbitmq-server",) + tuple(
    "erlang-" + part
    for part in (
        "base", "crypto", "eldap", "inets", "mnesia", "os-mon", "parsetools", "public-key", "runtime-tools", "ssl",
        "syntax-tools", "tools", "xmerl", "asn1", "ftp", "tftp",
    )
)  # fmt: skip
# Debian's own says that Erlang is in /usr/lib/erlang.
_ERL = """#!/bin/sh
usr="$(cd "${0%/*}/../usr" && pwd)"
export ROOTDIR="$usr/lib/erlang" EMU=beam PROGNAME=erl
export BINDIR="$(echo "$ROOTDIR"/erts-*/bin)"
exec "$BINDIR/erlexec" "$@"
"""


def folder(name: str) -> Path:
    """Where `rabbitmq`, `nats` or `aedes` is, or ToolMissing with the cure."""
    if not _installed(name):
        raise ToolMissing(f"{name} is missing. Run: make setup-full")
    return FOLDER / name


def _recipe(name: str) -> str:
    """All that an installation depends on."""
    if name == "aedes":
        return (AEDES_LISTS / "package-lock.json").read_text()
    return f"{_SUITES} {_RABBITMQ if name == 'rabbitmq' else name}\n{_ERL if name == 'rabbitmq' else ''}"


def _installed(name: str) -> bool:
    stamp = FOLDER / name / "installed"
    return stamp.exists() and stamp.read_text() == _recipe(name)


def _unpack(packages: tuple[str, ...], into: Path):
    arch = _ARCHITECTURES.get(platform.machine())
    if not arch:
        raise ToolMissing(f"{packages[0]} is fetched for {', '.join(_ARCHITECTURES)} only, not {platform.machine()}")
    debian.unpack(packages[0], arch, _SUITES, into, alone=packages)


def _rabbitmq(into: Path):
    _unpack(_RABBITMQ, into)
    (into / "bin").mkdir()
    erl = into / "bin" / "erl"
    erl.write_text(_ERL)
    erl.chmod(0o755)
    command = [erl, "-noshell", "-eval", "ok = application:start(crypto), halt(0)."]
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    if done.returncode:
        raise ToolMissing(
            f"Erlang, which RabbitMQ runs on, does not start here:\n{done.stdout.strip()[-500:]}\n"
            "A library is missing? sudo apt-get install libtinfo6 libsystemd0 libssl3; then: make setup-full"
        )


def _nats(into: Path):
    _unpack(("nats-server",), into)


def _aedes(into: Path):
    node = nodejs.nodejs(AEDES_NODE)
    into.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(AEDES_LISTS / name, into)
    environment = {**os.environ, "PATH": nodejs.folder_of(node) + os.pathsep + os.environ.get("PATH", "")}
    command = [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=into, env=environment, text=True, capture_output=True, timeout=300)
    if done.returncode:
        raise ToolMissing(
            f"aedes could not be fetched from npm:\n{done.stderr.strip()[-500:]}\n"
            "Is the network up? A mirror is set by: npm config set registry. Then: make setup-full"
        )


_PARTS = {"rabbitmq": _rabbitmq, "nats": _nats, "aedes": _aedes}


def setup():
    """Install what is missing and say what is there. Does nothing, in a blink, the second time."""
    with one_at_a_time():
        FOLDER.mkdir(exist_ok=True)
        for name, install in _PARTS.items():
            if not _installed(name):
                print(f"setup-full: installing {name} into {shown(FOLDER / name)}", flush=True)
                draft = FOLDER / f"{name}.draft"
                for old in (draft, FOLDER / name):
                    shutil.rmtree(old, ignore_errors=True)
                install(draft)
                (draft / "installed").write_text(_recipe(name))
                draft.rename(FOLDER / name)
    print(f"setup-full: the brokers {', '.join(_PARTS)}: {shown(FOLDER)}", flush=True)
