"""Boards that run a program, and an echo server on the host for them to talk to."""

import contextlib
import shutil
import socket
import sys
import threading
from pathlib import Path

import pytest
from girouette.simboard import Board

ON_BOARD = Path(__file__).parent / "on_board"
sys.path.insert(0, str(Path(__file__).parent))
GATE = Path(__file__).parent.parent / "drivers" / "on_board" / "gate.py"


@pytest.fixture
def make_board(tmp_path):
    """(program, files={name: text}, lib=folder, **Board's options) -> a running Board.

    `program`, its main.py, is the name of a file in on_board/, or source text; `files` are beside it in its flash, and
    what is in `lib` is in its /lib.
    """
    with contextlib.ExitStack() as boards:

        def make(program: str, files=(), lib=None, **options) -> Board:
            flash = tmp_path / f"flash{len(list(tmp_path.iterdir()))}"
            (flash / "lib").mkdir(parents=True)
            shutil.copy(GATE, flash / "lib")
            if lib:
                shutil.copytree(lib, flash / "lib", dirs_exist_ok=True)
            text = (ON_BOARD / program).read_text() if program.endswith(".py") else program
            for name, content in {**dict(files), "main.py": text}.items():
                (flash / name).write_text(content)
            return boards.enter_context(Board(flash, **options))

        yield make


@pytest.fixture(params=[64, 32], ids=["mp64", "mp32"])
def bits(request) -> int:
    """Both sizes of objects."""
    return request.param


class Echo:
    """A TCP server that sends back what it gets, and remembers how each of its links ended."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.links: list[Peer] = []
        self._changed = threading.Condition()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                peer = Peer(sock, self._changed)
                with self._changed:
                    self.links.append(peer)
                    self._changed.notify_all()
                peer.start()  # after it is known: who gets an echo finds the link here

    def wait(self, condition, timeout: float = 20):
        """Until condition(self) holds."""
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self), timeout), [(p.received, p.end) for p in self.links]

    def close(self):
        # shutdown first: it wakes the thread that is in accept
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in self.links:
            link.sock.close()


class Peer:
    """The server's end of one link: what came in, and its end ("open", "closed", "reset")."""

    def __init__(self, sock: socket.socket, changed: threading.Condition):
        self.sock, self._changed = sock, changed
        self.received, self.end = b"", "open"

    def start(self):
        threading.Thread(target=self._echo, daemon=True).start()

    def _echo(self):
        end = "closed"
        try:
            while data := self.sock.recv(4096):
                with self._changed:
                    self.received += data
                    self._changed.notify_all()
                self.sock.sendall(data)
        except OSError:
            end = "reset"
        with self._changed:
            self.end = end
            self._changed.notify_all()


@pytest.fixture
def echo():
    server = Echo()
    yield server
    server.close()
