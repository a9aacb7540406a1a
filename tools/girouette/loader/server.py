"""`Loader`: a chip that the real esptool reaches over a socket: rfc2217://, with the port's lines and baud rate (served
by pyserial's own PortManager), or socket://, where there are only bytes. One host at a time, as on a serial port."""

import contextlib
import os
import socket
import struct
import threading
from pathlib import Path

import serial
from serial.rfc2217 import PortManager

from ..errors import Failure
from .chips import CHIPS
from .faults import Faults, Pulled
from .machine import Machine
from .nor import Nor

_POLL = 0.1  # seconds within which close() is noticed


class _Port:
    """What PortManager expects of a serial port: its settings do nothing but baud rate, DTR and RTS."""

    bytesize, parity, stopbits = serial.EIGHTBITS, serial.PARITY_NONE, serial.STOPBITS_ONE
    xonxoff = rtscts = break_condition = False
    cts = dsr = ri = cd = False

    def __init__(self, machine: Machine):
        self._machine = machine

    baudrate = property(lambda self: self._machine.baud, lambda self, baud: setattr(self._machine, "baud", baud))
    dtr = property(lambda self: self._machine.lines.dtr, lambda self, on: self._machine.lines.set_dtr(on))
    rts = property(lambda self: self._machine.lines.rts, lambda self, on: self._machine.lines.set_rts(on))

    def reset_input_buffer(self):
        pass  # what was sent is with the host already

    def reset_output_buffer(self):
        pass  # what came was taken at once


class Loader:
    """A chip ("esp32", "esp32s3", ...) with its flash in a file, listening until close().

    plain      socket:// instead of rfc2217://; without lines, the chip waits in its boot loader
    download   whether its BOOT button is held down; default: only when plain
    """

    def __init__(self, chip: str, flash: Path, size: int = 4 << 20, port: int = 0, plain: bool = False,
                 download: bool | None = None, faults: Faults | None = None):  # fmt: skip
        if chip not in CHIPS:
            raise Failure(f"there is no model of {chip}; there are {', '.join(CHIPS)}")
        self.faults = faults or Faults()
        self.nor = Nor(flash, size)
        self.machine = Machine(CHIPS[chip], self.nor, self.faults)
        self.machine.lines.button = plain if download is None else download
        self._plain, self._closing = plain, threading.Event()
        self.on_event = lambda text: None
        try:
            self._listener = socket.create_server(("127.0.0.1", port))
        except OSError as e:
            raise Failure(f"cannot listen on TCP port {port}: {os.strerror(e.errno)}; take another") from None
        self._listener.settimeout(_POLL)
        self.machine.start(self.machine.lines.button)
        self._thread = threading.Thread(target=self._serve, name=f"loader {chip}", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """What to give esptool as --port."""
        return f"{'socket' if self._plain else 'rfc2217'}://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self):
        self._closing.set()
        self._thread.join(5)
        self._listener.close()
        self.nor.close()

    def __enter__(self) -> "Loader":
        return self

    def __exit__(self, *exc):
        self.close()

    def _serve(self):
        while not self._closing.is_set():
            with contextlib.suppress(TimeoutError):
                link, _ = self._listener.accept()
                with link, contextlib.suppress(OSError):
                    self._attend(link)
                self.machine.send = lambda data: None
                self.machine.lines.release()

    def _attend(self, link: socket.socket):
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.settimeout(_POLL)
        writer = _Writer(link)
        unpacked = self._speak(writer)
        while not self._closing.is_set():
            try:
                data = link.recv(65536)
            except TimeoutError:
                continue
            if not data:
                return
            try:
                self.machine.receive(unpacked(data))
            except Pulled:
                self._pull(link)
                return

    def _speak(self, writer: "_Writer"):
        """Put the machine on the line; what turns the host's bytes into the chip's."""
        if self._plain:
            self.machine.baud, self.machine.send = None, writer.write
            return bytes
        self.machine.baud = 115200
        self.machine.send = lambda data: writer.write(data.replace(b"\xff", b"\xff\xff"))  # a telnet IAC is doubled
        manager = PortManager(_Port(self.machine), writer)
        return lambda data: b"".join(manager.filter(data))

    def _pull(self, link: socket.socket):
        """The host finds its port gone; whoever comes next finds the cable in again."""
        self.faults.pull_at = None
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset, not a polite end
        self.on_event("the cable is out")


class _Writer:
    """`write`, as PortManager wants it."""

    def __init__(self, link: socket.socket):
        self._link = link

    def write(self, data: bytes):
        self._link.settimeout(10)
        try:
            self._link.sendall(data)
        finally:
            self._link.settimeout(_POLL)
