"""Debian packages: installed where the system allows it, or unpacked under the checkout without touching the system.

Knows apt and dpkg, not what the packages are for.
"""

import itertools
import os
import re
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from .errors import ToolMissing

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
DEFAULT_MIRROR = "http://deb.debian.org/debian"
_LISTS = Path("/var/lib/apt/lists")

# Debian starts a service as it is installed, and a broker on port 1883 is not what the user asked for:
# while policy-rc.d says 101, no service is started. One that is already there belongs to someone else and is kept.
_INSTALL = r"""
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
fi
DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
"""


def _run(command: list, **kwargs) -> subprocess.CompletedProcess:
    return subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **kwargs)


@lru_cache
def _root_prefix() -> list | None:
    """What to put before a command to run it as root; None where that is not allowed."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _run(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return None


def may_install() -> bool:
    return shutil.which("apt-get") is not None and _root_prefix() is not None


def _update():
    _run([*_root_prefix(), "apt-get", "update"])


def candidate(package: str) -> str | None:
    """The version this release would install, or None."""
    if shutil.which("apt-cache") is None:
        return None
    if may_install() and not any(_LISTS.glob("*_Packages*")):  # a container image comes without lists
        _update()
    policy = _run(["apt-cache", "policy", package], env={**os.environ, "LC_ALL": "C"})
    found = re.search(r"Candidate: (\S+)", policy.stdout)
    return found[1] if found and found[1] != "(none)" else None


def install(*packages: str):
    """Install Debian packages without starting their services. Raises ToolMissing with the command for a person."""
    cure = f"sudo apt-get install {' '.join(packages)}"
    if not may_install():
        raise ToolMissing(f"{packages[0]} is not installed, and installing needs a password. Run: {cure}")
    command = [*_root_prefix(), "sh", "-c", _INSTALL, "sh", *packages]
    if _run(command).returncode == 0:
        return
    _update()  # stale lists name files the mirror no longer has
    result = _run(command)
    if result.returncode != 0:
        raise ToolMissing(f"{packages[0]} could not be installed:\n{_faults(result.stdout)}\nRun: {cure}")


def _faults(output: str) -> str:
    lines = output.strip().splitlines()
    faults = [line for line in lines if line[:2] in ("E:", "W:", "Er")]
    return "\n".join("  " + line for line in (faults or lines)[:4])


def _os_release() -> dict:
    lines = Path("/etc/os-release").read_text().splitlines() if Path("/etc/os-release").exists() else []
    return {key: value.strip('"') for key, _, value in (line.partition("=") for line in lines)}


def _sources(folder: Path):
    """(address, suite) of each package source of this machine, in both of apt's notations."""
    for path in [folder / "sources.list", *sorted(folder.glob("sources.list.d/*"))]:
        text = path.read_text() if path.suffix in (".list", ".sources") and path.is_file() else ""
        if path.suffix == ".list":
            yield from re.findall(r"(?m)^deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)", text)
            continue
        for stanza in re.split(r"\n\s*\n", text):
            fields = {key.lower(): value.split() for key, value in re.findall(r"(?m)^([\w-]+):(.*)$", stanza)}
            if "deb" in fields.get("types", ()) and fields.get("enabled") != ["no"]:
                yield from ((uri, suite) for uri in fields.get("uris", ()) for suite in fields.get("suites", ()))


def mirrors(folder: Path = Path("/etc/apt"), release: dict | None = None) -> list[str]:
    """Where to fetch Debian packages: this machine's own mirror first, if it is a Debian, then Debian's."""
    release = _os_release() if release is None else release
    codename = release.get("VERSION_CODENAME") if release.get("ID") == "debian" else None
    own = [uri.rstrip("/") for uri, suite in _sources(folder) if suite in (codename, "stable")]
    return list(dict.fromkeys([*own[:1], DEFAULT_MIRROR]))


def unpack(package: str, arch: str, suites: tuple[str, ...], into: Path, alone: tuple[str, ...] = ()):
    """Fetch a package and all it depends on for `arch`, and unpack them into the folder `into`.

    alone: fetch exactly these packages instead, and nothing that they depend on.

    The first of the `suites` that can be fetched is taken: a mirror in the middle of a sync serves an index that does
    not fit its own signed list, for hours, while another suite is whole.

    apt does the fetching, the checking of signatures and the search for dependencies, with a state of its own below
    a temporary folder: it neither reads nor writes what the system has installed, and needs no root.
    """
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise ToolMissing(f"{package} for {arch} comes from Debian's packages, and this system has no apt")
    if not KEYRING.exists():
        install("debian-archive-keyring")
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent, prefix="apt-") as work:
        said = []
        for suite, mirror in itertools.product(suites, mirrors()):
            folder = Path(work, f"try{len(said)}")
            said.append(f"from {mirror} {suite}:\n{_faults(_fetch(folder, package, arch, suite, mirror, alone))}")
            if any(folder.glob("debs/*.deb")):
                break
        else:
            raise ToolMissing(
                f"{package} for {arch} could not be fetched\n" + "\n".join(said) + "\n"
                "Is the network up? A proxy is set by http_proxy or in /etc/apt/apt.conf.d; then run it again."
            )
        root = Path(work, "root")
        for deb in sorted(folder.glob("debs/*.deb")):
            subprocess.run(["dpkg", "-x", deb, root], check=True)
        shutil.rmtree(into, ignore_errors=True)
        root.rename(into)


def _fetch(work: Path, package: str, arch: str, suite: str, mirror: str, alone: tuple[str, ...] = ()) -> str:
    """Download the packages into work/debs; what apt said."""
    # Every signature and hash is checked; that the list may be some weeks old does not matter to a tool for tests.
    for folder in ("lists/partial", "debs/partial", "etc"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    (work / "status").touch()
    source = f"deb [signed-by={KEYRING} check-valid-until=no] {mirror} {suite} main\n"
    (work / "etc" / "sources.list").write_text(source)
    options = {
        "Dir::Etc::SourceList": work / "etc" / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State": work,
        "Dir::State::Lists": work / "lists",
        "Dir::State::status": work / "status",
        "Dir::Cache": work,
        "Dir::Cache::archives": work / "debs",
        "APT::Architecture": arch,
        "APT::Architectures": arch,
        "APT::Sandbox::User": "root",
        "APT::Install-Recommends": "false",
        "Acquire::Languages": "none",
        "Acquire::Retries": "2",
    }
    apt = ["apt-get", "-q", *(part for name, value in options.items() for part in ("-o", f"{name}={value}"))]
    said = _run([*apt, "update"]).stdout
    if alone:
        return said + _run([*apt, "download", *alone], cwd=work / "debs").stdout
    return said + _run([*apt, "install", "-y", "--download-only", package]).stdout
