# What ws:// and wss:// in `host` say, and the headers of the opening handshake: checked and loaded while a Client is
# made. A header, or what stands behind an address, may be a secret: no error repeats either.
# cold file: runs before there is a client
from . import config
from .transport import Tcp

_PORTS = {"ws": 80, "wss": 443}
_OURS = ("host", "upgrade", "connection", "content-length", "transfer-encoding")
_SIGNS = "!#$%&'*+-.^_`|~"  # of a name, beside letters and digits


def made(client, host, port, tls, transport):
    """(list of (name, port), WebSocket) of a Client. Raises ValueError."""
    from .websocket import WebSocket

    hosts, paths, secure = _entries(host, port)
    socket = WebSocket() if transport is None else transport
    if not isinstance(socket, WebSocket):
        raise ValueError("transport: with ws:// or wss:// in host it must be a WebSocket, not %r" % (transport,))
    if socket._client:
        raise ValueError("transport: this WebSocket is another client's")
    below = socket._below
    if secure:
        if tls is None:
            raise ValueError("host: wss:// needs tls, which says whom to believe: tls={'ca': ...}")
        if below:
            raise ValueError("transport: with wss:// the WebSocket runs over TLS, not over %r" % (below,))
        from .tls import Tls

        below = Tls(client, tls)
    elif tls is not None:
        raise ValueError("tls: with ws:// nothing is encrypted: wss:// in host, or no tls")
    socket.bind(client, below or Tcp(), paths, _PORTS["wss" if secure else "ws"])
    return hosts, socket


def _entries(host, port):
    hosts, paths, first = [], {}, None
    for entry in host if isinstance(host, list) else [host]:
        scheme, where, path = _parts(entry)
        if first is None:
            first = scheme
        if scheme != first:
            raise ValueError("host: %s:// and %s:// in one list: all entries must have the same" % (first, scheme))
        (found,) = config.host(where, port or _PORTS[scheme])
        if paths.get(found, path) != path:
            raise ValueError("host: %s:%d twice, with two paths" % found)
        hosts.append(found)
        paths[found] = path
    paths[None] = paths[hosts[0]]
    return hosts, paths, first == "wss"


def _parts(entry):
    """(scheme, "name" or "name:port", path with what follows "?") of an entry."""
    if not isinstance(entry, str):
        raise ValueError("host: beside an entry with a scheme, each has to be like 'ws://name:port/path'")
    scheme, found, rest = entry.partition("://")
    if not found:
        raise ValueError("host: an entry without a scheme, like 'ws://name:port/path', where another has one or a path")
    scheme = scheme.lower()
    if scheme not in _PORTS:
        raise ValueError("host: %s:// is not known: ws:// or wss://, or the bare name for MQTT over TCP" % scheme)
    at = len(rest)
    for sign in "/?#":
        k = rest.find(sign)
        if 0 <= k < at:
            at = k
    where, path = rest[:at], rest[at:]
    if "@" in where:
        raise ValueError("host: no account in an address: give user and password, or headers (docs/websocket.md)")
    if "#" in path:
        raise ValueError("host: %s: '#' and what follows has no meaning here" % where)
    if path[:1] != "/":
        path = "/" + path
    for c in path:
        if not 32 < ord(c) < 127:
            raise ValueError("host: %s: a path has no blanks and is ASCII: write others as %%20" % where)
    return scheme, where, path


def lines(headers):
    """The lines of the headers that a user chose, as bytes. Raises ValueError, which never names a value."""
    found = ""
    for name in headers or ():
        if not isinstance(name, str) or not name or [c for c in name if not _sign(c)]:
            raise ValueError("headers: %r is no name of a header" % (name,))
        if name.lower() in _OURS or name.lower().startswith("sec-websocket-"):
            raise ValueError("headers: %s is not for a user to choose" % name)
        value = headers[name]
        if not isinstance(value, str) or [c for c in value if not 31 < ord(c) < 127]:
            raise ValueError("headers: the value of %s must be a str of ASCII, without line ends" % name)
        found += "%s: %s\r\n" % (name, value)
    return found.encode()


def _sign(c):
    return "a" <= c.lower() <= "z" or "0" <= c <= "9" or c in _SIGNS
