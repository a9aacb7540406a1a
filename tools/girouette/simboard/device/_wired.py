# The wired ports of `network`, loaded when one is first asked for. Which there are, and their constants, is as in the
# ports' network_lan.c, network_lan.c of stm32 and network_wiznet5k.c: an RMII port with its PHY, or a chip over SPI.

from _board import ask, call
from machine import Pin
from network import _Interface

_PHYS = (
    "PHY_LAN8710", "PHY_LAN8720", "PHY_IP101", "PHY_RTL8201", "PHY_DP83848", "PHY_KSZ8041", "PHY_KSZ8081"
)  # fmt: skip
_STM32_PHYS = ("PHY_LAN8742", "PHY_LAN8720", "PHY_DP83848", "PHY_DP83825")
_STATES = ("ETH_INITIALIZED", "ETH_STARTED", "ETH_STOPPED", "ETH_CONNECTED", "ETH_DISCONNECTED", "ETH_GOT_IP")


def _number(pin):
    return pin.id if isinstance(pin, Pin) else pin


class _Wired(_Interface):
    _unit = 1

    def status(self):
        return call(15)


class _Lan(_Wired):
    """ESP32: its PHY has to be named, and the pins it is at are those of the board."""

    def __init__(self, id=0, *, mdc=None, mdio=None, reset=None, power=None, phy_addr, phy_type, spi=None, cs=None,
                 int=None, ref_clk_mode=None, ref_clk=None):  # fmt: skip
        if not 0 <= phy_type < len(_PHYS):
            raise ValueError("invalid phy type")
        if not 0 <= phy_addr <= 31:
            raise ValueError("invalid phy address")
        if mdc is None or mdio is None:
            raise ValueError("mdc and mdio must be specified")
        settings = {"phy_addr": phy_addr, "phy_type": _PHYS[phy_type], "ref_clk_mode": ref_clk_mode}
        pins = {"mdc": mdc, "mdio": mdio, "reset": reset, "power": power, "ref_clk": ref_clk}
        settings.update({name: _number(pins[name]) for name in pins})
        ask("wired", "LAN", settings)


class _Stm32Lan(_Wired):
    """STM32: the pins are the board's; PHY types are its class's own."""

    def __init__(self, *, phy_type=0, phy_addr=0, ref_clk_mode=None):
        if not 0 <= phy_type < len(_STM32_PHYS):
            raise ValueError("invalid phy type")
        settings = {"phy_type": _STM32_PHYS[phy_type], "phy_addr": phy_addr, "ref_clk_mode": ref_clk_mode}
        ask("wired", "LAN", settings)


class _Wiznet5k(_Wired):
    """A W5500 on an SPI bus."""

    def __init__(self, spi, cs, rst, intn=None):
        if not hasattr(spi, "readinto"):
            raise TypeError("spi has to be a machine.SPI")
        settings = {"spi": spi.id, "cs": _number(cs), "rst": _number(rst), "intn": _number(intn)}
        ask("wired", "WIZNET5K", settings)

    def regs(self):
        """A chip lists its registers here."""


def find(name):
    """What `network` has by that name on this port; AttributeError for what it has not."""
    port = ask("wired_port")
    names = {}
    if port == "esp32":
        names = {"LAN": _Lan}
        for numbered in (_PHYS, _STATES):
            names.update({numbered[i]: i for i in range(len(numbered))})
    elif port == "stm32":
        names = {"LAN": _Stm32Lan, "WIZNET5K": _Wiznet5k}
        for i in range(len(_STM32_PHYS)):
            setattr(_Stm32Lan, _STM32_PHYS[i], i)
    elif port == "rp2":
        names = {"WIZNET5K": _Wiznet5k}
    if name not in names:
        raise AttributeError(name)
    return names[name]
