"""Whether this node was never told a network. Forgotten once that is known."""

from .. import keep
from ..texts import loaded, merged

_NOTHING = "{}"


def needed():
    """True where config.json is missing, or sound as JSON but without a network, and no last good one is kept.

    Asked where there is nothing to run on. A file that is broken is somebody's work to be repaired.
    """
    if keep.read(keep.GOOD[0]) is not None:
        return False
    found = told()
    return found is not None and not _usable(found.get("network"))


def told():
    """What config.json and secrets.json hold together, {} without them; None when one is broken."""
    texts = [keep.read(path) for path in keep.FILES]
    try:
        found, secrets = [loaded(_NOTHING if text is None else text) for text in texts]
    except ValueError:
        return None
    return merged(found, secrets) if isinstance(found, dict) else None


def _usable(network):
    # A wired port, or a Wi-Fi with a name. What else is wrong with it is check.py's to say.
    if isinstance(network, list):
        return any(isinstance(one, dict) and one.get("ssid") for one in network)
    return network not in (None, {}, "")
