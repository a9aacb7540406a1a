# The call names of umqtt.simple and umqtt.robust over Client: a program written for them runs with one line changed,
#     from umqtt.simple import MQTTClient  ->  from leanmqtt.umqtt import MQTTClient
# and gains QoS 2, keep-alive and reconnect. Only the names and what they wait for live here.
# cold file: umqtt's calls hand over objects made for each message
from io import BytesIO
from time import sleep

from . import MQTTError, Will
from .client import Client

_MESSAGE = 0x30  # what wait_msg and check_msg return for a message


class MQTTException(Exception):
    """The broker refused: `args[0]` is the return code of its CONNACK, or 0x80 of a subscription."""


class _Core(Client):
    """A Client that remembers the fault itself, whose code MQTTException carries."""

    fault = 0

    def _fail(self, e):  # cold: the end of a connection
        self.fault = e
        return Client._fail(self, e)


def _tls(params):
    """umqtt's ssl_params, the arguments of wrap_socket, as Client's `tls`. Not to verify has to be asked for."""
    names = {"cadata": "ca", "server_hostname": "hostname"}
    tls = {names.get(name, name): params[name] for name in params if name != "cert_reqs"}
    if params.get("cert_reqs") == 0:
        tls["insecure"] = True
    return tls


class MQTTClient:
    """umqtt.simple's and umqtt.robust's MQTTClient.

    keepalive in seconds; 0, umqtt's default, which newer brokers refuse, is 60 here. ssl: an SSLContext, a dict as
    Client's `tls`, or True with ssl_params. rx_size, outbox_size: the largest packet received, the room for those sent.
    """

    DELAY = 2  # seconds between two attempts of reconnect()
    DEBUG = False  # True: print every fault

    def __init__(
        self, client_id, server, port=0, user=None, password=None, keepalive=0, ssl=None, ssl_params=None,
        rx_size=1024, outbox_size=2048,
    ):  # fmt: skip
        self.client_id = client_id
        self.server = server
        self.port = port
        self.user = user
        self.pswd = password
        self.keepalive = keepalive or 60
        self.tls = _tls(ssl_params or {}) if ssl is True else ssl or None
        self.sizes = rx_size, outbox_size
        self.cb = None
        self.will = None
        self._client = None
        self._got = []  # (topic, payload) not handed to the callback yet
        self._open = []  # packet ids not finally acknowledged
        self._granted = {}  # by filter

    def set_callback(self, f):
        """f(topic, msg), both bytes, for every message; it may call anything of this client."""
        self.cb = f

    def set_last_will(self, topic, msg, retain=False, qos=0):
        """What the broker says when the link dies; before connect()."""
        self.will = Will(topic, msg, qos, retain)

    # -- the connection

    def connect(self, clean_session=True, timeout=None):
        """Connect, or connect again; True if the broker kept the session. timeout in seconds.

        Raises MQTTException if the broker refuses, OSError if it cannot be reached. On a client that lost its link
        what was not acknowledged and all subscriptions are kept.
        """
        c = self._client
        if c and clean_session and not c.asked_clean:
            c.disconnect(0)  # one socket at a time
            c = None
        if c is None:
            c = self._client = self._make(clean_session)
        try:
            c.connect(int((timeout or 30) * 1000))
        except MQTTError as e:
            if type(c.fault) is int and -5 <= c.fault < 0:
                raise MQTTException(-c.fault)
            raise OSError(c.fault.args[0] if type(c.fault) is not int and c.fault.args else -1, str(e))
        return c.session_present

    def _make(self, clean):
        c = _Core(
            self.client_id, self.server, self.port, self.user, self.pswd, self.keepalive, clean, qos2=True,
            will=self.will, rx_size=self.sizes[0], outbox_size=self.sizes[1], overflow="refuse", tls=self.tls,
            backoff_ms=(1000, max(int(self.DELAY * 1000), 1000)), on_message=self._on_message,
            on_subscribed=self._granted.__setitem__, on_delivered=self._on_delivered, on_disconnect=self._on_disconnect,
        )  # fmt: skip
        c.asked_clean = clean
        self._open.clear()
        return c

    def disconnect(self):
        """Say goodbye, so that the will is not sent, and forget the connection."""
        if self._client:
            self._client.disconnect()
        self._client = None

    def delay(self, i):
        """Wait before attempt i + 1 of reconnect(); yours to override."""
        sleep(self.DELAY)

    def log(self, in_reconnect, e):
        """Print a fault if DEBUG is set."""
        if self.DEBUG:
            print("mqtt reconnect: %r" % e if in_reconnect else "mqtt: %r" % e)

    def reconnect(self):
        """Connect again, however long it takes; yours to override."""
        i = 0
        while True:
            try:
                return self.connect(False)
            except OSError as e:
                self.log(True, e)
                i += 1
                self.delay(i)

    @property
    def sock(self):
        """The socket, for your own poll; None when there is none."""
        return self._client and self._client.sock

    def ping(self):
        """Nothing is left to do: pings go out by themselves, in every call. Kept for programs that call it."""
        self._linked().poll(0)

    # -- messages

    def publish(self, topic, msg, retain=False, qos=0):
        """Publish and wait: until it is sent (QoS 0) or finally acknowledged (1, 2), over a reconnect if need be."""
        c = self._linked()
        self._poll(0)
        if len(topic) + len(msg) > self.sizes[1] // 2:
            msg = msg.encode() if type(msg) is str else msg
            pid = c.publish_stream(topic, len(msg), BytesIO(msg), qos, retain)
        else:
            pid = c.publish(topic, msg, qos, retain)
        if pid:
            self._open.append(pid)
        while pid in self._open if pid else c.pending:
            self._step(1000)

    def subscribe(self, topic, qos=0):
        """Subscribe and wait for the broker's word; MQTTException(128) if it refuses."""
        c = self._linked()
        self._granted.pop(topic, None)
        c.subscribe(topic, qos)
        while topic not in self._granted:
            self._step(1000)
        if self._granted[topic] == 0x80:
            raise MQTTException(0x80)

    def unsubscribe(self, topic):
        """Give a subscription up."""
        self._linked().unsubscribe(topic)
        self._poll(0)

    def wait_msg(self):
        """Wait until something came and was handled; 0x30 if it was a message, which the callback got, else None."""
        self._linked()
        while True:
            k = self._step(1000)
            if k:
                return k if k == _MESSAGE else None

    def check_msg(self, attempts=2):
        """Handle what is there, without waiting, whatever the link is at; 0x30 for a message, else None."""
        c = self._linked()
        c.start()  # only if it is stopped: a reconnect() that was given up, say
        if not self._got:
            self._poll(0)
        return self._hand_over()

    def _linked(self):
        if self._client is None:
            raise OSError(-1, "not connected: call connect() first")
        return self._client

    def _step(self, ms):
        # 0x30: a message, True: something else on a good link, False: nothing.
        if self._got:
            return self._hand_over()
        if not self._client.connected:
            self.reconnect()
        k = self._poll(ms)
        return self._hand_over() or k and self._client.connected

    def _poll(self, ms):
        return self._client.poll(ms)

    def _hand_over(self):
        # Outside of poll, so that the callback may publish, subscribe and wait as umqtt's may.
        if not self._got:
            return None
        topic, msg = self._got.pop(0)
        if self.cb:
            self.cb(topic, msg)
        return _MESSAGE

    def _on_message(self, m):
        self._got.append((m.topic.encode(), m.payload))

    def _on_delivered(self, pid, reason):
        if pid in self._open:
            self._open.remove(pid)

    def _on_disconnect(self, e):
        if e:
            self.log(False, e)
