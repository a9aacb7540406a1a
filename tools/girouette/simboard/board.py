"""`Board`: a chip with its flash, its power switch and its console, for tests, the demo and `girouette simulate`.

Everything of a board happens on one event loop in a thread of its own, so nothing in the models needs a lock; the
methods here may be called from any thread and return when it is done.
"""

import asyncio
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from . import process
from .air import Net, World
from .chip import Chip
from .console import Screen, Watched
from .flash import Flash
from .interrupt import interrupt
from .net import Network
from .ntp import NtpServer, TimeServers
from .pace import Pace
from .parts.bosch import Bme280
from .ports import PORTS
from .sizes import size_in_bytes
from .steps import Steps
from .weather import Weather
from .wifi import access_points
from .wire import Wire


class Board(World, Watched):
    """A simulated board. Powered on by `start()` or `with`, gone after `close()`.

    firmware     folder that is the flash, "/" on the board: read and written in place. boot.py and main.py are run
    port         "esp32", "rp2" or "stm32": whose reset causes, clock, watchdog and analogue inputs it has
    bits         32: objects as on the chips; 64
    heap         what the firmware has, e.g. "112k"
    weather      a Weather; None: a fair day from eight in the morning on
    sensors      models wired to the pins; None: one Bme280 at 0x76 on scl=22, sda=21
    flash        a Flash: a chip with a file system on it, made from `firmware` if it is blank; None: the folder itself
    wifi         {ssid: password} of the networks in the air, or a list of access points, each a dict of ssid, password,
                 bssid, rssi, channel, dhcp; None: any name and password will do
    scan_s       how long a scan blocks the board
    names        {"broker.local": "127.0.0.1"}: what the network's DNS knows beyond the host's own
    ntp          a NtpServer behind all names of *.ntp.org, or {name: NtpServer}; None: nobody answers there
    ticks_start  what `time.ticks_ms()` begins with, up to 2**30 - 1
    rate         how many times as fast as the host's the board's time goes
    steps        its time stands still, and goes on only in `advance`
    empty        there may be no main.py yet: a board that has its MicroPython and nothing else
    on_line      called with each console line, on the board's thread
    """

    def __init__(
        self,
        firmware: Path,
        *,
        port: str = "esp32",
        bits: int = 32,
        heap: str | int = "112k",
        weather: Weather | None = None,
        sensors: list | None = None,
        flash: Flash | None = None,
        wifi: dict[str, str] | list[dict] | None = None,
        scan_s: float = 0,
        names: dict[str, str] | None = None,
        ntp: NtpServer | dict[str, NtpServer] | None = None,
        ticks_start: int = 0,
        rate: int = 1,
        steps: bool = False,
        empty: bool = False,
        on_line: Callable[[str], None] | None = None,
        unique_id: bytes = b"\x24\x6f\x28\x00\x00\x01",
    ):
        self.firmware = Path(firmware)
        if not (self.firmware / ("" if empty else "main.py")).exists():
            raise FileNotFoundError(f"{self.firmware} holds no main.py: nothing would run on the board")
        if port not in PORTS:
            raise ValueError(f"no port {port!r}; there are {', '.join(PORTS)}")
        if steps and rate != 1:
            raise ValueError("time in steps has no rate")
        self.flash = flash
        self._pace = Steps(self._runs, lambda: self._chip.net.traffic.settle()) if steps else Pace(rate)
        self.weather = weather or Weather()
        self.port, self.bits, self._heap = port, bits, size_in_bytes(heap)
        Watched.__init__(self)
        self._on_line = on_line
        self.terminal_of = lambda board: Screen(board.printed)  # serial/ puts another one here before the start
        self.sensors = [Bme280()] if sensors is None else sensors
        for sensor in self.sensors:
            sensor.weather = self.weather
            if steps or rate != 1:
                sensor.clock = self._pace.measuring
        self._chip_of = lambda: Chip(
            PORTS[port], self._pace, Network(names, TimeServers(ntp, self._pace.now), self._pace), self.sensors,
            points=access_points(wifi), scan_s=scan_s, unique_id=unique_id, ticks_start=ticks_start,
            on_reset=self.wants_reset,
        )  # fmt: skip
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="board", daemon=True)
        self._process: process.Process | None = None
        self._powered = False
        self._alarm: asyncio.TimerHandle | None = None  # of a deep sleep
        self._asleep = False  # nothing runs, and what may wake it is set: a moment after the program asked for it
        self._tasks: set[asyncio.Task] = set()

    # Life

    def start(self) -> "Board":
        self._thread.start()
        self._chip: Chip = self._run(self._made())
        if self.flash:
            self._chip.flash = self.flash
            self.flash.on_cut = lambda: self._spawn(self._power_off())
        self.net = Net(self)
        try:
            if self.flash and self.flash.blank:
                self.flash.pack(self.firmware)
            self.power_on()
        except BaseException:
            self.close()
            raise
        return self

    def close(self):
        if self._thread.is_alive():
            self.power_off()
            self._run(self._unmade())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def __enter__(self) -> "Board":
        return self.start()

    def __exit__(self, *exc):
        self.close()

    # Power

    def power_on(self):
        self._run(self._power_on())

    def power_off(self):
        """At once, in the middle of whatever it does; the peers of its links are not told."""
        self._run(self._power_off())

    def power_cycle(self):
        self.power_off()
        self.power_on()

    def reset(self):
        """The reset button."""
        self._run(self._restart("hard"))

    def interrupt(self):
        """Ctrl-C on the console: a KeyboardInterrupt in the running program."""
        self._run(self.interrupted())

    # What it does

    @property
    def pid(self) -> int | None:
        """The process that plays the chip; None without power."""
        return self._process and self._process.pid

    @property
    def watchdog(self) -> float | None:
        """The watchdog's time in seconds, or None while it is not started."""
        return self._chip.watchdog

    # Inside: on the loop

    async def interrupted(self):
        if self._process:
            await interrupt(self._process.pid, self._wire, self.bits, self._process.wire_fd)

    def _runs(self) -> bool:
        """Whether there is, or is about to be, a program that goes on."""
        if not self._powered or self._asleep:
            return False
        return self._process is None or self._wire.asked != "prompt"

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def _call(self, function):
        async def on_the_loop():
            return function()

        return self._run(on_the_loop())

    async def _made(self) -> Chip:
        self._switch, self.terminal = asyncio.Lock(), self.terminal_of(self)
        return self._chip_of()

    async def _unmade(self):
        self._chip.close()
        self.terminal.close()
        self._console.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.shutdown_default_executor()

    async def _power_on(self):
        async with self._switch:
            if not self._powered:
                self._powered = True
                await self._begin("power on")

    async def _power_off(self):
        async with self._switch:
            self._powered = False
            await self._halt()
            if self.flash:
                self.flash.power_lost()

    async def _restart(self, cause: str, after: float | None = 0):
        """Start anew `after` seconds; None: not before something else wakes it."""
        async with self._switch:
            if self._powered:
                await self._halt(quietly=cause == "soft")
                if after == 0:
                    await self._begin(cause)
                elif cause == "bootloader":
                    self._starts.append(cause)
                elif after:
                    self._alarm = self._pace.later(after, self.wants_reset, cause)
                self._asleep = after != 0

    async def _restart_instead_of(self, running: process.Process | None, cause: str, after: float | None):
        """The same, unless another start came first."""
        if running is self._process:
            await self._restart(cause, after)

    async def _begin(self, cause: str):
        self._chip.start(cause)
        self._starts.append(cause)
        self.terminal.begin(cause)
        more = (self.terminal.typed, bool(self.flash), self._pace.rate != 1, isinstance(self._pace, Steps))
        shims, later = process.room(self.bits, *more)
        extra = {"soft_reset": lambda: self.wants_reset("soft"), "later": lambda: later}
        self._wire = Wire(self._chip, extra | self.terminal.questions())
        self._process = await process.start(self.firmware, self.bits, self._heap + shims, self._wire, self.terminal)
        self._spawn(self._watch(self._process))

    async def _halt(self, quietly: bool = False):
        """`quietly`: the program ends, the chip does not; its sockets close as they should."""
        if self._alarm:
            self._alarm.cancel()
        running, self._process, self._alarm, self._asleep = self._process, None, None, False
        if not quietly:
            self.terminal.stopped()
        if running is None:
            return
        if not quietly:
            self._chip.stop()
        await running.kill()

    async def _watch(self, running: process.Process):
        """A MicroPython that ends by itself has crashed, which a chip answers with a reset."""
        try:
            why = f"its MicroPython ended by itself, status {await asyncio.shield(running.ended)}"
        except Exception:
            why = f"its model failed. {traceback.format_exc()}"
        if running is self._process:
            for line in f"(the simulated board starts anew: {why.strip()})".splitlines():
                self.printed(line)
            await self._restart_instead_of(running, "hard", 0)

    def wants_reset(self, cause: str, after: float | None = 0):
        self._spawn(self._restart_instead_of(self._process, cause, after))
        return asyncio.get_running_loop().create_future()  # never done: the question has no answer

    def _spawn(self, coroutine):
        task = self._loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def printed(self, line: str):
        self._console.append(line)
        if self._on_line:
            self._on_line(line)
