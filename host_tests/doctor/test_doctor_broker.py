"""The doctor names the first step on the way to the broker that fails, with its cure, and disturbs no node."""

import contextlib
import json
import shutil
import socket
import ssl
import threading
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address

import paho.mqtt.client as mqtt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from girouette import mosquitto as example
from girouette.doctor import broker
from girouette.doctor.broker import Target
from girouette.doctor.login import Refused, publish
from girouette.doctor.settings import Settings
from girouette.doctor.trust import Trust
from support import wait_for

HERE = "127.0.0.1"
LAN = "127.0.0.2"  # this computer by another address, which a broker on 127.0.0.1 does not hear


def found(target, own=(LAN,)) -> dict[str, tuple[str, str, str]]:
    """The verdicts: check -> (level, words, cure); the last of each check."""
    return {v.check: (v.level, v.words, v.cure) for v in broker.examine(target, lambda: set(own))}


@pytest.fixture
def node_broker(everywhere, tmp_path):
    """The broker of docs/broker.md with an account for the node `roof`."""
    acl = tmp_path / "acl"
    acl.write_text((example.EXAMPLE / "acl").read_text())
    acl.chmod(0o600)
    return everywhere({"roof": "right", "shed": "other"}, extra=f"acl_file {acl}")


def test_a_node_that_may_publish_is_well(node_broker):
    verdicts = found(Target(LAN, node_broker.port, "roof", "right", "ha/roof/doctor"))
    assert {level for level, _, _ in verdicts.values()} == {"ok"}
    assert verdicts["broker: rules"][1] == "as roof may publish on ha/roof/doctor"


def test_a_name_that_nobody_knows_is_named():
    verdicts = found(Target("no-such-host.invalid", 1883))
    level, words, cure = verdicts["broker: name"]
    assert level == "bad" and "no-such-host.invalid is not known" in words and "broker.host" in cure
    assert len(verdicts) == 1


def test_a_port_nobody_listens_on_is_named(free_port):
    level, words, cure = found(Target(LAN, free_port))["broker: TCP"]
    assert level == "bad" and "refused" in words and "systemctl status mosquitto" in cure


