"""Proof of life: what the console of a node that has just started tells of it. Pure: lines in, a verdict out."""

import re
from dataclasses import dataclass, field

_LINE = re.compile(r"^\s*\d+\.\d{3} (?P<level>debug|info|warn|error)\s+(?P<part>\S+): (?P<text>.*)$")
_REFUSED = re.compile(r"refused the password|refused the user name|not authorised|refused the client id")
_GRACE_S = 15  # after a refusal: an access point or a broker that is just starting may think better of it


@dataclass
class Verdict:
    """Whether the node lives, and why not. `well` is None where the console cannot tell."""

    well: bool | None
    words: str


@dataclass
class Life:
    """Fed with each line and the seconds since the start.

    speaks: whether the node tells when it is connected; configured: whether it has a config.json; away: whether the
    port was gone for a while, so that lines may be lost.
    """

    speaks: bool = True
    configured: bool = True
    away: bool = False
    _trouble: dict[str, str] = field(default_factory=dict)
    _refused_at: float | None = None
    _trace: list[str] | None = None
    _began: bool = False

    def line(self, text: str, seconds: float) -> Verdict | None:
        """The verdict, as soon as there is one."""
        if self._trace is not None or text.startswith("Traceback"):
            self._trace = [*(self._trace or []), text]
        if text.startswith("maintenance: the node does not start"):
            return Verdict(False, "it is still in maintenance: run the same command again")
        found = _LINE.match(text)
        return self._said(found, seconds) if found else None

    def _said(self, found: re.Match, seconds: float) -> Verdict | None:
        level, part, text = found["level"], found["part"], found["text"]
        self._began = True
        if part == "broker" and text.startswith("connected to "):
            return Verdict(True, text)
        if text.startswith("restarts in ") and "fault of its own" in text:
            return Verdict(False, self._told("a fault of the firmware", self._trace))
        if part == "config.json":
            return self._config(level, text)
        if "safe mode" in text and level == "error":
            self._trouble["node"] = text
        if part in ("wifi", "wired", "lan", "network", "broker"):
            self._heard(level, part, text, seconds)
        return None

    def _config(self, level: str, text: str) -> Verdict | None:
        if level == "error":
            self._trouble["config.json"] = text
            return None
        if not self.configured:
            return Verdict(True, "started; it waits for a config.json")
        return Verdict(False, f"config.json: {self._trouble.get('config.json', '')}; {text}")

    def _heard(self, level: str, part: str, text: str, seconds: float):
        if level == "info":
            self._trouble.pop(part, None)
            self._refused_at = None
            return
        self._trouble[part] = text
        self._refused_at = seconds if _REFUSED.search(text) else None

    def silence(self, seconds: float, rest: str) -> Verdict | None:
        """The verdict while nothing comes; `rest` is the line that has begun."""
        if rest.startswith(">>>"):
            return Verdict(False, self._told("it ended at MicroPython's prompt", self._trace))
        if self._refused_at is not None and seconds - self._refused_at > _GRACE_S:
            return self.over(seconds)
        return None

    def over(self, seconds: float) -> Verdict:
        """The verdict at the end of the time."""
        if self._trouble:
            words = "; ".join(f"{part}: {text}" for part, text in self._trouble.items())
            return Verdict(False, words)
        if not self.speaks and (self._began or self._trace is None):
            return Verdict(None, f"no trouble for {seconds:.0f} s; its log.level keeps it from telling more")
        if self._trace:
            return Verdict(False, self._told("an error", self._trace))
        if self.away and not self._began:
            return Verdict(None, f"its port was away while it started; no trouble for {seconds:.0f} s since")
        if self._began:
            return Verdict(False, f"it started, and is not connected after {seconds:.0f} s")
        return Verdict(False, f"its console says nothing for {seconds:.0f} s")

    @staticmethod
    def _told(words: str, trace: list[str] | None) -> str:
        return words + (":\n" + "\n".join(trace) if trace else "")
