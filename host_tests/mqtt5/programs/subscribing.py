# Options of subscriptions, shared ones, identifiers.
from scene import Ear, made, until

ear = Ear("own", "o/#", more={"no_local": True})
ear.client.publish("o/1", "mine", qos=1)
other = made("other")
other.connect()
other.publish("o/2", "another's", qos=1)
assert [m[0] for m in ear.wait(1, other)] == ["o/2"]

other.publish("r/1", "kept", qos=1, retain=True)
until(lambda: not other.pending, other)
for handling, expected in ((0, 1), (2, 0)):
    ear = Ear("late%d" % handling, "r/#", more={"retain_handling": handling, "retain_as_published": True})
    other.publish("r/2", "now", qos=1, retain=True)
    until(lambda: any(m[0] == "r/2" for m in ear.heard), ear.client, other)
    assert ear.retain, "as published"
    assert len([m for m in ear.heard if m[0] == "r/1"]) == expected, ear.heard
    other.publish("r/2", "", qos=1, retain=True)
    until(lambda: not other.pending, other)

a, b = Ear("a", "$share/team/work/+"), Ear("b", "$share/team/work/+")
for i in range(20):
    other.publish("work/%d" % (i % 3), "%d" % i, qos=1)
until(lambda: len(a.heard) + len(b.heard) == 20, a.client, b.client, other)
assert a.heard and b.heard, "one of the team got nothing"

calls = []
c = made("overlap")
c.subscribe("x/+", 1, lambda m: calls.append("plus"))
c.subscribe("x/#", 1, lambda m: calls.append("hash"))
c.connect()
until(lambda: not c._session.inbox.todo | c._session.inbox.asked, c)
other.publish("x/1", "once each", qos=1)
until(lambda: len(calls) >= 2, c, other)
for _ in range(20):
    c.poll(10)
assert sorted(calls) == ["hash", "plus"], calls
print("subscribing")
