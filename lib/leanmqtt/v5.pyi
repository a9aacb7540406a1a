# Types of v5.py, and of the properties of MQTT 5. What V5 puts in the place of Client's methods is in client.pyi.
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypedDict, type_check_only

from .client import Client, _Auth, _Data, _Handler, _Version

_Text: TypeAlias = str | bytes | bytearray

@type_check_only
class Properties(TypedDict, total=False):
    """Properties that are given; which may stand where is found when they are used."""

    payload_format_indicator: int
    message_expiry_interval: int
    content_type: _Text
    response_topic: _Text
    correlation_data: bytes | bytearray | str
    session_expiry_interval: int
    authentication_method: _Text
    authentication_data: bytes | bytearray | str
    request_problem_information: int
    will_delay_interval: int
    request_response_information: int
    reason_string: _Text
    receive_maximum: int
    topic_alias_maximum: int
    user_property: Sequence[tuple[_Text, _Text]]
    maximum_packet_size: int

@type_check_only
class Received(TypedDict, total=False):
    """Properties as the broker sent them."""

    payload_format_indicator: int
    message_expiry_interval: int
    content_type: str
    response_topic: str
    correlation_data: bytes
    subscription_identifier: list[int]
    session_expiry_interval: int
    assigned_client_identifier: str
    server_keep_alive: int
    authentication_method: str
    authentication_data: bytes
    response_information: str
    server_reference: str
    reason_string: str
    receive_maximum: int
    topic_alias_maximum: int
    topic_alias: int
    maximum_qos: int
    retain_available: int
    user_property: list[tuple[str, str]]
    maximum_packet_size: int
    wildcard_subscription_available: int
    subscription_identifier_available: int
    shared_subscription_available: int

class V5:
    connack: Received
    """Properties of the last CONNACK."""
    on_unsubscribed: Callable[[Any, int], object] | None
    """(filter as it was given, reason): 0, 0x11 there was none, 0x80 and more refused."""
    assigned: bytes | None
    """The client id that the broker gave."""
    def __init__(
        self,
        client: Client,
        version: _Version,
        session_expiry: int = 0xFFFFFFFF,
        properties: Properties | None = None,
        topic_aliases: int = 8,
        auth: _Auth | None = None,
        redirect: bool = False,
        resume: bool = False,
        on_unsubscribed: Callable[[Any, int], object] | None = None,
    ) -> None: ...
    @property
    def version(self) -> int: ...
    @property
    def expired(self) -> int: ...
    @property
    def reason(self) -> int: ...
    @property
    def reason_string(self) -> str: ...
    @property
    def properties(self) -> Received: ...
    def words(self, reason: int) -> str: ...
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
    def disconnect(
        self,
        timeout_ms: int = 2000,
        will: bool = False,
        reason: int = 0,
        session_expiry: int | None = None,
        properties: Properties | None = None,
    ) -> int: ...
    def reauthenticate(self, data: bytes) -> None: ...
