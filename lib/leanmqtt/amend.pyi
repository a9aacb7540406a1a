# Types of amend.py.
from collections.abc import Callable

from .client import Client

def unsent(client: Client, change: Callable[[bytearray, int, int], object]) -> None: ...
def later(client: Client, change: Callable[[bytearray, int, int], object] | None) -> None: ...
