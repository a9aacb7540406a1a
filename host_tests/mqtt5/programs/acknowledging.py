# What the broker tells with its acknowledgements, and what a handler tells it: refused messages are done with.
from scene import Ear, made, until

told = []


def listening(client):
    five = client.v5
    client.on_delivered = lambda pid, reason: told.append(("delivered", reason, five.reason))
    client.on_subscribed = lambda text, reason: told.append(("subscribed", reason, five.reason))
    five.on_unsubscribed = lambda text, reason: told.append(("unsubscribed", reason, five.reason))
    return client


mouth = listening(made("mouth", qos2=True))
mouth.connect()
mouth.publish("k/nobody", "x", qos=1)
until(lambda: len(told) == 1, mouth)
mouth.unsubscribe("k/never")
until(lambda: len(told) == 2, mouth)
mouth.subscribe("k/mine")
until(lambda: len(told) == 3, mouth)
mouth.publish("k/mine", "x", qos=1)
until(lambda: len(told) == 4, mouth)
mouth.unsubscribe("k/mine")
until(lambda: len(told) == 5, mouth)
answers = ("delivered", 0, 0x10), ("unsubscribed", 0x11, 0x11), ("subscribed", 1, 1), ("delivered", 0, 0)
assert told == list(answers) + [("unsubscribed", 0, 0)], told
assert "nobody has subscribed" in mouth.v5.words(told[0][2])

SAYS = {"reason_string": "not now", "user_property": [("who", "ear"), ("é", "°")]}
ear = Ear("ear", "k/in/#", qos2=True, clean=False, session_expiry=60)
refused = [True]


def take(message):
    ear.hear(message)
    reason = 0x97 if refused[0] else 0
    assert message.acknowledge(reason, SAYS) is (message.qos > 0)


ear.client.subscribe("k/in/#", 2, take)
until(lambda: len(ear.granted) == 2, ear.client)
del told[:]
for qos in (0, 1, 2):
    mouth.publish("k/in/%d" % qos, "refused", qos=qos)
ear.wait(3, mouth)
until(lambda: len(told) == 2, mouth, ear.client)
refused[0] = False
for qos in (0, 1, 2):
    for n in range(30):  # more than may be under way at once: what was refused takes no room any more
        mouth.publish("k/in/%d" % qos, "%d" % n, qos=qos)
        until(lambda: not mouth.pending, mouth, ear.client)
ear.wait(93, mouth)
assert len(ear.heard) == 93, len(ear.heard)
until(lambda: not ear.client._session.qos2.used, ear.client, mouth)
ear.client.transport.sock.close()
ear.client._broken = -30
until(lambda: not ear.client.connected, ear.client)
until(lambda: ear.client.connected, ear.client)
assert ear.client.session_present
mouth.publish("k/in/1", "last", qos=1)
ear.wait(94, mouth)
assert [m[1] for m in ear.heard[93:]] == [b"last"], "none of what was refused comes again"
print("acknowledging")
