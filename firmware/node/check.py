"""Looks at a parsed config.json along the tables of keys.py and finds every fault in one pass.

keys.py is made of schema.json when the firmware is built. An entry is (kind, default, what the kind needs): a default
of REQUIRED must be given, one of None may be left out. A fault is a line: the key's path, what is expected, what was
found. kinds.py knows single values; here is what holds more than one, and what depends on several keys.
"""

from . import keys, kinds, lazy, parts, topics


def check(found):
    """(settings, faults): a new dict with all defaults filled in, or None and a line for each fault."""
    walk = Walk()
    settings = walk.value("", found, keys.ROOT)
    if not walk.faults:
        walk.between(settings)
    return (None if walk.faults else settings), sorted(walk.faults)


def _join(path, key):
    return "%s.%s" % (path, key) if path else key


def _hint(word, words):
    from .spelling import nearest

    best = nearest(word, words) if isinstance(word, str) else None  # a lenient parser may give a number for a key
    return '; did you mean "%s"?' % best if best else ""


def _expected(entry):
    kind = entry[0]
    if kind == "whole":
        return "a whole number from %d to %d" % entry[2:]
    if kind == "either":
        return entry[4]
    if kind == "choice":
        return "one of " + ", ".join([kinds.shown(value) for value in _allowed(entry)])
    return keys.EXPECTED[kind][0]


def _kind(name):
    for role in keys.ROLES:
        if name in keys.ROLES[role].split(" "):
            return role
    return "sensor"


def _allowed(entry):
    return entry[2].split(" ") if isinstance(entry[2], str) else entry[2]


