"""Which topic a quantity goes to, and what topics and names may look like. Nothing is published here."""

NODE = ("{node}",)
_ALL = ("{node}", "{sensor}", "{quantity}")


def of_status(settings):
    """The topic of the node's presence, as text."""
    if settings["discovery"] == "homie":
        return of_homie(settings, "$state")
    return _filled(settings["topics"].get("status") or _base(settings) + "/{node}/status", settings)


def of_log(settings):
    """The topic of what the node has to tell a person, as text."""
    return _filled(_base(settings) + "/{node}/log", settings)


def of_command(settings, command):
    """The topic of a command to the node ("restart", or "#" for all of them), as text."""
    return _filled(_base(settings) + "/{node}/cmd/" + command, settings)


def of_node(settings, what):
    """The topic of something else the node tells of itself ("diagnostics"), as text."""
    return _filled(_base(settings) + "/{node}/" + what, settings)


def of_thing(settings, entry, name, word=None):
    """The topic of the state of an actuator or input, as text; an actuator obeys on the same with /set behind it.

    word: of what else it tells: "event", what happens at an input; the name of what an actuator measures of itself.
    """
    if settings["discovery"] == "homie" and not entry["topic"]:
        return of_homie(settings, _homie(name), word or "state")
    topic = _filled(entry["topic"] or _base(settings) + "/{node}/" + name, settings)
    return topic + "/" + word if word else topic


def of_discovery(settings, rest):
    """A topic of the discovery convention ("status"), as text."""
    prefix = settings["topics"].get("discovery") or settings["discovery"] or "homeassistant"
    return _filled(prefix, settings) + "/" + rest


def of_homie(settings, *below):
    """A topic of the node as a Homie device ("$state"), as text."""
    prefix = settings["topics"].get("discovery") or "homie"
    return "/".join((_filled(prefix, settings), "5", _homie(settings["name"])) + below)


def of_readings(settings, measured):
    """The topic of each quantity as text, a list for each sensor.

    measured: for each sensor, the names of its quantities. The sensor's own choice goes first, then the node's, then
    the node's template.
    """
    usual = of_usual(settings, measured)
    made = []
    for sensor, name, quantities in zip(settings["sensors"], ids(parts(settings)), measured):
        made.append([of_reading(settings, usual, sensor, name, quantity) for quantity in quantities])
    return made


def of_usual(settings, measured):
    """The template of a quantity that has no topic of its own; None where it is Homie's."""
    own = settings["topics"].get("template")
    if own or settings["discovery"] == "homie":
        return own
    return _base(settings) + _default(settings, measured)


def of_reading(settings, usual, sensor, name, quantity):
    """The topic of one quantity of a sensor of that name, as text."""
    template = _chosen(settings, sensor, quantity) or usual
    if template:
        return _filled(template, settings, name, quantity)
    return of_homie(settings, _homie(name), _homie(quantity))


def parts(settings):
    """The entries of all parts of a node: its sensors, actuators and inputs, in this order."""
    return settings["sensors"] + settings["actuators"] + settings["inputs"]


def ids(entries):
    """The name of each part: its id, or its part's name, which a second one has with a number behind it."""
    names = []
    for entry in entries:
        first = name = entry["id"] or entry["type"]
        count = 1
        while name in names:
            count += 1
            name = "%s-%d" % (first, count)
        names.append(name)
    return names


def _homie(name):
    # Homie's ids know lower case, digits and hyphens only.
    return name.lower().replace("_", "-")


def _base(settings):
    return settings["topics"].get("base") or "ha"


def _chosen(settings, sensor, quantity):
    return sensor["topics"].get(quantity) or settings["topics"].get(quantity)


def _default(settings, measured):
    # A lone station's names are short; where two sources could have one name, all names are long.
    if settings["discovery"]:
        return "/{node}/{sensor}/{quantity}"
    plain = []
    for sensor, quantities in zip(settings["sensors"], measured):
        plain += [quantity for quantity in quantities if not _chosen(settings, sensor, quantity)]
    return "/{quantity}" if len(set(plain)) == len(plain) else "/{node}/{sensor}/{quantity}"


def _filled(template, settings, sensor="", quantity=""):
    template = template.replace("{sensor}", sensor).replace("{quantity}", quantity)
    return template.replace("{node}", settings["name"])


def fits(template, braces=_ALL):
    """A topic one may publish to: printable ASCII, no space or wildcard, and no other braces than these."""
    if not isinstance(template, str) or not 0 < len(template) <= 128 or template[0] in "/$":
        return False
    for brace in braces:
        template = template.replace(brace, "x")
    return all("!" <= c <= "~" and c not in "+#{}" for c in template)


def is_word(found):
    """A name that may stand in a topic, a client id and the name of a file or a host."""
    if not isinstance(found, str) or not 0 < len(found) <= 32:
        return False
    return all("a" <= c <= "z" or "A" <= c <= "Z" or "0" <= c <= "9" or c in "-_" for c in found)
