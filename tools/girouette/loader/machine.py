"""A chip at the end of a serial line: it starts into its boot loader or into what is in the flash, takes bytes at the
rate its UART is set to, and answers. How the bytes come and go is in server.py."""

from . import slip
from .chips import Chip
from .faults import Faults, Pulled
from .lines import Lines
from .nor import Nor
from .protocol import Protocol
from .rom import Rom
from .spi import Spi
from .stub import GREETING, Stub

_IMAGE_MAGIC = 0xE9
_TOLERANCE = 0.03  # by how much two UARTs may differ and still understand each other


class Machine:
    """`send` takes what the chip puts on the line; `baud` is the rate of the host's end, None where there is none."""

    def __init__(self, chip: Chip, nor: Nor, faults: Faults):
        self.chip, self.nor, self.faults = chip, nor, faults
        self.lines = Lines(self.start, self.hold)
        self.send = lambda data: None
        self.baud: int | None = None
        self.mode = "off"  # or "app", "rom", "stub"
        self.starts: list[str] = []  # how it started each time: "app" or "rom"
        self._program: Protocol | None = None
        self._uart: int | None = None  # None: the ROM takes the rate of the first thing it hears
        self._reader = slip.Reader()

    def hold(self):
        """EN is low."""
        self.mode, self._program = "off", None

    def start(self, download: bool):
        """EN is high again."""
        self._registers = dict(self.chip.registers)
        self._spi = Spi(self.chip.spi, self.nor)
        self._uart = None
        self._reader = slip.Reader()
        self._run("rom" if download else "app", Rom if download else None)
        self.starts.append(self.mode)
        if not self.faults.silent:
            self.send(self.chip.banner(download).encode())
        if not download:
            self._boot()

    def receive(self, data: bytes):
        """Bytes from the host. Raises Pulled."""
        try:
            self._take(self.faults.arriving(data))
        except Pulled as e:
            self._take(e.args[0])
            self.hold()
            raise

    def _boot(self):
        header = self.nor.read(self.chip.loads_from, 4)
        if header[0] != _IMAGE_MAGIC:
            self.send(f"invalid header: {int.from_bytes(header, 'little'):#010x}\r\n".encode())

    def _run(self, mode: str, program: type[Protocol] | None):
        self.mode = mode
        self._program = program and program(self.chip, self._registers, self._spi, self.nor, self.faults)
        if self._program:
            self._program.start_app = lambda: self.start(False)
            self._program.start_stub = self._start_stub
            self._program.change_baud = self._change_baud

    def _start_stub(self):
        self._run("stub", Stub)
        self._answer([GREETING])

    def _change_baud(self, baud: int):
        self._uart = baud

    def _take(self, data: bytes):
        if not self._program or self.faults.silent or not self._understands():
            return
        for packet in self._reader.feed(data):
            program = self._program
            if program is None:
                return
            self._answer(program.answers(packet))
            then, program.then = program.then, None
            if then:
                then()

    def _understands(self) -> bool:
        if self.baud is None or self._uart is None:
            self._uart = self.baud
            return True
        return abs(self.baud - self._uart) <= self._uart * _TOLERANCE

    def _answer(self, packets: list[bytes]):
        for packet in packets:
            self.send(self.faults.leaving(slip.encode(packet)))
