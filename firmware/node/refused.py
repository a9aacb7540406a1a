"""What a broker of MQTT 5 refuses of what this node publishes, in the log: once for each reason, since it would be the
same with each reading. Here is what stays in memory for that; the words are of the moment.
"""

from . import lazy


class Refused:
    """Speaks through `voice`."""

    def __init__(self, voice):
        self._voice = voice
        self._told = []

    def told(self, pid, reason):
        """The client's on_delivered."""
        if reason > 127 and reason not in self._told:
            self._told.append(reason)
            lazy.once("refusal", "say", self._voice, reason)
