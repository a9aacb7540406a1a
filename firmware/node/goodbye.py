"""The end of a connection that ends as it should: the last of the log, and `offline` said by the node itself, since the
broker does not say it after a clean goodbye.
"""

from leanmqtt import OutboxFull

_LINES = 4  # of the log: a goodbye must not take long


def say(client, presence, word, ring, topic):
    """presence, topic: those of the presence (None: it has none) and the log; ring: the lines that wait for it."""
    try:
        for line in ring[-_LINES:]:
            if client.connected and client.pending < 2 * _LINES:  # readings go first
                client.publish(topic, line, 1)
        ring.clear()
        if presence:
            client.publish(presence, word, 1, True)
    except OutboxFull:  # the will says it
        return client.transport.close()
    client.disconnect()
