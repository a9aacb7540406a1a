"""What an ADS1115 says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "its ADDR pin chooses this address"

FAULTS = {
    "over0": "has more at A0 than its range: choose a larger range, or put a divider before it",
    "over1": "has more at A1 than its range: choose a larger range, or put a divider before it",
    "over2": "has more at A2 than its range: choose a larger range, or put a divider before it",
    "over3": "has more at A3 than its range: choose a larger range, or put a divider before it",
}


def foreign(part, found):  # cold: on an error
    """A part that does not keep an ADS1115's configuration."""
    return "the part at 0x%02x is not an ADS1115: it does not keep its configuration, and reads 0x%04x" % (
        part._address,
        found,
    )
