"""JSON as the node reads it: whole, or not at all; and secrets.json laid over config.json.

MicroPython's json takes a file cut short for a whole one, so brackets are counted here.
"""

import json


def loaded(text):
    """The text's JSON, of which there is all; ValueError else."""
    if not is_whole(text):
        raise ValueError
    return json.loads(text)


def is_whole(text):
    """Every bracket that was opened is closed, and there is one at least."""
    depth = 0
    quoted = escaped = False
    for c in text:
        if escaped:
            escaped = False
        elif quoted:
            escaped = c == "\\"
            quoted = c != '"'
        elif c in "{[":
            depth += 1
        elif c in "}]":
            depth -= 1
        else:
            quoted = c == '"'
    return depth == 0 and not quoted and text != ""


def merged(found, more):
    """`found` with all of `more` laid over it: tables key by key, lists item by item."""
    if isinstance(found, dict) and isinstance(more, dict):
        for key in more:
            found[key] = merged(found[key], more[key]) if key in found else more[key]
        return found
    if isinstance(found, list) and isinstance(more, list):
        both = [merged(*pair) for pair in zip(found, more)]
        return both + found[len(both) :] + more[len(both) :]
    return more
