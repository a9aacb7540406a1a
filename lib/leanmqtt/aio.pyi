# Types of aio.py. The parameters of its Client are those of client.pyi and its own, named one by one for completion.
from collections.abc import Callable, Sequence
from ssl import SSLContext
from types import TracebackType
from typing import Any, Literal

from typing_extensions import Self

from . import MQTTError, Will
from . import client as core
from .client import Source, _Data, _Handler, _Host
from .message import Message as _Message
from .tls import TLSOptions
from .transport import Transport

class Message:
    topic: str
    payload: bytes
    qos: int
    retain: bool
    properties: dict[str, Any] | None
    """Those of MQTT 5, else None."""
    def __init__(self, m: _Message) -> None: ...

class Messages:
    def __init__(self, driver: object, size: int) -> None: ...
    def __len__(self) -> int: ...
    def __aiter__(self) -> Self: ...
    async def __anext__(self) -> Message: ...

class Client:
    plain: core.Client
    """The plain client."""
    messages: Messages
    """What no handler took: for `async for`."""
    connect_ms: int
    goodbye_ms: int
    on_connect: Callable[[bool], object] | None
    """(session_present)."""
    on_disconnect: Callable[[MQTTError | None], object] | None
    """(error): None after the goodbye. Runs for an attempt that failed, too."""
    on_subscribed: Callable[[Any, int], object] | None
    """(filter as it was given, granted QoS or 0x80: refused)."""
    on_delivered: Callable[[int, int], object] | None
    """(packet id, reason): 0 delivered, -1 dropped."""
    def __init__(
        self,
        client_id: _Data,
        host: _Host | Sequence[_Host],  # a list; as `list[_Host]` it would not take a list[str]
        port: int = 0,
        user: _Data | None = None,
        password: _Data | None = None,
        keepalive: int = 60,
        clean: bool = True,
        version: Literal[4, 5] | tuple[Literal[5], Literal[4]] = 4,
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
        *,
        messages: int = 16,
        connect_ms: int = 10_000,
        goodbye_ms: int = 2000,
        kind: Callable[..., core.Client] = ...,
        on_message: _Handler | None = None,
        on_connect: Callable[[bool], object] | None = None,
        on_disconnect: Callable[[MQTTError | None], object] | None = None,
        on_subscribed: Callable[[Any, int], object] | None = None,
        on_delivered: Callable[[int, int], object] | None = None,
        on_oversize: Callable[[str, int], object] | None = None,
        clock: Callable[[], int] | None = None,
        rand: Callable[[int], int] | None = None,
        transport: Transport | None = None,
        **options: Any,
    ) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    async def connect(self, timeout_ms: int = 10_000) -> None: ...
    async def disconnect(self, timeout_ms: int = 2000, **more: Any) -> int: ...
    async def wait_connected(self, connected: bool = True) -> None: ...
    def publish_nowait(
        self, topic: _Data, payload: _Data, qos: int = 1, retain: bool = False, properties: dict[str, Any] | None = None
    ) -> int: ...
    async def publish(
        self, topic: _Data, payload: _Data, qos: int = 1, retain: bool = False, properties: dict[str, Any] | None = None
    ) -> int: ...
    async def publish_stream(
        self, topic: _Data, length: int, readinto: Source, qos: int = 1, retain: bool = False
    ) -> int: ...
    def subscribe_nowait(
        self, topic_filter: _Data, qos: int = 1, handler: _Handler | None = None, **more: Any
    ) -> None: ...
    def unsubscribe_nowait(self, topic_filter: _Data, **more: Any) -> None: ...
    async def subscribe(
        self, topic_filter: _Data, qos: int = 1, handler: _Handler | None = None, **more: Any
    ) -> int: ...
    async def unsubscribe(self, topic_filter: _Data, **more: Any) -> None: ...
    # Of the plain client:
    connected: bool
    """True from CONNACK to the end of the connection."""
    session_present: bool
    """True when the broker had kept the session."""
    last_error: MQTTError | None
    """Why the last connection, or attempt at one, ended."""
    pending: int
    """Messages not finally acknowledged (QoS 0: not written)."""
    dropped: int
    """Messages dropped from a full outbox."""
    oversize: int
    """Messages that were too large to take."""
