"""One fault of a configuration: where it is, what is expected, what was found. Never a value that may be a secret."""

from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """line and column begin with 1; hint is the nearest valid spelling; at_key: it is the key that is wrong."""

    path: Path
    expected: str
    found: str
    hint: str | None = None
    file: str = ""
    line: int = 0
    column: int = 0
    at_key: bool = False

    @property
    def key(self) -> str:
        """The path as the device writes it: network[0].ssid."""
        return dotted(self.path) or "the file"

    def __str__(self) -> str:
        return f"expected {self.expected}, found {self.found}" + (f'; did you mean "{self.hint}"?' if self.hint else "")


def dotted(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def shape(value) -> str:
    """What a value is, without showing it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return "text" if value else "an empty text"
    if isinstance(value, dict):
        return "a table { }"
    if isinstance(value, list):
        return "a list [ ]" if value else "an empty list"
    return "a number"


def shown(value) -> str:
    """The value itself where it is short and plain, else its shape."""
    if isinstance(value, str) and 0 < len(value) <= 40:
        return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in value) + '"'
    return str(value) if shape(value) == "a number" else shape(value)
