"""Configurations that are wrong in one place each: every key of a full one, with every kind of wrong value."""

import copy
from collections.abc import Iterator

FULL = {
    "$schema": "girouette.schema.json",
    "name": "garden",
    "board": "ESP32_GENERIC",
    "network": [
        {"ssid": "home", "password": "sesame", "static": {"address": "10.0.0.9", "gateway": "10.0.0.1"}},
        {"ssid": "phone", "static": {"address": "10.0.0.9", "gateway": "10.0.0.1", "dns": "10.0.0.2"}},
    ],
    "broker": {
        "host": ["broker.local", "192.168.1.10:1884"],
        "port": 1883,
        "user": "garden",
        "password": "nut",
        "client_id": "garden-1",
        "keepalive": 60,
        "persistent": True,
        "outbox": 4096,
        "offline_minutes": 5,
        "version": 5,
        "session_expiry": 86400,
        "expiry": 3600,
        "tls": {"ca": "ca.pem", "cert": "own.pem", "key": "own.key", "hostname": "broker.home", "insecure": False},
    },
    "topics": {"base": "ha", "status": "ha/{node}/here", "template": "ha/{sensor}/{quantity}", "humidity": "wet"},
    "watchdog": 30,
    "sensors": [
        {"type": "bme280", "id": "air", "scl": 22, "sda": 21, "address": "0x76", "interval": 60, "filter": 4},
        {"type": "bmp280", "scl": "22", "sda": 21, "address": "0x77", "retain": True, "topics": {"pressure": "p"}},
    ],
    "actuators": [
        {"type": "relay", "id": "pump", "pin": 25, "active_low": True, "boot": "on", "safe": "on", "safe_after": 9},
        {"type": "dimmer", "topic": "{node}/l", "pin": "26", "frequency": 99, "gamma": 100, "minimum": 0, "fade": 0},
    ],
    "inputs": [
        {"type": "button", "id": "bell", "topic": "bell", "pin": 34, "pull": "none", "debounce": 50, "double_ms": 0},
        {"type": "contact", "id": "door", "pin": 35, "inverted": True, "device_class": "window"},
    ],
    "rules": [
        {"when": "air.temperature", "above": 28.5, "until": 26, "for": 300, "set": "pump", "to": "ON", "else": "OFF"},
        {"when": "bmp280.pressure", "below": 900, "until": 950, "set": "dimmer", "to": {"brightness": 9}},
        {"when": "bell", "is": "OFF", "for": 1, "toggle": "dimmer"},
        {"at": "06:30", "days": ["mon", "sun"], "set": "pump", "to": "OFF"},
    ],
}
WIRED = {
    "wired": "rmii", "phy": "ip101", "phy_address": 0, "mdc": 23, "mdio": 18, "power": 5, "ref_clk": 17,
    "ref_clk_out": True, "spi": 1, "sck": 1, "mosi": 2, "miso": 3, "cs": 4, "reset": "GP5",
    "static": {"address": "10.0.0.9", "gateway": "10.0.0.1"},
}  # fmt: skip
# What few parts have, in a file of its own: each change of FULL costs as much as all of it.
RARE = {
    "name": "garden",
    "seal": "5Ea1" * 16,
    "network": [{"ssid": "home"}],
    "broker": {"host": "h"},
    "topics": {"dew_point": "dew"},
    "sensors": [
        {"type": "bme280", "id": "air", "scl": 22, "sda": 21,
         "quantities": {
            "temperature": {"offset": -0.5, "scale": 1.01, "median": 5, "average": 2, "unit": "°F", "decimals": 1},
            "humidity": {"points": [[10, 11.5], [75.3, 75]], "delta": 0.5, "heartbeat": 600, "interval": 60, "min": 3},
            "dew_point": {}, "sea_level_pressure": {"altitude": 412, "unit": "inHg"}}},
    ],
    "actuators": [
        {"type": "ssd1306", "id": "panel", "scl": 22, "sda": 21, "text": "# {air.temperature}\n---\n{air.dew_point}"},
    ],
}  # fmt: skip
_BARE = {key: RARE[key] for key in ("name", "network", "broker")}
# The tables that are left out more often than not, with the smallest rest.
MORE = {
    "name": "garden",
    "network": WIRED,
    "broker": {"host": "h"},
    "time": {"servers": ["pool.ntp.org", "10.0.0.1"], "utc_offset": 0, "zone": "CET-1CEST,M3.5.0,M10.5.0/3"},
    "sleep": {
        "seconds": 300, "readings": 4, "patience": 20, "battery_pin": 34, "battery_ratio": 200, "battery_min": 3300
    },
    "log": {"level": "warn", "topic": "off", "lines": 5},
    "led": {"pin": 2, "active_low": True},
}  # fmt: skip

