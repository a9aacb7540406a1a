"""The benchmark measures what it says: its sink answers, its subjects run, its images import."""

import socket

import pytest
from bench import calls, sink, size, speed, table
from bench.setting import DEVICE, Setting
from girouette.mpy import compile_tree


@pytest.fixture
def setting(tmp_path, lib_mpy, mp32) -> Setting:
    """Everything but the peer that has to be fetched."""
    compile_tree(DEVICE, tmp_path)
    return Setting(lib_mpy, tmp_path, tmp_path, search=(tmp_path, lib_mpy), mp=mp32)


def receive(sock, count: int) -> bytes:
    data = b""
    while len(data) < count:
        data += sock.recv(count - len(data))
    return data


def test_the_sink_acknowledges_every_message_however_the_bytes_are_cut():
    packets = b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04name"
    packets += b"".join(b"\x32\x06\x00\x01t" + bytes([i, 255 - i]) + b"x" + b"\x30\x04\x00\x01ty" for i in range(200))
    answers = sink.CONNACK + b"".join(b"\x40\x02" + bytes([i, 255 - i]) for i in range(200))
    with speed.spinning_sink() as port:
        for step in (1, 7, len(packets)):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
                for at in range(0, len(packets), step):
                    sock.sendall(packets[at : at + step])
                assert receive(sock, len(answers)) == answers


def test_the_core_is_what_a_client_loads_that_connects_and_publishes(mp32, lib_mpy):
    with speed.spinning_sink() as port:
        code = f"""
import sys
from leanmqtt import Client
client = Client("core", "127.0.0.1", {port})
client.connect()
client.publish(b"a", b"b")
while client.pending:
    client.poll(50)
for name in sys.modules:
    if name.startswith("leanmqtt"):
        print(name[9:] or "__init__")
"""
        done = mp32.run(code, path=(lib_mpy,))
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(done.stdout.split()) | {"config", "wait"} == size.CORE  # these two it lets go of


def test_the_sink_floods_a_subscriber_with_whole_messages():
    with speed.spinning_sink() as port, socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
        sock.sendall(b"\x82\x06\x00\x07\x00\x01#\x00")
        assert receive(sock, 5) == b"\x90\x03\x00\x07\x00"
        for _ in range(1000):
            assert receive(sock, len(sink.MESSAGES)) == sink.MESSAGES


@pytest.mark.parametrize("operation", speed.OPERATIONS)
@pytest.mark.parametrize("subject", ["lean", "bare"])
def test_a_rate_is_measured_against_both_peers(setting, subject, operation):
    with speed.broker() as broker_port, speed.spinning_sink() as sink_port:
        for peer, port in (("mosquitto", broker_port), ("sink", sink_port)):
            assert speed.measure(setting, peer, port, subject, operation, ms=20) > 0


def test_the_memory_of_every_module_is_measured_and_romfs_needs_less(setting):
    files, romfs = (size.ram(setting, "lean", place, "detail") for place in ("files", "romfs"))
    assert 0 < romfs.imported < files.imported
    assert {"leanmqtt", "leanmqtt.client", "leanmqtt.codec"} <= files.modules.keys() == romfs.modules.keys()
    # The parts are the whole, but for what noting takes; some of them may be loaded later than the import.
    assert files.imported - 500 < sum(files.modules.values()) < files.made + files.work


def test_one_publish_is_one_write(setting):
    with speed.broker() as port:
        assert calls.writes(setting, port, "lean", "publish0") == 1
        assert calls.writes(setting, port, "lean", "publish1") == 1


def test_a_missed_target_is_told_and_numbers_stand_to_the_right(capsys):
    assert table.verdict(2.0, 3, True) == "≥ 3 MISSED"
    assert table.verdict(2.0, 3, False) == "≤ 3 met"
    table.show("T", ["name", "n"], [["a", 1234], ["bc", None]])
    assert capsys.readouterr().out.splitlines()[3:] == [
        "| name |     n |",
        "|------|------:|",
        "| a    | 1,234 |",
        "| bc   |     - |",
        "",
    ]
