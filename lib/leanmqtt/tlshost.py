# CPython's side of tls.py and tlsmake.py: its ssl in MicroPython's manner. Never loaded on a microcontroller.
# cold file: CPython allocates anyway
import base64
import ssl
import tempfile
from pathlib import Path

_BLOCK = (ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Secure:
    """The TLS stream over a socket of host.py, which from then on is the TLS socket itself to pollers."""

    def __init__(self, sock):
        self.sock = sock

    def readinto(self, buf, n):
        """Read at most n bytes to the start of `buf`: count, 0 at the end, None would block."""
        try:
            return self.sock.raw.recv_into(buf, n)
        except _BLOCK:
            return None

    def write(self, buf, at, n):
        """Write n bytes of `buf` from offset `at`: count taken, None would block."""
        try:
            return self.sock.raw.send(memoryview(buf)[at : at + n])
        except _BLOCK:
            return None

    def close(self):
        """Close both."""
        self.sock.close()


def wrap(context, sock, name):
    """A TLS stream over `sock`, its handshake not begun."""
    sock.raw = context.wrap_socket(sock.raw, server_hostname=name, do_handshake_on_connect=False)
    return Secure(sock)


def context(ca, cert, key):
    """An SSLContext. ca, cert, key: PEM or DER; without a ca nobody is verified."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        name = "ca"
        if ca:
            made.load_verify_locations(cadata=_pem("CERTIFICATE", ca))
        else:
            made.check_hostname = False
            made.verify_mode = ssl.CERT_NONE
        name = "cert or key"
        if cert:
            _load(made, _pem("CERTIFICATE", cert) + "\n" + _pem(_label(key), key))
    except (OSError, ValueError) as e:
        if str(e).startswith("tls: "):
            raise
        raise ValueError(f"tls: {name} is not what it should be in PEM or DER: {e}") from e
    return made


def _load(made, pem):
    # ssl wants a file.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pem")
        path.touch(mode=0o600)
        path.write_text(pem)
        made.load_cert_chain(path, password=lambda: b"")


def _pem(label, data):
    if b"-----BEGIN " not in data:
        body = base64.encodebytes(data).decode()
        return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n"
    if b"ENCRYPTED" in data:
        from .tlsmake import blocks

        blocks(data)
    return data.decode()


def _label(key):
    # Of a DER key: behind the version, PKCS #8 has a SEQUENCE, SEC 1 an OCTET STRING, PKCS #1 an INTEGER.
    at = 2 if len(key) > 1 and key[1] < 128 else 2 + (key[1] & 127) if len(key) > 1 else 0
    kind = key[at + 3] if len(key) > at + 3 else 0
    return {0x04: "EC PRIVATE KEY", 0x02: "RSA PRIVATE KEY"}.get(kind, "PRIVATE KEY")
