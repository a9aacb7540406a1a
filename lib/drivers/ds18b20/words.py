"""What a DS18B20 says when something is wrong. Loaded while it is said.

FAULTS: what follows its name and its ROM. Where it helps, the ROMs on the pin are listed, to be copied from the log.
"""

from drivers import release

FAULTS = {
    "lost": "does not answer, nor does anything else on its pin: check its power, that its data wire is on this pin, "
    "and the resistor of 4.7 kΩ from there to 3.3 V",
    "low": "cannot be asked: its data line is always low. It is shorted to GND, or a part is the wrong way round",
    "gone": "does not answer, while others on its pin do: ",
    "several": "is not alone on its pin. Give each its rom: ",
    "crc": "sends damaged data (its checksum is wrong): shorten the wires, check its supply and the resistor of 4.7 kΩ",
    "busy": "is not ready: it still measures long after it should have ended",
    "supply": "has measured nothing since it was started: it lost its supply for a moment, check VDD and GND",
    "parasite": "has measured nothing: it is powered by its data line, which is too weak. Connect its VDD to 3.3 V",
    "range": "reads what it cannot measure (-55 to 125 °C): it is broken or counterfeit",
}

_SHOWN = 8  # ROMs in one line of the log
# Of Maxim's other families those that are met.
_PARTS = {
    0x01: "DS2401", 0x12: "DS2406", 0x1D: "DS2423", 0x20: "DS2450", 0x26: "DS2438", 0x29: "DS2408", 0x3B: "MAX31850",
    0x42: "DS28EA00",
}  # fmt: skip


def told(part, why):
    """The fault in words; why is one of those above, or the family that was found."""
    name = part._name
    if any(part._rom):
        name += " " + _text(part._rom)
    if why not in FAULTS:
        what = _PARTS.get(why, "no thermometer that is known")
        return "the part %s on the pin is not a %s: family 0x%02x is %s" % (_text(part._rom), part._name, why, what)
    text = "%s %s" % (name, FAULTS[why])
    return text + _listed(part) if why in ("gone", "several") else text


def _listed(part):
    from . import wake

    roms = wake.search(part._bus)
    release(wake)
    more = " and %d more" % (len(roms) - _SHOWN) if len(roms) > _SHOWN else ""
    return (", ".join(_text(rom) for rom in roms[:_SHOWN]) or "none with a sound id") + more


def _text(rom):
    return "".join("%02x" % byte for byte in rom)
