"""What an SHT3x says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "its ADDR pin chooses this address (0x44 at GND, 0x45 at 3.3 V)"

FAULTS = {}


def foreign(part, found):  # cold: on an error
    """A part that is there and does not understand the commands of this one."""
    return (
        "the part at 0x%02x does not answer as an SHT3x: if it is an SHT40, SHT41 or SHT45, set its type to"
        ' "sht4x"; if it is an SHT3x, shorten the wires' % part._address
    )
