"""`Board.net`: what a test can do to a board's links. The links themselves are net.py's."""


class Net:
    """What can happen to a board's links. `Board.net`."""

    def __init__(self, board):
        self._board = board

    def freeze(self):
        """Nothing gets through and nobody is told; the chip still believes in its Wi-Fi."""
        self._board._call(lambda: self._board._chip.net.freeze(True))

    def thaw(self):
        self._board._call(lambda: self._board._chip.net.freeze(False))

    def cut(self):
        """Reset every open link."""
        self._board._call(self._board._chip.net.cut)

    def slow(self, bytes_per_second: float | None):
        """Limit what goes through, each way of each link; None: as fast as it can."""
        self._board._call(lambda: self._board._chip.net.slow(bytes_per_second))

    @property
    def links(self) -> int:
        """How many TCP links the board has open."""
        return len(self._board._chip.net.links)
