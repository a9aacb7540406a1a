"""The way to the broker, step by step as the node goes it: its name, TCP, TLS, the login, the right to publish.

The first step that fails is named, with its cure; the steps after it are not tried. What is published goes to a topic
of the doctor's own, beside the node's, with a client id of its own: a node that runs is not disturbed.
"""

import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from girouette.demo.account import Account
from girouette.errors import Failure

from .login import Refused, publish
from .trust import Trust
from .verdict import Verdict, bad, warn, well

_PATIENCE = 5.0
_PAGE = "docs/broker.md"
_LISTENER = (
    f"the broker listens on its own machine only: give it the line `listener {{port}}` ({_PAGE}: mosquitto 2 listens to"
    " nobody else until then), and restart it"
)


@dataclass(frozen=True)
class Target:
    """A broker as the node knows it. `topic`: where the doctor publishes; None: not at all. `path`, `headers`: of a
    WebSocket."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    topic: str | None = None
    tls: bool = False
    trust: Trust = field(default_factory=Trust, repr=False, compare=False)
    path: str | None = None
    headers: dict | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def target(url: str) -> Target:
    """Of mqtt://user:password@host:port, or mqtts:// with TLS. Raises Failure, which does not repeat the URL."""
    tls = url.startswith("mqtts://")
    account = Account.from_url(url.replace("mqtts://", "mqtt://", 1), 8883 if tls else 1883)
    return Target(account.host, account.port, account.user, account.password, None, tls)


class _Ends(Exception):
    """No further step makes sense."""


def examine(target: Target, own: Callable[[], set[str]] | None = None) -> Iterator[Verdict]:
    """`own`: the addresses of this computer that others can reach."""
    addresses = (own or own_addresses)()
    try:
        found = _resolved(target)
        yield _named(target, found, addresses)
        yield _reached(target, found, addresses)
        if target.tls:
            yield _encrypted(target)
            if target.trust.needs_own:
                yield warn("broker: login", "not tried", "the node's own certificate is for the node alone")
                return
        yield from _logged_in(target)
    except _Ends as e:
        yield e.args[0]


