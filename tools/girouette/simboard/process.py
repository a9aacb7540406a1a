"""One run of the firmware: MicroPython on the device-side modules, with its console and its wire."""

import asyncio
import atexit
import contextlib
import ctypes
import functools
import os
import signal
import tempfile
from pathlib import Path

from .. import mpy, toolchain
from .wire import Wire

_DEVICE = Path(__file__).parent / "device"
# What the device-side modules take of the heap. On a chip their like is in its flash, so the firmware gets this on top.
_SHIMS = {32: 12 * 1024 + 1072, 64: 19 * 1024 + 1136}
_FLASH_SHIM = {32: 624, 64: 768}
_PACE_SHIM = {32: 1344, 64: 2112}
_STEPS_SHIM = {32: 1520, 64: 2592}
_SERIAL_SHIM = {32: 4640, 64: 7584}
# Of those that are loaded when a firmware asks for them: kept occupied until then (_board.py: make_room).
_ON_DEMAND = {
    32: {"_seldom": 2864, "_wired": 3008, "_onewire": 624, "_irq": 864, "_uart": 848},
    64: {"_seldom": 4560, "_wired": 4832, "_onewire": 832, "_irq": 1504, "_uart": 1376},
}


_prctl = getattr(ctypes.CDLL(None), "prctl", None)  # Linux
_PR_SET_PDEATHSIG = 1


def _in_the_new_process():
    """A firmware in an endless loop must not outlive a host that was killed; and until there is a program to interrupt,
    Ctrl-C does nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _prctl:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@functools.lru_cache
def device_modules() -> Path:
    """The folder with the compiled device-side modules, made once per process of the host."""
    folder = tempfile.TemporaryDirectory(prefix="girouette-board-")
    atexit.register(folder.cleanup)
    mpy.compile_tree(_DEVICE, Path(folder.name))
    return Path(folder.name)


def room(bits: int, typed: bool, flash: bool, paced: bool, steps: bool) -> tuple[int, dict[str, int]]:
    """What the device-side modules need in addition to the firmware's heap, in bytes, and which part of it for which
    module that is not loaded at once."""
    later = _ON_DEMAND[bits]
    clock = _PACE_SHIM[bits] * paced + _STEPS_SHIM[bits] * steps
    more = _FLASH_SHIM[bits] * flash + _SERIAL_SHIM[bits] * typed
    return _SHIMS[bits] + more + clock + sum(later.values()), later


class Process:
    """A running MicroPython. `ended` is done with the exit status once its console has been read to the end."""

    def __init__(self, child, pipes: list, output: "Output", wire: asyncio.Task, wire_fd: int):
        self._child, self._pipes, self._output, self._wire = child, pipes, output, wire
        self.wire_fd = wire_fd  # where it reads the answers
        self.pid = child.pid
        wire.add_done_callback(lambda _: self._stop())  # nobody answers any more: it would hang
        self.ended = asyncio.create_task(self._end())

    async def _end(self) -> int:
        await self._output.ended.wait()
        code = await self._child.wait()
        self._wire.cancel()
        await asyncio.wait([self._wire])
        for pipe in self._pipes:
            pipe.close()
        if not self._wire.cancelled():
            self._wire.result()  # a fault of the models is not swallowed
        return code

    def _stop(self):
        # Not self._child.kill(): that looks first whether it has ended, and so takes its status from asyncio.
        if self._child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def kill(self):
        """Stop it in the middle of whatever it does, as a loss of power would."""
        self._stop()
        await asyncio.wait([self.ended])


class Output:
    """What a process prints, given to a terminal as it comes, or by `drain` all that is there: what it printed before a
    question on the wire is then told before the answer."""

    _AT_ONCE = 16  # reads, so that a program which prints without end does not keep the others waiting

    def __init__(self, fd: int, terminal):
        self._fd, self._terminal = fd, terminal
        self.ended = asyncio.Event()
        os.set_blocking(fd, False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(fd, self._readable)

    def _readable(self):
        self._read(self._AT_ONCE)

    def drain(self):
        self._read(-1)

    def _read(self, times: int):
        while times and not self.ended.is_set():
            times -= 1
            try:
                data = os.read(self._fd, 4096)
            except BlockingIOError:
                return
            if not data:
                self._loop.remove_reader(self._fd)
                self.ended.set()
                os.close(self._fd)
                self._terminal.end()
                return
            self._terminal.feed(data)


async def start(flash: Path, bits: int, heap: int, wire: Wire, terminal) -> Process:
    """Start MicroPython on a flash folder, with a heap of so many bytes in all. A terminal has `feed(bytes)`, `end()`,
    `stdin`, and `output`, which is set here."""
    loop = asyncio.get_running_loop()
    modules = await loop.run_in_executor(None, device_modules)
    command = await loop.run_in_executor(None, toolchain.micropython, bits)
    question, to_host = os.pipe()
    from_host, answer = os.pipe()
    output, printing = os.pipe()
    size = f"heapsize={heap}"
    child = await asyncio.create_subprocess_exec(
        command, "-X", size, "-m", "_launch", str(from_host), str(to_host), str(flash.resolve()),
        env={**os.environ, "MICROPYPATH": str(modules), "TZ": "UTC"},
        pass_fds=(from_host, to_host),
        stdin=terminal.stdin, stdout=printing, stderr=asyncio.subprocess.STDOUT,
        preexec_fn=_in_the_new_process,
        start_new_session=True,  # Ctrl-C in the host's terminal is not the board's
    )  # fmt: skip
    os.close(from_host)
    os.close(to_host)
    os.close(printing)
    reader = asyncio.StreamReader()
    inward, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(question, "rb"))
    outward, _ = await loop.connect_write_pipe(asyncio.Protocol, os.fdopen(answer, "wb"))
    terminal.output = Output(output, terminal)
    serving = asyncio.create_task(wire.serve(reader, outward))
    return Process(child, [inward, outward], terminal.output, serving, from_host)
