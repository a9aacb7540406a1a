"""SLIP, as Espressif's boot loaders frame their packets (Serial Protocol, "Low Level Protocol"), and nothing else.

A frame begins and ends with 0xC0; inside, 0xC0 is 0xDB 0xDC and 0xDB is 0xDB 0xDD.
"""

END, ESCAPE = 0xC0, 0xDB


def encode(packet: bytes) -> bytes:
    """The packet as a frame."""
    inner = packet.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc")
    return b"\xc0" + inner + b"\xc0"


def _decode(inner: bytes) -> bytes:
    return inner.replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb")


class Reader:
    """Takes bytes as they come and gives whole packets; what lies between frames is noise and dropped."""

    def __init__(self):
        self._frame: bytearray | None = None

    def feed(self, data: bytes) -> list[bytes]:
        """The packets that end in these bytes."""
        packets = []
        pieces = data.split(b"\xc0")
        for index, piece in enumerate(pieces):
            if self._frame is not None:
                self._frame += piece
            if index == len(pieces) - 1:
                break
            if self._frame:
                packets.append(_decode(bytes(self._frame)))
                self._frame = None
            else:  # the first 0xC0 of a frame, or noise before it
                self._frame = bytearray()
        return packets
