# A broker whose access list forbids a topic: each message is told with its reason, and in words.
from scene import made, until

told = []
c = made("mouth", qos2=True)
c.on_delivered = lambda pid, reason: told.append((reason, c.v5.reason, c.v5.words(reason)))
c.connect()
for topic in ("secret/x", "open/x", "secret/x"):
    for qos in (1, 2):
        n = len(told)
        c.publish(topic, "x", qos=qos)
        until(lambda: len(told) > n, c)
assert [entry[0] for entry in told] == [0x87, 0x87, 0, 0, 0x87, 0x87], told
assert [entry[0] == entry[1] for entry in told[:2]] == [True, True] and "not authorised" in told[0][2], told
print("forbidden")
