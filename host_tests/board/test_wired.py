"""The wired ports of the simulated board: RMII of an ESP32 and an STM32, a W5500 over SPI."""

import pytest
from programs import DIAL

PORT = {
    "esp32": """
import machine, network, time
lan = network.LAN(mdc=machine.Pin(23), mdio=machine.Pin(18), power=machine.Pin(12), phy_type=network.PHY_LAN8720,
                  phy_addr=0, ref_clk=machine.Pin(17), ref_clk_mode=machine.Pin.OUT)
""",
    "stm32": "import network, time\nlan = network.LAN(phy_type=network.LAN.PHY_LAN8742)\n",
    "rp2": """
import machine, network, time
spi = machine.SPI(0, 2_000_000, mosi=machine.Pin(19), miso=machine.Pin(16), sck=machine.Pin(18))
lan = network.WIZNET5K(spi, machine.Pin(17), machine.Pin(20))
""",
}
FOLLOW = """
print(lan.isconnected(), lan.ifconfig()[0], lan.status())
lan.active(True)
seen = None
while True:
    now = lan.status()
    if now != seen:
        print(lan.isconnected(), lan.ifconfig()[0], now)
    seen = now
"""
STATUS = {"esp32": (0, 4, 3, 5), "stm32": (0, 1, 2, 3), "rp2": (0, 1, 2, 3)}


@pytest.mark.parametrize("port", PORT)
def test_a_wired_port_follows_its_cable_and_waits_for_an_address(make_board, port):
    off, no_link, no_address, up = STATUS[port]
    board = make_board(PORT[port] + FOLLOW, port=port)
    assert board.wait_line(" ") == f"False 0.0.0.0 {off}"
    assert board.wait_line(" ") == f"False 0.0.0.0 {no_address}"
    assert board.wait_line(" ") == f"True 192.168.4.17 {up}"
    board.cable(False)
    assert board.wait_line(" ") == f"False 0.0.0.0 {no_link}"
    board.cable(True)
    assert board.wait_line(" ") == f"False 0.0.0.0 {no_address}"
    assert board.wait_line(" ") == f"True 192.168.4.17 {up}"


def test_a_given_address_is_there_with_the_link(make_board):
    board = make_board(
        PORT["esp32"]
        + """
lan.ifconfig(("10.0.0.5", "255.255.255.0", "10.0.0.1", "10.0.0.1"))
lan.active(True)
print(lan.isconnected(), lan.ifconfig()[0])
lan.ifconfig("dhcp")
lan.active(False)
lan.active(True)
print(lan.isconnected(), len(lan.config("mac")))
"""
    )
    assert board.wait_line("True") == "True 10.0.0.5"
    assert board.wait_line("False") == "False 6"


@pytest.mark.parametrize("port", PORT)
def test_links_go_through_a_wired_port(make_board, echo, port):
    board = make_board(
        PORT[port]
        + DIAL
        + f"""
lan.active(True)
while not lan.isconnected():
    time.sleep_ms(1)
link = dial("localhost", {echo.port})
link.write("hello")
print(link.recv(5))
""",
        port=port,
    )
    board.wait_line("b'hello'")


def test_what_the_port_was_made_with_can_be_looked_up(make_board):
    esp32, rp2 = (make_board(PORT[port], port=port) for port in ("esp32", "rp2"))
    esp32.wait_prompt()
    assert esp32.wired_settings() == {
        "kind": "LAN", "phy_type": "PHY_LAN8720", "phy_addr": 0, "mdc": 23, "mdio": 18, "power": 12, "reset": None,
        "ref_clk": 17, "ref_clk_mode": 3,
    }  # fmt: skip
    rp2.wait_prompt()
    assert rp2.wired_settings() == {"kind": "WIZNET5K", "spi": 0, "cs": 17, "rst": 20, "intn": None}


@pytest.mark.parametrize(
    ("port", "call", "words"),
    [
        ("esp32", "LAN()", "TypeError"),
        ("esp32", "LAN(phy_type=99, phy_addr=0)", "invalid phy type"),
        ("esp32", "LAN(phy_type=0, phy_addr=0)", "mdc and mdio"),
        ("esp32", "WIZNET5K(1, 2, 3)", "AttributeError"),
        ("stm32", "LAN(mdc=1)", "TypeError"),
        ("rp2", "LAN()", "AttributeError"),
        ("rp2", "WIZNET5K(1, 2, 3)", "TypeError"),
    ],
)
def test_what_a_port_has_not_is_an_error(make_board, port, call, words):
    make_board(f"import network; network.{call}", port=port).wait_line(words)
