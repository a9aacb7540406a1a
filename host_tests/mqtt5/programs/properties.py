# Every property there and back, of a publish and of a will, text beyond ASCII too.
from leanmqtt import Will
from scene import Ear, made, until

EVERY = {
    "content_type": "text/plain; charset=utf-8",
    "response_topic": "réponse/ici",
    "correlation_data": b"\xff\x00\x01",
    "user_property": [("name", "girouette"), ("name", "°C"), ("", "")],
    "payload_format_indicator": 1,
    "message_expiry_interval": 4000000000,
}


def same(found, **more):
    found = dict(found)
    assert found.pop("subscription_identifier") == [1], found
    assert 0 < EVERY["message_expiry_interval"] - found["message_expiry_interval"] < 60 or (
        found["message_expiry_interval"] == EVERY["message_expiry_interval"]
    )
    found["message_expiry_interval"] = EVERY["message_expiry_interval"]
    assert found == EVERY, found


ear = Ear("ear", "out/#", qos2=True)
mouth = made(
    "mouth",
    qos2=True,
    will=Will("out/will", "gone", qos=1, properties=dict(EVERY, will_delay_interval=0)),
    birth=Will("out/birth", "here", qos=1, properties=EVERY),
)
mouth.connect()
for qos in range(3):
    mouth.publish("out/%d" % qos, "x" * (3000 if qos == 5 else 30), qos=qos, properties=EVERY)
    mouth.publish("out/plain", "y", qos=qos)
until(lambda: not mouth.pending, mouth)
mouth.disconnect(will=True)
ear.wait(8)
topics = {}
for topic, payload, properties in ear.heard:
    topics.setdefault(topic, []).append(properties)
for topic in ("out/birth", "out/0", "out/1", "out/2", "out/will"):
    same(topics[topic][0])
assert topics["out/plain"] == [{"subscription_identifier": [1]}] * 3, topics["out/plain"]
print("properties")
