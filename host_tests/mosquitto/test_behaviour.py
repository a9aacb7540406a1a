"""What only mosquitto tells: its log, its own tools, accounts without which nobody comes in, two fighting for one id.

What any broker does is tried in brokers/, at mosquitto too.
"""

import subprocess

from girouette import toolchain
from support import wait_for


def words(client, name="message"):
    """[topic, qos, retain, payload] of each message line."""
    return [line.split(" ", 4)[1:] for line in client.starting(name)]







def test_a_refused_password_says_so(actor, mosquitto_factory):
    broker = mosquitto_factory(accounts={"anna": "right"})
    for options in ({"user": "anna", "password": "wrong"}, {"user": "otto", "password": "right"}, {}):
        client = actor(broker.port, ["connect"], **options)
        client.finish()
        (line,) = client.starting("refused")
        assert "code 5" in line or "code 4" in line, line
        assert client.starting("connect") == []
    good = actor(broker.port, ["connect"], ["disconnect"], user="anna", password="right")
    good.finish()
    assert good.starting("connect") == ["connect 0"]


def test_two_clients_fighting_for_one_id_slow_down(actor, mosquitto):
    """Each connection ends the other's [MQTT-3.1.4-2]; backoff keeps it from becoming a storm."""
    pair = [
        actor(mosquitto.port, ["start"], ["poll", 2500], id="same", clean=False, backoff_ms=[200, 2000]) for _ in (1, 2)
    ]
    for client in pair:
        client.finish()
    connects = [len(client.starting("connect")) for client in pair]
    assert min(connects) >= 1 and 3 <= sum(connects) <= 60, connects
    assert sum(len(client.starting("disconnect")) for client in pair) >= 2




def test_keepalive_holds_an_idle_connection(actor, mosquitto):
    """mosquitto closes after one and a half times the interval; more goes by."""
    client = actor(mosquitto.port, ["connect"], ["poll", 2500], ["disconnect"], keepalive=1)
    client.finish()
    assert len(client.starting("connect")) == 1 and client.starting("disconnect") == ["disconnect None"]
    assert "exceeded timeout" not in mosquitto.log_text() and "PINGREQ" in mosquitto.log_text()


def tool(name, port, *args):
    command = [toolchain.mosquitto_client(name), "-h", "127.0.0.1", "-p", str(port), *args]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_mosquitto_sub_and_mosquitto_pub_at_the_other_end(actor, mosquitto):
    sub = tool("mosquitto_sub", mosquitto.port, "-t", "ha/#", "-q", "2", "-C", "6", "-F", "%t %q %r %p", "-W", "30")
    wait_for(lambda: "SUBACK to" in mosquitto.log_text(), "mosquitto_sub to be subscribed")
    client = actor(
        mosquitto.port, ["subscribe", "set/#", 2], ["connect"], ["subscribed", 1], ["say", "ready"], ["heard", 3],
        *[["publish", "ha/temperature", f"21.{qos}", qos] for qos in range(3)],
        *[["publish", "ha/é/°C", f"ü{qos}", qos] for qos in range(3)],
        ["drain"], ["disconnect"], qos2=True,
    )  # fmt: skip
    client.wait_line("ready")
    for qos in "012":
        assert tool("mosquitto_pub", mosquitto.port, "-t", "set/é", "-m", "wärmer", "-q", qos).wait(30) == 0
    client.finish()
    out, _ = sub.communicate(timeout=40)
    want = [f"ha/temperature {qos} 0 21.{qos}" for qos in range(3)] + [f"ha/é/°C {qos} 0 ü{qos}" for qos in range(3)]
    assert sorted(out.split("\n")[:-1]) == sorted(want)
    assert words(client) == [["set/é", qos, "0", "wärmer"] for qos in "012"]
