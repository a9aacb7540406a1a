"""leanmqtt.nolocal over TLS, where a packet may count as written before it is, and goes in pieces."""


def test_own_messages_stay_out_over_tls(actor, secure, watcher, authority):
    broker = secure()
    seen = watcher(broker.port, "room/#")
    client = actor(
        broker.tls, ["nolocal", 32], ["connect"], ["subscribe", "room/+", 1], ["subscribed", 1], ["narrow", 2048],
        ["bulk", "room/own", 0, 10, 1, 5000], ["drain"], ["heard", 1], ["hidden"], ["disconnect"],
        tls={"ca": str(authority.path("ca.pem"))}, rx_size=6000, outbox_size=24_000, overflow="refuse",
    )  # fmt: skip
    seen.wait(10)
    seen.publish("room/other", "foreign", 1)
    lines = client.finish()
    assert client.starting("message") == ["message room/other 1 0 foreign"]
    assert "hidden 10 0" in lines
