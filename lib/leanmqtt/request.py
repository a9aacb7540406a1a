# Requests and their answers over MQTT 5 (4.10): response topic and correlation data. Loaded by who imports it.
from .port import const

_MASK = const(0x3FFFFFFF)


class Requests:
    """Ask others through `client`, whose answers come to `response_topic`, one of its own.

    Where the broker names a topic for that (response_information, asked for by request_response_information), it is
    the beginning of a good one: client.v5.connack["response_information"].
    """

    def __init__(self, client, response_topic, qos=1):
        self.client = client
        self.topic = response_topic
        self.last = client.rand(16)
        self.key = None
        self.waiting = {}  # correlation data: who is to be told, when asked, patience in ms
        self._turn = client._turn
        client._turn = self.turn
        client._left = self.left
        client.subscribe(response_topic, qos, self._answer)

    def ask(self, topic, payload, answered, timeout_ms=5000, qos=1, properties=None):  # cold: each has its own
        """Publish a request; answered(message) is called within poll, with None when no answer came in time.

        Returns the correlation data. Raises OutboxFull as publish does.
        """
        self.last = self.last + 1 & 0xFFFF
        key = bytes((self.last >> 8, self.last & 255, self.client.rand(8), self.client.rand(8)))
        given = dict(properties) if properties else {}
        given["response_topic"] = self.topic
        given["correlation_data"] = key
        given.setdefault("message_expiry_interval", max(timeout_ms // 1000, 1))  # an answer later is for nobody
        self.client.publish(topic, payload, qos, False, given)
        self.waiting[key] = answered, self.client.clock() & _MASK, timeout_ms
        return key

    def cancel(self, key):
        """Wait for that answer no more."""
        self.waiting.pop(key, None)

    def _answer(self, message):
        key = message.properties.get("correlation_data")
        if key in self.waiting:
            self.waiting.pop(key)[0](message)

    # -- in the place of what the client does

    def turn(self):
        """Client._turn, and what was not answered in time."""
        if self.waiting and self.left() <= 0:
            for key in self.waiting:
                if self._rest(key) <= 0:
                    break
            self.client._call(self.waiting.pop(key)[0], None)
            return True
        return self._turn()

    def left(self):
        """Client._left."""
        n = type(self.client)._left(self.client)
        for self.key in self.waiting:  # noqa: B020 - one local less keeps the frame off the heap
            n = min(n, self._rest(self.key))
        return max(n, 0)

    def _rest(self, key):
        key = self.waiting[key]
        return key[2] - (self.client._now - key[1] & _MASK)


def reply(client, message, payload, qos=1, properties=None):  # cold: properties are read
    """Answer the request `message`, in its handler. False: it does not ask for an answer."""
    found = message.properties
    if "response_topic" not in found:
        return False
    given = dict(properties) if properties else {}
    if "correlation_data" in found:
        given["correlation_data"] = found["correlation_data"]
    client.publish(found["response_topic"], payload, qos, False, given)
    return True
