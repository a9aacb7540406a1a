"""Who is believed, and what is said of who is not: on CPython and on MicroPython with both sizes of objects."""

import contextlib
import socket
import threading

import pytest
from girouette.paths import ROOT

LICENSE = str(ROOT / "LICENSE")


def ends(process) -> list[str]:
    """What it said until it ended, by itself, however that was."""
    process.popen.wait(60)
    process.thread.join(10)
    return process.lines


def refused(process) -> str:
    """Why it could not connect."""
    said = [line for line in ends(process) if line.startswith("refused ")]
    assert len(said) == 1, process.lines
    return said[0]


@pytest.mark.parametrize("form", ["pem", "der"])
@pytest.mark.parametrize("given", ["a file", "bytes"])
def test_a_broker_with_a_certificate_of_the_authority_is_believed(actor, secure, authority, form, given):
    broker = secure(clients=True)
    names = {"ca": f"ca.{form}", "cert": f"client.{form}", "key": f"client.key.{form}"}
    paths = {name: str(authority.path(path)) for name, path in names.items()}
    tls = paths if given == "a file" else {name: [path] for name, path in paths.items()}
    steps = ["connect"], ["subscribe", "a", 1], ["publish", "a", "x", 1], ["heard", 1], ["disconnect"]
    said = ["connect 0", "subscribed a 1", "message a 1 0 x", "disconnect None", "left 0", "end"]
    assert actor(broker.tls, *steps, tls=tls).finish() == said


def test_pem_may_be_text_and_hold_more_than_one_authority(actor, secure, authority, stranger):
    text = stranger.path("ca.pem").read_text() + authority.path("ca.pem").read_text()
    lines = actor(secure().tls, ["connect"], ["disconnect"], tls={"ca": text}).finish()
    assert lines == ["connect 0", "disconnect None", "left 0", "end"]


def test_a_key_of_the_other_kind(actor, secure, authority):
    lines = actor(secure("rsa").tls, ["connect"], ["disconnect"], tls={"ca": authority.path("ca.der")}).finish()
    assert lines[0] == "connect 0"


def test_a_name_or_an_address_must_be_in_the_certificate(actor, secure, authority):
    broker, ca = secure(), str(authority.path("ca.pem"))
    assert actor(broker.tls, ["connect"], tls={"ca": ca}, host="127.0.0.1").finish()[0] == "connect 0"
    assert actor(broker.tls, ["connect"], tls={"ca": ca, "hostname": "localhost"}, host="127.0.0.1").finish()
    said = refused(actor(broker.tls, ["connect"], tls={"ca": ca, "hostname": "broker.test"}))
    assert "the broker's certificate is not for broker.test" in said and f"localhost:{broker.tls}: TLS: " in said


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        ("wrong", "the broker's certificate is not for localhost"),
        ("expired", "the broker's certificate has expired, if the clock is right: it says 20"),
        ("future", "the broker's certificate is not valid yet: is the clock right? It says 20"),
    ],
)
def test_a_certificate_that_is_not_good_is_refused_in_its_own_words(actor, secure, authority, certificate, words):
    said = refused(actor(secure(certificate).tls, ["connect"], tls={"ca": authority.path("ca.pem")}))
    assert words in said


def test_another_authority_is_refused(actor, secure, stranger):
    said = refused(actor(secure().tls, ["connect"], tls={"ca": stranger.path("ca.pem")}))
    assert "was not signed by this ca" in said


@pytest.mark.parametrize("certificate", ["expired", "future"])
def test_a_clock_that_was_never_set_is_what_is_told(actor, secure, authority, certificate):
    said = refused(actor(secure(certificate).tls, ["connect"], tls={"ca": authority.path("ca.pem"), "unset": 1}))
    assert "the clock was never set (it says 2000-01-01)" in said and "NTP" in said


def test_a_firmware_that_does_not_check_dates_is_told(actor, secure, authority):
    """With a clock that was never set, no certificate is good by its dates; here only the client sees such a clock."""
    lines = actor(secure().tls, ["connect"], ["disconnect"], tls={"ca": authority.path("ca.pem"), "unset": 1}).finish()
    told = "tls TLS: this firmware does not check the dates of certificates: one that is over still passes"
    assert lines == [told, "connect 0", "disconnect None", "left 0", "end"]


