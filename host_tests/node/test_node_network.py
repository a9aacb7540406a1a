"""The station's ways to the network: access points that come and go, a hung radio, the wired port and its cable."""

import time

import pytest
from girouette.simboard import Bme280

NEAR, FAR = b"\x0a\x00\x00\x00\x00\x01", b"\x0a\x00\x00\x00\x00\x02"
HOUSE = [
    {"ssid": "home", "password": "sesame", "bssid": FAR, "rssi": -80},
    {"ssid": "home", "password": "sesame", "bssid": NEAR, "rssi": -40},
]
NETWORKS = [{"ssid": "shed", "password": "x"}, {"ssid": "home", "password": "sesame"}]
RMII = {"wired": "rmii", "mdc": 23, "mdio": 18}
W5500 = {"wired": "w5500", "sck": 18, "mosi": 19, "miso": 16, "cs": 17, "reset": 20}
PRESSURE = "ha/pressure"
QUIET = {"network": NETWORKS, "sensors.0.interval": 5}  # where there is time for a scan


def seen(board) -> bytes:
    return (board.firmware / "wifi.seen").read_bytes()


def test_the_strongest_access_point_is_joined_and_remembered_over_a_power_cut(station, witness):
    board = station(QUIET, wifi=HOUSE)
    witness.wait(PRESSURE, timeout=40)
    assert seen(board) == NEAR + b"home"
    board.power_cycle()
    first = board.wait_line('wifi: on "home"')
    assert float(first.split()[0]) < 2, "without a scan and a wait for the time it takes"
    witness.wait(PRESSURE)


def test_a_remembered_access_point_that_is_gone_is_replaced_by_another(station, witness):
    board = station(QUIET, wifi=HOUSE)
    witness.wait(PRESSURE, timeout=40)
    board.power_off()
    board.wifi(False, bssid=NEAR)
    board.power_on()
    board.wait_line('wifi: on "home"')
    witness.wait(PRESSURE, more=3, timeout=60)
    assert seen(board) == FAR + b"home"


def test_a_hung_radio_is_switched_off_and_on(station, witness):
    board = station({"broker.keepalive": 60, "watchdog": 0}, rate=20)
    witness.wait(PRESSURE)
    board.wifi(False)
    board.wait_line("is lost")
    board.wifi_hang()
    board.wifi(True)
    witness.wait(PRESSURE, more=3, timeout=60)


def wired(station, network, **options):
    return station({"network": network, "sensors.0.scl": 32, "sensors.0.sda": 33}, **options)


@pytest.mark.parametrize(("port", "network"), [("esp32", RMII), ("stm32", {"wired": "rmii"}), ("rp2", W5500)])
def test_a_wired_station_publishes(station, witness, port, network):
    board = wired(station, network, port=port, sensors=[Bme280(scl=32, sda=33)])
    witness.wait(PRESSURE)
    assert any("wired: on the wire, address" in line for line in board.lines)


def test_a_cable_pulled_and_put_back_loses_no_reading(station, witness):
    board = wired(station, RMII, sensors=[Bme280(scl=32, sda=33)])
    weather = board.weather
    for step in range(8):
        weather.set(pressure=1000 + step)
        if step == 2:
            board.cable(False)
            board.wait_line("wired: the cable is out")
        if step == 5:
            board.cable(True)
            board.wait_line("wired: on the wire")
        time.sleep(1.5)  # more than a reading's interval, of which nothing can be seen while the cable is out
    witness.wait(PRESSURE, more=2)
    steps = {round(value - 1000) for value in witness.values(PRESSURE)}
    assert steps == set(range(8))


def test_a_board_without_the_port_says_so(station):
    board = wired(station, RMII, port="rp2", sensors=[Bme280(scl=32, sda=33)])
    board.wait_line("network.wired: this firmware has no rmii port")


def test_an_esp32_without_its_pins_is_told_which(station):
    board = wired(station, {"wired": "rmii"}, sensors=[Bme280(scl=32, sda=33)])
    board.wait_line("network.mdc: expected the number or the name of a pin, found nothing")


def test_a_first_reading_is_at_the_broker_soon_after_power_on(station, witness):
    began = time.monotonic()
    board = station()
    witness.wait(PRESSURE)
    spent = time.monotonic() - began
    print(f"\nfrom power on to the first reading at the broker: {spent * 1000:.0f} ms, as the board counts:")
    print("\n".join(board.lines[:4]))
    assert spent < 3
