"""The status LED of a node that waits to be set up."""
# cold file: nothing of a node that is set up is here

from ..led import Led


class Lamp(Led):
    """Blinks for the portal, whatever else is."""

    def _state(self):
        return "portal"


class _Node:
    # What an Led wants of its station.
    def __init__(self, entry, clock):
        self.settings = {"led": entry}
        self.clock = clock


def lamp(entry, clock):
    """The Led of an entry `led` of config.json; None where its pin cannot be used."""
    try:
        return Lamp(_Node({"pin": entry["pin"], "active_low": entry.get("active_low", False)}, clock))
    except (AttributeError, KeyError, OSError, TypeError, ValueError):
        return None
