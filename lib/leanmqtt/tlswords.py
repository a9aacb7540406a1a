# The words of a TLS connection that did not come about: loaded while one is told. MicroPython gives a text of mbedtls
# (ValueError) or its number (OSError), CPython an SSLError.
# cold file: the end of a connection
import time

from . import MQTTError

_YEAR = 2024  # a clock before it was never set
_NAMES = (  # what is found in the text of the fault; the first that is there
    ("future", "the broker's certificate is not valid yet: is the clock right? It says %s"),
    ("not yet valid", "the broker's certificate is not valid yet: is the clock right? It says %s"),
    ("expired", "the broker's certificate has expired, if the clock is right: it says %s"),
    ("revoked", "the broker's certificate was revoked"),
    ("expected CN", "the broker's certificate is not for %s: give its name as host, or as tls hostname"),
    ("ismatch", "the broker's certificate is not for %s: give its name as host, or as tls hostname"),
    ("is not valid for", "the broker's certificate is not for %s: give its name as host, or as tls hostname"),
    ("signed by", "the broker's certificate was not signed by this ca: take the ca of this broker"),
    ("self-signed", "the broker's certificate was not signed by this ca: take the ca of this broker"),
    ("self signed", "the broker's certificate was not signed by this ca: take the ca of this broker"),
    ("local issuer", "the broker's certificate was not signed by this ca: take the ca of this broker"),
    ("signature failure", "the broker's certificate was not signed by this ca: take the ca of this broker"),
    ("VERIFY_FAILED", "the broker's certificate was not accepted"),
)
_UNSET = "the clock was never set (it says %s), so no certificate can be verified: set it first, by NTP"
_PLAIN = "what answers there is no TLS server: brokers speak TLS on another port, mostly 8883"
_CLOSED = "closed in the handshake: is this port one for TLS, mostly 8883, and the client allowed?"
_ALERT = "the broker broke the handshake off: "
_WANTS = "it may want a client certificate: give cert and key"
_REFUSES = "it may not trust this client's certificate, or find no common cipher"
_SLOW = "no TLS handshake in time: does a TLS broker listen there?"
_MEMORY = "no memory for a TLS connection: it takes up to 40 KB"


def clock():
    """The date as the clock has it, and whether it was ever set."""
    now = time.gmtime()
    return "%d-%02d-%02d" % (now[0], now[1], now[2]), now[0] >= _YEAR


def fault(error, code, name, certified, sent):
    """MQTTError. error: the exception, or None; code: that of the link; certified: there is a client certificate."""
    if error is None:
        return MQTTError("TLS: " + (_SLOW if code == -32 else _alert(certified) if sent else _CLOSED))
    return MQTTError("TLS: " + _words(error, name, certified))


def _alert(certified):
    return _ALERT + (_REFUSES if certified else _WANTS)


def _words(error, name, certified):
    text = str(error)
    for part, words in _NAMES:
        if part in text:
            return _dated(words) if "clock" in words else words % name if "%s" in words else words
    n = error.args[0] if error.args else 0
    if isinstance(error, MemoryError) or n == 12 or n == -0x7F00:
        return _MEMORY
    if n == -0x7780 or "ALERT" in text or "alert" in text:
        return _alert(certified)
    if n == -0x7200 or "WRONG_VERSION" in text or "RECORD_LAYER" in text or "HTTP_REQUEST" in text:
        return _PLAIN
    if n == -0x7280 or n == 104 or n == 32 or "EOF" in text:
        return _CLOSED
    if isinstance(n, int) and n < -255:
        text = "mbedtls -0x%x, %s" % (-n, text)
    return "the handshake failed: " + text


def _dated(words):
    date, was_set = clock()
    return (words if was_set else _UNSET) % date
