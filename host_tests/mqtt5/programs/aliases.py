# The same topics again and again: the packets become short, and arrive as if they were not.
from scene import Ear, made, until

LONG = "a/topic/that/is/much/longer/than/what/it/is/about/"
ear = Ear("ear", LONG + "#", qos2=True)
client = made("mouth", qos2=True, topic_aliases=4, outbox_size=8192)
client.connect()
sizes = []
write = client.transport.write


def counted(span):
    n = write(span)
    if n and n > 0:
        sizes.append(n)
    return n


client.transport.write = counted
sent = []
for turn in range(4):
    for k in range(6):
        for payload in ("%d" % turn, "%d" % turn * 300):
            client.publish(LONG + "%d" % k, payload, qos=turn % 3)
            sent.append((LONG + "%d" % k, payload.encode()))
            until(lambda: not client.pending, client)
ear.wait(len(sent))
assert sorted((m[0], m[1]) for m in ear.heard) == sorted(sent)
assert len(client._session.aliases.names) == 4, client._session.aliases.names
small = [n for n in sizes if n > 4]
assert min(small) < 15, sizes
told = client._session.aliases.announced
client.transport.sock.close()  # void on the next connection
client._broken = -30
until(lambda: not client.connected, client)
until(lambda: client.connected, client)
assert not client._session.aliases.announced and told
n = len(ear.heard)
for turn in range(3):
    client.publish(LONG + "0", "again", qos=1)
until(lambda: not client.pending, client)
ear.wait(n + 3)
print("aliases")
