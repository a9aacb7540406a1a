"""Brokers that die and links that break under load: nothing lost at QoS 1, nothing lost or doubled at QoS 2."""

import pytest
from support import wait_for
from traffic import gone_and_back

FAST = {"backoff_ms": [50, 400], "overflow": "refuse"}


def numbers(count):
    return [str(i) for i in range(count)]


def first_times(payloads):
    """Without repetitions, in order of first arrival."""
    return list(dict.fromkeys(payloads))


def ends_under_load(actor, watch, link, broker, end, qos):
    """The broker ends and comes back, twice, while a client publishes; returns all payloads the watcher saw.

    The watcher hears everything the broker has taken (QoS 0: nothing of it depends on the broker's memory of the
    watcher), and is back before the client's cable is plugged in again.
    """
    client = actor(
        link.port, ["start"], ["load", "load", 0, 300, qos, 3], ["drain"], ["disconnect"],
        clean=False, qos2=True, **FAST,
    )  # fmt: skip
    for level in (60, 160):
        wait_for(lambda: len(first_times(watch.payloads())) >= level, "load", 30)  # noqa: B023
        gone_and_back(broker, link, watch, end)
    lines = client.finish()
    assert "drained 0" in lines and "left 0" in lines and len(client.starting("connect")) == 3
    wait_for(lambda: len(first_times(watch.payloads())) == 300, "all messages", 30)
    return watch.payloads()


@pytest.mark.parametrize("qos", [1, 2])
def test_a_broker_stopped_and_started_under_load(actor, watcher, cable, mosquitto_factory, tmp_path, qos):
    """A broker that keeps its sessions on disk: nothing lost, and nothing doubled at QoS 2."""
    tmp_path.chmod(0o777)
    broker = mosquitto_factory(persistence_dir=tmp_path, extra="autosave_interval 1800")
    watch = watcher(broker.port, "load", qos=0)
    got = ends_under_load(actor, watch, cable(broker.port), broker, broker.stop, qos)
    assert (got if qos == 2 else first_times(got)) == numbers(300)


@pytest.mark.parametrize("qos", [1, 2])
def test_a_broker_killed_under_load(actor, watcher, cable, mosquitto, qos):
    """SIGKILL, and its memory is gone: still nothing is lost."""
    watch = watcher(mosquitto.port, "load", qos=0)
    got = ends_under_load(actor, watch, cable(mosquitto.port), mosquitto, mosquitto.kill, qos)
    assert first_times(got) == numbers(300)


@pytest.mark.parametrize("qos", [1, 2])
def test_a_link_cut_again_and_again_under_load(actor, watcher, cable, mosquitto, qos):
    watch = watcher(mosquitto.port, "load", qos=2)
    link = cable(mosquitto.port)
    client = actor(
        link.port, ["start"], ["load", "load", 0, 800, qos, 1], ["drain"], ["disconnect"],
        clean=False, qos2=True, **FAST,
    )  # fmt: skip
    for level in range(50, 500, 50):
        wait_for(lambda level=level: len(watch.messages) >= level, "load", 30)
        link.cut()
    client.finish()
    wait_for(lambda: len(first_times(watch.payloads())) == 800, "all messages", 30)
    assert first_times(watch.payloads()) == numbers(800)
    if qos == 2:
        assert watch.payloads() == numbers(800)
    assert len(client.starting("connect")) >= 5


@pytest.mark.parametrize("qos", [1, 2])
def test_a_subscriber_whose_link_is_cut_again_and_again(actor, watcher, cable, mosquitto_factory, qos):
    broker = mosquitto_factory(extra="max_queued_messages 0")
    link = cable(broker.port)
    client = actor(
        link.port, ["subscribe", "load", qos], ["start"], ["heard", 500], ["poll", 300], ["disconnect"],
        clean=False, qos2=True, keepalive=5, **FAST,
    )  # fmt: skip
    client.wait_line("subscribed")
    watch = watcher(broker.port)
    for i in range(500):
        watch.publish("load", str(i), qos)
        if i % 60 == 50:
            link.cut()
    client.finish()
    heard = [line.split()[4] for line in client.starting("message")]
    assert first_times(heard) == numbers(500)
    if qos == 2:
        assert heard == numbers(500)


def test_a_half_open_link_is_found_and_left(actor, watcher, cable, mosquitto):
    """The cable swallows everything and says nothing: only the missing PINGRESP tells."""
    watch = watcher(mosquitto.port, "load", qos=2)
    link = cable(mosquitto.port)
    client = actor(
        link.port, ["start"], ["connected"], ["say", "ready"], ["load", "load", 0, 150, 0, 20],
        ["connected"], ["load", "load", 400, 410, 1], ["drain"], ["disconnect"],
        clean=False, keepalive=1, **FAST,
    )  # fmt: skip
    client.wait_line("ready")
    watch.wait(20)
    link.silence()
    client.wait_line("disconnect", timeout=10)
    client.finish()
    assert len(client.starting("connect")) == 2
    wait_for(lambda: watch.payloads()[-10:] == [str(i) for i in range(400, 410)], "the last ten")


def test_a_broker_that_is_down_at_first_is_found_later(actor, watcher, mosquitto_factory, free_port):
    client = actor(
        free_port, ["start"], ["publish", "early", "kept", 1], ["drain"], ["disconnect"], clean=False, **FAST
    )
    client.wait_line("disconnect")
    broker = mosquitto_factory(port=free_port)
    client.finish()
    assert "PUBLISH" in broker.log_text() and "'early'" in broker.log_text()
