"""What an SHT4x says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "the letter behind its name is of this address (SHT40-A: 0x44, -B: 0x45, -C: 0x46)"

FAULTS = {
    "busy": "is not ready: it still measures long after it should have ended, or it lost its supply for a moment",
}


def foreign(part, found):  # cold: on an error
    """A part that is there and does not understand the commands of this one."""
    return (
        "the part at 0x%02x does not answer as an SHT4x: if it is an SHT30, SHT31 or SHT35, set its type to"
        ' "sht3x"; if it is an SHT4x, shorten the wires' % part._address
    )
