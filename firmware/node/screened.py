"""What is wrong with the `text` of displays: the device and `girouette check` ask the same lines. Loaded for the moment
it takes, where there is such a text.
"""

_MARKS = (254, 255, 128)  # other than the 0 that stands for every character here
_PLACE = "a quantity of a sensor in { } (part.quantity)"


def faults(entries, known, pages):
    """A list of (index, key, expected, found, word, words): the nearest of words to word may be what was meant.

    entries: (index, entry) of each actuator, with all its keys. known: (section, name, the quantities it measures or
    the events it tells) of each part; None where not all are. pages: that of lib/drivers/pages.py.
    """
    measured = [name + "." + q for section, name, some in known or () if section == "sensors" for q in some]
    found = []
    for i, entry in entries:
        if not entry.get("text"):
            continue
        names = []
        try:
            pages(entry["text"], entry["height"] // 16, names, lambda code: 0, _MARKS)
        except ValueError as e:
            found.append((i, "text") + e.args + (None, ()))
        if known is not None:
            unknown = [name for name in names if name not in measured]
            found += [(i, "text", _PLACE, '"%s"' % name, name, measured) for name in unknown]
    return found
