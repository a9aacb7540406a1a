"""The optional modules, used as their pages say."""

from leanmqtt import amend, withdraw
from leanmqtt.journal import Client, Journal
from leanmqtt.nolocal import NoLocal
from leanmqtt.seal import Sealer, SealError
from leanmqtt.transport import Tcp
from leanmqtt.umqtt import MQTTClient, MQTTException

TYPE_CHECKING = False  # a device has no typing
if TYPE_CHECKING:
    from leanmqtt.tls import TLSOptions
    from leanmqtt.transport import Span


def options(insecure: bool) -> "TLSOptions":
    return {"insecure": True} if insecure else {"ca": b"..."}


class Counted(Tcp):
    written = 0

    def write(self, span: "Span") -> int | None:
        self.written += span.tx_len
        return Tcp.write(self, span)


def put_right(buf: bytearray, start: int, end: int) -> None:
    buf[start:end] = bytes(end - start)


client = Client("a", "broker.local", clean=False, transport=Counted(), tls=options(False), journal=Journal("a.log"))
stored: int = client.stored + client.journal.waiting
if not client.journal.flush():
    print(client.last_error)
amend.unsent(client, put_right)
amend.later(client, None)
own: int = NoLocal(client, size=32).hidden
dropped: int = withdraw.topic(client, b"a/b")

try:
    sealer = Sealer("00" * 32, None, node=False)
    plain: bytes = sealer.open("a/b", b"...")
except SealError as error:
    print(error)


def got(topic: bytes, msg: bytes) -> None:
    print(topic.decode(), msg.decode())


old = MQTTClient("a", "broker.local", ssl=True, ssl_params={"cadata": b"..."})
old.set_callback(got)
try:
    if not old.connect(timeout=2.5):
        old.subscribe(b"a/b", qos=1)
except (MQTTException, OSError) as error:
    print(error)
while old.check_msg() == 0x30:
    old.publish("a/b", b"x", qos=2)
