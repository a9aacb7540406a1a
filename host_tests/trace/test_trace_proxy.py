"""Between a client and a real mosquitto every byte goes through unchanged, and each packet is told as it passes."""

import asyncio
import contextlib
import json
import signal
import socket
import subprocess
import sys
import threading

import paho.mqtt.client as mqtt
import pytest
from girouette.cli import main
from girouette.commands import trace
from girouette.trace.conversation import DOWN, UP
from girouette.trace.proxy import Proxy
from leanmqtt import Client, Will
from support import wait_for
from talk import packet


class Traced:
    """A proxy in a thread of its own, and the Lines it told."""

    def __init__(self, broker: int):
        self.lines, self.port = [], None
        self._loop = asyncio.new_event_loop()
        self._proxy = Proxy(("127.0.0.1", 0), ("127.0.0.1", broker), self.lines.append, 128)
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._task = self._loop.create_task(self._proxy.run(lambda port: setattr(self, "port", port)))
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)

    def __enter__(self):
        self._thread.start()
        wait_for(lambda: self.port, "the proxy to listen")
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(10)

    def packets(self, side: str) -> list:
        return [line.packet for line in list(self.lines) if line.packet and line.direction == side]

    def kinds(self, side: str) -> set[str]:
        return {found.kind for found in self.packets(side)}

    def faults(self) -> list:
        return [line for line in self.lines if line.wrong]


def poll_until(client: Client, condition):
    def polled():
        client.poll(20)
        return condition()

    wait_for(polled, "the client")


def test_a_leanmqtt_client_is_told_in_every_quality_of_service(mosquitto):
    heard = []
    with Traced(mosquitto.port) as traced:
        client = Client("roof", "127.0.0.1", traced.port, qos2=True, will=Will("ha/roof/status", b"offline", 1, True))
        client.connect()
        client.subscribe("ha/#", 2, lambda message: heard.append((message.topic, message.payload)))
        for qos in (0, 1, 2):
            client.publish("ha/température", f"2{qos}.5", qos)
        poll_until(client, lambda: len(heard) == 3 and not client.pending and "PUBCOMP" in traced.kinds(UP))
        client.disconnect()
        wait_for(lambda: traced.lines[-1].event.startswith("closed by"), "the end to be told")
    both = {"PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP"}
    assert traced.kinds(UP) == {"CONNECT", "SUBSCRIBE", "DISCONNECT"} | both
    assert traced.kinds(DOWN) == {"CONNACK", "SUBACK"} | both
    sent = [(found.flags[0], found.topic, found.payload) for found in traced.packets(UP) if found.kind == "PUBLISH"]
    assert sent == [(f"q{qos}", "ha/température", f"2{qos}.5".encode()) for qos in (0, 1, 2)]
    assert not traced.faults()


def _paho(version, port, **options):
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, f"paho-{version}", protocol=version, **options)
    client.loop_start()
    client.connect("127.0.0.1", port)
    wait_for(client.is_connected, "paho to be connected")
    return client


@pytest.mark.parametrize("version", [mqtt.MQTTv311, mqtt.MQTTv5])
def test_a_paho_client_hears_what_it_says_through_the_proxy(mosquitto, version):
    large = bytes(range(256)) * 8000  # 2 MB
    heard = []
    with Traced(mosquitto.port) as traced:
        client = _paho(version, traced.port)
        client.on_message = lambda client, data, message: heard.append(message.payload)
        client.subscribe("ha/large", 2)
        client.publish("ha/large", large, 2)
        wait_for(lambda: heard, "the message to come back")
        client.disconnect()
        client.loop_stop()
        wait_for(lambda: traced.lines[-1].event.startswith("closed by"), "the end to be told")
    assert heard == [large]
    (sent,) = [found for found in traced.packets(UP) if found.kind == "PUBLISH"]
    assert (sent.payload_size, sent.payload) == (len(large), large[: len(sent.payload)])
    assert sent.version == version and not traced.faults()


def test_a_refused_login_is_told_without_the_password(mosquitto_factory):
    broker = mosquitto_factory(accounts={"roof": "right"})
    with Traced(broker.port) as traced:
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "roof")
        client.username_pw_set("roof", "wr0ng")
        client.loop_start()
        client.connect("127.0.0.1", traced.port)
        wait_for(lambda: "CONNACK" in traced.kinds(DOWN), "the refusal")
        client.loop_stop()
        client.disconnect()
    (reason,) = traced.packets(DOWN)[0].about["reasons"]
    assert reason["refused"] and "not authorized" in reason["words"]
    assert "wr0ng" not in repr(traced.lines)


