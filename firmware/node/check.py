"""Looks at a parsed config.json along the tables of keys.py and finds every fault in one pass.

A fault is a line: the key's path, what is expected, what was found. kinds.py knows single values; here is what holds
more than one, and what depends on several keys.
"""

from . import keys, kinds, parts, topics


def check(found):
    """(settings, faults): a new dict with all defaults filled in, or None and a line for each fault."""
    walk = Walk()
    settings = walk.table("", found, keys.ROOT)
    walk.names(settings)
    if not walk.faults:
        walk.between(settings)
    return (None if walk.faults else settings), sorted(walk.faults)


def _join(path, key):
    return "%s.%s" % (path, key) if path else key


def _hint(word, words):
    from .spelling import nearest

    best = nearest(word, words) if isinstance(word, str) else None  # a lenient parser may give a number for a key
    return '; did you mean "%s"?' % best if best else ""


class Walk:
    """One walk over a configuration; `faults` grows on the way."""

    def __init__(self):
        self.faults = []
        self._quantities = {"status"}  # what the node's `topics` may name
        self._all_known = True  # every sensor's part is known, and so every quantity

    def fault(self, path, expected, found):
        self.faults.append("%s: expected %s, found %s" % (path or "the file", expected, found))

    def value(self, path, found, entry):
        """One value by its table entry: those that hold more are methods here, the others functions of kinds.py."""
        if found is None and entry[1] is not keys.REQUIRED:
            return entry[1]
        deep = getattr(self, entry[0], None)
        if deep:
            return deep(path, found, entry)
        try:
            return getattr(kinds, entry[0])(found, entry)
        except kinds.Fault as fault:
            self.fault(path, *fault.args)

    def table(self, path, found, entry):
        """entry: (kind, default, {key: entry})."""
        if not isinstance(found, dict):
            return self.fault(path, "a table { }", kinds.shape(found))
        self.known(path, found, entry[2])
        return self.values(path, found, entry[2])

    def values(self, path, found, table):
        return {key: self.value(_join(path, key), found.get(key), table[key]) for key in table}

    def known(self, path, found, words):
        """A fault for each key of `found` that is not one of `words`."""
        for key in found:
            if key not in words:
                known = "one of the keys " + ", ".join(sorted(words))
                self.fault(_join(path, key), known, "an unknown one" + _hint(key, words))

    def list(self, path, found, entry):
        """entry: (kind, default, the entry of each item); an empty list is a fault."""
        if not isinstance(found, list) or not found:
            return self.fault(path, "a list [ ] with at least one item", kinds.shape(found))
        return [self.value("%s[%d]" % (path, i), found[i], entry[2]) for i in range(len(found))]

    def sensor(self, path, found, entry):
        """entry: (kind, default, the keys every sensor has); its part's own keys come from the driver."""
        if not isinstance(found, dict):
            return self.fault(path, "a table { }", kinds.shape(found))
        driver = parts.keys_of(found.get("type"))
        if not driver:
            return self.no_part(path, found, entry)
        table = entry[2].copy()
        table.update(driver.KEYS)
        done = self.table(path, found, (None, None, table))
        self.known(path + ".topics", done["topics"] or {}, driver.QUANTITIES)
        self._quantities.update(driver.QUANTITIES)
        return done

    def no_part(self, path, found, entry):
        self._all_known = False
        part, there = found.get("type"), parts.names()
        known = " (%s)" % ", ".join(sorted(there)) if there else ""
        self.fault(path + ".type", "a part with a driver" + known, kinds.shown(part) + _hint(part, there))
        self.values(path, found, {key: entry[2][key] for key in entry[2] if key != "type"})

    def topics(self, path, found, entry):
        if not isinstance(found, dict):
            return self.fault(path, "a table { } of quantities and topics", kinds.shape(found))
        for quantity in found:
            self.topic(_join(path, quantity), found[quantity])
        return found

    def topic(self, path, found):
        if not isinstance(found, str) or not topics.fits(found):
            self.fault(path, "a topic: no space, wildcard or leading /, and no brace but {node}", kinds.shown(found))

    def names(self, settings):
        """The node's topics name only quantities that one of its sensors has."""
        if settings and self._all_known:
            self.known("topics", settings["topics"] or {}, self._quantities)

    def between(self, settings):
        """What depends on several keys; all of them are sound by now."""
        broker = settings["broker"]
        if broker["password"] is not None and broker["user"] is None:
            self.fault("broker.user", "text, since there is a broker.password", "nothing")
        taken = {topics.of_status(settings): "the node's presence"}
        for i, sensor in enumerate(settings["sensors"]):
            for quantity in parts.keys_of(sensor["type"]).QUANTITIES:
                topic = topics.of_quantity(settings, sensor, quantity)
                self.alone("sensors[%d].topics.%s" % (i, quantity), topic, taken)

    def alone(self, path, topic, taken):
        if topic in taken:
            self.fault(path, "a topic of its own", '"%s", which is that of %s' % (topic, taken[topic]))
        taken[topic] = path
