"""The kinds of single values config.json may hold, and how a value is shown in a fault.

A kind is a question: is this one? What is expected instead is said in schema.json. What may be a secret is never shown:
`shape` says what was found without its value.
"""

from . import topics


def shape(found):
    """What a value is, without showing it."""
    if found is None:
        return "null"
    if found is True or found is False:
        return "true" if found else "false"
    if isinstance(found, str):
        return "text" if found else "an empty text"
    if isinstance(found, dict):
        return "a table { }"
    if isinstance(found, list):
        return "a list [ ]" if found else "an empty list"
    return "a number"


def shown(found):
    """The value itself where it is short and plain, else its shape."""
    if isinstance(found, str) and 0 < len(found) <= 40:
        return '"%s"' % found
    if shape(found) == "a number":
        return str(found)
    return shape(found)


word = topics.is_word
topic = topics.fits


def trigger(found):
    """The name of an input, or of a sensor and its quantity with a dot between them."""
    name, dot, quantity = found.partition(".") if isinstance(found, str) else ("", "", "")
    return word(name) and (not dot or word(quantity))


def level(found):
    return (whole(found) or isinstance(found, float)) and -1_000_000 <= found <= 1_000_000


def command(found):
    """What an actuator is told: text, or a table that becomes JSON."""
    if isinstance(found, str):
        return 0 < len(found) <= 128 and all(" " <= c <= "~" for c in found)
    return isinstance(found, dict) and len(found) > 0


def screen(found):
    """What a display shows."""
    return isinstance(found, str) and 0 < len(found) <= 512


def hour(found):
    """HH:MM"""
    if not isinstance(found, str) or len(found) != 5 or found[2] != ":":
        return False
    return all("0" <= c <= "9" for c in found[:2] + found[3:]) and found[:2] < "24" and found[3:] < "60"


def node_topic(found):
    return topics.fits(found, topics.NODE)


def zone(found):
    """CET-1CEST,M3.5.0,M10.5.0/3"""
    from . import lazy

    return lazy.once("zone", "sound", found)


def text(found):
    return isinstance(found, str) and found != "" and "\0" not in found


def secret(found):
    return isinstance(found, str)


def seal(found):
    return isinstance(found, str) and len(found) == 64 and all(c in "0123456789abcdefABCDEF" for c in found)


def flag(found):
    return found is True or found is False


def whole(found):
    return isinstance(found, int) and found is not True and found is not False


def pin(found):
    """A number, or a name where the chip's pins have names (STM32: "B6")."""
    return isinstance(found, str) and found != "" or whole(found) and found >= 0


def ip(found):
    parts = found.split(".") if isinstance(found, str) else ()
    return len(parts) == 4 and all(_is_byte(part) for part in parts)


def _is_byte(part):
    return 0 < len(part) < 4 and all("0" <= c <= "9" for c in part) and str(int(part)) == part and int(part) < 256


def host(found):
    """A name or an address, or ws:// or wss:// with a path, or a list of one kind; what may hold a password is not."""
    found = found if isinstance(found, list) else [found]
    return found != [] and (all(one_host(one) for one in found) or all(_web_host(one) for one in found))


def _web_host(found):
    if not isinstance(found, str) or not (found.startswith("ws://") or found.startswith("wss://")):
        return False
    where, _, path = found.split("//", 1)[1].partition("/")
    if any(not "!" <= c <= "~" or c in "?#@" for c in path) or any(c in "?#" for c in where):
        return False
    return (where.startswith("[") or where.count(":") < 2) and one_host(where)


def version(found):
    """Of MQTT."""
    return among(found, (4, 5)) or found == [5, 4]


def header_name(found):
    """RFC 9110, 5.6.2: a token."""
    if not isinstance(found, str) or found == "":
        return False
    return all("!" <= c <= "~" and c not in '"(),/:;<=>?@[\\]{}' for c in found)


def header(found):
    return isinstance(found, str) and all(" " <= c <= "~" for c in found)


def one_host(found):
    """[::1]:1883, name:1883, or an IPv6 address without a port."""
    if not isinstance(found, str) or any(c in "/@ " for c in found):
        return False
    if found.startswith("["):
        name, _, port = found[1:].partition("]")
        return found.count("]") > 0 and name != "" and (port == "" or port[0] == ":" and _is_port(port[1:]))
    name, colon, port = found.partition(":")
    return ":" in port or name != "" and (not colon or _is_port(port))


def _is_port(port):
    return 0 < len(port) < 6 and all("0" <= c <= "9" for c in port) and port[0] != "0" and int(port) < 65536


def among(found, values):
    """One of the values, and of its type: 1.0 and true are not 1."""
    return any(found == value and type(found) is type(value) for value in values)
