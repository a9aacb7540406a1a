"""From what was entered to config.json and secrets.json: looked at as the node will, and written. Loaded for that.

Keys of the files that the portal does not ask for stay as they are; without a file the smallest sound one is made: a
node with a network and a broker, which gets the rest by the command `config`.
"""
# cold file: nothing of a node that is set up is here

import json

from .. import keep, lazy, texts

_PLACES = (("name", "name"), ("network[0].ssid", "ssid"), ("network[0].password", "password"), ("broker.host", "host"),
           ("broker.port", "port"), ("broker.user", "user"), ("broker.password", "secret"))  # fmt: skip


def files(desk):
    """The texts of config.json and secrets.json."""
    config, secrets = [_table(path) for path in keep.FILES]
    values, hidden = desk.values, desk.hidden
    broker = config["broker"] if isinstance(config.get("broker"), dict) else {}
    for key in ("user", "password"):
        broker.pop(key, None)
    broker.update(host=values["host"], port=int(values["port"]))
    if values["user"]:
        broker["user"] = values["user"]
    config.update(name=values["name"], network=[{"ssid": values["ssid"]}], broker=broker)
    secrets.pop("network", None)
    account = secrets.get("broker") if isinstance(secrets.get("broker"), dict) else {}
    for key in ("host", "port", "user", "password"):  # secrets.json lies over config.json
        account.pop(key, None)
    secrets.pop("name", None)
    if hidden.get("secret"):
        account["password"] = hidden["secret"]
    if account:
        secrets["broker"] = account
    else:
        secrets.pop("broker", None)
    if hidden.get("password"):
        secrets["network"] = [{"password": hidden["password"]}]
    return json.dumps(config), json.dumps(secrets) if secrets else None


def _table(path):
    text = keep.read(path)
    found = texts.loaded(text) if text is not None else {}
    return found if isinstance(found, dict) else {}


def faults(desk):
    """Why the node could not run on it, by field."""
    try:
        found = lazy.once("config", "parse", *files(desk))[1]
    finally:
        lazy.once("tidy", "up")
    told = {}
    for fault in found:
        place, _, what = fault.partition(": ")
        field = next((field for path, field in _PLACES if place == path), "")
        text = what[0].upper() + what[1:] + "." if field else "The config.json on the node: " + fault
        told[field] = told[field] + " " + text if field in told else text
    return told


def save(desk):
    """Write both files; why it could not be done, by field, else nothing."""
    config, secrets = files(desk)
    path, beside = keep.FILES
    try:
        # secrets.json alone names no network: a power cut in between leaves a node that opens its portal again.
        if secrets is not None or keep.read(beside) is not None:
            keep.write(beside, secrets)
        keep.write(path, config)
    except OSError as fault:
        return {"": "It works, but cannot be saved (errno %s): is the node's flash full?" % fault}
    desk.door.voice.info('set up as "%s": config.json and secrets.json are written' % desk.values["name"])
    return {}
