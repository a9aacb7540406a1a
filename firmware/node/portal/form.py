"""What a phone has sent: taken apart, and taken over. Loaded for each form.

Only what this page alone can know is looked at here; what config.json may hold is check.py's to say (save.py).
"""
# cold file: nothing of a node that is set up is here

from .desk import SHOWN


def take(desk, body):
    """Take over a form, faulty or not, so that nothing that was entered is lost; the faults by field."""
    try:
        sent = decoded(body)
    except (ValueError, UnicodeError):
        return {"": "The form arrived damaged. Nothing was changed: send it again."}
    before = desk.values.copy()
    sent["ssid"] = sent.get("ssid") or sent.get("other", "")
    for field in SHOWN:
        if field in sent:
            desk.values[field] = sent[field] if field == "ssid" else sent[field].strip()
    # A password left empty is the one that was entered before, for the same network or account.
    _hide(desk, "password", sent, desk.values["ssid"] == before["ssid"])
    _hide(desk, "secret", sent, desk.values["user"] == before["user"] and desk.values["host"] == before["host"])
    return _faults(desk)


def _hide(desk, field, sent, same):
    if sent.get(field):
        desk.hidden[field] = sent[field]
    elif not same:
        desk.hidden.pop(field, None)


def _faults(desk):
    faults = {}
    ssid, password, port = desk.values["ssid"], desk.hidden.get("password", ""), desk.values["port"]
    if not ssid:
        faults["ssid"] = "Choose a network, or type its name."
    elif len(ssid.encode()) > 32:
        faults["ssid"] = "A network's name has at most 32 letters; one of them was too many."
    if password and not 8 <= len(password.encode()) <= 64:
        faults["password"] = "A Wi-Fi password has 8 to 63 letters; this has %d. Enter it again." % len(password)
        del desk.hidden["password"]
    if not port.isdigit() or len(port) > 5 or not 0 < int(port) < 65536:
        faults["port"] = "A port is a number from 1 to 65535; brokers mostly use 1883."
    if any(sign in desk.values["host"] for sign in "/@ "):
        faults["host"] = "Only the broker's name or address, as 192.168.1.10: no mqtt://, no account."
    if not desk.values["host"]:
        faults["host"] = "Enter the broker's name or address, as 192.168.1.10."
    if desk.hidden.get("secret") and not desk.values["user"]:
        faults["user"] = "There is a password, but no user name."
    return faults


def decoded(body):
    """The fields of application/x-www-form-urlencoded as text. Raises ValueError for what is none."""
    fields = {}
    for pair in body.split(b"&"):
        name, _, value = pair.partition(b"=")
        fields[_plain(name)] = _plain(value)
    return fields


def _plain(data):
    parts = data.replace(b"+", b" ").split(b"%")
    made = bytearray(parts[0])
    for part in parts[1:]:
        if len(part) < 2:
            raise ValueError
        made.append(int(str(part[:2], "ascii"), 16))
        made.extend(part[2:])
    return str(made, "utf-8")