HOSTS = (
    "mqtt://me:hunter2@broker", "h:1884", "h:0", "h:65535", "h:65536", "h:01", "h:", ":1", "h:x", "[::1]:1884", "[::1]",
    "[::1]x", "[]:1", "[::1", "::1", "fe80::1%1", ["h", "h:99999"],
)  # fmt: skip
ZONES = (
    "UTC0", "EST5EDT,M3.2.0,M11.1.0", "<+0545>-5:45", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "IST-2IDT,M3.4.4/26,M10.5.0",
    "LHST-10:30LHDT-11,M10.1.0,M4.1.0", "CET-1CEST", "CET", "CE-1", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
    "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M03.5.0,M10.5.0", "CET-25", "CET-1:60",
    "CET-1:5", "<CET-1", "CET-1CEST,J60,J300", "CET-1CEST,M3.5.0/167,M10.5.0/168", "CET-1CEST,M3.5.0/002,M10.5.0",
    "Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3 ", "CET+1", "CET-01", "CET-1CEST2,M3.5.0,M10.5.0/3:30",
)  # fmt: skip
VALUES = (
    None, True, False, 0, 1, 2, -1, 1.0, 1.5, 70000, 10**12, "", "x", "a b", "bme280", "0x77", "1883", "/x", "x/", "#",
    "ha/+", "{node}", "{sensor}", "{quantity}", "{x}", "caf\u00e9", "x\n", "$SYS/x", "x" * 33, "x" * 129, "10.0.0.1",
    "1.2.3.256", "01.2.3.4", "a\0b", *ZONES, [], [1], ["x"], [[]], {}, {"x": 1}, {"pressure": "y"}, *HOSTS,
)  # fmt: skip
WORDS = ("temperature", "Host", "passwort", "intervall", "x")



def _relays(*keys: dict) -> list[dict]:
    named = [{"type": "relay", "id": "pump", "pin": 25}, {"type": "relay", "id": "dimmer", "pin": 26}]
    named.append({"type": "relay", "pin": 27})
    return [relay | more for relay, more in zip(named, keys, strict=False)]


