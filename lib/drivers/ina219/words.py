"""What an INA219 says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "its A0 and A1 pins choose this address"

FAULTS = {
    "over": "measures more than 320 mV across its shunt: take the load off, and give it a smaller shunt",
}


def foreign(part, found):  # cold: on an error
    """A part that does not have an INA219's configuration after a reset."""
    return "the part at 0x%02x is not an INA219: after a reset its configuration is 0x%04x, not 0x399f" % (
        part._address,
        found,
    )
