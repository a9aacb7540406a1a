"""What goes wrong on a cable goes wrong on the model's, and esptool says what it says of a chip."""

import struct

import images
import pytest
from girouette.loader import ALWAYS
from girouette.loader.chips import CHIPS
from girouette.loader.faults import Faults
from girouette.loader.machine import Machine
from girouette.loader.nor import Nor
from girouette.loader.protocol import Command
from girouette.loader.slip import Reader, encode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def nor(tmp_path):
    chip = Nor(tmp_path / "nor", 1 << 20)
    yield chip
    chip.close()


class Line:
    """The host's end of a chip's line, without esptool."""

    def __init__(self, nor: Nor, chip: str = "esp32", faults: Faults | None = None):
        self.machine = Machine(CHIPS[chip], nor, faults or Faults())
        self._reader, self.raw, self.packets = Reader(), b"", []
        self.machine.send = self._got
        self.machine.start(True)

    def _got(self, data: bytes):
        self.raw += data
        self.packets += self._reader.feed(data)

    def ask(self, command: int, data: bytes = b"", checksum: int = 0) -> list[bytes]:
        self.packets = []
        self.machine.receive(encode(struct.pack("<BBHI", 0, command, len(data), checksum) + data))
        return self.packets

    def write(self, seq: int, data: bytes) -> list[bytes]:
        checksum = 0xEF
        for byte in data:
            checksum ^= byte
        return self.ask(Command.FLASH_DATA, struct.pack("<IIII", len(data), seq, 0, 0) + data, checksum)


def test_nor_flash_erases_to_ones_and_programs_only_zeros(nor):
    nor.program(100, b"\x0f\xf0")
    nor.program(100, b"\xff\x30")
    assert nor.read(99, 4) == b"\xff\x0f\x30\xff" and nor.clashes == 1
    nor.erase(4000, 200)  # touches two sectors
    assert set(nor.read(0, 8192)) == {0xFF} and nor.erased == 2
    with pytest.raises(ValueError):
        nor.program((1 << 20) - 1, b"ab")


def test_a_flash_keeps_what_it_holds_without_power(nor):
    nor.program(5, b"kept")
    nor.close()
    again = Nor(nor.path, 1 << 20)
    assert again.read(5, 4) == b"kept"
    again.close()


def test_a_write_over_what_was_not_erased_shows(nor):
    nor.program(0, bytes(1024))
    line = Line(nor)
    line.ask(Command.SPI_ATTACH, bytes(8))
    line.ask(Command.FLASH_BEGIN, struct.pack("<IIII", 0, 1, 1024, 0))  # erase nothing
    assert line.write(0, b"\x55" * 1024)[0][8:] == b"\0\0\0\0"
    assert nor.read(0, 1024) == bytes(1024) and nor.clashes == 1


def test_the_rom_writes_nothing_before_the_flash_is_attached_nor_beyond_its_end(nor):
    line = Line(nor)
    begin = struct.pack("<IIII", 4096, 4, 1024, 0)
    assert line.ask(Command.FLASH_BEGIN, begin)[0][8:10] == b"\x01\x08"
    line.ask(Command.SPI_ATTACH, bytes(8))
    assert line.ask(Command.FLASH_BEGIN, begin)[0][8:10] == b"\0\0"
    assert line.ask(Command.FLASH_BEGIN, struct.pack("<IIII", 4096, 4, 1024, 1 << 20))[0][8:10] == b"\x01\x08"


def test_a_block_with_a_wrong_checksum_or_length_is_refused(nor):
    line = Line(nor)
    block = struct.pack("<IIII", 4, 0, 0, 0) + b"data"
    assert line.ask(Command.FLASH_DATA, block, 0)[0][8:10] == b"\x01\x07"
    assert line.ask(Command.FLASH_DATA, block[:-1], 0)[0][8:10] == b"\x01\x05"


def test_what_is_no_packet_is_not_answered_and_does_no_harm(nor):
    line = Line(nor)
    line.machine.receive(b"AT\r\n\xc0\xc0\xc0\x01\x08\xc0" + b"\xc0" * 3)
    assert line.packets == []
    assert len(line.ask(Command.SYNC, b"\x07\x07\x12\x20" + b"\x55" * 32)) == 8


def test_a_jump_to_where_nothing_was_loaded_is_the_end_of_the_conversation(nor):
    line = Line(nor)
    line.ask(Command.MEM_BEGIN, struct.pack("<IIII", 4, 1, 4, 0x40080000))
    line.ask(Command.MEM_END, struct.pack("<II", 0, 0x40090000))
    assert line.machine.mode == "rom" and b"OHAI" not in line.raw


