"""The wired port: the chip's own with a PHY (RMII), or a W5500 over SPI; from a port that is off to an address.

The ports of MicroPython differ: an ESP32 wants to know its PHY and pins, an STM32 knows its own, and the W5500 is
another class of the firmware W5500_EVB_PICO. isconnected() means a link on one, an address on the other, so the address
is looked at too. A port that stays without may hang: it is switched off and on. Loaded by network.py while there is no
address.
"""

import machine
import network
from micropython import const

from .network import fixed
from .parts import Unfit

_LOOK_MS = const(5_000)  # from the cable to an address
_LOOKS = const(12)  # without, then the port is taken to hang

_SPI_HZ = const(20_000_000)
_NO_ADDRESS = "0.0.0.0"


class Joining:
    """Waits for cable and address until poll() returns True. deaf: see network.py."""

    def __init__(self, net, deaf):
        self._net = net
        net.place = "the wire"
        self._port = net.port
        self._static = net.settings["static"]
        if deaf is None:
            self._switch_on()
        elif deaf:
            self._restart("no broker is heard")
        else:
            net.voice.trouble("the cable is out, or what is at its other end is off")
            self._wait()

    def poll(self, free_ms):
        """One step; True once there is an address. Never waits, but for a port that is switched on: half a second."""
        if self._port.isconnected() and self._port.ifconfig()[0] != _NO_ADDRESS:
            return True
        if self._net.since(self._due) >= 0:
            self._look()

    def _wait(self):
        self._looks = 0
        self._due = self._net.after(_LOOK_MS)

    def _look(self):
        self._looks += 1
        self._due = self._net.after(_LOOK_MS)
        if self._looks == _LOOKS:
            self._restart("still no network")
        elif self._port.isconnected():
            self._net.voice.trouble("the cable is in, but no router gives an address (see network.static)")
        else:
            self._net.voice.trouble("the cable is out, or what is at its other end is off")

    def _switch_on(self):
        self._port.active(True)
        if self._static:
            self._port.ifconfig(fixed(self._static))
        self._wait()

    def _restart(self, why):
        self._net.voice.trouble(why + ": the port starts anew")
        try:
            self._port.active(False)
            self._switch_on()
        except OSError as fault:
            self._net.voice.trouble("the port does not start: %s" % fault)
            self._wait()


def opened(wiring):
    """The interface; raises Unfit where this chip has no such port."""
    try:
        return _rmii(wiring) if wiring["wired"] == "rmii" else _w5500(wiring)
    except AttributeError:
        raise Unfit("network.wired: this firmware has no %s port" % wiring["wired"])
    except (OSError, TypeError, ValueError) as fault:
        raise Unfit("network: the wired port does not start: %s" % fault)


def _rmii(wiring):
    made = network.LAN  # a firmware without it is told before missing pins are
    if wiring["mdc"] is None and wiring["mdio"] is None:
        try:
            return made()
        except TypeError:
            pass  # an ESP32, which has to be told
    _need(wiring, "mdc", "mdio")
    phy = "PHY_" + wiring["phy"].upper()
    if not hasattr(network, phy):
        raise Unfit("network.phy: this firmware has no %s" % wiring["phy"])
    more = {}
    if wiring["power"] is not None:
        more["power"] = machine.Pin(wiring["power"])
    if wiring["ref_clk"] is not None:
        more["ref_clk"] = machine.Pin(wiring["ref_clk"])
        more["ref_clk_mode"] = machine.Pin.OUT if wiring["ref_clk_out"] else machine.Pin.IN
    return made(
        mdc=machine.Pin(wiring["mdc"]),
        mdio=machine.Pin(wiring["mdio"]),
        phy_type=getattr(network, phy),
        phy_addr=wiring["phy_address"],
        **more,
    )


def _w5500(wiring):
    made = network.WIZNET5K
    _need(wiring, "sck", "mosi", "miso", "cs", "reset")
    sck, mosi, miso, cs, reset = [machine.Pin(wiring[key]) for key in ("sck", "mosi", "miso", "cs", "reset")]
    return made(machine.SPI(wiring["spi"], _SPI_HZ, sck=sck, mosi=mosi, miso=miso), cs, reset)


def _need(wiring, *keys):
    for key in keys:
        if wiring[key] is None:
            raise Unfit("network.%s: expected the number or the name of a pin, found nothing" % key)
