"""What is wrong with the groups of `interlock`: the device and `girouette check` ask the same lines. Loaded for the
moment it takes, where there is such a group.
"""


def faults(entries):
    """A list of (index, key, expected, found, word, words): the nearest of words to word may be what was meant.

    entries: (index, entry) of each actuator, with all its keys.
    """
    groups = {}
    for i, entry in entries:
        if entry.get("interlock"):
            groups.setdefault(entry["interlock"], []).append((i, entry))
    found = []
    for word in groups:
        if len(groups[word]) == 1:
            others = [other for other in groups if other != word]
            where = groups[word][0][0]
            found.append((where, "interlock", "the word of another actuator too", '"%s", alone' % word, word, others))
        found += _both_on(groups[word])
    return found


def _both_on(members):
    # A state that is restored goes on by the rules of the group, one that is "on" does not ask.
    first = None
    on = any(entry["boot"] == "on" for _, entry in members)
    for i, entry in members:
        if entry["safe"] == "on":
            yield i, "safe", '"off" or "keep", since there is an interlock', '"on"', None, ()
        if on and entry["boot"] != "off":
            if first is not None:
                expected = '"off", since actuators[%d] of the same interlock may be on at the start' % first
                yield i, "boot", expected, '"%s"' % entry["boot"], None, ()
            first = i if first is None else first
