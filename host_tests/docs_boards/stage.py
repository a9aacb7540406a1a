"""`Stage`: runs girouette's commands here, and boards with a node on them, for a fault of a page."""

import contextlib
import json
from pathlib import Path

from girouette import build, cli
from girouette.new import Answers, files
from girouette.simboard import Board
from girouette.simboard.serial import SerialBoard


class Stage:
    def __init__(self, folder: Path, capsys):
        self.folder, self._capsys = folder, capsys

    def girouette(self, *words) -> str:
        """All that a command prints."""
        self._capsys.readouterr()
        cli.main([str(word) for word in words])
        out, error = self._capsys.readouterr()
        return out + error

    def file(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def flash(self, board: str, data: bytes, *options) -> str:
        return self.girouette("flash", board, "--firmware", self.file("firmware", data), *options)

    def config(self, board: str, broker: dict | None = None) -> Path:
        """What `girouette new` writes, with this broker."""
        config, secrets = files(Answers(board, "roof", "home", "sesame", "127.0.0.1", "", "", ["bme280"]))
        about = config | {"broker": broker or {"host": "127.0.0.1", "port": 9}}
        self.file("secrets.json", json.dumps(secrets).encode())
        return self.file("config.json", json.dumps(about).encode())

    @contextlib.contextmanager
    def node(self, board: str, **options):
        """A board on which the node runs."""
        build.make(board, self.folder / "flash", self.config(board))
        with Board(self.folder / "flash", **options) as running:
            yield running

    def deployed(self, board: str, begin=lambda board: None, **options) -> str:
        """What a deployment says to a board that has the node already; `begin` is done to the board before it."""
        config = self.config(board)
        build.make(board, self.folder / "flash", config)
        with SerialBoard(Board(self.folder / "flash", **options)) as cable:
            begin(cable.board)
            return self.girouette("deploy", board, "--port", cable.port, "--config", config, "--wait", "12")
