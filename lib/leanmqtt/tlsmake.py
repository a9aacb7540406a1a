# What `tls=` says, made into an SSLContext: loaded while a Client is made. Nothing of sockets.
#   ca        the certificate of who signed the broker's (PEM may hold several); required unless insecure
#   cert, key  the client's own certificate and its private key, where the broker asks for one
#   hostname  the name in the broker's certificate, where it is not the host that is connected to
#   insecure  True: nobody is verified
#   log       function(text): is told at each connection what is not verified; without it print
# ca, cert and key: the name of a file; or PEM as text; or PEM or DER as bytes.
# cold file: runs before there is a client
import sys

_KEYS = ("ca", "cert", "key", "hostname", "insecure", "log")
_BEGIN = b"-----BEGIN "
_END = b"-----END "


def made(options):
    """(SSLContext, hostname or None, log, is there a client certificate, is nobody verified). Raises ValueError."""
    if not isinstance(options, dict):
        if not hasattr(options, "wrap_socket"):
            raise ValueError("tls must be a dict or an SSLContext, not %r" % (options,))
        return options, None, print, True, not options.verify_mode
    for key in options:
        if key not in _KEYS:
            raise ValueError("tls: an unknown key %r, not one of %s" % (key, ", ".join(_KEYS)))
    ca, cert, key, name, insecure, log = [options.get(key) for key in _KEYS]
    if insecure and ca:
        raise ValueError("tls: ca and insecure contradict each other: with a ca, leave insecure out")
    if not insecure and not ca:
        raise ValueError("tls: no ca, the certificate that signed the broker's; or insecure=True: verify nobody")
    if bool(cert) != bool(key):
        raise ValueError("tls: cert and key, the client's own, go together")
    found = [data(part, value) for part, value in (("ca", ca), ("cert", cert), ("key", key))]
    return _context(*found), name, log or print, bool(cert), not ca


def data(name, value):
    """The bytes of ca, cert or key; None remains."""
    if not value:
        return None
    if not isinstance(value, str):
        return bytes(value)
    if "-----BEGIN" in value:
        return value.encode()
    try:
        with open(value, "rb") as file:
            return file.read()
    except OSError:
        raise ValueError("tls: %s: there is no file %s" % (name, value))


def blocks(pem):
    """(label, DER) of each block of a PEM text; DER itself is one without a label."""
    from binascii import a2b_base64

    if _BEGIN not in pem:
        return [(b"", pem)]
    found = []
    for part in pem.split(_BEGIN)[1:]:
        label, _, body = part.partition(b"-----")
        if b"ENCRYPTED" in part:
            raise ValueError("tls: the key is encrypted: take the password off, openssl pkey -in KEY -out PLAIN does")
        try:
            found.append((label, a2b_base64(body.split(_END)[0].strip())))
        except ValueError:
            raise ValueError("tls: a PEM block of %s is damaged" % label.decode())
    return found


if sys.implementation.name == "micropython":

    def _context(ca, cert, key):
        try:
            import tls
        except ImportError:
            try:
                import ssl as tls
            except ImportError:
                raise ValueError("tls: this firmware has no TLS")
        context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
        if not ca:
            context.verify_mode = tls.CERT_NONE
        elif not hasattr(context, "load_verify_locations"):
            raise ValueError("tls: this firmware cannot verify anybody (axTLS): insecure=True is all it can do")
        try:
            # Not every firmware reads PEM, but each one DER.
            name = "ca"
            for _, der in blocks(ca) if ca else ():
                context.load_verify_locations(der)
            name = "cert or key"
            if cert:
                context.load_cert_chain(_chain(cert), _key(key))
        except (OSError, ValueError) as e:
            if str(e).startswith("tls: "):
                raise
            raise ValueError("tls: %s is not what it should be in PEM or DER: %s" % (name, e))
        return context

    def _chain(cert):
        found = blocks(cert)
        return found[0][1] if len(found) == 1 else cert  # a chain goes only as PEM

    def _key(key):
        for label, der in blocks(key):
            if not label or label.endswith(b"PRIVATE KEY"):
                return der
        raise ValueError("tls: key holds no private key")

else:
    from .tlshost import context as _context
