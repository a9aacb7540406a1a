# A journal with MQTT 5: what waits in the file expires there, and outlives a reset.
from leanmqtt.journal import Client, Journal
from scene import PORT

now = [1000]
fates = {}


def begun(port):
    fates.clear()
    journal = Journal("journal", delay_ms=1000, size=40000)
    return Client(
        "keeper", "127.0.0.1", port, version=5, clean=False, session_expiry=300, journal=journal, outbox_size=1024,
        clock=lambda: now[0], on_delivered=fates.__setitem__, ready=lambda: port == PORT,
    )  # fmt: skip


def pass_time(client, seconds):
    for _ in range(seconds):
        now[0] += 1000
        client.poll(0)


c = begun(1)
for i in range(60):
    c.publish(
        "j/x", "m%d" % i, qos=1, properties={"message_expiry_interval": 100 if i % 2 else 20, "content_type": "x"}
    )
    c.poll(0)
pass_time(c, 10)
assert c.stored == c.pending == 60 and not fates
assert c.journal.flush()
c.journal.log.close()  # the power goes
c = begun(1)
assert c.pending == 60
pass_time(c, 15)
c = c if c.journal.flush() else None
c.journal.log.close()
c = begun(PORT)
c.connect()
for _ in range(5000):
    if not c.pending:
        break
    c.poll(1)
    now[0] += 1
reasons = sorted(fates.values())
assert reasons == [-2] * 30 + [0] * 30, reasons
c.disconnect()
c.journal.log.close()
c = begun(PORT)  # the file says that there is a session
c.connect()
assert c.session_present
c.disconnect()
c.journal.log.close()
try:
    Client("keeper", "127.0.0.1", PORT, clean=False, journal=Journal("journal"))
except ValueError as e:
    assert "another version's" in str(e)
    print("journal")
