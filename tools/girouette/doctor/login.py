"""A login at a broker and one message, by paho-mqtt: MQTT 5 first, since it alone tells what may not be published."""

import contextlib
import secrets
import threading

import paho.mqtt.client as mqtt

_UNSUPPORTED = 132  # MQTT 5's reason, as which paho gives MQTT 3.1.1's return code 1, too


class Refused(Exception):
    """Why not, in words."""


class _Unsupported(Refused):
    """The broker does not speak this version."""


def publish(target, patience: float) -> str | None:
    """Log in and publish: "" when the broker says it is allowed, its words when not, None when it does not say.

    A target has host, port, user, password, topic, tls, trust, path and headers. Raises Refused when there is no login.
    """
    try:
        return _Visit(target, mqtt.MQTTv5, patience).made()
    except _Unsupported:
        return _Visit(target, mqtt.MQTTv311, patience).made()


class _Visit:
    """One connection of a client id of its own, without a will."""

    def __init__(self, target, version, patience: float):
        self._target, self._version, self._patience = target, version, patience
        self._reason = self._right = None
        self._answered, self._told = threading.Event(), threading.Event()
        name = f"girouette-doctor-{secrets.token_hex(3)}"
        self._client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2, name, protocol=version, reconnect_on_failure=False,
            transport="websockets" if target.path else "tcp",
        )  # fmt: skip
        if target.path:
            self._client.ws_set_options(target.path, target.headers)
        if target.user is not None:
            self._client.username_pw_set(target.user, target.password)
        if target.tls:
            context = target.trust.context()
            context.check_hostname = context.check_hostname and target.trust.name(target.host) == target.host
            self._client.tls_set_context(context)  # another name was verified before
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._lost
        self._client.on_publish = self._published

    def made(self) -> str | None:
        self._client.connect_timeout = self._patience
        try:
            self._client.connect(self._target.host, self._target.port, keepalive=30)
        except OSError as e:
            raise Refused(f"no connection: {e.strerror or e}") from None
        self._client.loop_start()
        try:
            return self._said()
        finally:
            with contextlib.suppress(ValueError):
                self._client.disconnect()
            self._client.loop_stop()

    def _said(self) -> str | None:
        if not self._answered.wait(self._patience):
            raise Refused(f"no answer to the CONNECT in {self._patience:g} s")
        if self._reason is None:
            kind = _Unsupported if self._version == mqtt.MQTTv5 else Refused  # some old brokers close without a word
            raise kind("the connection was closed at the CONNECT")
        if self._reason.value == _UNSUPPORTED:
            raise _Unsupported("the broker does not speak this version of MQTT")
        if self._reason.is_failure:
            raise Refused(f"refused: {str(self._reason).lower()}")
        return self._try() if self._target.topic else None

    def _try(self) -> str | None:
        self._client.publish(self._target.topic, b"girouette doctor was here", 1)
        if not self._told.wait(self._patience):
            return "no answer to the message"
        if self._version != mqtt.MQTTv5:
            return None  # [MQTT-3.3.5-2] what may not be published is acknowledged all the same
        return str(self._right).lower() if self._right.is_failure else ""

    # Called on paho's thread

    def _connected(self, client, data, flags, reason, properties):
        self._reason = reason
        self._answered.set()

    def _lost(self, client, data, flags, reason, properties):
        self._answered.set()

    def _published(self, client, data, packet_id, reason, properties):
        self._right = reason
        self._told.set()
