"""A broker of the test's own, and what a subscriber to it hears."""

import queue
import socket
import subprocess
import time

import paho.mqtt.client as mqtt
import pytest
from girouette import toolchain


@pytest.fixture
def broker(tmp_path):
    """The port of a mosquitto on this machine; it ends with the test."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = tmp_path / "mosquitto.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    process = subprocess.Popen([toolchain.mosquitto(), "-c", config])
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield port
    process.terminate()
    process.wait()


@pytest.fixture
def heard(broker):
    """(topic, payload) of every message, as they come: heard.get(timeout=20)."""
    messages = queue.Queue()
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.on_message = lambda _client, _data, message: messages.put((message.topic, message.payload.decode()))
    client.connect("127.0.0.1", broker)
    client.subscribe("ha/#")
    client.loop_start()
    yield messages
    client.loop_stop()
    client.disconnect()