# Addresses of WebSockets, good and bad.
_WEB = (
    "ws://b", "wss://b/mqtt", "ws://b:9001/a/b:c", "ws://[::1]:9001/x", "ws://[::1]", "ws://10.0.0.1:80/", "ws://",
    "ws:///x", "ws://:80/x", "ws://b:/x", "ws://b:0/x", "ws://b:65536", "ws://b:1:2/x", "ws://::1/x", "ws://[::1/x",
    "ws://[]/x", "ws://b/x?y", "ws://b/x#y", "ws://b/x@y", "ws://b/x y", "ws://b/\u00e9", "ws://a:b@c/x", "ws://b?x",
    "ws://b#x", "WS://b", "http://b", "b/x", "ws:/b", "ws://b/\x7f", "ws://b/~!$%&'()*+,-.:;=_{|}", "ws://b//x",
    ["ws://b", "ws://c:1/x"], ["ws://b", "c"], ["b", "ws://c"], ["wss://b", "ws://c"], [], ["ws://b", 1],
)  # fmt: skip
_HEADERS = (
    {}, {"Authorization": "Bearer 1 ~"}, {"X-A": ""}, {"a b": "x"}, {"": "x"}, {"a:": "x"}, {"a\r\nb": "x"}, {"é": "x"},
    {"{a}": "x", "b": "y\r\nz: 1"}, {"!#$%&'*+-.^_`|~9": "x"}, {"a": "\t"}, {"a": "é"}, {"a": 1}, {"a": None, "b": []},
    {"a": "\x7f"}, {"\x7f": "a"}, [], "a: b", None, [{"a": "b"}],
)  # fmt: skip
_VERSIONS = (4, 5, [5, 4], [4, 5], [5], [5, 4, 3], [5.0, 4], 3, 5.0, True, "5", [True, 4], {"5": 4})
# What is wrong only beside another key.
BETWEEN = (
    *({"broker": {"host": host}} for host in _WEB),
    *({"broker": {"host": "ws://b", "headers": headers}} for headers in _HEADERS),
    *({"broker": {"host": "b", "version": version}} for version in _VERSIONS),
    {"time": {"zone": "EST5", "utc_offset": 60}},
    {"broker": {"host": "h", "password": "nut"}},
    {"topics": {"temperature": "ha/one", "humidity": "ha/one"}},
    {"topics": {"temperature": "ha/garden/status"}},
    {"topics": {"temperature": "ha/garden/log"}},
    {"topics": {"status": "ha/temperature"}, "sensors": FULL["sensors"][:1]},
    {"topics": {"base": "{node}"}, "name": "n"},
    {"topics": {"template": "{node}/{quantity}"}},
    {"topics": {"humidity": "wet"}, "sensors": FULL["sensors"][1:]},
    {"topics": {}},
    {"sensors": [{**sensor, "id": "same"} for sensor in FULL["sensors"]]},
    {"sensors": [FULL["sensors"][1], {**FULL["sensors"][0], "id": "bmp280"}]},
    {"sensors": [{"type": part, "scl": 22, "sda": 21} for part in ("bme280", "bme280", "bme280")]},
    {"actuators": [{"type": "relay", "pin": pin} for pin in (25, 26, 25)]},
    {"actuators": [{"type": "relay", "pin": 25, "id": "button-2"}], "inputs": [{"type": "button", "pin": 4}] * 2},
    {"actuators": [{"type": "relay", "pin": 2, "topic": "ha/garden/pump"}, {"type": "relay", "pin": 4, "id": "pump"}]},
    {"actuators": [{"type": "relay", "pin": 25, "topic": "ha/garden/log"}]},
    {"actuators": [{"type": "button", "pin": 25}, {"type": "bme280", "scl": 22, "sda": 21}]},
    {"inputs": [{"type": "relay", "pin": 25}], "sensors": [{"type": "dimmer", "pin": 4}]},
    {"inputs": [{"type": "button", "pin": 25, "id": "air"}]},
    *(
        {"actuators": [{**RARE["actuators"][0], "text": text, "height": 32}], "rules": []}
        for text in ("{air.tempreature}", "{air", "1\n2\n3", "# 1", "# 1\n2", "---", "{air.pressure}{air}{b.x}", "a\tb")
    ),
    {"actuators": _relays({"interlock": "motor"}, {"interlock": "motor", "interlock_wait": 500}, {})},
    {"actuators": _relays({"interlock": "motor"}, {"interlock": "moter"}, {})},
    {"actuators": _relays({"interlock": "a"}, {"interlock": "a"}, {"interlock": "b", "boot": "on"})},
    {"actuators": _relays({"interlock": "a", "boot": "on"}, {"interlock": "a"}, {"interlock": "a", "boot": "on"})},
    {"actuators": _relays({"interlock": "a", "boot": "on"}, {"interlock": "a", "boot": "restored"})},
    {"actuators": _relays({"interlock": "a", "boot": "restored"}, {"interlock": "a", "boot": "restored"})},
    {"actuators": _relays({"interlock": "a", "safe": "on"}, {"interlock": "a"})},
    {"actuators": _relays({"interlock": "a", "boot": "on"}, {"interlock": "b", "boot": "on"})},
    {"actuators": _relays({"interlock": "a b"}, {"interlock": "a", "interlock_wait": 60001})},
    {"discovery": "homie", "payload": "json"},
    {"discovery": "homie", "seal": RARE["seal"]},
    {"discovery": "homeassistant", "seal": RARE["seal"]},
    *({"seal": key} for key in (RARE["seal"], RARE["seal"][1:], RARE["seal"] + "0", "g" + RARE["seal"][1:])),
    {"discovery": "homie", "topics": {}, "sensors": [{**FULL["sensors"][0], "id": name} for name in ("A_b", "a-b")]},
)
QUANTITIES = (
    {"temperature": {"unit": "hPa"}}, {"temperature": {"unit": "°C"}}, {"humidity": {"unit": "K"}},
    {"pressure": {"unit": "bar", "decimals": 5}}, {"pressure": {"altitude": 3}}, {"sea_level_pressure": {}},
    {"sea_level_pressure": {"altitude": -20}}, {"temperature": {"points": [[1, 2]]}}, {"temperature": {"scale": 0}},
    {"temperature": {"points": [[1, 2], [1, 3]]}}, {"temperature": {"points": [[1, 2], [2, 3, 4]]}},
    {"temperature": {"points": [[1, 2], [3, 4]], "offset": 1, "scale": 1}}, {"temperature": {"min": 2, "max": 2}},
    {"temperature": {"delta": 0}}, {"temperature": {"delta": -1.5}}, {"temperature": {"heartbeat": 60}},
    {"temperature": {"delta": 1, "heartbeat": 60, "interval": 61}}, {"temprature": {}}, {"gas_resistance": {}},
    {"dew_point": {"unit": "°F"}, "heat_index": {"unit": "g/m³"}, "absolute_humidity": {"unit": "g/m³"}},
)  # fmt: skip
RULE = FULL["rules"][0]
PRESS = {"when": "bell", "set": "pump"}
RULES = (
    [{}], [{"when": "air.temperature"}], [{"at": "06:30"}], [{"when": "bell"}], [{**RULE, "at": "06:30"}],
    [{**RULE, "when": "air"}], [{**RULE, "when": "pump"}], [{**RULE, "when": "bell"}], [{**RULE, "set": "bell"}],
    [{**RULE, "below": 3}], [{**RULE, "until": 28.5}], [{**RULE, "until": 30}], [{**RULE, "toggle": "pump"}],
    [{"when": "air.humidity", "below": 10, "until": 9.5, "set": "pump"}], [{**RULE, "days": ["mon"]}],
    [{"when": "bell", "toggle": "pump", "to": "ON"}], [{"at": "06:30", "toggle": "pump"}],
    [RULE, {**RULE, "to": "OFF", "else": "ON"}], [RULE, {**RULE, "when": "air.humidity", "to": "OFF"}],
    [RULE, {**RULE, "above": 30, "until": 29}], [RULE, {**RULE, "above": 25, "until": 24}], [RULE, RULE],
    [PRESS, {**PRESS, "to": "OFF"}], [PRESS, {**PRESS, "to": "OFF", "for": 3}], [PRESS, {**PRESS, "is": "OFF"}],
    [PRESS, {"when": "bell", "toggle": "pump"}], [RULE, PRESS], [RULE, {**PRESS, "else": "OFF"}],
    [{**PRESS, "is": "click"}, {**PRESS, "is": "long", "to": "OFF"}], [{**PRESS, "is": "double"}],
    [{**PRESS, "is": "click"}, {**PRESS, "is": "click", "to": "OFF"}], [{**PRESS, "is": "click", "else": "OFF"}],
    [{**PRESS, "is": "lnog"}], [{"when": "door", "is": "click", "toggle": "pump"}], [{**PRESS, "is": "on"}],
    [{"when": "bell", "is": "long", "toggle": "pump"}, {**PRESS, "is": "long"}], [{"when": "x", "is": "click"}],
    [{**RULE, "is": "click"}], [{"at": "06:30", "set": "pump", "is": "click"}], [RULE, {**PRESS, "is": "click"}],
    [{"at": "06:30", "set": "pump", "to": text, "days": [day]} for text, day in (("ON", "mon"), ("OFF", "tue"))],
    [{"at": "06:30", "set": "pump"}, {"at": "06:30", "set": "pump", "to": "OFF", "days": ["sun"]}],
)  # fmt: skip