def test_a_machine_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr(broker, "_PATIENCE", 0.2)
    with socket.socket() as full:  # a queue of one, and two in it: the next SYN is not answered
        full.bind((HERE, 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex((HERE, port))
        with contextlib.ExitStack() as stack:
            for one in waiting:
                stack.enter_context(one)
            level, words, cure = found(Target(HERE, port))["broker: TCP"]
    assert level == "bad" and "no answer in 0.2 s" in words and "firewall" in cure


def test_a_broker_that_listens_on_loopback_only_is_named_by_its_address_in_the_network(mosquitto):
    level, words, cure = found(Target(LAN, mosquitto.port))["broker: TCP"]
    assert level == "bad" and f"127.0.0.1:{mosquitto.port} answers" in words
    assert f"`listener {mosquitto.port}`" in cure and "docs/broker.md" in cure


@pytest.mark.parametrize("host", ["localhost", HERE])
def test_a_broker_given_as_this_computer_is_named_with_the_address_to_take(mosquitto, everywhere, host):
    verdicts = found(Target(host, mosquitto.port))
    level, words, cure = verdicts["broker: name"]
    assert level == "bad" and "the board itself" in words and f"broker.host is {LAN}" in cure
    level, words, cure = verdicts["broker: TCP"]
    assert level == "bad" and f"{LAN}:{mosquitto.port} does not" in words and "listener" in cure
    assert found(Target(host, everywhere().port))["broker: TCP"][0] == "ok"


LOGINS = {
    "a wrong password": ("roof", "wr0ng", "mosquitto_passwd -b /etc/mosquitto/passwords roof PASSWORD"),
    "no account": (None, None, "broker.user in config.json"),
    "no password": ("roof", None, "broker.password in secrets.json"),
}


@pytest.mark.parametrize("name", LOGINS)
def test_a_login_that_fails_is_named_without_the_password(node_broker, name):
    user, password, expected = LOGINS[name]
    verdicts = found(Target(LAN, node_broker.port, user, password, "ha/roof/doctor"))
    level, words, cure = verdicts["broker: login"]
    assert level == "bad" and "not authorized" in words and expected in cure
    assert "broker: rules" not in verdicts and "wr0ng" not in str(verdicts)


def test_a_rule_that_forbids_publishing_is_named(node_broker):
    verdicts = found(Target(LAN, node_broker.port, "shed", "other", "ha/roof/doctor"))
    level, words, cure = verdicts["broker: rules"]
    assert level == "bad" and "as shed may not publish on ha/roof/doctor: not authorized" in words
    assert "docs/broker.md" in cure


def test_a_node_that_runs_is_not_disturbed_and_nothing_is_kept(everywhere):
    place = everywhere()
    heard, lost = [], []
    node = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "roof")
    node.on_message = lambda client, data, message: heard.append(message.topic)
    node.on_disconnect = lambda *_: lost.append(1)
    node.on_connect = lambda client, *_: client.subscribe("ha/#", 1)
    granted = threading.Event()
    node.on_subscribe = lambda *_: granted.set()
    node.loop_start()
    node.connect(HERE, place.port)
    assert granted.wait(30)
    assert found(Target(LAN, place.port, topic="ha/roof/doctor"))["broker: rules"][0] == "ok"
    wait_for(lambda: heard, "the doctor's word")
    later = []
    node.on_message = lambda client, data, message: later.append(message.topic)
    granted.clear()
    node.subscribe("ha/+/+", 1)  # what is retained comes before what is published now
    assert granted.wait(30)
    node.publish("ha/roof/end", b"", 1)
    wait_for(lambda: later, "the end")
    assert (heard, set(later), lost) == (["ha/roof/doctor"], {"ha/roof/end"}, [])
    node.disconnect()
    node.loop_stop()


@contextlib.contextmanager
def answering(talk):
    """A server on 127.0.0.2 that talks so with each caller."""

    def serve():
        with contextlib.suppress(OSError):
            while True:
                caller, _ = server.accept()
                with caller, contextlib.suppress(OSError):
                    caller.settimeout(20)
                    talk(caller)

    with socket.create_server((LAN, 0)) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def _only_3_1_1(caller):
    """A broker of old: refuses MQTT 5 by return code 1, acknowledges whatever it is sent."""
    connect = caller.recv(1000)
    if connect and connect[8] != 4:
        caller.sendall(b"\x20\2\0\1")
    elif connect:
        caller.sendall(b"\x20\2\0\0")
    while data := caller.recv(1000):
        if data[0] == 0x32:
            caller.sendall(b"\x40\2\0\1")


def test_a_broker_of_mqtt_3_1_1_only_does_not_tell_its_rules_and_that_is_said():
    with answering(_only_3_1_1) as port:
        verdicts = found(Target(LAN, port, topic="ha/roof/doctor"))
    assert verdicts["broker: login"][0] == "ok"
    assert verdicts["broker: rules"][0] == "warn" and "is not told" in verdicts["broker: rules"][1]


def test_what_is_no_broker_is_named():
    with answering(lambda caller: caller.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")) as port:
        level, words, cure = found(Target(LAN, port))["broker: login"]
    assert level == "bad" and "may be no MQTT broker" in cure


def test_a_broker_that_says_nothing_is_named(monkeypatch):
    monkeypatch.setattr(broker, "_PATIENCE", 0.5)
    with answering(lambda caller: caller.recv(1000) and caller.recv(1000)) as port:
        level, words, _ = found(Target(LAN, port))["broker: login"]
    assert level == "bad" and "no answer to the CONNECT in 0.5 s" in words


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.2, signed by itself, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(timezone.utc)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(LAN))]), False)
    folder = tmp_path_factory.mktemp("tls")
    crt, pem = folder / "crt", folder / "key"
    crt.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return crt, pem


@pytest.fixture
def tls_broker(certificate, everywhere):
    crt, key = certificate
    return everywhere(extra=f"certfile {crt}\nkeyfile {key}")


def test_a_certificate_signed_by_nobody_is_named(tls_broker):
    verdicts = found(Target(LAN, tls_broker.port, tls=True))
    level, words, cure = verdicts["broker: TLS"]
    assert level == "bad" and "certificate is refused" in words and "authority" in cure
    assert "broker: login" not in verdicts


def test_a_certificate_that_is_known_is_well_and_one_for_another_name_is_named(tls_broker, certificate, monkeypatch):
    made = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda *a, **k: made(cafile=certificate[0]))
    assert found(Target(LAN, tls_broker.port, tls=True))["broker: TLS"][0] == "ok"
    level, words, cure = found(Target("localhost", tls_broker.port, tls=True))["broker: TLS"]
    assert level == "bad" and "another name" in cure


@pytest.mark.parametrize("given", ["a file", "text"])
def test_the_authority_of_the_configuration_is_believed(tls_broker, certificate, tmp_path, given):
    crt = certificate[0]
    shutil.copy(crt, tmp_path / "ca.pem")
    tls = {"ca": "ca.pem" if given == "a file" else crt.read_text()}
    broker = {"host": LAN, "port": tls_broker.port, "tls": tls}
    config = {"name": "roof", "network": [{"ssid": "home"}], "broker": broker}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (target,) = Settings(tmp_path / "config.json").targets
    verdicts = found(target)
    assert verdicts["broker: TLS"][0] == "ok" and verdicts["broker: login"][0] == "ok"


