"""Which topic a quantity goes to, and what topics and names may look like."""

STATUS = "ha/{node}/status"


def of_status(settings):
    """The topic of the node's presence, as text."""
    return _filled(settings["topics"].get("status", STATUS), settings)


def of_quantity(settings, sensor, quantity):
    """The topic of one quantity as text: the sensor's own choice, else the node's, else ha/<quantity>."""
    chosen = sensor["topics"].get(quantity) or settings["topics"].get(quantity)
    return _filled(chosen or "ha/" + quantity, settings)


def _filled(template, settings):
    return template.replace("{node}", settings["name"])


def fits(template):
    """A topic one may publish to: printable ASCII, no space or wildcard, and {node} the only brace."""
    rest = template.replace("{node}", "n")
    return 0 < len(rest) <= 128 and rest[0] not in "/$" and all("!" <= c <= "~" and c not in "+#{}" for c in rest)


def is_word(found):
    """A name that may stand in a topic, a client id and the name of a file."""
    if not isinstance(found, str) or not 0 < len(found) <= 64:
        return False
    return all("a" <= c <= "z" or "A" <= c <= "Z" or "0" <= c <= "9" or c in "-_" for c in found)
