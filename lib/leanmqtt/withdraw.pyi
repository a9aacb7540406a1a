# Types of withdraw.py.
from .client import Client

def topic(client: Client, name: bytes | bytearray) -> int: ...
