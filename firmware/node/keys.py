"""What config.json may hold: the tables check.py walks along.

An entry is (kind, default, what the kind needs): a default of REQUIRED must be given, one of None may be left out.
A sensor has these keys and those of its part, which the build makes of the driver's schema.json as drivers/<part>/keys.
"""

REQUIRED = ...

_NETWORK = {
    "ssid": ("text", REQUIRED),
    "password": ("secret", ""),
}

_BROKER = {
    "host": ("host", REQUIRED),
    "port": ("whole", 1883, 1, 65535),
    "user": ("text", None),
    "password": ("secret", None),
    "client_id": ("text", None),
    "keepalive": ("whole", 60, 0, 65535),
    "persistent": ("flag", False),
    "outbox": ("whole", 2048, 256, 32768),
}

_SENSOR = {
    "type": ("word", REQUIRED),
    "interval": ("whole", 20, 1, 86400),
    "retain": ("flag", False),
    "topics": ("topics", {}),
}

ROOT = (
    "table",
    REQUIRED,
    {
        "name": ("word", REQUIRED),
        "network": ("list", REQUIRED, ("table", REQUIRED, _NETWORK)),
        "broker": ("table", REQUIRED, _BROKER),
        "sensors": ("list", REQUIRED, ("sensor", REQUIRED, _SENSOR)),
        "topics": ("topics", {}),
        "watchdog": ("whole", 30, 0, 3600),
    },
)
