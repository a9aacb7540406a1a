# Messages that expire: at the broker while their reader is away, and in the outbox.
from scene import Ear, made, until

ear = Ear("reader", "e/#", clean=False, session_expiry=60)
ear.client.disconnect()
now = [1000]
mouth = made("mouth", clock=lambda: now[0])
fates = {}
mouth.on_delivered = fates.__setitem__
late = mouth.publish("e/late", "x", qos=1, properties={"message_expiry_interval": 5})
good = mouth.publish("e/good", "x", qos=1, properties={"message_expiry_interval": 500})
for _ in range(8):
    now[0] += 1000
    mouth.poll()
assert fates == {late: -2} and mouth.dropped == 1 and mouth.v5.expired == 1
mouth.connect()
until(lambda: fates.get(good) == 0, mouth)
mouth.publish("e/short", "x", qos=1, properties={"message_expiry_interval": 1})
until(lambda: not mouth.pending, mouth)
mouth.disconnect()
real = made("clock")
real.connect()
for _ in range(25):
    real.poll(100)  # 2.5 s, in which the broker's copy of the last one expires
ear.client.connect()
(found,) = ear.wait(1)
assert found[0] == "e/good" and 480 < found[2]["message_expiry_interval"] <= 492, found
print("expiring")
