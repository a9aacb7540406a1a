"""What differs between MicroPython's ports as far as a node meets it: reset causes, clock, watchdog, analogue inputs.

From the ports' own sources: modmachine.c (causes), machine_wdt.c and wdt.c (limits), mpconfigport.h
(MICROPY_EPOCH_IS_1970), machine_adc.c. The model is an ESP32's where nothing is said here.
"""

from dataclasses import dataclass

EPOCH_1970 = 946684800  # seconds between 1970 and 2000


class Refused(Exception):
    """What the firmware gets as a ValueError, in the port's words."""


@dataclass(frozen=True)
class Port:
    """One port. `causes` are the constants it has, `starts` what `reset_cause()` says after each way of starting."""

    name: str
    causes: dict[str, int]
    starts: dict[str, int]
    watchdog_ms: tuple[int, int]
    watchdog_words: tuple[str, str]  # for less, and for more
    clock_start: int = 0  # seconds since 2000 at power on
    clock_kept: bool = True  # by a reset
    before_2000: int = 0  # what time.time() counts in addition: seconds from its epoch to 2000
    memory: bool = False  # RTC().memory()
    attenuations: tuple[float, ...] = (3.3,)  # full scale in volts of an analogue input; the first by default

    @property
    def esp32(self) -> bool:
        return self.name == "esp32"

    def check_watchdog(self, ms: int):
        least, most = self.watchdog_ms
        if not least <= ms <= most:
            raise Refused(self.watchdog_words[ms > most])


_STARTS = ("power on", "hard", "watchdog", "deep sleep", "soft")
_ALL = ("PWRON_RESET", "HARD_RESET", "WDT_RESET", "DEEPSLEEP_RESET", "SOFT_RESET")
_2021 = 662774400  # 2021-01-01

ESP32 = Port(
    name="esp32",
    causes=dict(zip(_ALL, (1, 2, 3, 4, 5), strict=True)),
    starts=dict(zip(_STARTS, (1, 2, 3, 4, 5), strict=True)),
    watchdog_ms=(1, 2**31 - 1),
    watchdog_words=("WDT timeout too short", "WDT timeout too long"),
    memory=True,
    attenuations=(1.1, 1.5, 2.2, 3.3),  # ATTN_0DB, 2_5DB, 6DB, 11DB
)
# machine.reset() and waking from deepsleep() go through the watchdog, and a soft reset changes no flag.
RP2 = Port(
    name="rp2",
    causes={"PWRON_RESET": 1, "WDT_RESET": 3},
    starts={"power on": 1, "hard": 3, "watchdog": 3, "deep sleep": 3},
    watchdog_ms=(1, 8388),
    watchdog_words=("timeout exceeds 8388",) * 2,
    clock_start=_2021,
    clock_kept=False,
    before_2000=EPOCH_1970,
)
STM32 = Port(
    name="stm32",
    causes=dict(zip(_ALL, (1, 2, 3, 4, 0), strict=True)),
    starts=dict(zip(_STARTS, (1, 2, 3, 4, 0), strict=True)),
    watchdog_ms=(1, 32767),
    watchdog_words=("WDT timeout too short", "WDT timeout too long"),
)
PORTS = {port.name: port for port in (ESP32, RP2, STM32)}
