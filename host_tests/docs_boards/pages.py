"""A page as a list of what a person types and is shown. How it is run is walk.py's."""

import re
from dataclasses import dataclass
from pathlib import Path

from girouette.paths import ROOT

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
FAULTS = "\n## When it fails\n"


@dataclass
class Command:
    """A line after a $, and the lines that the page shows below it."""

    line: str
    shown: list[str]

    @property
    def fails(self) -> bool:
        return any(line.startswith(("✗", "girouette: ")) for line in self.shown)


def commands(text: str) -> list[Command]:
    blocks = "".join(_BLOCK.findall(text))
    return [Command(line, shown.splitlines()) for line, shown in _COMMAND.findall(blocks)]


def path(name: str) -> list[Command]:
    """What the page has a person type until the first reading, in order."""
    return commands(_text(name).partition(FAULTS)[0])


def faults(name: str) -> dict[str, list[str]]:
    """Heading and shown lines of each fault on the page."""
    _, *sections = re.split(r"^### ", _text(name).partition(FAULTS)[2], flags=re.MULTILINE)
    return {text.partition("\n")[0]: re.search(r"```\n(.*?)```", text, re.DOTALL)[1].splitlines() for text in sections}


def head(name: str) -> str:
    """What stands above the first section: which boards the page is for."""
    return _text(name).partition("\n## ")[0]


def _text(name: str) -> str:
    return Path(ROOT / "docs" / f"{name}.md").read_text()


def missing(shown: list[str], printed: list[str], said: dict[str, str]) -> str | None:
    """The first shown line that was not printed where it should be; "..." stands for any lines. Numbers may differ,
    and `said` is what stands on the page for what is here."""
    printed = [" ".join(line.split()) for line in printed if line.strip()]
    at, free = 0, False
    for line in filter(str.strip, shown):
        if line.strip() == "...":
            free = True
            continue
        wanted = _pattern(" ".join(line.split()), said)
        places = range(at, len(printed)) if free else range(at, min(at + 1, len(printed)))
        found = next((place for place in places if wanted.fullmatch(printed[place])), None)
        if found is None:
            return line
        at, free = found + 1, False
    return None


def _pattern(line: str, said: dict[str, str]) -> re.Pattern:
    for page, here in said.items():
        line = line.replace(page, here)
    return re.compile(re.sub(r"(?:\d+(?:\\?[.,:])?)+", r"[\\d.,:]+", re.escape(line)))