def test_a_broker_that_is_not_there_is_told_and_the_node_let_go(free_port):
    with Traced(free_port) as traced, socket.create_connection(("127.0.0.1", traced.port), 5) as node:
        assert node.recv(1) == b""
        assert "does not answer" in traced.lines[-1].event


def test_bytes_that_are_no_mqtt_go_through_as_they_are():
    said = b"\x30\xff\xff\xff\xff\xff" + bytes(range(256))
    with socket.create_server(("127.0.0.1", 0)) as server, Traced(server.getsockname()[1]) as traced:
        with socket.create_connection(("127.0.0.1", traced.port), 5) as node:
            broker, _ = server.accept()
            with broker:
                node.sendall(said)
                node.shutdown(socket.SHUT_WR)
                got = b"".join(iter(lambda: broker.recv(4096), b""))
                broker.sendall(b"late")  # one direction closed, the other still open
                assert (got, node.recv(10)) == (said, b"late")
        wait_for(lambda: any("malformed" in line.event for line in traced.lines), "the fault to be told")


def test_a_reset_is_told_and_passed_on(mosquitto):
    with Traced(mosquitto.port) as traced:
        client = Client("roof", "127.0.0.1", traced.port)
        client.connect()
        mosquitto.kill()
        poll_until(client, lambda: not client.connected)
        wait_for(lambda: "closed by the broker" in traced.lines[-1].event, "the end to be told")
        client.reconnect = False


@pytest.mark.parametrize("how", ["person", "program"])
def test_the_command_traces_until_ctrl_c_and_sums_it_up(mosquitto, free_port, how):
    argv = [sys.executable, "-m", "girouette.cli", "trace", "--broker", f"127.0.0.1:{mosquitto.port}"]
    argv += ["--listen", f"127.0.0.1:{free_port}", "--no-payload", *(["--json"] if how == "program" else [])]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert f"port {free_port}" in process.stderr.readline()
        with socket.create_connection(("127.0.0.1", free_port), 5) as node:
            node.sendall(bytes.fromhex("100e00044d515454040200050002") + b"me" + packet(0xC0))
            assert node.recv(10).startswith(b"\x20")
            said = [process.stdout.readline() for _ in range(4)]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert process.returncode == 0, err
    finally:
        process.kill()
        process.wait()
    if how == "program":
        assert [json.loads(line).get("type") for line in said] == [None, "CONNECT", "PINGREQ", "CONNACK"]
        assert json.loads(out.splitlines()[-1])["summary"]["node"]["packets"]["PINGREQ"] == 1
    else:
        assert "client_id=me" in said[1] and "accepted (0x00)" in said[3]
        assert "from the node →  1 CONNECT, 1 PINGREQ; 18 bytes" in out


PLACES = {
    "1884": ("0.0.0.0", 1884),
    "192.168.1.20:99": ("192.168.1.20", 99),
    "[::1]:99": ("::1", 99),
}


@pytest.mark.parametrize("text", PLACES)
def test_where_to_listen_is_a_port_or_an_address_and_a_port(text):
    assert trace._place(text, "0.0.0.0", 1884) == PLACES[text]


@pytest.mark.parametrize("text", ["mqtt://broker.local", "broker.local", "broker.local:1883"])
def test_where_the_broker_is_may_leave_out_the_port(text):
    assert trace._place(text, None, 1883) == ("broker.local", 1883)


USAGE = [[], ["x.pcap", "--broker", "b"], ["--broker", "b:x"], ["--broker", "b:99999"]]


@pytest.mark.parametrize("argv", USAGE, ids=" ".join)
def test_wrong_usage_is_told_in_words(argv, capsys):
    assert main(["trace", *argv]) == 1
    out, err = capsys.readouterr()
    assert err.startswith("girouette: expected") and out == ""


def test_a_port_that_is_taken_is_told_with_the_way_to_another(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["trace", "--broker", "b", "--listen", f"127.0.0.1:{port}"]) == 1
    assert f"cannot listen on port {port}" in capsys.readouterr().err