def test_a_name_of_the_configuration_and_a_file_that_is_not_there(tls_broker, certificate, tmp_path):
    ca = certificate[0].read_text()
    trust = Trust({"ca": ca, "hostname": "broker.test"})
    level, words, cure = found(Target(LAN, tls_broker.port, tls=True, trust=trust))["broker: TLS"]
    assert level == "bad" and "make one for broker.test" in cure
    trust = Trust({"ca": "x"}, tmp_path)
    level, words, cure = found(Target(LAN, tls_broker.port, tls=True, trust=trust))["broker: TLS"]
    assert level == "bad" and "there is no" in words
    verdicts = found(Target(LAN, tls_broker.port, tls=True, trust=Trust({"insecure": True})))
    assert verdicts["broker: TLS"][0] == "warn" and verdicts["broker: login"][0] == "ok"


def test_tls_on_a_port_without_it_is_named(everywhere):
    level, words, cure = found(Target(LAN, everywhere().port, tls=True))["broker: TLS"]
    assert level == "bad" and "no TLS on this port" in words and "8883" in cure


def test_a_plain_login_where_tls_is_spoken_is_named(tls_broker):
    level, _, cure = found(Target(LAN, tls_broker.port))["broker: login"]
    assert level == "bad" and "wants TLS" in cure


# The command


def test_a_url_says_where_the_broker_is():
    assert broker.target("mqtts://u:p@h") == Target("h", 8883, "u", "p", None, True)
    assert broker.target("mqtt://h:99") == Target("h", 99)


@pytest.fixture
def config(tmp_path):
    """(host) -> the path of a config.json with its secrets beside it."""

    def made(host, **broker):
        sensors = [{"type": "bme280", "scl": 22, "sda": 21}]
        network = [{"ssid": "x", "password": "wifi-s3cret"}]
        path = tmp_path / "config.json"
        about = {"name": "roof", "network": network, "sensors": sensors}
        about["broker"] = {"host": host, "user": "roof"} | broker
        path.write_text(json.dumps(about))
        (tmp_path / "secrets.json").write_text(json.dumps({"broker": {"password": "right"}}))
        return path

    return made


def test_the_configurations_brokers_are_tried_in_its_order(config, node_broker, free_port):
    from girouette.doctor.settings import Settings

    settings = Settings(config([f"{LAN}:{free_port}", LAN, "[::1]:77"], port=node_broker.port))
    assert settings.verdict.level == "ok"
    assert [str(target) for target in settings.targets] == [f"{LAN}:{free_port}", f"{LAN}:{node_broker.port}", "::1:77"]
    assert found(settings.targets[1])["broker: rules"][1] == "as roof may publish on ha/roof/doctor"
    assert "right" not in repr(settings.targets)


@pytest.mark.parametrize("secure", [False, True])
def test_a_broker_that_speaks_websocket(everywhere, certificate, free_port, tmp_path, secure):
    crt, key = certificate
    files = f"\ncertfile {crt}\nkeyfile {key}" if secure else ""
    everywhere(extra=f"listener {free_port} 0.0.0.0\nprotocol websockets{files}")
    broker = {"host": f"{'wss' if secure else 'ws'}://{LAN}:{free_port}/mqtt"}
    if secure:
        broker["tls"] = {"ca": crt.read_text()}
    config = {"name": "roof", "network": [{"ssid": "home"}], "broker": broker}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (target,) = Settings(tmp_path / "config.json").targets
    verdicts = found(target)
    assert verdicts["broker: login"][0] == "ok" and ("broker: TLS" in verdicts) is secure


def test_the_headers_of_the_configuration_are_said(everywhere, free_port, tmp_path):
    broker = {"host": f"ws://{LAN}:{free_port}/mqtt", "headers": {"Authorization": "Bearer hunter2"}}
    (tmp_path / "config.json").write_text(json.dumps({"name": "roof", "network": [{"ssid": "home"}], "broker": broker}))
    (target,) = Settings(tmp_path / "config.json").targets
    heard = []
    with socket.create_server((LAN, free_port)) as listener:
        threading.Thread(target=lambda: heard.append(listener.accept()[0].recv(4096)), daemon=True).start()
        with contextlib.suppress(Refused):
            publish(target, 1)
        wait_for(lambda: heard, "the request")
    assert b"Authorization: Bearer hunter2\r\n" in heard[0]
    assert "hunter2" not in repr(target)


def test_a_port_that_speaks_no_websocket_is_named(everywhere):
    level, words, cure = found(Target(LAN, everywhere().port, path="/mqtt"))["broker: login"]
    assert level == "bad" and "one for WebSocket" in cure
