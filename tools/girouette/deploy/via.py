"""How files and scripts get to a board: by mpremote or by ampy, as commands that a person could type.

Both can do the same two things: run a script of device/, and put files, one by one. What for is not known here.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from ..errors import Failure
from ..maintenance import mpremote
from ..steps import Steps

_DEVICE = Path(__file__).parent / "device"
_SILENCE_S = 90  # no file and no script takes a board so long; a tool that waits longer waits for ever
_TOGETHER = 40  # files in one call of mpremote


class Tool(ABC):
    """A tool at a port. Scripts, with the values they are given, are written to the folder `work`."""

    def __init__(self, port: str, work: Path, steps: Steps):
        self._port, self._work, self._steps = port, work, steps

    def script(self, name: str, follow: bool = True, fresh: bool = False, **values) -> str:
        """What device/<name>.py prints. follow: wait for it; fresh: on a heap that nothing else is on."""
        self._work.mkdir(parents=True, exist_ok=True)
        path = self._work / f"{name}.py"
        head = "".join(f"{key} = {value!r}\n" for key, value in values.items())
        path.write_text(head + (_DEVICE / f"{name}.py").read_text())
        text = self._call(self._run(path, follow, fresh))
        if follow and "@done" not in text and "@end" not in text and not self._steps.dry_run:
            raise Failure(f"the board broke off in {name}.py, which says:\n{text.strip()[-400:]}")
        return text

    @abstractmethod
    def put(self, files: list[tuple[Path, str]], begins: Callable[[str], None]):
        """Copy local files to paths on the board; `begins(path)` comes before each. Raises Failure that names the
        file."""

    @abstractmethod
    def reset(self):
        """The chip begins anew."""

    @abstractmethod
    def _run(self, path: Path, follow: bool, fresh: bool) -> list: ...

    def _call(self, argv: list, on_line=None) -> str:
        return self._steps.run(argv, on_line, env={"PYTHONUNBUFFERED": "1"}, silence=_SILENCE_S)


class Mpremote(Tool):
    """Many files in one call, chained by +; it says which one it is at."""

    def put(self, files, begins):
        for first in range(0, len(files), _TOGETHER):
            self._chain(files[first : first + _TOGETHER], begins)

    def _chain(self, files, begins):
        argv, at = mpremote(self._port), [""]
        for source, path in files:
            argv += [*(["+"] if argv[-1] != "resume" else []), "fs", "cp", "-f", source, f":{path}"]

        def hear(line: str):
            if found := re.fullmatch(r"cp .* :(\S+)", line):
                at[0] = found[1]
                begins(found[1])

        try:
            self._call(argv, hear)
        except Failure as fault:
            raise Failure(f"{at[0] or files[0][1]}: {fault}") from None

    def reset(self):
        self._call(mpremote(self._port, "reset"))

    def _run(self, path, follow, fresh):
        resume = [] if fresh else ["resume"]  # else the first command begins with a soft reset
        return ["mpremote", "connect", self._port, *resume, "run", *([] if follow else ["--no-follow"]), path]


class Ampy(Tool):
    """A call for each file, since it does not say which of several it is at; each begins with a soft reset."""

    _LOST = "Failed to find or read input file"  # what its `run` says, and calls it a success

    def put(self, files, begins):
        for source, path in files:
            begins(path)
            try:
                self._call(["ampy", "--port", self._port, "put", source, path])
            except Failure as fault:
                raise Failure(f"{path}: {fault}") from None

    def _call(self, argv, on_line=None):
        text = super()._call(argv, on_line)
        if self._LOST in text:
            raise Failure("the connection to the board was lost: is the cable in? Try again")
        return text

    def reset(self):
        self._call(["ampy", "--port", self._port, "reset", "--hard"])

    def _run(self, path, follow, fresh):
        return ["ampy", "--port", self._port, "run", *([] if follow else ["--no-output"]), path]


TOOLS = {"mpremote": Mpremote, "ampy": Ampy}
