"""The public names of leanmqtt, with their signatures and defaults: examples and other people's code rely on them.

They change only together with this file and a line in the CHANGELOG.
"""

import inspect

import leanmqtt
from leanmqtt import Client, MQTTError, OutboxFull, Will

CLIENT = """
client_id, host, port=0, user=None, password=None, keepalive=60, clean=True, version=4, qos2=False, will=None,
birth=None, rx_size=512, outbox_size=2048, inflight=8, overflow='oldest', ack_timeout_ms=60000, reconnect=True,
backoff_ms=(1000, 60000), tls=None, ready=None, on_message=None, on_connect=None, on_disconnect=None,
on_subscribed=None, on_delivered=None, on_oversize=None, clock=None, rand=None, transport=None, **more
"""

METHODS = {
    "connect": "timeout_ms=10000",
    "start": "",
    "subscribe": "topic_filter, qos=1, handler=None, stream=False",
    "unsubscribe": "topic_filter",
    "publish": "topic, payload, qos=1, retain=False, properties=None",
    "publish_stream": "topic, length, readinto, qos=1, retain=False, properties=None",
    "poll": "timeout_ms=0",
    "disconnect": "timeout_ms=2000",
    "due_ms": "",
}

ATTRIBUTES = ("connected", "pending", "dropped", "oversize", "session_present", "last_error", "sock")
CALLBACKS = ("on_message", "on_connect", "on_disconnect", "on_subscribed", "on_delivered", "on_oversize")
MESSAGE = {"topic", "payload", "payload_len", "offset", "total", "qos", "retain", "dup"}
MESSAGE_METHODS = {"topic_is", "payload_is", "payload_int", "readinto"}


def signature(function) -> str:
    """Its parameters as text, without self."""
    return ", ".join(str(p) for name, p in inspect.signature(function).parameters.items() if name != "self")


def test_the_module_offers_four_names():
    names = {name for name, value in vars(leanmqtt).items() if name[0] != "_" and not inspect.ismodule(value)}
    assert names == {"Client", "MQTTError", "OutboxFull", "Will"}


def test_the_parameters_of_client_and_will():
    assert signature(Client) == " ".join(CLIENT.split())
    assert signature(Will) == "topic, payload, qos=0, retain=False, properties=None"


def test_the_methods_of_client():
    for name, parameters in METHODS.items():
        assert signature(getattr(Client, name)) == parameters, name
    public = {name for name, value in inspect.getmembers(Client, callable) if not name.startswith("_")}
    assert public == set(METHODS), "a method without an underscore is a promise"


def test_the_attributes_of_client():
    client = Client("a", "b")
    values = {name: getattr(client, name) for name in ATTRIBUTES}
    assert values == {
        "connected": False,
        "pending": 0,
        "dropped": 0,
        "oversize": 0,
        "session_present": False,
        "last_error": None,
        "sock": None,
    }
    for name in CALLBACKS:
        assert getattr(client, name) is None
        setattr(client, name, print)
        assert getattr(client, name) is print


def test_the_errors_are_exceptions_of_their_own():
    assert issubclass(MQTTError, Exception) and not issubclass(MQTTError, (OSError, ValueError))
    assert issubclass(OutboxFull, Exception) and not issubclass(OutboxFull, (OSError, ValueError))


def test_the_parameters_of_a_message():
    from leanmqtt.message import Message

    assert {name for name in dir(Message) if not name.startswith("_")} == MESSAGE | MESSAGE_METHODS
    assert signature(Message.payload_int) == "default=None"


def test_the_names_of_the_journal():
    from leanmqtt import journal

    assert signature(journal.Journal) == "path, size=200000, delay_ms=5000"
    assert signature(journal.Client) == "*args, journal, **options"
    assert issubclass(journal.Client, Client) and isinstance(journal.Client.stored, property)
    assert signature(journal.Journal.flush) == ""
