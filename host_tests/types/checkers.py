"""mypy and pyright over a folder of programs, as their authors run them: from the command line, by the Python of an
environment in which leanmqtt is installed. What must not live here: what is expected of the programs."""

import fcntl
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyright
from girouette.paths import TOOLS
from support.nodejs import NodeJs, nodejs

_JS = Path(pyright.__file__).parent / "dist"  # the wheel brings Pyright itself: only Node.js may have to be fetched

Found = dict[tuple[str, int], str]  # (name of the file, line): the words


def node() -> NodeJs:
    """Node.js, fetched by one test process where the machine has none."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / ".lock-nodejs").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return nodejs()


def mypy(folder: Path, python: Path, strict: bool = True, **variables: str) -> Found:
    """What mypy has against the programs in `folder`; variables: of its environment."""
    how = ["--strict"] if strict else ["--check-untyped-defs"]
    where = ["--python-executable", str(python), "--cache-dir", str(folder / ".mypy_cache")]
    command = [sys.executable, "-m", "mypy", *how, *where, "--no-error-summary", "--hide-error-context", "."]
    env = _environment() | variables
    done = subprocess.run(command, cwd=folder, text=True, capture_output=True, timeout=110, env=env)
    assert done.returncode in (0, 1) and not done.stderr, done.stdout + done.stderr
    lines = [re.fullmatch(r"(\S+?):(\d+): error: (.*)", line) for line in done.stdout.splitlines()]
    return _by_line((m[1].removeprefix("./"), int(m[2]), m[3]) for m in lines if m)


def pyright_(folder: Path, python: Path, strict: bool = True, **more) -> Found:
    """What Pyright has against them; more: of its settings."""
    settings = {"typeCheckingMode": "strict" if strict else "standard", "include": ["*.py"], **more}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [node().node, str(_JS / "index.js"), "--pythonpath", str(python), "--outputjson"]
    done = subprocess.run(command, cwd=folder, text=True, capture_output=True, timeout=110, env=_environment())
    assert done.returncode in (0, 1), done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["summary"]["filesAnalyzed"] == len(list(folder.glob("*.py"))), said
    found = [one for one in said["generalDiagnostics"] if one["severity"] == "error"]
    return _by_line((Path(one["file"]).name, one["range"]["start"]["line"] + 1, one["message"]) for one in found)


def _by_line(found: Iterable[tuple[str, int, str]]) -> Found:
    made: Found = {}
    for file, line, words in found:
        made[file, line] = f"{made[file, line]}; {words}" if (file, line) in made else words
    return made


def completeness(package: str, python: Path, folder: Path) -> list[dict]:
    """What Pyright says of each public symbol of an installed package: is its type known, and so on."""
    # With --verifytypes it finds the environment by the PATH alone.
    env = _environment() | {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [node().node, str(_JS / "index.js"), "--verifytypes", package, "--ignoreexternal", "--outputjson"]
    done = subprocess.run(command, cwd=folder, text=True, capture_output=True, timeout=110, env=env)
    return json.loads(done.stdout)["typeCompleteness"]["symbols"]


def _environment() -> dict[str, str]:
    """Without the paths of this test run, by which leanmqtt would be found elsewhere."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MYPYPATH")}


class Editor:
    """An editor that asks Pyright's language server about one file."""

    def __init__(self, process: subprocess.Popen, file: Path):
        self._process, self._file, self._id = process, file, 0

    def ask(self, method: str, line: int, column: int):
        """The answer to textDocument/`method` about a place, both counted from 0."""
        where = {"textDocument": {"uri": self._file.as_uri()}, "position": {"line": line, "character": column}}
        return self._request(f"textDocument/{method}", where)

    def open(self, text: str):
        """Greet, and show the file."""
        root = self._file.parent.as_uri()
        hover = {"contentFormat": ["plaintext"]}
        abilities = {"textDocument": {"hover": hover, "completion": {"completionItem": {}}}}
        folders = [{"uri": root, "name": "programs"}]
        about = {"processId": os.getpid(), "rootUri": root, "capabilities": abilities, "workspaceFolders": folders}
        self._request("initialize", about)
        self._send({"method": "initialized", "params": {}})
        shown = {"uri": self._file.as_uri(), "languageId": "python", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": shown}})

    def _request(self, method: str, params: dict):
        self._id += 1
        self._send({"id": self._id, "method": method, "params": params})
        while True:
            said = self._receive()
            if "method" not in said:
                if said["id"] == self._id:
                    assert "error" not in said, said
                    return said["result"]
            elif "id" in said:  # it asks for settings, and for leave to watch files
                wants = said.get("params", {}).get("items", [])
                self._send({"id": said["id"], "result": [None for _ in wants] or None})

    def _send(self, message: dict):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _receive(self) -> dict:
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server ended"
        return json.loads(self._process.stdout.read(length))


@contextmanager
def editor(file: Path, text: str, python: Path) -> Iterator[Editor]:
    """Pyright's language server, with `text` open as `file` in a folder of its own."""
    file.write_text(text)
    env = _environment() | {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [node().node, str(_JS / "langserver.index.js"), "--stdio"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=file.parent, env=env, **pipes)
    try:
        found = Editor(process, file)
        found.open(text)
        yield found
    finally:
        process.kill()
        process.communicate()
