"""The folder that the board sees through the cable while `girouette hil` runs: firmware, programs, where the broker is.

It holds passwords, so it is for its owner alone and gone afterwards. Nothing of it is copied to the board.
"""

import contextlib
import json
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from girouette import firmware, textfile
from girouette.check.config import Config
from girouette.demo.account import Account
from girouette.errors import Failure
from girouette.mpy import compile_file

DEVICE = Path(__file__).parent / "device"


@dataclass
class Setting:
    """`broker` None: there is no network or no broker to try. `words`: what must never be shown."""

    folder: Path
    broker: Account | None
    sensors: list[dict]
    words: list[str] = field(default_factory=list)


@contextlib.contextmanager
def prepared(config: Config | None, broker: Account | None) -> Iterator[Setting]:
    """Make it. `broker` goes before the configuration's, which also says which network and which sensors."""
    with tempfile.TemporaryDirectory(prefix="girouette-hil-") as name:
        folder = Path(name)
        firmware.build(folder)
        for path in ("boot.py", "main.py"):
            (folder / path).unlink()
        for source in DEVICE.glob("*.py"):
            if source.stem != "place":
                compile_file(source, folder / f"{source.stem}.mpy", source.name)
        yield _furnished(folder, config, broker)


def _furnished(folder: Path, config: Config | None, broker: Account | None) -> Setting:
    network = config.found.get("network") if config else None
    broker = broker or (_of(config) if config else None)
    setting = Setting(folder, broker if network else None, _sensors(config) if config else [])
    textfile.write_private(folder / "parts.json", json.dumps(setting.sensors))
    if config and network:
        textfile.write_private(folder / "net.json", json.dumps({"name": config.name, "network": _network(network)}))
        setting.words += (
            [known["password"] for known in network if known.get("password")] if isinstance(network, list) else []
        )
    if setting.broker:
        textfile.write_private(folder / "place.py", _place(config, broker))
        setting.words += [word for word in (broker.password,) if word]
    else:
        textfile.write_private(folder / "place.py", (DEVICE / "place.py").read_text())
    return setting


def _place(config: Config, broker: Account) -> str:
    base = f"{config.topics.get('base', 'ha')}/{config.name}/hil"
    account = {"user": broker.user, "password": broker.password} if broker.user else {}
    name = f"hil-{secrets.token_hex(2)}-"
    return f"HOST = {broker.host!r}\nBASE = {base!r}\nNAME = {name!r}\nACCOUNT = {account!r}\n"


def _of(config: Config) -> Account | None:
    broker = config.broker
    host = broker["host"][0] if isinstance(broker["host"], list) else broker["host"]
    if not host or "://" in host:  # a WebSocket: `--broker` says where the same broker speaks plain MQTT
        return None
    known = Account.from_url(f"mqtt://{host}", config.port)
    return Account(known.host, known.port, broker["user"], broker["password"])


def _network(found):
    """As device/join.py wants it: a fixed address as ifconfig() takes it."""
    if isinstance(found, dict):
        return found
    made = []
    for known in found:
        static = known.get("static")
        fixed = static and [
            static["address"], static.get("netmask", "255.255.255.0"), static["gateway"],
            static.get("dns") or static["gateway"],
        ]  # fmt: skip
        made.append({"ssid": known["ssid"], "password": known.get("password"), "static": fixed})
    return made


def _sensors(config: Config) -> list[dict]:
    """What device/parts.py needs of each."""
    return [
        {
            "type": entry.part,
            "bus": entry.driver["bus"],
            "keys": entry.pins(),
            "options": {name: _number(entry.keys[name]) for name in entry.driver.get("options", ())},
        }
        for entry in config.sensors
    ]


def _number(value):
    """An address is text in config.json, since JSON has no hexadecimal numbers."""
    return int(value, 16) if isinstance(value, str) and value.startswith("0x") else value


def reachable(setting: Setting):
    """Raises Failure where the broker's address means something else to a board."""
    if setting.broker and setting.broker.host in ("localhost", "127.0.0.1", "::1"):
        raise Failure(
            f"{setting.broker.host} means the board itself to a board: name this computer by its address in the network"
            " (`girouette doctor` tells it), --broker mqtt://ADDRESS"
        )
