# Types of nolocal.py.
from .client import Client

class NoLocal:
    hidden: int
    """Arrivals cancelled."""
    forgotten: int
    """Digests that made room for newer ones before their message came."""
    def __init__(self, client: Client, size: int = 16) -> None: ...