def _resolved(target: Target) -> set[str]:
    try:
        return {entry[4][0] for entry in socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as e:
        words = f"the name {target.host} is not known: {getattr(e, 'strerror', None) or e}"
        cure = "look for a slip in broker.host; else take the broker's address, which is safer than a name"
        if target.host.endswith(".local"):
            cure = "names in .local are told by the machine itself, if it is on; take its address"
        raise _Ends(bad("broker: name", words, cure)) from None


def _named(target: Target, found: set[str], own: set[str]) -> Verdict:
    """What this computer finds may be something else for a board."""
    shown = ", ".join(sorted(found))
    if all(_loopback(address) for address in found):
        better = " or ".join(sorted(own)) or "this computer's address in your network"
        words = f"{target.host} means the board itself to a board"
        return bad("broker: name", words, f"if the broker runs on this computer, broker.host is {better}")
    if target.host.endswith(".local"):
        return warn("broker: name", f"few boards can find {target.host}", f"take its address: {shown}")
    return well("broker: name", shown if target.host in found else f"{target.host} is {shown}")


def _loopback(address: str) -> bool:
    return address == "::1" or address.startswith("127.0.0.1")


def _reached(target: Target, found: set[str], own: set[str]) -> Verdict:
    """TCP. A broker on this computer that others cannot reach is named whichever address was given."""
    fault = _dial(target.host, target.port)
    local = all(_loopback(address) for address in found)
    here = local or bool(found & own)
    if fault is None and not local:
        return well("broker: TCP", f"{target} answers")
    if fault is None:
        shut = sorted(address for address in own if _dial(address, target.port))
        if shut:
            cure = _LISTENER.format(port=target.port)
            raise _Ends(bad("broker: TCP", f"{target} answers, but {shut[0]}:{target.port} does not", cure))
        return well("broker: TCP", f"{target} answers, and so does {', '.join(sorted(own)) or 'nothing else'}")
    if here and not local and _dial("127.0.0.1", target.port) is None:
        words = f"{target} refuses, while 127.0.0.1:{target.port} answers"
        raise _Ends(bad("broker: TCP", words, _LISTENER.format(port=target.port)))
    raise _Ends(bad("broker: TCP", f"{target}: {fault[0]}", fault[1]))


def _dial(host: str, port: int) -> tuple[str, str] | None:
    """None when somebody answers, else (why not, the cure)."""
    try:
        socket.create_connection((host, port), _PATIENCE).close()
    except ConnectionRefusedError:
        return "refused: nobody listens on this port", (
            "is the broker running (systemctl status mosquitto), and is this its port? If it answers on its own machine"
            f" only, it needs the line `listener {port}` ({_PAGE})"
        )
    except TimeoutError:
        return f"no answer in {_PATIENCE:g} s", (
            f"is the machine on, and in this network? A firewall has to let TCP port {port} through (sudo ufw allow"
            f" {port}/tcp); guest networks keep their guests apart"
        )
    except OSError as e:
        return e.strerror or str(e), "is this computer in the same network as the broker?"
    return None


def _encrypted(target: Target) -> Verdict:
    name = target.trust.name(target.host)
    try:
        context = target.trust.context()
    except Failure as e:
        raise _Ends(bad("broker: TLS", str(e), "put it beside config.json, too")) from None
    try:
        with (
            socket.create_connection((target.host, target.port), _PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=name) as secure,
        ):
            if context.verify_mode == ssl.CERT_NONE:
                return warn("broker: TLS", f"{secure.version()}, nobody is verified", "give broker.tls a ca")
            return well("broker: TLS", f"{secure.version()}, the certificate is valid for {name}")
    except ssl.SSLCertVerificationError as e:
        words = f"the certificate is refused: {e.verify_message}"
        raise _Ends(bad("broker: TLS", words, _certificate(e.verify_message, name))) from None
    except (ssl.SSLError, ConnectionError, TimeoutError) as e:
        words = f"no TLS on this port ({getattr(e, 'reason', None) or type(e).__name__})"
        raise _Ends(bad("broker: TLS", words, "TLS usually has port 8883, and 1883 has none")) from None


def _certificate(message: str, host: str) -> str:
    if "expired" in message or "not yet" in message:
        return "renew it on the broker; is this computer's clock right?"
    if "mismatch" in message or "not valid for" in message:
        return f"it is made out for another name: use that one as the host, or make one for {host}"
    return "it is signed by nobody known: give broker.tls its authority as ca, or add that to the system's certificates"


def _logged_in(target: Target) -> Iterator[Verdict]:
    who = f"as {target.user}" if target.user else "without an account"
    try:
        right = publish(target, _PATIENCE)
    except Refused as e:
        raise _Ends(bad("broker: login", f"{who}: {e}", _login_cure(target, str(e)))) from None
    yield well("broker: login", f"{who}: accepted")
    if not target.topic:
        return
    if right is None:
        words = f"whether {who} may publish on {target.topic} is not told by a broker that knows MQTT 3.1.1 only"
        yield warn("broker: rules", words, f"watch the topic while the node runs: {_PAGE}, Trying it")
    elif right:
        yield bad("broker: rules", f"{who} may not publish on {target.topic}: {right}", _rules(target))
    else:
        yield well("broker: rules", f"{who} may publish on {target.topic}")


def _login_cure(target: Target, words: str) -> str:
    if target.path and ("closed" in words or "no answer" in words or "no connection" in words):
        return f"is this port, with the path {target.path}, one for WebSocket? (docs/websocket.md)"
    if "closed" in words or "no answer" in words:
        return "what listens there may be no MQTT broker, or one that wants TLS: look at the port"
    if target.user is None:
        return f"the broker wants an account: broker.user in config.json, broker.password in secrets.json ({_PAGE})"
    if target.password is None:
        return f"there is no password for it: broker.password in secrets.json ({_PAGE})"
    return f"set it anew on the broker: sudo mosquitto_passwd -b /etc/mosquitto/passwords {target.user} PASSWORD"


def _rules(target: Target) -> str:
    return (
        f"the broker's rules (acl_file) do not let it: {_PAGE} has rules for nodes, for which user ({target.user}) and"
        " node have the same name"
    )


def own_addresses() -> set[str]:
    """The address by which this computer reaches others; none without a network. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1, RFC 5737: nobody
            return {probe.getsockname()[0]} - {"127.0.0.1", "0.0.0.0"}
        except OSError:
            return set()
