"""What a VEML7700 says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "no other part has this address"

FAULTS = {
    "bright": "sees more light than it can measure (150000 lx): put it in the shade or behind a diffuser",
    "busy": "is not ready: no measurement was begun",
}


def foreign(part, found):
    """A part with another id."""
    return "the part at 0x%02x is not a %s: its id is 0x%02x, not 0x81" % (part._address, part._name, found)
