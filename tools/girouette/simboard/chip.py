"""The chip: pins, I2C buses, watchdog, clock, and what a firmware asks of them over the wire.

`ask_*` answer a question in JSON, the table in `fast` one that allocates nothing on the board. Power, processes and
consoles are board.py's; what is wired to the pins is given. Lives on the board's event loop.
"""

import asyncio
import datetime

from . import lines
from .edges import Edges
from .flash import Flash
from .net import Network
from .pace import Pace
from .parts import Nak
from .parts.lines import BitsPart, OneWirePart, PulsePart
from .parts.pinned import PinPart
from .parts.serial import SerialPart
from .pins import PinModel, numbered
from .ports import Port
from .served import Served
from .softap import SoftAp
from .steps import Steps
from .uart import Uart
from .wifi import Station
from .wired import Wired

ENODEV = 19  # what an ESP32's I2C raises when nobody answers an address
TICKS_PERIOD = 1 << 30
_EPOCH = datetime.datetime(2000, 1, 1)
_DEFAULT_PINS = {0: (18, 19), 1: (25, 26)}  # scl, sda of I2C(0) and I2C(1) on an ESP32


class Chip:
    """The state of one chip. `on_reset(cause, after=0)` is called when it wants to start anew (after None: never) and
    returns an awaitable that is never done: the question that led to it has no answer."""

    def __init__(self, port: Port, pace: Pace, net: Network, sensors, points, scan_s, unique_id, ticks_start, on_reset):
        self.port, self.pace = port, pace
        self.net = net
        self.station = Station(unique_id, points, pace, scan_s, self._network_changed)
        self.wired = Wired(unique_id[:5] + bytes([unique_id[5] ^ 1]), pace, port.esp32, self._network_changed)
        self.point = SoftAp(unique_id[:5] + bytes([unique_id[5] ^ 2]), self._network_changed)
        self.served = Served(pace)
        self.sensors = sensors
        self.unique_id = unique_id
        self.edges = Edges(pace.now)
        self.flash: Flash | None = None  # its file system is a folder then
        self.watchdog: float | None = None  # its timeout in seconds, once started
        self.i2c_us = 0  # what the transfers on the buses have taken
        self._on_reset = on_reset
        self._ticks_start = ticks_start
        self._pins: dict[int, PinModel] = {}
        for sensor in sensors:
            if isinstance(sensor, PinPart):
                sensor.wire(self.pin)
        self._bite: asyncio.TimerHandle | None = None
        self.fast = {
            1: lambda unit, a: self.edges.level(unit, self.pin(unit)),
            2: lambda unit, a: self.pin(unit).set(a),
            7: lambda unit, a: int(self.interface(unit).connected),
            8: lambda unit, a: self.interface(unit).status,
            9: lambda unit, a: self.feed(),
            10: lambda unit, a: int(self.pace.now() - self._clock_zero),
            11: lambda unit, a: setattr(self.pin(unit), "pwm_duty", a),
            12: lambda unit, a: self.pin(unit).pwm_duty,
            13: lambda unit, a: self.pin(unit).converted(self.port.attenuations[a]),
            20: lambda unit, a: len(self.memory),
            18: lambda unit, a: self.flash.erase(a),
            15: lambda unit, a: self.wired.status,
            14: lambda unit, a: self.pin(unit).microvolts(self.port.attenuations[a]),
            22: lambda unit, a: self._waited(a),
            25: lambda unit, a: int(self.onewire(unit).reset()),
            26: lambda unit, a: self.onewire(unit).read(1),
            27: lambda unit, a: self.onewire(unit).write(a, 1),
            28: lambda unit, a: self.onewire(unit).read(8),
            29: lambda unit, a: self.onewire(unit).write(a, 8),
            31: lambda unit, a: self.edges.next(),
            32: lambda unit, a: self.uarts[unit].any(),
        }
        self.cause = 0
        self.start("power on")

    # Starting and stopping

    def start(self, cause: str):
        """What each way of starting leaves of the state before it."""
        self.cause = self.port.starts.get(cause, self.cause)
        self._buses: list[tuple] = []
        self.uarts: dict[int, Uart] = {}
        self.edges.clear()
        if cause == "soft":
            return
        self.stop()
        self.station.reset()
        self.wired.reset()
        self.point.reset()
        for pin in self._pins.values():
            pin.configure(0, -1, None)
        self._ticks_zero = self.pace.now()
        self._ticks_begin = self._ticks_start if cause == "power on" else 0
        if cause == "power on" or not self.port.clock_kept:
            self._clock_zero = self._ticks_zero - self.port.clock_start
        if cause == "power on":
            self.memory = b""  # of the RTC
            self._hostname = "mpy-esp32"
            for sensor in self.sensors:
                sensor.power_up()

    def stop(self):
        """A chip in reset: its watchdog is off, its links hang in the air."""
        if self._bite:
            self._bite.cancel()
        self._bite = self.watchdog = None
        self.net.power_lost()
        self.net.connected(False)
        self.served.on_the_air(False)

    def close(self):
        self.net.close()
        self.served.close()

    def feed(self):
        if self._bite:
            self._bite.cancel()
            self._arm()

    def _arm(self):
        self._bite = self.pace.later(self.watchdog, self._on_reset, "watchdog")

    # The network

    def interface(self, unit: int):
        return (self.station, self.wired, self.point)[unit]

    def connections(self) -> int:
        """A bit for each interface that is connected, the first for the first."""
        return sum(self.interface(unit).connected << unit for unit in range(3))

    def _network_changed(self):
        connected = self.station.connected or self.wired.connected
        self.net.connected(connected)
        if self.station.point and self.point.follow(self.station.point.channel):  # there is one radio for both
            self.served.cut()
        self.served.on_the_air(connected or self.point.active(None))

    # Pins and buses

    def pin(self, pin: int | str) -> PinModel:
        return self._pins.setdefault(self._number(pin), PinModel())

    def parts(self, bus: int) -> list:
        """What is wired to the pins of a bus."""
        wired = [s for s in self.sensors if hasattr(s, "scl")]
        return [s for s in wired if (self._number(s.scl), self._number(s.sda)) == self._buses[bus][:2]]

    def on_pin(self, pin: int) -> list:
        """What is wired to this one pin."""
        return [s for s in self.sensors if hasattr(s, "pin") and self._number(s.pin) == pin]

    def onewire(self, pin: int) -> lines.OneWire:
        return lines.OneWire([s for s in self.on_pin(pin) if isinstance(s, OneWirePart)])

    async def dht(self, pin: int) -> bytes:
        """What dht_readinto() reads from there, in the time it takes; OSError(110) without an answer."""
        await self.pace.sleep(lines.DHT_S)
        return lines.dht([s for s in self.on_pin(pin) if isinstance(s, PulsePart)])

    async def bitstream(self, pin: int, times: tuple, data: bytes):
        """What machine.bitstream() sends there, in the time it takes."""
        await self.pace.sleep(lines.bits_s(times, data))
        lines.bits([s for s in self.on_pin(pin) if isinstance(s, BitsPart)], times, data)

    def i2c_write(self, bus: int, address: int, data: bytes):
        """OSError(19) when nobody answers."""
        self._addressed(bus, address, len(data), lambda part: part.write(data))

    def i2c_read(self, bus: int, address: int, n: int) -> bytes:
        return self._addressed(bus, address, n, lambda part: part.read(n))

    def _addressed(self, bus: int, address: int, n: int, transfer):
        # The address and each byte take nine clocks, START and STOP one each.
        self.i2c_us += (11 + 9 * n) * 1_000_000 // self._buses[bus][2]
        for part in self.parts(bus):
            if part.address == address:
                try:
                    return transfer(part)
                except Nak:
                    break
        raise OSError(ENODEV)

    def ask_pin(self, pin, mode, pull, value):
        """Its number."""
        self.pin(pin).configure(mode, pull, value)
        return self._number(pin)

    def ask_irq(self, number, trigger):
        self.edges.watch(number, self.pin(number), trigger)

    def _number(self, pin):
        return pin if pin is None else numbered(self.port.name, pin)

    def ask_pwm(self, number, freq, duty):
        pin = self.pin(number)
        if (freq, duty) != (None, None) or pin.frequency is None:
            pin.begin_pwm(freq, duty)
        return pin.frequency

    def ask_end_pwm(self, number):
        self.pin(number).end_pwm()

    def ask_adc(self, number, attenuation):
        """The number of the attenuation, which port has how many."""
        if attenuation not in range(len(self.port.attenuations)):
            raise ValueError(f"its attenuations are 0 to {len(self.port.attenuations) - 1}")
        return self.pin(number) and attenuation

    def ask_i2c(self, number, scl, sda, freq):
        default = _DEFAULT_PINS.get(number, (None, None))
        self._buses.append((self._number(default[0] if scl is None else scl),
                            self._number(default[1] if sda is None else sda), freq))  # fmt: skip
        return len(self._buses) - 1

    def ask_i2c_us(self):
        """The microseconds that all transfers have taken on the wires; the board's own time does not go on for them."""
        return self.i2c_us

    def ask_uart(self, number, baud, tx, rx):
        """A port at these pins; a part whose keys say the same is at its other end."""
        at = self._number(tx), self._number(rx)
        serial = [s for s in self.sensors if isinstance(s, SerialPart)]
        wired = [s for s in serial if (self._number(s.tx), self._number(s.rx)) == at]
        self.uarts[number] = Uart(wired[0] if wired else None, baud)

    def ask_scan(self, bus):
        return [address for address in range(8, 0x78) if self._answers(bus, address)]

    def _answers(self, bus: int, address: int) -> bool:
        try:
            self.i2c_write(bus, address, b"")
        except OSError:
            return False
        return True

    # Time

    def ask_ticks(self):
        return (self._ticks_begin + int((self.pace.now() - self._ticks_zero) * 1000)) % TICKS_PERIOD

    def ask_datetime(self, when):
        now = self.pace.now()
        if when is None:
            at = _EPOCH + datetime.timedelta(seconds=now - self._clock_zero)
            return [at.year, at.month, at.day, at.weekday(), at.hour, at.minute, at.second, at.microsecond]
        year, month, day, _, hour, minute, second, microsecond = when
        at = datetime.datetime(year, month, day, hour, minute, second, microsecond)
        self._clock_zero = now - (at - _EPOCH).total_seconds()
        return None

    async def _waited(self, ms: int) -> int:
        """Where time goes in steps: the ticks after a wait of at most so many milliseconds."""
        await self.pace.wait(ms / 1000)
        return self.ask_ticks()

    # The chip as a whole

    def ask_port(self):
        """What the device side has to know: causes, seconds of the epoch before 2000, whether there is RTC memory."""
        return [self.port.causes, self.port.before_2000, self.port.memory, self.pace.rate, isinstance(self.pace, Steps)]

    def ask_watchdog(self, timeout_ms):
        """Once started it cannot be stopped; starting it again sets a new time."""
        self.port.check_watchdog(timeout_ms)
        if self._bite:
            self._bite.cancel()
        self.watchdog = timeout_ms / 1000
        self._arm()

    def ask_cause(self):
        return self.cause

    def ask_flash(self):
        """Blocks, file system, where it is to be read; None: a folder."""
        return self.flash and [self.flash.blocks, self.flash.system, self.flash.path]

    def ask_unique_id(self):
        return list(self.unique_id)

    def ask_reset(self):
        return self._on_reset("hard")

    def ask_bootloader(self):
        """Where a firmware is written; only a reset leads out of it."""
        return self._on_reset("bootloader", None)

    def ask_deepsleep(self, ms):
        return self._on_reset("deep sleep", ms / 1000 if ms else None)

    # Wi-Fi, wire and names

    def ask_active(self, unit, on):
        return self.interface(unit).active(on)

    def ask_connect(self, ssid, key, bssid):
        self.station.connect(ssid, key, bssid and bytes(bssid))

    def ask_wired(self, kind, settings):
        """The firmware makes its wired port, by the name of its class and its keywords."""
        self.wired.set_up(kind, settings)

    def ask_disconnect(self):
        self.station.leave()

    def ask_wired_port(self):
        return self.port.name

    def ask_ifconfig(self, unit, settings):
        return self.interface(unit).ifconfig(settings)

    def ask_config(self, unit, what):
        return self.interface(unit).config(what)

    def ask_configure(self, unit, settings):
        self.interface(unit).configure(settings)

    async def ask_survey(self):
        return await self.station.survey()

    def ask_hostname(self, name):
        self._hostname = name or self._hostname
        return self._hostname

    def ask_country(self, code):
        return code or "XX"

    async def ask_resolve(self, host, port):
        if host == "0.0.0.0":  # to bind to, not to go to
            return self.served.inside(int(port))
        return await self.net.resolve(host, int(port))
