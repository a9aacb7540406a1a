"""What an HTU21D says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "no other part has taken its address"

FAULTS = {
    "weak": "says that its supply is too low: give it 3.3 V through short wires",
}


def foreign(part, found):  # cold: on an error
    """A part that is there and does not understand the commands of this one."""
    return (
        "the part at 0x%02x does not answer as an HTU21D, SHT2x or Si7021: see which part it is (an INA219, an HDC1080"
        " and a PCA9685 have this address too), and shorten the wires" % part._address
    )
