# A broker that takes no retained messages, 2,000 bytes at most, 3 under way.
from scene import Ear, until

ear = Ear("ear", "t/#", outbox_size=20000, inflight=50)
c = ear.client
assert c.v5.connack["retain_available"] == 0 and c.v5.connack["receive_maximum"] == 3, c.v5.connack
fates = {}
c.on_delivered = fates.__setitem__
refused = c.publish("t/large", "x" * 3000, qos=1)
retained = c.publish("t/retained", "x", qos=1, retain=True)
assert c.publish("t/large", "x" * 3000, qos=0) == 0
good = [c.publish("t/good", "%d" % i, qos=1) for i in range(100)]
until(lambda: not c.pending and len(fates) == 102, c, what="all fates")
assert fates[refused] == 0x95 and fates[retained] == 0x9A, fates
assert all(fates[pid] == 0 for pid in good)
assert c.dropped == 1, c.dropped
ear.wait(100)
assert [m[1] for m in ear.heard] == [b"%d" % i for i in range(100)]
assert c.last_error is None
print("obeyed")
