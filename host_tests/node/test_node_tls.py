"""A whole station on the simulated board whose broker speaks TLS."""

import pytest
from girouette.simboard import NtpServer
from support import free_port
from support.certificates import Authority
from witness import Witness

READING = "ha/temperature"


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("authority"))
    made.sign("server")
    made.sign("expired", begin=-10, end=-2)
    made.sign("client")
    return made


@pytest.fixture
def secure(mosquitto_factory, authority):
    """secure(certificate): a broker with a plain port for the witness, and `tls` for the node."""

    def make(certificate="server", clients=False):
        port = free_port()
        made = mosquitto_factory(extra=f"listener {port} 127.0.0.1\n{authority.listens(certificate, clients)}")
        made.tls = port
        return made

    return make


def changes(broker, **tls) -> dict:
    return {"broker.port": broker.tls, "broker.tls": {"hostname": "localhost", **tls}}


def test_a_station_publishes_over_tls(station, secure, authority):
    broker = secure(clients=True)
    secrets = {name: authority.path(path).read_text() for name, path in (("ca", "ca.pem"), ("cert", "client.pem"))}
    secrets["key"] = authority.path("client.key.pem").read_text()
    with Witness(broker) as witness:
        board = station(changes(broker), secrets={"broker": {"tls": secrets}})
        board.wait_line("broker: connected to")
        witness.wait(READING)
    assert not [line for line in board.lines if "Traceback" in line or "MemoryError" in line]


def test_a_clock_that_was_never_set_is_told_and_ntp_sets_it(station, secure, authority):
    """Without `time` in the configuration: with TLS the node asks for it."""
    broker = secure("expired")
    found = changes(broker, ca=authority.path("ca.pem").read_text())
    station(found).wait_line("TLS: the clock was never set (it says 2000-01-01), so no certificate can be verified")
    board = station(found, ntp=NtpServer())
    board.wait_line("TLS: the broker's certificate has expired, if the clock is right: it says 20", timeout=60)


def test_insecure_is_told_each_time(station, secure):
    broker = secure("expired")
    board = station(changes(broker, insecure=True))
    board.wait_line("warn  broker: TLS does not verify localhost: whoever answers there is believed (insecure)")
    board.wait_line("broker: connected to")


def test_a_table_without_a_ca_is_a_fault_of_the_configuration(station, secure):
    board = station(changes(secure()))
    board.wait_line("broker: tls: no ca")
