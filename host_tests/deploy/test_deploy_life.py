"""`girouette deploy` waits for the node: it is connected, or why it is not."""

import pytest
from girouette.cli import main
from girouette.deploy import Unproven, life


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"network": [{"ssid": "home", "password": "wrong one"}]}, "refused the password: check network"),
        ({"sensors": [{"type": "bme280", "scl": 22}]}, "config.json: sensors[0].sda"),
    ],
)
def test_a_node_that_does_not_connect_says_why(cabled, bench, changes, words, monkeypatch):
    monkeypatch.setattr(life, "_GRACE_S", 1)
    flash = bench.flash(bench.config())
    cable = cabled(flash, wifi={"home": "sesame"})
    with pytest.raises(Unproven) as fault:
        bench.deploy(cable, bench.config(**changes), wait=45)
    assert words in str(fault.value) and "wrong one" not in str(fault.value)


def test_a_broker_that_is_not_there_is_an_exit_status_of_its_own(cabled, bench, free_port, capsys):
    bench.port = free_port
    cable = cabled(bench.flash(config := bench.config()))
    status = main(["deploy", "ESP32_GENERIC", "--port", cable.port, "--config", str(config), "--wait", "6"])
    out, error = capsys.readouterr()
    assert status == 4
    assert "is on the board, and is not connected: broker: 127.0.0.1:" in error
