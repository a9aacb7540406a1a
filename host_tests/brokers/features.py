"""What a broker can do: the words that tests need, that brokers lack, and that docs/brokers.md has a row for.

To add one, put a line into FEATURES, name it in `@needs` of the tests that want it, and in LACKS of the
brokers that do not have it, each with its proof.
"""

from collections.abc import Callable
from typing import NamedTuple

FEATURES = {
    "password": "a wrong password is refused",
    "empty_id": "an empty client id gets a session of its own",
    "qos1": "QoS 1, both ways",
    "qos2": "QoS 2: exactly once, both ways",
    "qos2_many": "more than 20 messages of QoS 2 under way at once",
    "qos2_cut": "QoS 2 stays exactly once where the link is cut",
    "lower_qos": "a message is delivered at the lower of the two QoS",
    "retained": "retained messages, for a later subscriber who names the topic",
    "retained_delete": "an empty retained message deletes",
    "retained_wildcard": "retained messages, for a later subscriber with `+` or `#`",
    "retained_will": "a will that is retained",
    "will": "the will of a client that was cut off",
    "will_withheld": "no will after a DISCONNECT",
    "keepalive": "a client that went silent is dropped",
    "session": "a session kept while the client is away, with what came meanwhile",
    "session_present": "whether the session was kept is said at the connection",
    "clean_forgets": "a clean session ends the one that was kept",
    "retain_flag": "what a kept session collected is not marked as retained",
    "resend": "what the client did not acknowledge comes again after a cut",
    "dup": "and is marked as coming again (DUP)",
    "resubscribe_retained": "a repeated subscription sends the retained messages again",
    "takeover": "a second client of the same id ends the first",
    "wildcards": "`+` and `#` in filters",
    "empty_level": "empty levels in topics (`a//b`)",
    "utf8": "topics beyond ASCII",
    "overlapping": "overlapping subscriptions deliver at the higher QoS",
    "large": "a message of 100,000 bytes",
    "kept_on_disk": "sessions and retained messages outlive a restart of the broker",
    "sys": "`$SYS/#` tells of the broker",
    "sys_hidden": "`#` does not show `$SYS`",
    "retained_alone": "nobody gets retained messages for the subscriptions of others",
    "websocket": "MQTT over WebSocket",
    "websocket_refusal": "whoever is refused over WebSocket is told by a CONNACK",
    "mqtt5": "MQTT 5",
    "properties": "a message's content type, response topic, correlation data and user properties",
    "expiry": "messages that expire while they wait for their reader, who is told what is left",
    "session_expiry": "a session that is kept for as long as its client says",
    "no_local": "a subscription without the client's own messages (No Local)",
    "shared": "a subscription that several clients share (`$share/...`)",
}

# Without the one there is nothing to say about the other.
PART_OF = {
    "qos2_many": "qos2", "qos2_cut": "qos2", "sys_hidden": "sys", "dup": "resend",
    "websocket_refusal": "websocket",
    "properties": "mqtt5", "expiry": "mqtt5", "session_expiry": "mqtt5", "no_local": "mqtt5", "shared": "mqtt5",
}  # fmt: skip


class Lack(NamedTuple):
    """A feature that a broker does not have, what it does instead, and the test that shows it: proof(scene)."""

    feature: str
    instead: str
    proof: Callable


def needs(*features, sample=False):
    """Says of a test what it wants of a broker; sample: it also runs on a 32-bit MicroPython, and with amqtt always."""
    unknown = [name for name in features if name not in FEATURES]
    assert not unknown, f"not in FEATURES: {unknown}"

    def mark(test):
        test.needs, test.sample = set(features), sample
        return test

    return mark
