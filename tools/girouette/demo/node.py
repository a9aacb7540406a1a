"""What a node of the demo is: its config.json, the topics that follow from it, and the simulated board it runs on.

station.py and greenhouse.py are two of them; nodes.py lists them.
"""

import json
import secrets
from collections.abc import Callable
from pathlib import Path

from girouette import firmware, toolchain
from girouette.check.config import Config
from girouette.errors import ToolMissing
from girouette.simboard import Board

from .account import Account


class Node:
    """A node that can be shown; a subclass says which.

    name        its name, also that of NODE=
    title       what a person calls it
    settings    its config.json, without network and broker
    unplugged   the part whose cable the key `s` pulls
    keys        ((key, what it does in a word), ...) of its own
    story       keys pressed where there is no keyboard, and when: ((seconds, key), ...)
    stale       seconds after which a reading is old
    """

    name = title = unplugged = ""
    settings: dict = {}
    keys: tuple[tuple[str, str], ...] = ()
    story: tuple[tuple[float, str], ...] = ()
    stale = 3

    def board(self, folder: Path, on_line: Callable[[str], None]) -> Board:
        """A board with that flash, in the node's world; not powered yet."""
        raise NotImplementedError

    def actions(self, board: Board, subscriber) -> dict[str, Callable[[], None]]:
        """What each of `keys` does."""
        raise NotImplementedError

    def tick(self, board: Board):
        """Lets its world go on; called some times a second."""

    def ending(self, board: Board) -> list[str]:
        """What else there is to see at the end, as lines of text."""
        return []

    # What follows from the settings

    @property
    def presence(self) -> str:
        return f"ha/{self.name}/status"

    @property
    def topics(self) -> dict[str, str]:
        """The topic of each reading, and its unit."""
        found = {}
        for entry, quantity, topic in self._config.readings():
            found[topic] = next(about["unit"] for about in entry.measures if about["name"] == quantity)
        return found

    @property
    def words(self) -> tuple[str, ...]:
        """The topics of its presence and of the states of its actuators and inputs, which are retained."""
        return (self.presence, *(topic for _, topic in self._config.things()))

    @property
    def _config(self) -> Config:
        return Config({"name": self.name} | self.settings, set())

    def config(self, account: Account) -> dict:
        """Its whole config.json, for a broker."""
        return {
            "name": self.name,
            "network": [{"ssid": "simulated", "password": "simulated"}],
            "broker": self._broker(account),
        } | self.settings

    def _broker(self, account: Account) -> dict:
        # A short keep-alive, so that a dead link is told of while one is watching.
        client_id = f"{self.name}-{secrets.token_hex(4)}"
        broker = {"host": account.host, "port": account.port, "keepalive": 5, "client_id": client_id}
        if account.user is not None:
            broker["user"] = account.user
        if account.password is not None:
            broker["password"] = account.password
        return broker

    def flash(self, folder: Path, account: Account) -> Path:
        """Fill a folder as a board's flash."""
        firmware.build(folder)
        (folder / "config.json").write_text(json.dumps(self.config(account), indent=2))
        return folder


def bits() -> int:
    """32 where that MicroPython is to be had: it has the objects of a chip."""
    try:
        toolchain.micropython(32)
    except ToolMissing:
        return 64
    return 32
