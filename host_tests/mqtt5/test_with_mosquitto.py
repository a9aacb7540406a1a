"""MQTT 5 with a real mosquitto: each program asserts what it is about and says its name at the end."""

import pytest


@pytest.mark.parametrize(
    "program",
    ["properties", "aliases", "sessions", "subscribing", "acknowledging", "expiring", "requests", "streams", "journal"],
)
def test_it_is_as_the_standard_says(play, mosquitto_factory, program):
    broker = mosquitto_factory(packet_log=False, extra="set_tcp_nodelay true")
    assert play(program, broker.port)[-1] == program


def test_what_the_broker_announces_is_obeyed(play, mosquitto_factory):
    extra = "retain_available false\nmax_packet_size 2000\nmax_inflight_messages 3"
    broker = mosquitto_factory(packet_log=False, extra=extra)
    assert play("limits", broker.port)[-1] == "obeyed"


def test_what_the_broker_s_access_list_forbids_is_told(play, mosquitto_factory, tmp_path):
    acl = tmp_path / "acl"
    acl.write_text("topic readwrite open/#\n")
    acl.chmod(0o600)
    broker = mosquitto_factory(packet_log=False, extra=f"acl_file {acl}")
    assert play("forbidden", broker.port)[-1] == "forbidden"


def test_a_refused_password_is_told_in_words(mosquitto_factory):
    from leanmqtt import Client, MQTTError

    broker = mosquitto_factory(accounts={"ann": "secret"})
    with pytest.raises(MQTTError, match=r"(not authorised|user name or password).* \(0x8[67]\)") as caught:
        Client("a", "127.0.0.1", broker.port, user="ann", password="wrong-one", version=5).connect()
    assert "wrong-one" not in str(caught.value)