def all_of() -> list:
    made = [FULL, {**FULL, "sleep": {"seconds": 60}}, *({**FULL, **change} for change in BETWEEN)]
    made += [*({**FULL, "rules": rules} for rules in RULES), [], None, 7, "text"]
    for asked in QUANTITIES:
        sensors = [{**RARE["sensors"][0], "quantities": asked}]
        asleep = {"sleep": {"seconds": 9}}
        made += [{**_BARE, "sensors": sensors} | more for more in ({}, asleep)]
    vane = {"type": "wind_vane", "pin": 34, "quantities": {"wind_direction": {"offset": 3, "median": 3, "interval": 9}}}
    made += [{**_BARE, "sensors": [vane]}]
    for whole in (FULL, MORE):
        made.append(whole)
        for path in _paths(whole):
            made += _at(whole, path)
    for path in _paths(RARE):
        if path[:3] in (("sensors", 0, "quantities"), ("actuators", 0, "text")):
            made += _at(RARE, path)
    return made


def _paths(found, path=()) -> Iterator[tuple]:
    items = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from _paths(value, (*path, key))


def _at(whole: dict, path: tuple) -> Iterator[dict]:
    for value in VALUES:
        yield _changed(whole, path, lambda parent, key, value=value: parent.__setitem__(key, value))
    yield _changed(whole, path, lambda parent, key: parent.__delitem__(key))
    if isinstance(path[-1], str):
        for word in WORDS:
            yield _changed(whole, path, lambda parent, key, word=word: parent.setdefault(word, 1))


def _changed(whole: dict, path: tuple, change) -> dict:
    made = copy.deepcopy(whole)
    parent = made
    for key in path[:-1]:
        parent = parent[key]
    change(parent, path[-1])
    return made