def test_a_line_at_another_rate_is_noise(nor):
    line = Line(nor)
    line.machine.baud = 115200
    assert line.ask(Command.READ_REG, struct.pack("<I", 0x40001000))
    line.ask(Command.CHANGE_BAUDRATE, struct.pack("<II", 460800, 0))
    assert line.ask(Command.READ_REG, struct.pack("<I", 0x40001000)) == []
    line.machine.baud = 460800
    assert line.ask(Command.READ_REG, struct.pack("<I", 0x40001000))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from([*Command, 0, 0xFF]), st.binary(max_size=40)), max_size=8), st.booleans())
def test_no_packet_brings_the_model_down(nor, packets, in_stub):
    line = Line(nor, "esp32s3")
    if in_stub:
        line.machine._start_stub()
    for command, data in packets:
        if line.machine.mode != "app":
            line.ask(command, data)
            line.machine.receive(data)
    line.machine.start(True)
    assert len(line.ask(Command.SYNC, b"\x07\x07\x12\x20" + b"\x55" * 32)) == 8


@pytest.mark.parametrize(
    ("sequence", "mode"),
    [
        ("R+ D+ R- D-", "rom"),  # IO0 is low while EN rises
        ("D+ R+ R- D-", "rom"),
        ("R+ R-", "app"),
        ("D+ D-", "app"),  # no reset: it goes on as it was
        ("R+ D+ D- R-", "app"),  # IO0 was let go of too early
        ("R+ R- D+", "app"),  # and here pulled too late
        ("R+ D+", "off"),  # still held in reset
    ],
)
def test_the_level_of_the_boot_pin_as_the_reset_ends_decides(sequence, mode, nor):
    machine = Machine(CHIPS["esp32"], nor, Faults())
    machine.start(False)
    for word in sequence.split():
        (machine.lines.set_rts if word[0] == "R" else machine.lines.set_dtr)(word[1] == "+")
    assert machine.mode == mode


def test_a_chip_without_firmware_says_so_when_it_starts(nor):
    line = Line(nor)
    line.machine.start(False)
    assert b"boot:0x13 (SPI_FAST_FLASH_BOOT)" in line.raw and b"invalid header: 0xffffffff" in line.raw


def test_a_flipped_bit_is_caught_by_the_checksum_and_the_block_is_sent_again(loader, esptool, firmware):
    model, path = loader("esp32"), firmware(images.text(60_000))
    model.faults.flip = {30_000}
    status, text = esptool(model, "write-flash", "0x1000", path)
    assert status == 0 and not model.faults.flip, text
    assert model.nor.read(0x1000, 60_000) == path.read_bytes()


def test_garbage_on_the_line_is_an_error_and_no_firmware_is_taken_for_whole(loader, esptool, firmware):
    model, path = loader("esp32"), firmware(images.text(60_000))
    model.faults.noise = set(range(60, 90))
    status, text = esptool(model, "write-flash", "0x1000", path)
    assert status != 0 and ("noise or corruption" in text or "No more data to read" in text), text
    assert "verified" not in text


def test_a_refused_erase_is_told(loader, esptool):
    model = loader("esp32s3")
    model.faults.refuse[Command.ERASE_FLASH] = ALWAYS
    status, text = esptool(model, "erase-flash")
    assert status != 0 and "Failed to erase flash" in text, text


def test_a_silent_chip_is_told(loader, esptool):
    status, text = esptool(loader("esp32", faults=Faults(silent=True)), "chip-id")
    assert status != 0 and "No serial data received" in text, text


def test_the_chip_named_is_compared_with_the_chip_found(loader, esptool):
    status, text = esptool(loader("esp32s3"), "--chip", "esp32", "chip-id")
    assert status != 0 and "This chip is ESP32-S3, not ESP32" in text, text


@pytest.mark.full
def test_a_worn_cell_is_found_by_the_verification(loader, esptool, firmware):
    model, path = loader("esp32"), firmware(images.text(20_000))
    model.nor.worn = {0x1000 + next(i for i, byte in enumerate(path.read_bytes()) if byte == 0)}
    status, text = esptool(model, "write-flash", "0x1000", path)
    assert status != 0 and "MD5" in text, text


@pytest.mark.full
def test_after_a_pulled_cable_the_next_run_completes_it(loader, esptool, firmware):
    model, path = loader("esp32", faults=Faults(pull_at=30_000)), firmware(images.text(60_000))
    model.machine.lines.button = True  # a socket has no lines: it restarts into its boot loader
    status, _ = esptool(model, "write-flash", "0x1000", path)
    assert status != 0 and model.machine.mode == "off"
    assert model.nor.read(0x1000, 60_000) != path.read_bytes()
    model.machine.start(True)
    status, text = esptool(model, "write-flash", "0x1000", path)
    assert status == 0, text
    assert model.nor.read(0x1000, 60_000) == path.read_bytes()
