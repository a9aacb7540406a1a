# config.py for a client of MQTT 5: what 5 allows and 3.1.1 does not, and the classes it is made of. Loaded while a
# Client is made.
# cold file: runs before there is a client
from . import config
from .port import release
from .v5 import V5
from .v5session import Outbox5, Session5

host = config.host


def connect(client_id, user, password, will, keepalive, clean):
    """What v5cold.hello wants."""
    # A client id may be empty, and a password alone (3.1.2.9): neither with 3.1.1, to which (5, 4) may fall back.
    given = user if user is not None or password is None else ""
    client_id, _, password, will, keepalive, _ = config.connect(client_id, given, password, will, keepalive, True)
    return client_id, config.string("user", user), password, will, keepalive, clean


def session(*args):
    """The Session5 of a Client."""
    return config.session(*args, Outbox5, Session5)


def start(client, version, more):
    """Make `client` one of MQTT 5."""
    release("v5config")
    client.v5 = V5(client, version, **more)
