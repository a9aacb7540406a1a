# Types of aio.py. The parameters of its Client are those of client.pyi, named one by one for completion.
import socket
from collections.abc import Callable, Sequence
from ssl import SSLContext
from typing import Any, Literal

from . import MQTTError, Will
from .client import Client as Plain
from .client import Source, _Auth, _Data, _Handler, _Host, _Version
from .journal import Journal
from .message import Message as _Plain
from .tls import TLSOptions
from .transport import Transport
from .v5 import V5, Properties, Received

class Message:
    topic: str
    payload: bytes
    qos: int
    retain: bool
    properties: Received | None
    def __init__(self, m: _Plain) -> None: ...

class Messages:
    def __init__(self, driver: object, size: int) -> None: ...
    def __len__(self) -> int: ...
    def __aiter__(self) -> Messages: ...
    async def __anext__(self) -> Message: ...

class Client:
    plain: Plain
    """The plain client."""
    messages: Messages
    """What no handler took."""
    connect_ms: int
    goodbye_ms: int
    on_connect: Callable[[bool], object] | None
    on_disconnect: Callable[[MQTTError | None], object] | None
    on_subscribed: Callable[[Any, int], object] | None
    on_delivered: Callable[[int, int], object] | None
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
        *,
        on_message: _Handler | None = None,
        on_connect: Callable[[bool], object] | None = None,
        on_disconnect: Callable[[MQTTError | None], object] | None = None,
        on_subscribed: Callable[[Any, int], object] | None = None,
        on_delivered: Callable[[int, int], object] | None = None,
        on_oversize: Callable[[str, int], object] | None = None,
        clock: Callable[[], int] | None = None,
        rand: Callable[[int], int] | None = None,
        transport: Transport | None = None,
        messages: int = 16,
        connect_ms: int = 10_000,
        goodbye_ms: int = 2000,
        kind: type[Plain] = ...,
        journal: Journal = ...,  # where `kind` is the journal's Client
        session_expiry: int = 0xFFFFFFFF,
        properties: Properties | None = None,
        topic_aliases: int = 8,
        auth: _Auth | None = None,
        redirect: bool = False,
        resume: bool = False,
        on_unsubscribed: Callable[[Any, int], object] | None = None,
    ) -> None: ...
    # What it hands on of the plain client, to be read.
    @property
    def v5(self) -> V5: ...
    @property
    def connected(self) -> bool: ...
    @property
    def session_present(self) -> bool: ...
    @property
    def last_error(self) -> MQTTError | None: ...
    @property
    def oversize(self) -> int: ...
    @property
    def pending(self) -> int: ...
    @property
    def dropped(self) -> int: ...
    @property
    def sock(self) -> socket.socket | None: ...
    async def __aenter__(self) -> Client: ...
    async def __aexit__(self, kind: object, error: object, trace: object) -> None: ...
    async def connect(self, timeout_ms: int = 10_000) -> None: ...
    async def disconnect(
        self,
        timeout_ms: int = 2000,
        *,
        will: bool = False,
        reason: int = 0,
        session_expiry: int | None = None,
        properties: Properties | None = None,
    ) -> int: ...
    async def wait_connected(self, connected: bool = True) -> None: ...
    def publish_nowait(
        self, topic: _Data, payload: _Data, qos: int = 1, retain: bool = False, properties: Properties | None = None
    ) -> int: ...
    async def publish(
        self, topic: _Data, payload: _Data, qos: int = 1, retain: bool = False, properties: Properties | None = None
    ) -> int: ...
    async def publish_stream(
        self,
        topic: _Data,
        length: int,
        readinto: Source,
        qos: int = 1,
        retain: bool = False,
        properties: Properties | None = None,
    ) -> int: ...
    def subscribe_nowait(
        self,
        topic_filter: _Data,
        qos: int = 1,
        handler: _Handler | None = None,
        *,
        stream: bool = False,
        no_local: bool = False,
        retain_as_published: bool = False,
        retain_handling: int = 0,
        properties: Properties | None = None,
    ) -> None: ...
    def unsubscribe_nowait(self, topic_filter: _Data, *, properties: Properties | None = None) -> None: ...
    async def subscribe(
        self,
        topic_filter: _Data,
        qos: int = 1,
        handler: _Handler | None = None,
        *,
        stream: bool = False,
        no_local: bool = False,
        retain_as_published: bool = False,
        retain_handling: int = 0,
        properties: Properties | None = None,
    ) -> int: ...
    async def unsubscribe(self, topic_filter: _Data, *, properties: Properties | None = None) -> None: ...
