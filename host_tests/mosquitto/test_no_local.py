"""The optional NoLocal with a real broker: a client that subscribes to what it publishes hears the others alone."""

import re

import pytest
from girouette.paths import ROOT
from support import wait_for
from support.anywhere import KINDS, popen

LOAD = 150
PAGE = (ROOT / "docs" / "nolocal.md").read_text()


@pytest.mark.parametrize("granted", [0, 1, 2])
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_own_messages_stay_out_and_foreign_ones_come(actor, mosquitto, watcher, qos, granted):
    seen = watcher(mosquitto.port, "room/#")
    client = actor(
        mosquitto.port, ["nolocal", 16], ["connect"], ["subscribe", "room/+", granted], ["subscribed", 1],
        *[["publish", f"room/{n}", "own", qos] for n in range(5)], ["drain"], ["heard", 2], ["hidden"], ["disconnect"],
        qos2=True,
    )  # fmt: skip
    seen.wait(5)  # so the broker has sent them to the client too, before what follows
    seen.publish("room/3", "foreign", 1)
    seen.publish("room/3", "own", 1)  # alike, but not its own: that one was cancelled already
    lines = client.finish()
    granted = min(granted, 1)
    assert client.starting("message") == [f"message room/3 {granted} 0 foreign", f"message room/3 {granted} 0 own"]
    assert "hidden 5 0" in lines


def test_without_it_they_come_back(actor, mosquitto):
    client = actor(
        mosquitto.port, ["connect"], ["subscribe", "room/+", 1], ["subscribed", 1], ["publish", "room/a", "own", 1],
        ["heard", 1], ["disconnect"],
    )  # fmt: skip
    client.finish()
    assert client.starting("message") == ["message room/a 1 0 own"]


@pytest.mark.parametrize("qos", [1, 2])
def test_own_messages_stay_out_while_the_link_breaks_again_and_again(actor, mosquitto, watcher, cable, qos):
    """Sent again by the client, sent again by the broker: in a session that goes on, none of them is heard."""
    link = cable(mosquitto.port)
    link.fuses = [900, 1300, 700, 2100, 1100, 600, 1700, 800]
    seen = watcher(mosquitto.port, "room/#")
    client = actor(
        link.port, ["nolocal", 200], ["start"], ["subscribe", "room/+", qos], ["subscribed", 1],
        ["load", "room/own", 0, LOAD, qos, 2], ["drain"], ["heard", 1], ["hidden"], ["disconnect"],
        clean=False, qos2=True, backoff_ms=[20, 100], overflow="refuse",
    )  # fmt: skip
    wait_for(lambda: len(set(seen.payloads("room/own"))) == LOAD, "all of its messages", 60)
    seen.publish("room/other", "foreign", 1)
    lines = client.finish()
    assert client.starting("message") == ["message room/other 1 0 foreign"]
    assert len(client.starting("connect")) > 4
    (hidden,) = [int(line.split()[1]) for line in lines if line.startswith("hidden")]
    assert hidden >= LOAD if qos == 1 else hidden == LOAD


@pytest.mark.parametrize("python", KINDS)
def test_the_page_works_as_it_stands(mosquitto, watcher, lib_mpy, tmp_path, python):
    program = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1]
    path = tmp_path / "program.py"
    path.write_text(program.replace('"broker.local"', f'"127.0.0.1", {mosquitto.port}'))
    seen = watcher(mosquitto.port, "ha/#")
    process = popen(python, lib_mpy, path)
    try:
        seen.wait(1)
        seen.publish("ha/lamp", "OFF", 1)
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert out == "somebody says OFF\n" and process.returncode == 0
