"""The config.json of the station that the tests run."""


def config(broker, changes: dict) -> dict:
    """A station's config.json as a dict: a reading each second, and what `changes` says instead."""
    made = {
        "name": "roof",
        "network": [{"ssid": "home", "password": "sesame"}],
        "broker": {"host": broker.host, "port": broker.port, "keepalive": 2},
        "sensors": [{"type": "bme280", "scl": 22, "sda": 21, "interval": 1}],
    }
    for path, value in changes.items():
        *way, last = [int(key) if key.isdigit() else key for key in path.split(".")]
        at = made
        for key in way:
            at = at[key]
        at[last] = value
    return made
