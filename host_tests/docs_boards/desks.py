"""What stands on the desk of each page: a computer with one port, and the models of a board's boot loader and of the
board. A desk knows what a command leaves behind (a flashed chip starts its MicroPython), and no page."""

import getpass
import json
import os
import pty
import threading
import tty
from pathlib import Path

import images
from girouette import build
from girouette.loader import Loader
from girouette.loader.drive import Drive
from girouette.loader.recorder import Recorder
from girouette.paths import ROOT
from girouette.simboard import Bme280, Board, Flash
from girouette.simboard.serial import SerialBoard

WIFI = {"home": "sesame"}


class Blank:
    """A chip without a program, at a pty: it says so over and over, and answers nothing."""

    def __init__(self, port: Path, says: bytes):
        self._host, self._board = pty.openpty()
        tty.setraw(self._board)
        port.symlink_to(os.ttyname(self._board))
        self.port, self._says, self._closing = port, says, threading.Event()
        self._thread = threading.Thread(target=self._babble, daemon=True)
        self._thread.start()

    def _babble(self):
        os.set_blocking(self._host, False)
        while not self._closing.wait(0.1):
            try:
                os.read(self._host, 4096)
                os.write(self._host, self._says)
            except BlockingIOError:
                pass

    def close(self):
        self._closing.set()
        self._thread.join()
        os.close(self._host)
        os.close(self._board)
        self.port.unlink()


class Desk:
    """`port` is where the page's port is at this moment; FILE: the firmware, named as on the page.

    had_a_node    most of a node's files are on the board already, so that a deployment copies little
    """

    ID: str
    PORT = "/dev/ttyACM0"
    FILE: dict[str, bytes]
    passwords = {"its password (empty: none):": "sesame", "and password:": "another"}
    tools: tuple[Path, ...] = ()
    user = getpass.getuser()

    def __init__(self, folder: Path, broker_port: int, had_a_node: bool = False):
        self.folder, self.home, self._had_a_node = folder, folder / "home", had_a_node
        self.home.mkdir()
        for name, data in self.FILE.items():
            (self.home / name).write_bytes(data)
        self.env = {}
        self._tty = folder / Path(self.PORT).name
        self.port = str(self._tty)
        self.board: SerialBoard | None = None
        self._closing = []

    def before(self, argv: list[str]):
        """The person does what the page says before this command."""

    def after(self, argv: list[str]):
        """What this command has left behind."""

    def extra(self, argv: list[str]) -> list[str]:
        """Options by which a model is reached."""
        return []

    def said(self) -> dict[str, str]:
        """What stands on the page for what is here, beside the usual."""
        return {}

    def starts(self, **options):
        """MicroPython has been flashed, and runs."""
        cable = {"native": options.pop("native", False), "path": self._tty}
        flash = self.folder / "board"
        if self._had_a_node:
            config = json.loads((ROOT / "examples" / "station" / "config.json").read_text())
            (self.folder / "config.json").write_text(json.dumps(config | {"discovery": "homeassistant"}))
            build.make(self.ID, flash, self.folder / "config.json")
            for name in ("main.py", "config.json", "manifest.json"):
                (flash / name).unlink()
        else:
            flash.mkdir()
            (flash / "boot.py").touch()
        made = SerialBoard(Board(flash, empty=True, **options), **cable)
        self.board = made.__enter__()
        self._closing.append(lambda: made.__exit__(None, None, None))
        self.port = self.board.port

    def restart(self):
        """The reset button, or where there is none the cable."""
        self.board.board.reset()

    def close(self):
        for close in reversed(self._closing):
            close()


class Esp32(Desk):
    """A blank ESP32 behind a bridge: esptool talks to the model of its boot loader, with the port's lines."""

    PORT = "/dev/ttyUSB0"
    ID = "ESP32_GENERIC"
    FILE = {"ESP32_GENERIC-20260101-v1.29.0.bin": images.esp("esp32")}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self._blank = Blank(self._tty, b"invalid header: 0xffffffff\r\n")
        self._loader = Loader("esp32", self.folder / "esp32.flash")
        self._closing.append(self._loader.close)

    def before(self, argv):
        if argv[:2] == ["girouette", "flash"]:
            self._blank.close()

    def extra(self, argv):
        if argv[:2] == ["girouette", "flash"]:
            argv[argv.index(self.port)] = self._loader.url
        return []

    def after(self, argv):
        if argv[:2] == ["girouette", "flash"]:
            (data,) = self.FILE.values()
            assert self._loader.nor.read(0x1000, len(data)) == data
            self.starts(wifi=WIFI)


class Pico(Desk):
    """A new Pico W, plugged in while BOOTSEL was held: its drive is there, and no port."""

    ID = "RPI_PICO_W"
    FILE = {"RPI_PICO_W-20260101-v1.29.0.uf2": images.uf2()}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self._drive = Drive(self.folder / "media" / "RPI-RP2", self.folder / "pico.flash").plug()
        self._closing.append(self._drive.close)

    def extra(self, argv):
        return ["--volume", str(self._drive.folder)] if argv[:2] == ["girouette", "flash"] else []

    def said(self):
        return {"/media/anna/RPI-RP2": str(self._drive.folder)}

    def after(self, argv):
        if argv[:2] == ["girouette", "flash"]:
            (data,) = self.FILE.values()
            code = b"".join(data[at + 32 : at + 288] for at in range(0, len(data), 512))
            assert self._drive.nor.read(0, len(code)) == code and not self._drive.is_there
            self.starts(port="rp2", native=True, wifi=WIFI, sensors=[Bme280(scl=5, sda=4)])

    def restart(self):
        self.board.board.power_cycle()


class Stm32(Desk):
    """A Nucleo on the cable of its ST-LINK. The tools that flash it are stood for by programs that note their calls."""

    ID = "NUCLEO_F767ZI"
    FILE = {"NUCLEO_F767ZI-20260101-v1.29.0.hex": images.hex_file(images.stm32())}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self._recorder = Recorder(self.folder / "bin", "dfu-util", "st-flash")
        self.tools = (self._recorder.folder,)
        (self.home / "NUCLEO_F767ZI-20260101-v1.29.0.dfu").write_bytes(images.dfu(images.stm32()))

    def after(self, argv):
        if argv[:2] == ["girouette", "flash"] and not self.board:
            sensor = Bme280(scl="B8", sda="B9")
            self.starts(port="stm32", sensors=[sensor], flash=Flash("1m", system="fat"))


DESKS = {"esp32": Esp32, "pico": Pico, "stm32": Stm32}