@pytest.mark.parametrize("more", ["", "tls_version tlsv1.2"])
def test_a_client_certificate_that_is_wanted_and_not_there(actor, secure, authority, more):
    said = refused(actor(secure(clients=True, more=more).tls, ["connect"], tls={"ca": authority.path("ca.pem")}))
    assert "it may want a client certificate: give cert and key" in said


@pytest.mark.parametrize("more", ["", "tls_version tlsv1.2"])
def test_a_client_certificate_of_another_authority(actor, secure, authority, stranger, more):
    tls = {"ca": authority.path("ca.pem"), "cert": stranger.path("client.pem"), "key": stranger.path("client.key.pem")}
    said = refused(actor(secure(clients=True, more=more).tls, ["connect"], tls=tls))
    assert "it may not trust this client's certificate" in said


def test_nobody_is_believed_without_a_word(actor, secure):
    lines = ends(actor(secure().tls, ["connect"], tls={}))
    assert len(lines) == 1 and lines[0].startswith("bad tls: no ca")


def test_insecure_believes_anybody_and_says_so_each_time(actor, secure):
    twice = ["connect"], ["disconnect"], ["connect"], ["disconnect"]
    lines = actor(secure("expired").tls, *twice, tls={"insecure": True}).finish()
    said = [line for line in lines if line.startswith("tls ")]
    assert said == ["tls TLS does not verify localhost: whoever answers there is believed (insecure)"] * 2
    assert lines.count("connect 0") == 2


@pytest.mark.parametrize(
    ("tls", "words"),
    [
        ({"ca": "nowhere.pem"}, "tls: ca: there is no file nowhere.pem"),
        ({"ca": [LICENSE]}, "tls: ca is not what it should be in PEM or DER"),
        ({"ca": "x", "insecure": True}, "tls: ca and insecure contradict each other"),
        ({"insecure": True, "cert": "x"}, "tls: cert and key, the client's own, go together"),
        ({"insecure": True, "CA": "x"}, "tls: an unknown key 'CA'"),
    ],
)
def test_bad_options_are_a_value_error(actor, tls, words):
    lines = ends(actor(8883, ["connect"], tls=tls))
    assert len(lines) == 1 and lines[0].startswith(f"bad {words}"), lines


def test_a_key_that_is_none_and_one_that_is_encrypted(actor, authority):
    paths = {name: str(authority.path(path)) for name, path in (("ca", "ca.pem"), ("cert", "client.pem"))}
    lines = ends(actor(8883, ["connect"], tls={**paths, "key": paths["cert"]}))
    assert "bad tls: " in lines[0] and "key" in lines[0]
    locked = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n"
    lines = ends(actor(8883, ["connect"], tls={**paths, "key": locked}))
    assert lines[0].startswith("bad tls: the key is encrypted")


def test_a_plain_broker_is_named(actor, secure, authority):
    said = refused(actor(secure().port, ["connect"], tls={"ca": authority.path("ca.pem")}))
    assert "closed in the handshake" in said and "8883" in said


def test_who_speaks_no_tls_is_named(actor, authority):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            caller, _ = listener.accept()
            with caller, contextlib.suppress(ConnectionResetError):
                caller.sendall(b"220 mail.example.test ESMTP\r\n")
                while caller.recv(1000):
                    pass

        threading.Thread(target=answer, daemon=True).start()
        client = actor(listener.getsockname()[1], ["connect"], tls={"ca": authority.path("ca.pem")})
        assert "what answers there is no TLS server" in refused(client)


def test_who_says_nothing_is_given_up_in_time(actor, authority):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = actor(listener.getsockname()[1], ["start"], ["poll", 10_500], tls={"ca": authority.path("ca.pem")})
        said = client.wait_line("disconnect", timeout=20)
    assert "no TLS handshake in time: does a TLS broker listen there?" in said


def test_a_handshake_that_breaks_anywhere_is_tried_again(actor, secure, authority, cable):
    """And nothing of it stays: the last connection is as good as a first."""
    link = cable(secure().tls)
    link.fuses = [1, 60, 300, 500, 800, 1000, 1200]
    client = actor(
        link.port, ["start"], ["connected"], ["publish", "a", "x", 1], ["drain"], ["disconnect"],
        tls={"ca": authority.path("ca.pem")}, backoff_ms=[5, 20],
    )  # fmt: skip
    lines = client.finish()
    assert len(client.starting("disconnect localhost")) >= 5, lines
    assert "drained 0" in lines
