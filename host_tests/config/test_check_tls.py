"""`broker.tls` in config.json: what `girouette check` says of it."""

import json

import pytest
from girouette.check import check
from girouette.check.config import Config
from girouette.check.fault import dotted

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def config(tls, **broker) -> str:
    made = {"name": "roof", "network": [{"ssid": "home"}], "broker": {"host": "broker.local", "tls": tls, **broker}}
    return json.dumps(made)


@pytest.mark.parametrize("tls", [{"ca": PEM}, {"ca": PEM, "cert": PEM, "key": PEM, "hostname": "b"}])
def test_what_is_whole_is_sound(tls):
    report = check(config(tls))
    assert not report.faults and not [note for note in report.notes if "tls" in note]


@pytest.mark.parametrize(
    ("tls", "path", "expected"),
    [
        ({}, "broker.tls.ca", "a file or PEM text, since `insecure` is not true"),
        ({"insecure": True, "ca": PEM}, "broker.tls.insecure", "false, since there is a ca"),
        ({"ca": PEM, "cert": PEM}, "broker.tls.key", "a file or PEM text, since there is a cert"),
        ({"ca": PEM, "key": PEM}, "broker.tls.cert", "a file or PEM text, since there is a key"),
        ({"CA": PEM}, "broker.tls.CA", "one of the keys ca, cert, hostname, insecure, key"),
        (True, "broker.tls", "a table { }"),
    ],
)
def test_what_is_not_is_a_fault(tls, path, expected):
    found = {(dotted(fault.path), fault.expected) for fault in check(config(tls)).faults}
    assert (path, expected) in found


def test_pem_may_be_a_secret():
    report = check(config({"ca": PEM, "cert": PEM}), json.dumps({"broker": {"tls": {"key": PEM}}}))
    assert not report.faults


def test_insecure_and_files_are_noted(tmp_path):
    names = (str(tmp_path / "config.json"), "")
    notes = check(config({"insecure": True}), names=names).notes
    assert any("whoever answers is believed" in note for note in notes)
    (note,) = [note for note in check(config({"ca": "ca.der"}), names=names).notes if "tls.ca" in note]
    assert "ca.der must be copied to the board" in note and "there is none beside" in note
    (tmp_path / "ca.der").write_bytes(b"")
    (note,) = [note for note in check(config({"ca": "ca.der"}), names=names).notes if "tls.ca" in note]
    assert "there is none beside" not in note


def test_the_port_is_that_of_tls():
    assert Config(json.loads(config({"ca": PEM})), set()).port == 8883
    assert Config(json.loads(config({"ca": PEM}, port=77)), set()).port == 77
    assert Config(json.loads(config({"ca": PEM})), {("broker", "tls")}).port == 1883


@pytest.mark.parametrize(
    ("host", "tls", "path", "expected"),
    [
        ("wss://b/x", None, "broker.tls", "a table { }, since broker.host is wss://"),
        ("ws://b/x", {"ca": PEM}, "broker.host", "wss://, since there is a broker.tls"),
        (["ws://b", "wss://c"], {"ca": PEM}, "broker.host", "ws:// or wss:// for all of them"),
    ],
)
def test_a_websocket_goes_with_tls_or_without(host, tls, path, expected):
    about = {"name": "roof", "network": [{"ssid": "home"}], "broker": {"host": host} | ({"tls": tls} if tls else {})}
    assert (path, expected) in {(dotted(fault.path), fault.expected) for fault in check(json.dumps(about)).faults}


def test_a_sound_websocket_and_its_port():
    assert not check(config({"ca": PEM}, host="wss://b/x")).faults
    assert Config(json.loads(config({"ca": PEM}, host="wss://b/x")), set()).port == 443
    plain = {"name": "roof", "network": [{"ssid": "home"}], "broker": {"host": ["ws://b/x", "ws://c:9001"]}}
    assert not check(json.dumps(plain)).faults and Config(plain, set()).port == 80
