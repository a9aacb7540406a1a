"""What the portal does with what was entered: the test, which names what is wrong, and the two files."""

import json
import socket
import threading

from roof import config
from support import free_port, wait_for
from visitor import HOME, Visitor, settings
from witness import Witness

SENSOR = {"type": "bme280", "scl": 22, "sda": 21, "interval": 1}


def failure(board, broker, **changes) -> dict:
    visitor = Visitor(board)
    page = visitor.tested(**settings(broker, **changes))
    assert visitor.status()["phase"] == "form"
    assert not (board.firmware / "config.json").exists()
    assert page.values["host"] == str(changes.get("host", broker.host))
    return page.alerts


def test_the_test_says_what_is_wrong_with_the_wifi(portal, mosquitto):
    air = [{"ssid": "home", "password": HOME["home"]}, {"ssid": "mute", "password": HOME["home"], "dhcp": False}]
    board = portal(wifi=air, rate=5)
    assert failure(board, mosquitto, password="sesame-st") == {"password": 'The Wi-Fi "home" refuses this password.'}
    assert '"hone" is not in reach' in failure(board, mosquitto, ssid="", other="hone")["ssid"]
    assert '"mute" takes the password but gives no address' in failure(board, mosquitto, ssid="mute")["all"]


def test_the_test_says_what_is_wrong_with_the_broker(portal, mosquitto, mosquitto_factory):
    closed = mosquitto_factory(accounts={"roof": "right"})
    board = portal(rate=3)
    assert 'does not know the name "broker.invalid"' in failure(board, mosquitto, host="broker.invalid")["host"]
    told = failure(board, mosquitto, port=free_port())  # here, a link that opens and is reset
    assert "not reached" in told.get("host", "") or "no broker" in told["port"]
    assert "refuses the log-in" in failure(board, closed, user="roof", secret="wrong")["user"]
    assert "refuses the log-in" in failure(board, closed)["user"]
    assert not any(secret in line for line in board.lines for secret in ("wrong", HOME["home"]))


def test_something_that_is_no_broker_is_told(portal, mosquitto):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            sock, _ = listener.accept()
            with sock:
                sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                sock.recv(1000)

        threading.Thread(target=serve, daemon=True).start()
        told = failure(portal(), mosquitto, port=listener.getsockname()[1])
    assert "it is no broker" in told["port"]
    assert "the broker's first packet is not a CONNACK" in told["port"]


def test_what_works_is_saved_and_the_node_starts_with_it(portal, mosquitto_factory):
    broker = mosquitto_factory(accounts={"roof": "op&n =%sésame", "eye": "glass"})
    with Witness(broker, "eye", "glass") as witness:
        board = portal()
        visitor = Visitor(board)
        page = visitor.tested(**settings(broker, user="roof", secret="op&n =%sésame"))
        assert "porch works" in page.text
        board.wait_line("restarts: set up")
        board.wait_boot("hard")
        board.wait_line("connected to")
        assert witness.first("ha/porch/status") == "online"
    made, secrets = [json.loads((board.firmware / name).read_text()) for name in ("config.json", "secrets.json")]
    assert made == {
        "name": "porch",
        "network": [{"ssid": "home"}],
        "broker": {"host": broker.host, "port": broker.port, "user": "roof"},
    }
    assert secrets == {"network": [{"password": HOME["home"]}], "broker": {"password": "op&n =%sésame"}}
    assert board.access_point() is None
    assert not any(secret in line for line in board.lines for secret in ("sésame", HOME["home"]))


def test_what_the_portal_does_not_ask_for_stays_as_it_was(portal, mosquitto, witness):
    before = {
        "name": "roof",
        "sensors": [SENSOR],
        "broker": {"host": "old", "keepalive": 7, "user": "x"},
        "led": {"pin": 2},
    }
    secrets = {"broker": {"password": "old"}, "log": {"level": "debug"}}
    board = portal({"config.json": json.dumps(before), "secrets.json": json.dumps(secrets)})
    wait_for(lambda: board.pin(2).value == 1, "the LED")
    visitor = Visitor(board)
    assert visitor.ask().values.items() >= {"name": "roof", "host": "old", "user": "x"}.items()
    visitor.tested(**settings(mosquitto, user=""))
    witness.wait("ha/pressure")
    made = json.loads((board.firmware / "config.json").read_text())
    broker = {"host": mosquitto.host, "port": mosquitto.port, "keepalive": 7}
    assert made == before | {"name": "porch", "network": [{"ssid": "home"}], "broker": broker}
    assert json.loads((board.firmware / "secrets.json").read_text()) == {
        "network": [{"password": HOME["home"]}],
        "log": {"level": "debug"},
    }


def test_a_fault_elsewhere_in_the_file_is_told_on_the_page(portal, mosquitto):
    text = {"sensors": [{"type": "bme280", "scl": -1, "sda": 21}]}
    page = Visitor(portal({"config.json": json.dumps(text)})).send(**settings(mosquitto))
    assert "sensors[0].scl: expected the number or the name of a pin" in page.alerts["all"]


def test_an_open_network_and_one_with_an_odd_name_can_be_joined(portal, mosquitto, witness):
    name = 'Chez "Zoë" & <fils>'
    board = portal(wifi=[{"ssid": name}])
    Visitor(board).tested(**settings(mosquitto, ssid=name, password=""))
    board.wait_line(f'on "{name}"')
    assert not (board.firmware / "secrets.json").exists()


def test_a_config_json_written_by_other_means_ends_the_portal(portal, mosquitto):
    board = portal()
    (board.firmware / "config.json").write_text(json.dumps(config(mosquitto, {"network.0.password": HOME["home"]})))
    board.wait_line("restarts: config.json was written")
    board.wait_line("connected to")


def test_the_page_that_nobody_fetches_does_not_hold_the_node_up(portal, mosquitto, witness):
    board = portal(rate=8)
    visitor = Visitor(board)
    visitor.send(**settings(mosquitto))
    board.wait_line("set up as")
    board.wait_line("restarts: set up", timeout=30)
    assert witness.first("ha/porch/status") == "online"