class Walk:
    """One walk over a configuration; `faults` grows on the way."""

    def __init__(self):
        self.faults = []

    def fault(self, path, expected, found):
        self.faults.append("%s: expected %s, found %s" % (path or "the file", expected, found))

    def key(self, path, table, key, entry):
        """The value of one key of a table, or its default."""
        if key in table:
            return self.value(_join(path, key), table[key], entry)
        if entry[1] is keys.REQUIRED:
            self.fault(_join(path, key), _expected(entry), "nothing")
        if entry[0] == "table" and entry[1] is not None and entry[1] is not keys.REQUIRED:
            return self.value(_join(path, key), entry[1], entry)  # the defaults of its keys
        return entry[1]

    def value(self, path, found, entry):
        """One value by its entry: kinds that hold more are methods here, the others functions of kinds.py."""
        holder = getattr(self, entry[0], None)
        if holder:
            return holder(path, found, entry)
        if not getattr(kinds, entry[0])(found):
            told = kinds.shown if keys.EXPECTED[entry[0]][1] else kinds.shape
            self.fault(path, _expected(entry), told(found))
        return found

    def whole(self, path, found, entry):
        """entry: (kind, default, least, most)."""
        if not kinds.whole(found) or not entry[2] <= found <= entry[3]:
            self.fault(path, _expected(entry), kinds.shown(found))
        return found

    def choice(self, path, found, entry):
        """entry: (kind, default, allowed values, or words in one text)."""
        if not kinds.among(found, _allowed(entry)):
            self.fault(path, _expected(entry), kinds.shown(found))
        return found

    def table(self, path, found, entry):
        """entry: (kind, default, {key: entry})."""
        if not isinstance(found, dict):
            return self.fault(path, _expected(entry), kinds.shape(found))
        self.known(path, found, entry[2])
        return {key: self.key(path, found, key, entry[2][key]) for key in entry[2]}

    def later(self, path, found, entry):
        """entry: (kind, default, name of a table): loaded for the moment, since few nodes have it."""
        root = lazy.load("keys_" + entry[2]).ROOT
        lazy.forget("keys_" + entry[2])
        return self.value(path, found, root)

    def either(self, path, found, entry):
        """entry: (kind, default, the entry of a list, that of a table, what is expected)."""
        if isinstance(found, list) and found:
            return self.value(path, found, entry[2])
        if isinstance(found, dict):
            return self.value(path, found, entry[3])
        return self.fault(path, entry[4], kinds.shape(found))

    def known(self, path, found, words):
        """A fault for each key of `found` that is not one of `words`."""
        for key in found:
            if key not in words:
                known = "one of the keys " + ", ".join(sorted(words))
                self.fault(_join(path, key), known, "an unknown one" + _hint(key, words))

    def list(self, path, found, entry):
        """entry: (kind, default, the entry of each item); an empty list is a fault."""
        if not isinstance(found, list) or not found:
            return self.fault(path, _expected(entry), kinds.shape(found))
        return [self.value("%s[%d]" % (path, i), found[i], entry[2]) for i in range(len(found))]

    def topics(self, path, found, entry):
        """entry: (kind, default, {key: kind}), and a text of quantities; only the keys that are there remain."""
        if not isinstance(found, dict):
            return self.fault(path, _expected(entry), kinds.shape(found))
        words = entry[2].copy()
        for quantity in entry[3].split(" ") if entry[3:] else ():
            words[quantity] = "topic"
        self.known(path, found, words)
        return {key: self.value(_join(path, key), found[key], (words[key],)) for key in found if key in words}

    def refined(self, path, found, entry):
        """entry: (kind, default, a text of quantities): each has a table of what is done to it; default {}."""
        if not isinstance(found, dict):
            return self.fault(path, _expected(entry), kinds.shape(found))
        words = entry[2].split(" ")
        self.known(path, found, words)
        each = lazy.load("keys_quantity").ROOT
        lazy.forget("keys_quantity")
        return {key: self.value(_join(path, key), found[key], each) for key in found if key in words}

    def headers(self, path, found, entry):
        """entry: (kind, default). What is in place of a name may be a secret, too: only a sound one is told."""
        if not isinstance(found, dict):
            return self.fault(path, _expected(entry), kinds.shape(found))
        for name in found:
            if kinds.header_name(name):
                self.value(_join(path, name), found[name], ("header", None))
            else:
                self.value(path, name, ("header_name", None))
        return found

    def part(self, path, found, entry):
        """entry: (kind, default, the keys every part has, the role); a part's own keys come from its driver."""
        if not isinstance(found, dict):
            return self.fault(path, keys.EXPECTED["table"][0], kinds.shape(found))
        driver = parts.keys_of(found.get("type"))
        if not driver or driver.ROLE != entry[3]:
            return self.no_part(path, found, entry[2], entry[3])
        table = entry[2].copy()
        table.update(driver.KEYS)
        if "topics" in driver.KEYS:
            table["quantities"] = ("refined", {}, driver.KEYS["topics"][3])
        return self.table(path, found, (None, None, table))

    def no_part(self, path, found, table, role):
        part, there = found.get("type"), [name for name in parts.names() if _kind(name) == role]
        known = " (%s)" % ", ".join(sorted(there)) if there else ""
        what = kinds.shown(part) if "type" in found else "nothing"
        self.fault(path + ".type", "a part with a driver" + known, what + _hint(part, there))
        for key in table:  # but those of which only the part knows the quantities
            if key in found and key not in ("type", "topics", "quantities"):
                self.key(path, found, key, table[key])

    def between(self, settings):
        """What depends on several keys; all of them are sound by now."""
        broker = settings["broker"]
        if broker["password"] is not None and broker["user"] is None:
            self.fault("broker.user", "text, since there is a broker.password", "nothing")
        if settings["discovery"] == "homie" and settings["payload"] == "json":
            self.fault("payload", '"plain", since discovery is "homie"', '"json"')
        if settings["seal"] and settings["discovery"]:
            expected = "nothing, since there is a seal, which nobody else can open: leave out one of the two"
            self.fault("discovery", expected, '"%s"' % settings["discovery"])
        when = settings["time"]
        if when and when["zone"] and when["utc_offset"]:
            self.fault("time.utc_offset", "nothing, since there is a time.zone", str(when["utc_offset"]))
        names = topics.ids(topics.parts(settings))
        for section in ("sensors", "actuators", "inputs"):
            self.ids(section, settings[section], names)
        for i, entry in enumerate(settings["sensors"]):
            if entry["quantities"]:
                self.refinements("sensors[%d].quantities." % i, entry, settings["sleep"])
        self.readings(settings, parts.measured(settings))
        if any(entry.get("text") for entry in settings["actuators"]):
            self.judge("screened", "actuators", settings, self.every(settings), parts.pages())
        if any(entry.get("interlock") for entry in settings["actuators"]):
            self.judge("locked", "actuators", settings)
        if settings["rules"]:
            self.rules(settings)

    def refinements(self, path, entry, sleeps):
        """What `refined` could not do, as refined.py says."""
        found = lazy.once("refined", "faults", entry["quantities"], parts.units(entry), sleeps)
        for name, key, expected, what in found:
            self.fault("%s%s.%s" % (path, name, key), expected, what)

    def rules(self, settings):
        """What rules.py could not do."""
        if settings["sleep"]:
            self.fault("sleep", "no deep sleep, since there are rules", kinds.shape(settings["sleep"]))
        self.judge("ruled", "rules", settings, self.every(settings))

    def every(self, settings):
        """Of each part its section, its name, the quantities it measures or the events it tells."""
        known = []
        names = topics.ids(topics.parts(settings))
        for section in ("sensors", "actuators", "inputs"):
            for entry in settings[section]:
                known.append((section, names.pop(0), self.told(section, entry)))
        return known

    def judge(self, module, section, settings, *more):
        """What a module finds wrong in the entries of a section."""
        entries = [(i, settings[section][i]) for i in range(len(settings[section]))]
        for i, key, expected, found, near, names in lazy.once(module, "faults", entries, *more):
            self.fault("%s[%d].%s" % (section, i, key), expected, found + _hint(near, names))

    def told(self, section, entry):
        """The names of the quantities that a part measures, or of the events it tells."""
        if section == "sensors":
            return parts.quantities(entry)
        return parts.events(entry) if section == "inputs" else ()

    def ids(self, section, entries, names):
        """The names of all parts, of which those of this section are taken, are different."""
        for i, entry in enumerate(entries):
            if names.pop(0) != entry["id"] and entry["id"]:
                self.fault("%s[%d].id" % (section, i), "a name that no other part has", '"%s"' % entry["id"])

    def readings(self, settings, measured):
        """The node's topics name only what is measured, and no two quantities share one."""
        there = {quantity for quantities in measured for quantity in quantities}
        for key in settings["topics"]:
            if key not in keys.ROOT[2]["topics"][2] and key not in there:
                self.fault("topics." + key, "a quantity that one of the sensors measures", "one that none does")
        taken = {topics.of_status(settings): "the node's presence", topics.of_log(settings): "the node's log"}
        for i, entry in enumerate(settings["sensors"]):
            for key in entry["topics"]:
                if key not in measured[i]:
                    path = "sensors[%d].topics.%s" % (i, key)
                    self.fault(path, "a quantity that it measures", "one that it does not")
        for i, found in enumerate(topics.of_readings(settings, measured)):
            for topic, quantity in zip(found, measured[i]):
                self.alone("sensors[%d].topics.%s" % (i, quantity), topic, taken)
        names = topics.ids(topics.parts(settings))[len(settings["sensors"]) :]
        for section in ("actuators", "inputs"):
            for i, entry in enumerate(settings[section]):
                self.alone("%s[%d].topic" % (section, i), topics.of_thing(settings, entry, names.pop(0)), taken)

    def alone(self, path, topic, taken):
        if topic in taken:
            self.fault(path, "a topic of its own", '"%s", which is that of %s' % (topic, taken[topic]))
        taken[topic] = path
