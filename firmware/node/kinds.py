"""The kinds of single values config.json may hold: each takes what was found and its table entry, and returns the value
to use or raises Fault. What may be a secret is never shown: `shape` says what was found without its value."""

from .topics import is_word


class Fault(Exception):
    """args: what is expected, what was found."""


def shape(found):
    """What a value is, without showing it."""
    if found is None:
        return "nothing"
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


def word(found, entry):
    if not is_word(found):
        raise Fault("1 to 64 letters, digits, - or _", shown(found))
    return found


def text(found, entry):
    if not isinstance(found, str) or not found:
        raise Fault("text", shape(found))
    return found


def secret(found, entry):
    if not isinstance(found, str):
        raise Fault("text in quotes", shape(found))
    return found


def flag(found, entry):
    if found is not True and found is not False:
        raise Fault("true or false", shown(found))
    return found


def whole(found, entry):
    """entry: (kind, default, least, most)."""
    if not _is_whole(found) or not entry[2] <= found <= entry[3]:
        raise Fault("a whole number from %d to %d" % (entry[2], entry[3]), shown(found))
    return found


def _is_whole(found):
    return isinstance(found, int) and found is not True and found is not False


def choice(found, entry):
    """entry: (kind, default, allowed values)."""
    if found is True or found is False or found not in entry[2]:
        raise Fault("one of " + ", ".join([shown(value) for value in entry[2]]), shown(found))
    return found


def pin(found, entry):
    """A number, or a name where the chip's pins have names (STM32: "B6")."""
    if not (isinstance(found, str) and found) and not (_is_whole(found) and found >= 0):
        raise Fault("the number or the name of a pin", shown(found))
    return found


def host(found, entry):
    """A name or an address, or a list of them; a URL is refused unseen, for it may hold a password."""
    for one in found if isinstance(found, list) and found else [found]:
        if not isinstance(one, str) or not one or any(c in "/@ " for c in one):
            raise Fault("a host name or address without mqtt:// and account, or a list of them", shape(found))
    return found
