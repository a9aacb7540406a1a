"""A fault of a configuration as a line for a person, in colours or without. The one way it is written."""

from rich.text import Text

from .fault import Fault


def text(fault: Fault) -> Text:
    line = Text(f"{fault.file}:{fault.line}:{fault.column}: ", "dim")
    line.append(fault.key, "bold")
    line.append(f": expected {fault.expected}, found ")
    line.append(fault.found, "red")
    if fault.hint:
        line.append("; did you mean ")
        line.append(f'"{fault.hint}"', "green")
        line.append("?")
    return line


def plain(fault: Fault) -> str:
    return text(fault).plain
