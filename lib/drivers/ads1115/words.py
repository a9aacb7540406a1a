"""What an ADS1115 says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "its ADDR pin chooses this address"

FAULTS = {
    "over%d" % i: "has more at A%d than its range: choose a larger range, or put a divider before it" % i
    for i in range(4)
}


def foreign(part, found):  # cold: on an error
    """A part that does not keep an ADS1115's configuration."""
    return "the part at 0x%02x is not an ADS1115: it does not keep its configuration, and reads 0x%04x" % (
        part._address,
        found,
    )
