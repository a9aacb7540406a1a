"""A new node's config.json and secrets.json from a few answers. How they are asked for is ask.py's business."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from girouette import boards, schema, wiring
from girouette.check import check
from girouette.errors import Failure


@dataclass
class Answers:
    """What a person has to say of a node; None where it is still to be asked."""

    board: str | None = None
    name: str | None = None
    ssid: str | None = None
    wifi_password: str | None = field(default=None, repr=False)
    broker: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    sensors: list[str] | None = None
    discovery: str | None = None


NO_DISCOVERY = "none"


def conventions() -> list[str]:
    """By which conventions a node can introduce itself."""
    return [*schema.source()["properties"]["discovery"]["enum"], NO_DISCOVERY]


def parts() -> dict[str, str]:
    """The sensors there are drivers for, and what each is."""
    known = schema.drivers().items()
    return {part: about["description"] for part, about in known if schema.role(about) == "sensor"}


def wire(board: str) -> dict | None:
    """The port of a board that has no Wi-Fi, as an entry of config.json; None where Wi-Fi is asked for."""
    about = boards.load(board)
    if "wifi" in about.network:
        return None
    kind = about.network[0]
    keys = schema.source()["$defs"]["wired"]["properties"]
    return {"wired": kind} | {key: pin for key, pin in about.buses.get(kind, {}).items() if key in keys}


def files(answers: Answers) -> tuple[dict, dict]:
    """config.json, which may be shown to anyone, and secrets.json. Raises Failure with what is wrong."""
    divided = answers.broker.count(":") == 1 and "/" not in answers.broker
    host, _, port = answers.broker.rpartition(":") if divided else (answers.broker, "", "")
    broker = {"host": host} | ({"port": _port(port)} if port else {}) | ({"user": answers.user} if answers.user else {})
    config = {
        "name": answers.name,
        "board": answers.board,
        "network": wire(answers.board) or [{"ssid": answers.ssid}],
        "broker": broker,
        "sensors": sensors(answers.sensors, answers.board),
    }
    if answers.discovery not in (None, NO_DISCOVERY):
        config["discovery"] = answers.discovery
    wireless = answers.wifi_password and isinstance(config["network"], list)
    secrets = {"network": [{"password": answers.wifi_password}]} if wireless else {}
    if answers.user and answers.password:
        secrets["broker"] = {"password": answers.password}
    found = check(json.dumps(config), json.dumps(secrets)).faults
    if found:
        raise Failure("\n".join(f"{fault.key}: {fault}" for fault in found))
    return config, secrets


def _port(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


def sensors(chosen: list[str], board: str) -> list[dict]:
    """An entry for each part: on the board's pins for its bus, and at the first address that is free there."""
    entries, taken, pins = [], set(), set()
    for part in chosen:
        about = schema.drivers().get(part)
        if about is None or part not in parts():
            raise Failure(f"there is no driver for {part}; there are {', '.join(parts())}")
        entry = wiring.entry(part, boards.load(board), pins)
        if "address" in about["properties"]:
            entry |= _address(part, about, taken)
        entries.append(entry)
    return entries


def _address(part: str, about: dict, taken: set) -> dict:
    rule = about["properties"]["address"]
    free = [address for address in rule["enum"] if address not in taken]
    if not free:
        raise Failure(f"all addresses of {part} on its bus are taken ({', '.join(rule['enum'])})")
    address = rule["default"] if rule["default"] in free else free[0]
    taken.add(address)
    return {} if address == rule["default"] else {"address": address}


def write(folder: Path, config: dict, secrets: dict, force: bool = False) -> list[Path]:
    """Write both files, secrets.json for the owner's eyes only; those written. Raises Failure where there are some."""
    wanted = {folder / "config.json": config} | ({folder / "secrets.json": secrets} if secrets else {})
    there = [path for path in (folder / "config.json", folder / "secrets.json") if path.exists()]
    if there and not force:
        raise Failure(f"{there[0]} is there already; --force replaces it")
    folder.mkdir(parents=True, exist_ok=True)
    for path in there:
        path.unlink()
    for path, what in wanted.items():
        mode = 0o600 if path.name == "secrets.json" else 0o644
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
            file.write(text(what))
    return list(wanted)


def text(what: dict) -> str:
    """JSON with a line for each key, and one for each entry of a list."""
    lines = []
    for key, value in what.items():
        if isinstance(value, list):
            items = ",\n".join(f"    {json.dumps(item, ensure_ascii=False)}" for item in value)
            lines.append(f'  "{key}": [\n{items}\n  ]')
        else:
            lines.append(f'  "{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"
