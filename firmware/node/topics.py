"""Which topic a quantity goes to, and what a topic may look like."""

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
