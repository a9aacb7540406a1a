"""examples/broker, the mosquitto of docs/broker.md, for another port and folder: what the demo and the tests run."""

import base64
import hashlib
import os
import secrets
from pathlib import Path

from .paths import ROOT

EXAMPLE = ROOT / "examples" / "broker"
_ITERATIONS = 101  # as mosquitto_passwd


def prepared(folder: Path, listener: str, accounts: dict[str, str], acl: str = "") -> Path:
    """Write mosquitto.conf, acl and passwords to a folder, which also holds what the broker stores; the first's path.

    listener: port and address ("1883 127.0.0.1"). accounts: {user: password}. acl: more lines for it.
    """
    own = {
        "listener": listener,
        "password_file": folder / "passwords",
        "acl_file": folder / "acl",
        "persistence_location": f"{folder}/",
    }
    lines = [_line(line, own) for line in (EXAMPLE / "mosquitto.conf").read_text().splitlines()]
    if os.geteuid() == 0:
        lines.append("user root")  # else it becomes `mosquitto`, who may not read the folder
    _write(folder / "passwords", "".join(f"{user}:{_hashed(word)}\n" for user, word in accounts.items()))
    _write(folder / "acl", f"{(EXAMPLE / 'acl').read_text()}\n{acl}\n")
    _write(folder / "mosquitto.conf", "\n".join(lines) + "\n")
    return folder / "mosquitto.conf"


def _line(line: str, own: dict) -> str:
    key = line.split(" ", 1)[0]
    return f"{key} {own[key]}" if key in own else line


def _hashed(password: str) -> str:
    """As mosquitto_passwd writes it: PBKDF2 with SHA-512."""
    salt = secrets.token_bytes(12)
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    return "$".join(("", "7", str(_ITERATIONS), base64.b64encode(salt).decode(), base64.b64encode(made).decode()))


def _write(path: Path, text: str):
    path.touch(mode=0o600)  # before anything is in it: mosquitto does not like others to read its files
    path.write_text(text)
