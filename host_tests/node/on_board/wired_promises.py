import machine
import network
from bench import Clock, Lines, equal
from node.network import Network
from node.parts import Unfit

KEYS = ("mdc", "mdio", "power", "ref_clk", "sck", "mosi", "miso", "cs", "reset", "static")
FIXED = {"address": "10.0.0.50", "netmask": "255.255.0.0", "gateway": "10.0.0.1", "dns": None}
RMII = {"mdc": 23, "mdio": 18}
W5500 = {"wired": "w5500", "sck": 18, "mosi": 19, "miso": 16, "cs": 17, "reset": 20}
OUT = "warn  wired: the cable is out, or what is at its other end is off"


def settings(wiring):
    whole = {"wired": "rmii", "phy": "lan8720", "phy_address": 1, "ref_clk_out": False, "spi": 0}
    whole.update(dict.fromkeys(KEYS))
    whole.update(wiring)
    return {"name": "roof", "network": whole}


class Rig:
    """A wired port of a chip of this kind; `cable` and `address` are what it finds."""

    def __init__(self, chip="esp32", cable=True, address="10.0.0.7", **wiring):
        network.LAN.kind = chip
        self.clock = Clock(0)
        self.log = Lines(self.clock)
        self.wired = Network(settings(wiring), self.log, self.clock)
        self.port = network.LAN.last
        self.port.cable, self.port.address = cable, address
        self.wired.poll(60_000)

    def poll(self, ms=0, online=True):
        self.wired.poll(60_000, online)
        for _ in range(ms // 100):
            self.clock.add(100)
            self.wired.poll(60_000, online)

    def switched(self):
        return [on for what, on in self.port.calls if what == "active"]


def unfit(*args, **wiring):
    try:
        Rig(*args, **wiring)
    except Unfit as fault:
        return str(fault)


def test_it_is_up_as_soon_as_there_are_cable_and_address():
    rig = Rig(**RMII)
    rig.poll()
    assert rig.wired.up()
    equal(rig.log.lines, ["info  wired: on the wire, address 10.0.0.7"])
    equal(rig.wired.digits(), "0abcdf")
    equal(rig.wired.rssi(), None)
    equal(network.names[-1], "roof")


def test_an_esp32_is_told_its_phy():
    more = {"phy": "ip101", "phy_address": 0, "power": 5, "ref_clk": 17, "ref_clk_out": True}
    rig = Rig(mdc=23, mdio=18, **more)
    wanted = {"mdc": 23, "mdio": 18, "phy_type": 2, "phy_addr": 0, "power": 5, "ref_clk": 17, "ref_clk_mode": 3}
    equal(rig.port.told, wanted)


def test_an_esp32_without_its_pins_is_told_which():
    equal(unfit(), "network.mdc: expected the number or the name of a pin, found nothing")
    equal(unfit(mdc=23), "network.mdio: expected the number or the name of a pin, found nothing")


def test_a_phy_the_firmware_does_not_know_is_told():
    equal(unfit(phy="lan8670", **RMII), "network.phy: this firmware has no lan8670")


def test_an_stm32_knows_its_own_pins():
    rig = Rig("stm32")
    equal(rig.port.told, {})
    assert unfit("stm32", **RMII).startswith("network: the wired port does not start: ")


def test_a_w5500_is_at_its_spi_bus():
    rig = Rig(**W5500)
    equal((rig.port.told["cs"], rig.port.told["rst"]), (17, 20))
    equal(machine.made[-1].told, (0, 18, 19, 16))
    rig.poll()
    assert rig.wired.up()


def test_a_w5500_without_one_of_its_pins_is_told_which():
    equal(unfit(**dict(W5500, cs=None)), "network.cs: expected the number or the name of a pin, found nothing")


def test_a_firmware_without_the_port_is_told():
    for name, wiring in (("LAN", RMII), ("WIZNET5K", W5500)):
        port = getattr(network, name)
        lan = network.LAN
        delattr(network, name)
        try:
            made = _made(wiring)
        finally:
            setattr(network, name, port)
            network.LAN = lan
        equal(made, "network.wired: this firmware has no %s port" % wiring.get("wired", "rmii"))


def _made(wiring):
    try:
        Network(settings(wiring), Lines(Clock()), Clock())
    except Unfit as fault:
        return str(fault)


def test_a_cable_that_is_out_is_told_once_and_used_when_it_is_in():
    rig = Rig(cable=False, **RMII)
    rig.poll(40_000)
    equal(rig.log.lines, [OUT])
    rig.port.cable = True
    rig.poll()
    assert rig.wired.up()


def test_a_cable_pulled_is_noticed_at_the_next_turn():
    rig = Rig(**RMII)
    rig.poll()
    rig.port.cable = False
    rig.poll()
    assert not rig.wired.up()
    equal(rig.log.take()[1:], [OUT])
    rig.port.cable = True
    rig.poll(100)
    assert rig.wired.up()
    equal(rig.log.lines, ["info  wired: on the wire, address 10.0.0.7"])


def test_a_link_without_an_address_is_not_up_and_says_so():
    rig = Rig(address="0.0.0.0", **RMII)
    rig.poll(20_000)
    assert not rig.wired.up()
    equal(rig.log.lines, ["warn  wired: the cable is in, but no router gives an address (see network.static)"])


def test_a_fixed_address_is_set_once_the_port_is_on():
    rig = Rig(static=FIXED, address="0.0.0.0", **RMII)
    wanted = ("10.0.0.50", "255.255.0.0", "10.0.0.1", "10.0.0.1")
    equal(rig.port.calls, [("active", True), ("ifconfig", wanted)])
    rig.poll()
    assert rig.wired.up()


def test_a_port_that_stays_without_network_is_switched_off_and_on():
    rig = Rig(cable=False, static=FIXED, **RMII)
    rig.poll(65_000)
    equal(rig.switched(), [True, False, True])
    equal(rig.port.calls[-1][0], "ifconfig")


def test_a_port_that_brings_no_broker_is_switched_off_and_on():
    rig = Rig(**RMII)
    rig.poll()
    rig.poll(299_000, online=False)
    equal(rig.switched(), [True])
    rig.poll(2_000, online=False)
    equal(rig.switched(), [True, False, True])
    assert rig.wired.up()


def test_wifi_code_is_not_loaded():
    import sys

    Rig(**RMII).poll()
    assert "node.wifi" not in sys.modules
