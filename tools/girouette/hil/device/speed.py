# Runs on the board: how many messages a second go to a real broker. Arguments: its port, milliseconds for each.
# One line per operation: its name, so many a second.

import sys
from time import ticks_diff, ticks_ms

from leanmqtt import Client
from place import ACCOUNT, BASE, HOST, NAME

TOPIC = (BASE + "/speed").encode()
PAYLOAD = b"21.5"
port, span = int(sys.argv[1]), int(sys.argv[2])
client = Client(NAME + "speed", HOST, port, **ACCOUNT)
heard = 0


def on_message(message):
    global heard
    heard += 1


def until(left):
    while client.pending > left:
        client.poll(1000)


def publish0():
    for _ in range(16):  # the outbox has room for them, however slow the network is
        client.publish(TOPIC, PAYLOAD, 0)
    until(0)
    return 16


def publish1():
    client.publish(TOPIC, PAYLOAD, 1)
    until(0)
    return 1


def window1():
    client.publish(TOPIC, PAYLOAD, 1)
    until(7)
    return 1


def there_and_back():
    n = heard
    client.publish(TOPIC, PAYLOAD, 0)
    while heard == n:
        client.poll(1000)
    return 1


def rate(name, step):
    begin = ticks_ms()
    count = 0
    while ticks_diff(ticks_ms(), begin) < span:
        count += step()
    until(0)
    print("speed", name, count * 1000 // max(1, ticks_diff(ticks_ms(), begin)), sep="\t")


client.connect()
rate("publish QoS 0", publish0)
rate("publish QoS 1, one at a time", publish1)
rate("publish QoS 1, eight in flight", window1)
granted = []
client.on_subscribed = lambda topic_filter, qos: granted.append(qos)
client.subscribe(TOPIC, 0, on_message)
while not granted:
    client.poll(1000)
if granted[0] < 3:
    rate("publish and receive QoS 0", there_and_back)
client.disconnect()
