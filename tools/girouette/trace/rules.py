"""The numbers of the rules a packet may break, in MQTT 3.1.1 and 5; a section where the standard has no number."""

_RULES = {
    "length": ("section 2.2.3", "section 1.5.5"),
    "type": ("section 2.2.1", "section 2.1.2"),
    "flags": ("MQTT-2.2.2-2", "MQTT-2.1.3-1"),
    "short": ("section 2.2.3", "section 2.1.4"),
    "utf-8": ("MQTT-1.5.3-1", "MQTT-1.5.4-1"),
    "null": ("MQTT-1.5.3-2", "MQTT-1.5.4-2"),
    "id": ("MQTT-2.3.1-1", "MQTT-2.2.1-3"),
    "properties": ("section 2.2", "section 2.2.2"),
    "first": ("MQTT-3.1.0-1", "MQTT-3.1.0-1"),
    "twice": ("MQTT-3.1.0-2", "MQTT-3.1.0-2"),
    "first-answer": ("MQTT-3.2.0-1", "MQTT-3.2.0-1"),
    "name": ("MQTT-3.1.2-1", "MQTT-3.1.2-1"),
    "level": ("MQTT-3.1.2-2", "MQTT-3.1.2-2"),
    "connect-flag": ("MQTT-3.1.2-3", "MQTT-3.1.2-3"),
    "will-qos": ("MQTT-3.1.2-14", "MQTT-3.1.2-12"),
    "no-will": ("MQTT-3.1.2-11", "MQTT-3.1.2-11"),
    "password": ("MQTT-3.1.2-22", "section 3.1.2.9"),
    "client-id": ("MQTT-3.1.3-7", "MQTT-3.1.3-7"),
    "session": ("MQTT-3.2.2-4", "MQTT-3.2.2-6"),
    "session-flags": ("section 3.2.2.1", "MQTT-3.2.2-1"),
    "qos": ("MQTT-3.3.1-4", "MQTT-3.3.1-4"),
    "dup": ("MQTT-3.3.1-2", "MQTT-3.3.1-2"),
    "topic": ("MQTT-3.3.2-2", "MQTT-3.3.2-2"),
    "empty-topic": ("MQTT-4.7.3-1", "section 3.3.2.1"),
    "filter": ("MQTT-4.7.1-2", "MQTT-4.7.1-1"),
    "empty-filter": ("MQTT-4.7.3-1", "MQTT-4.7.3-1"),
    "no-filter": ("MQTT-3.8.3-3", "MQTT-3.8.3-2"),
    "no-unfilter": ("MQTT-3.10.3-2", "MQTT-3.10.3-2"),
    "options": ("MQTT-3-8.3-4", "MQTT-3.8.3-5"),
    "granted": ("MQTT-3.9.3-2", "MQTT-3.9.3-2"),
    "direction": ("section 2.2.1", "section 2.1.2"),
}


def cited(name: str, version: int) -> str:
    """The rule as it is written at a place that obeys it: [MQTT-2.3.1-1]."""
    return f"[{_RULES[name][version == 5]}]"


class Broken(Exception):
    """A packet that cannot be read further; the text ends with the rule."""
