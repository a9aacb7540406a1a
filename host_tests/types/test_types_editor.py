"""An editor with Pyright (as in VS Code) shows the words of the docstrings, which are in the .py files beside the
stubs, and completes names."""

import pytest
from checkers import editor

pytestmark = pytest.mark.full

PROGRAM = """\
from leanmqtt import Client
from leanmqtt.message import Message

client = Client("a", "b", tls={"ca": "x"})
client.publish("a/b", "x")
client.on_delivered = None
def handler(message: Message) -> None:
    message.payload_int(0)
client.
"""


@pytest.fixture
def asked(tmp_path, python):
    """(method, what to point at, how often it came before) -> the answer."""
    with editor(tmp_path / "program.py", PROGRAM, python) as found:

        def ask(method, word, nth=0):
            at = -1
            for _ in range(nth + 1):
                at = PROGRAM.index(word, at + 1)
            at += len(word)  # behind it, where a completion begins; a hover takes the word before
            line = PROGRAM.count("\n", 0, at)
            column = at - (PROGRAM.rfind("\n", 0, at) + 1)
            return found.ask(method, line, column - (method == "hover"))

        yield ask


def test_hover_tells_the_signature_and_the_words_of_the_docstring(asked):
    def hover(*where) -> str:
        return " ".join(asked("hover", *where)["contents"]["value"].split())

    assert "payload: _Data, qos: int = 1, retain: bool = False" in hover("client.publish")
    assert "Queue a message and send it as soon as the link takes it; never waits." in hover("client.publish")
    assert "client that allocates nothing once connected." in hover("Client", 1)
    assert "(packet id, reason): 0 delivered, -1 dropped." in hover("client.on_delivered")
    assert "The payload as a decimal integer" in hover("message.payload_int")
    assert "valid inside the handler only" in hover("Message", 1)


def test_names_are_completed(asked):
    said = asked("completion", "\nclient.", 2)
    names = {one["label"] for one in (said["items"] if isinstance(said, dict) else said)}
    assert {"publish", "subscribe", "poll", "on_message", "pending", "connected", "last_error"} <= names
    assert not {"oversized", "_put", "_session"} & names
