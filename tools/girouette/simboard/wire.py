"""The host's end of device/_board.py: frames in, the chip's answers out. The format stands there."""

import asyncio
import inspect
import json
import struct

from .chip import Chip
from .flash import PowerCut
from .ports import Refused

_QUESTION = struct.Struct("<BBHHH")
_ANSWER = struct.Struct("<BBHI")
_ASK, _READ, _WRITE, _READ_MEM, _WRITE_MEM, _WRITE_FLASH = 0, 3, 4, 5, 6, 17
_WRITE_RTC, _READ_RTC, _WAIT = 19, 21, 22
_TOLD = 4  # in the answer to a wait (device/_steps.py)
_SOURCE, _PRINT = 23, 24  # of what was typed; bytes for the terminal as they are
_DHT = 30
_FEED = 37  # as 9, but nobody waits for an answer
_READ_UART, _WRITE_UART = 33, 34
_ZERO, _BITS = 35, 36  # of a bitstream: how a 0 looks; how a 1 does, and the bits
_READS = (_READ, _READ_MEM, _READ_RTC, _SOURCE, _READ_UART)
_WITH_PAYLOAD = (_ASK, _WRITE, _WRITE_MEM, _WRITE_FLASH, _WRITE_RTC, _PRINT, _WRITE_UART, _ZERO, _BITS)


class Wire:
    """Answers a firmware's questions until it is gone. `extra` adds questions to those the chip answers.

    An answer that is a future never done leaves the board waiting, as something that only a reset ends should."""

    def __init__(self, chip: Chip, extra: dict):
        self._chip = chip
        self._extra = extra
        self._zero = (0, 0)
        self.asked: str | None = None  # the question in words that is not answered yet
        self.interrupting = False  # the next answer tells of a Ctrl-C

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.WriteTransport):
        try:
            while True:
                op, unit, a, b, n = _QUESTION.unpack(await reader.readexactly(_QUESTION.size))
                if op == _FEED:
                    self._chip.feed()
                    continue
                payload = await reader.readexactly(n) if op in _WITH_PAYLOAD else b""
                writer.write(await self._answer(op, unit, a, b, n, payload))
        except (asyncio.IncompleteReadError, ConnectionError):
            return

    async def _answer(self, op: int, unit: int, a: int, b: int, n: int, payload: bytes) -> bytes:
        data, value, told = b"", 0, 0
        try:
            if op == _ASK:
                data = await self._asked(payload)
            elif op == _DHT:
                data = await self._chip.dht(unit)
            elif op == _BITS:
                await self._chip.bitstream(unit, (*self._zero, a, b), payload)
            elif op in _READS:
                data = self._read(op, unit, a, b, n)
            elif op in _WITH_PAYLOAD:
                value = self._written(op, unit, a, b, payload)
            else:
                value = self._chip.fast[op](unit, a) or 0
                if op == _WAIT:
                    value = await value
                    told = _TOLD | self._chip.connections() * 2 * _TOLD
        except PowerCut:
            await asyncio.get_running_loop().create_future()  # ends with the process
        except OSError as e:
            return self._packed(e.args[0], 0, b"")
        return self._packed(0, value, data, told)

    def _read(self, op: int, unit: int, a: int, b: int, n: int) -> bytes:
        if op == _READ_RTC:
            return self._chip.memory
        if op == _SOURCE:
            return self._extra["source"](a | b << 16, n)
        if op == _READ_UART:
            return self._chip.uarts[unit].read(n)
        if op == _READ_MEM:
            self._chip.i2c_write(unit, a, bytes([b]))
        return self._chip.i2c_read(unit, a, n)

    def _written(self, op: int, unit: int, a: int, b: int, payload: bytes) -> int:
        if op == _WRITE_FLASH:
            return self._chip.flash.program(a, b, payload)
        if op == _PRINT:
            self._extra["print"](payload)
        elif op == _ZERO:
            self._zero = a, b
        elif op == _WRITE_RTC:
            self._chip.memory = payload
        elif op == _WRITE_UART:
            self._chip.uarts[unit].write(payload)
        else:
            self._chip.i2c_write(unit, a, bytes([b]) * (op == _WRITE_MEM) + payload)
        return 0

    def _packed(self, errno: int, value: int, data: bytes, told: int = 0) -> bytes:
        interrupting, self.interrupting = self.interrupting, False
        told |= interrupting | self._chip.edges.pending() << 1
        return _ANSWER.pack(errno, told, len(data), value) + data

    async def _asked(self, payload: bytes) -> bytes:
        what, args = json.loads(payload)
        self.asked = what
        if what == "prompt":  # nothing runs that could be interrupted
            self.interrupting = False
        try:
            result = (self._extra.get(what) or getattr(self._chip, "ask_" + what))(*args)
            if inspect.isawaitable(result):
                result = await result
        except OSError as e:
            return json.dumps((False, e.args[0])).encode()
        except Refused as e:
            return json.dumps((None, e.args[0])).encode()
        except (AttributeError, TypeError, ValueError, LookupError) as e:  # the firmware asked for what no chip has
            return json.dumps((False, f"the simulated board cannot do {what}{tuple(args)}: {e}")).encode()
        finally:
            self.asked = None
        return json.dumps((True, result)).encode()
