# Types of client.py. What a Client has from link.py stands here too: link is no public module.
import socket
from collections.abc import Callable, Sequence
from ssl import SSLContext
from typing import Any, Literal, Protocol, TypeAlias, type_check_only

from . import MQTTError, Will
from .message import Message
from .tls import TLSOptions
from .transport import Transport
from .v5 import V5, Properties

_Data: TypeAlias = str | bytes | bytearray | memoryview
_Host: TypeAlias = str | tuple[str, int]
_Handler: TypeAlias = Callable[[Message], object]
_Version: TypeAlias = Literal[4, 5] | tuple[Literal[5], Literal[4]]
# (name of the method, function(data of the broker, or None at the beginning) -> data, or False: the broker is not it)
_Auth: TypeAlias = tuple[str, Callable[[bytes | None], bytes | Literal[False] | None]]

@type_check_only
class Source(Protocol):
    """What publish_stream reads: a file, a BytesIO, or an object of your own."""

    def readinto(self, buf: bytearray, /) -> int | None:
        """Put bytes into `buf`; how many, or None: nothing now, ask again."""

    def seek(self, at: int, /) -> object:
        """Begin again: `at` is 0."""

class Client:
    clock: Callable[[], int]
    """() -> ms."""
    rand: Callable[[int], int]
    """(bits) -> int."""
    transport: Transport
    v5: V5
    """What MQTT 5 adds: with version=5."""
    connected: bool
    """True from CONNACK to the end of the connection."""
    session_present: bool
    """True when the broker had kept the session."""
    last_error: MQTTError | None
    """Why the last connection, or attempt at one, ended."""
    oversize: int
    """Messages that were too large to take."""
    reconnect: bool
    """False: a lost link stays down until connect() or start()."""
    backoff_ms: tuple[int, int]
    """First and last bound of the wait before another attempt."""
    ready: Callable[[], bool] | None
    """() -> bool: the network has an address."""
    on_message: _Handler | None
    """(message): one that no handler took."""
    on_connect: Callable[[bool], object] | None
    """(session_present)."""
    on_disconnect: Callable[[MQTTError | None], object] | None
    """(error): None after disconnect(). Runs for an attempt that failed, too."""
    on_subscribed: Callable[[Any, int], object] | None
    """(filter as it was given, granted QoS or 0x80: refused)."""
    on_delivered: Callable[[int, int], object] | None
    """(packet id, reason): 0 delivered, -1 dropped."""
    on_oversize: Callable[[str, int], object] | None
    """(topic, length of the packet)."""
    def __init__(
        self,
        client_id: _Data,
        host: _Host | Sequence[_Host],  # a list; as `list[_Host]` it would not take a list[str]
        port: int = 0,
        user: _Data | None = None,
        password: _Data | None = None,
        keepalive: int = 60,
        clean: bool = True,
        version: _Version = 4,
        qos2: bool = False,
        will: Will | None = None,
        birth: Will | None = None,
        rx_size: int = 512,
        outbox_size: int = 2048,
        inflight: int = 8,
        overflow: Literal["oldest", "refuse"] = "oldest",
        ack_timeout_ms: int = 60_000,
        reconnect: bool = True,
        backoff_ms: tuple[int, int] = (1000, 60_000),
        tls: TLSOptions | SSLContext | None = None,
        ready: Callable[[], bool] | None = None,
        on_message: _Handler | None = None,
        on_connect: Callable[[bool], object] | None = None,
        on_disconnect: Callable[[MQTTError | None], object] | None = None,
        on_subscribed: Callable[[Any, int], object] | None = None,
        on_delivered: Callable[[int, int], object] | None = None,
        on_oversize: Callable[[str, int], object] | None = None,
        clock: Callable[[], int] | None = None,
        rand: Callable[[int], int] | None = None,
        transport: Transport | None = None,
        *,
        session_expiry: int = 0xFFFFFFFF,
        properties: Properties | None = None,
        topic_aliases: int = 8,
        auth: _Auth | None = None,
        redirect: bool = False,
        resume: bool = False,
        on_unsubscribed: Callable[[Any, int], object] | None = None,
    ) -> None: ...
    def publish(
        self, topic: _Data, payload: _Data, qos: int = 1, retain: bool = False, properties: Properties | None = None
    ) -> int: ...
    def publish_stream(
        self,
        topic: _Data,
        length: int,
        readinto: Source,
        qos: int = 1,
        retain: bool = False,
        properties: Properties | None = None,
    ) -> int: ...
    # With version=5; with 4 what is behind `stream` is not there. So it is for unsubscribe and disconnect.
    def subscribe(
        self,
        topic_filter: _Data,
        qos: int = 1,
        handler: _Handler | None = None,
        stream: bool = False,
        no_local: bool = False,
        retain_as_published: bool = False,
        retain_handling: int = 0,
        properties: Properties | None = None,
    ) -> None: ...
    def unsubscribe(self, topic_filter: _Data, properties: Properties | None = None) -> None: ...
    def poll(self, timeout_ms: int = 0) -> bool: ...
    def start(self) -> None: ...
    def connect(self, timeout_ms: int = 10_000) -> None: ...
    def disconnect(
        self,
        timeout_ms: int = 2000,
        will: bool = False,
        reason: int = 0,
        session_expiry: int | None = None,
        properties: Properties | None = None,
    ) -> int: ...
    @property
    def pending(self) -> int: ...
    @property
    def dropped(self) -> int: ...
    @property
    def sock(self) -> socket.socket | None: ...
    def due_ms(self) -> int: ...
