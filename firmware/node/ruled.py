"""What is wrong with `rules`: the device and `girouette check` ask the same lines. Loaded for the moment it takes.

A rule is sound by its keys here; what is left is what they mean together, which parts there are, and whether two rules
contradict each other. A rule is started by a reading, an input or the time and never by an actuator, so that no rule
can start itself again, over others or not: there is no loop.
"""

# What a rule may have beside what starts it, by what that is.
_KEYS = {
    "quantity": ("when", "above", "below", "until", "for", "set", "to", "else"),
    "input": ("when", "is", "for", "set", "toggle", "to", "else"),
    "event": ("when", "is", "set", "toggle", "to"),
    "time": ("at", "days", "set", "to"),
}
_LOW, _HIGH = -10_000_000, 10_000_000  # beyond all thresholds
_TRIGGER = "a quantity of a sensor (part.quantity) or an input"


def faults(rules, known):
    """A list of (index, key, expected, found, word, words): the nearest of words to word may be what was meant.

    rules: (index, rule) of each, None for the keys a rule has not. known: (section, name, the quantities it measures or
    the events it tells) of each part.
    """
    judge = Judge(known)
    for i, rule in rules:
        judge.rule(i, rule)
    return judge.faults


def kind_of(rule):
    """What starts a rule: a quantity, an input, an event of one or the time."""
    if rule["at"]:
        return "time"
    if "." in rule["when"]:
        return "quantity"
    return "input" if rule["is"] in (None, "ON", "OFF") else "event"


class Judge:
    def __init__(self, known):
        self._actuators = [name for section, name, _ in known if section == "actuators"]
        self._inputs = [name for section, name, _ in known if section == "inputs"]
        self._events = {name: list(told) for section, name, told in known if section == "inputs"}
        self._quantities = [name + "." + q for section, name, some in known if section == "sensors" for q in some]
        self._sound = []
        self.faults = []

    def fault(self, i, key, expected, found, word=None, words=()):
        self.faults.append((i, key, expected, found, word, words))

    def rule(self, i, rule):
        before = len(self.faults)
        if rule["when"] and rule["at"]:
            self.fault(i, "at", "when or at, not both", "both")
        elif not rule["when"] and not rule["at"]:
            self.fault(i, "when", _TRIGGER + ", or instead of it at: a time of day", "nothing")
        else:
            kind = kind_of(rule)
            for key in sorted(rule):
                if rule[key] is not None and key not in _KEYS[kind]:
                    self.fault(i, key, "no such key, since what starts the rule is %s" % _a(kind), "one")
            if rule["when"]:
                self.trigger(i, rule["when"])
            if kind == "quantity":
                self.thresholds(i, rule)
            if kind == "event" and rule["when"] in self._events:
                self.event(i, rule["is"], self._events[rule["when"]])
            self.act(i, rule)
        if len(self.faults) == before:
            self.alone(i, rule)

    def trigger(self, i, name):
        words = self._quantities + self._inputs
        if name in self._actuators:
            self.fault(i, "when", _TRIGGER, '"%s", an actuator: rules that start rules could go round in a loop' % name)
        elif name not in words:
            self.fault(i, "when", _TRIGGER, '"%s"' % name, name, words)

    def event(self, i, name, told):
        if name not in told:
            some = "one of its events (%s)" % ", ".join(told) if told else "nothing else, since it tells no events"
            self.fault(i, "is", "ON, OFF or " + some, '"%s"' % name, name, ["ON", "OFF"] + told)

    def thresholds(self, i, rule):
        above, below, until = rule["above"], rule["below"], rule["until"]
        if above is None and below is None:
            self.fault(i, "above", "above or below", "nothing")
        elif above is not None and below is not None:
            self.fault(i, "below", "above or below, not both", "both")
        elif until is None:
            self.fault(i, "until", "the number beyond which the condition is over", "nothing")
        elif above is not None and until >= above:
            self.fault(i, "until", "a number less than above", str(until))
        elif below is not None and until <= below:
            self.fault(i, "until", "a number greater than below", str(until))

    def act(self, i, rule):
        key = "toggle" if rule["toggle"] is not None else "set"
        name = rule[key]
        if name is None:
            self.fault(i, "set", "an actuator", "nothing")
        elif name not in self._actuators:
            expected = "one of the actuators (%s)" % ", ".join(self._actuators)
            self.fault(i, key, expected, '"%s"' % name, name, self._actuators)
        if key == "toggle":
            for other in ("set", "to", "else"):
                if rule[other] is not None:
                    self.fault(i, other, "no such key beside toggle", "one")

    def alone(self, i, rule):
        """No rule before contradicts this one."""
        for j, other in self._sound:
            if _target(rule) == _target(other):
                why = _clash(rule, other)
                if why:
                    self.fault(i, "toggle" if rule["toggle"] else "set", "no contradiction of rules[%d]" % j, why)
                    break
        self._sound.append((i, rule))


def _a(kind):
    return {"time": "the time", "quantity": "a quantity", "input": "an input", "event": "an event"}[kind]


def _target(rule):
    return rule["set"] or rule["toggle"]


def _command(rule):
    return "ON" if rule["to"] is None else rule["to"]


def _clash(a, b):
    # How two sound rules on one actuator contradict each other, or None.
    if a["at"] and b["at"]:
        meet = a["at"] == b["at"] and (not a["days"] or not b["days"] or any(day in b["days"] for day in a["days"]))
        return "another command at the same time" if meet and _command(a) != _command(b) else None
    if a["at"] or b["at"]:
        return None  # a time is a moment, and the last word counts
    if "event" in (kind_of(a), kind_of(b)):
        return _same_event(a, b)  # a moment too
    if a["when"] == b["when"]:
        return _same_moment(a, b) if a["toggle"] or b["toggle"] else _overlap(a, b)
    if _holds(a) and _holds(b) and len(_wishes(a, b)) > 1:
        return "another command by another condition, which may be true at the same time"
    return None


def _same_event(a, b):
    if a["when"] != b["when"] or a["is"] != b["is"]:
        return None
    if a["toggle"] or b["toggle"]:
        return "one that acts at the same moment"
    return "another command by the same event" if _command(a) != _command(b) else None


def _holds(rule):
    # Whether it stands for a state and not for a moment, such as the press of a button.
    return "." in rule["when"] or rule["else"] is not None


def _wishes(a, b):
    made = []
    for rule in (a, b):
        for command in (_command(rule), rule["else"]):
            if command is not None and command not in made:
                made.append(command)
    return made


def _same_moment(a, b):
    same = (a["is"] or "ON") == (b["is"] or "ON") and (a["for"] or 0) == (b["for"] or 0)
    return "one that acts at the same moment" if same else None


def _overlap(a, b):
    if not (_holds(a) and _holds(b)) and (a["for"] or 0) != (b["for"] or 0):
        return None  # one press, short or long
    for command, low, high in _regions(a):
        for other, least, most in _regions(b):
            if command != other and max(low, least) < min(high, most):
                return "another command, where both conditions say something"
    return None


def _regions(rule):
    # Where a rule surely asks for which command: (command, low, high).
    if rule["above"] is not None:
        yes, no = (rule["above"], _HIGH), (_LOW, rule["until"])
    elif rule["below"] is not None:
        yes, no = (_LOW, rule["below"]), (rule["until"], _HIGH)
    else:
        yes, no = (0, 1), (1, 2)
        if rule["is"] == "OFF":
            yes, no = no, yes
    made = [(_command(rule),) + yes]
    return made + [(rule["else"],) + no] if rule["else"] is not None else made
