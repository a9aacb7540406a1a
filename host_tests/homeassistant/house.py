"""A board on the simulated hardware, introduced to Home Assistant, and what that has of it."""

import re

from girouette.simboard import Weather

PUMP, LAMP, BELL = 26, 27, 25  # pins
EQUIPMENT = {
    "discovery": "homeassistant",
    "actuators": [
        {"type": "relay", "id": "pump", "pin": PUMP},
        {"type": "dimmer", "id": "lamp", "pin": LAMP, "fade": 0},
    ],
    "inputs": [{"type": "button", "id": "bell", "pin": BELL}],
}
QUANTITIES = {
    "bme280.temperature": ("temperature", "°C", "measurement"),
    "bme280.humidity": ("humidity", "%", "measurement"),
    "bme280.pressure": ("atmospheric_pressure", "hPa", "measurement"),
}
ALIVE = {"pump": "off", "lamp": "off", "bell": "off"}
GONE = dict.fromkeys([*QUANTITIES, *ALIVE], "unavailable")


class House:
    """A board with a hardware address of its own, and what Home Assistant has of it, by the names of its components.

    changes: keys of config.json beside EQUIPMENT's; None takes one out.
    """

    def __init__(self, home, node, number: int, changes: dict | None = None, weather: Weather | None = None, **options):
        self.home, self.name = home, f"house{number}"
        mac = bytes((0x02, 0, 0, 0, 1, number))
        self.address = mac.hex()
        self.discovery = f"homeassistant/device/{self.address}/config"
        equipment = EQUIPMENT | {"name": self.name} | (changes or {})
        equipment = {key: value for key, value in equipment.items() if value is not None}
        self.board = node(equipment, unique_id=mac, weather=weather, **options)

    def shows(self, expected: dict[str, str], timeout: float = 30) -> dict:
        """Wait for these states; all the entities."""
        unique = {f"{self.address}_{name}": state for name, state in expected.items()}
        try:
            found = self.home.wait_for(self.address, unique, timeout)
        except AssertionError as e:
            raise AssertionError("\n".join([str(e), "the board said:", *self.board.lines[-20:]])) from None
        return {name.removeprefix(self.address + "_"): entity for name, entity in found.items()}

    def measures(self, found: dict | None = None) -> bool:
        """Whether every quantity has a number."""
        found = found or self.shows({})
        return all(name in found and re.fullmatch(r"-?\d+\.\d+", found[name].state) for name in QUANTITIES)
