"""What can go wrong between a computer and a boot loader: set by a test, asked by the model. Nothing acts here."""

from dataclasses import dataclass, field

ALWAYS = -1


@dataclass
class Faults:
    """All of it may be changed while the model runs."""

    silent: bool = False  # the chip never answers
    refuse: dict[int, int] = field(default_factory=dict)  # command: how often it fails (ALWAYS)
    noise: set[int] = field(default_factory=set)  # garbage goes before the chip's packets of these numbers, from 0
    flip: set[int] = field(default_factory=set)  # of the bytes the host sends, these arrive with a wrong bit
    pull_at: int | None = None  # after so many bytes of the host the cable is out, and the chip without power
    received: int = 0
    sent: int = 0  # packets

    def refused(self, command: int) -> bool:
        """Whether this command is to fail now."""
        left = self.refuse.get(command, 0)
        if left > 0:
            self.refuse[command] = left - 1
        return left != 0

    def arriving(self, data: bytes) -> bytes:
        """The host's bytes as they reach the chip. Raises Pulled when the cable comes out among them."""
        begin, self.received = self.received, self.received + len(data)
        for position in [at for at in self.flip if begin <= at < self.received]:
            self.flip.discard(position)
            data = data[: position - begin] + bytes([data[position - begin] ^ 1]) + data[position - begin + 1 :]
        if self.pull_at is not None and self.received >= self.pull_at:
            raise Pulled(data[: self.pull_at - begin])
        return data

    def leaving(self, frame: bytes) -> bytes:
        """A frame of the chip as it reaches the host."""
        number, self.sent = self.sent, self.sent + 1
        return b"\x5a\x00\xa7" + frame if number in self.noise else frame


class Pulled(Exception):
    """The cable came out; the argument is what still arrived."""
