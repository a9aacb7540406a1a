# config.py for a client of MQTT 5: what 5 allows and 3.1.1 does not, and the classes it is made of. Loaded while a
# Client is made.
# cold file: runs before there is a client
from . import config
from .port import release
from .properties import CONNECT, WILL, Writer
from .v5 import V5
from .v5outbox import Outbox5
from .v5session import Session5

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
    s = client._session
    if version != 5 and version != (5, 4):
        raise ValueError("version must be 4, 5 or (5, 4), not %r" % (version,))
    if more.get("auth") is not None:
        _auth(more["auth"])
    client.v5 = five = V5(client, version, **more)
    if five.fallback:
        _lower(*client._who)
        if five.auth:
            raise ValueError("auth: version=5 is wanted, 3.1.1 has no enhanced authentication to fall back to")
    config.between("topic_aliases", five.most, 0, 16)
    w = Writer(s.mover)
    w.measure(five.given, CONNECT)
    w.measure({"session_expiry_interval": five.session_expiry}, CONNECT)
    will = client._who[3]
    if will and will.properties:
        w.measure(will.properties, WILL)
    _receiving(s, five.given)
    s.shed()


def _lower(client_id, user, password, will, keepalive, clean):
    # May a fall back say it in 3.1.1?
    if password is not None and user is None or not client_id and not clean:
        raise ValueError("version=(5, 4): 3.1.1 wants a user with a password, and a client_id with clean=False")


def _auth(given):
    if type(given) not in (tuple, list) or len(given) != 2 or not given[0] or not callable(given[1]):
        raise ValueError("auth: a method and a function are wanted, not %r" % (given,))
    if type(given[0]) is not str:
        raise ValueError("auth: the method must be text, not %r" % (given[0],))
    config.string("auth: the method", given[0])


def _receiving(s, given):
    # What is announced must be what is held.
    s.alias_in = n = given.get("topic_alias_maximum", 0)
    if n:
        s.rx = bytearray(len(s.rx) + 64 * n)
    if not 1 <= given.get("receive_maximum", 1) <= (64 if s.qos2 else 65535):
        raise ValueError("properties['receive_maximum']: with qos2 at most 64, as many are held; and not 0")
